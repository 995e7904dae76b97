"""Whether one answer serves two prompts about the same code: the evidence that a cosine cannot give.

First the words: prompts that say the same are the same. Then the vetoes, which no score can overrule. Then the
verifier's score, which a calibration turns into a probability.
"""

from __future__ import annotations

from optafly.cache.difference import difference, same_meaning
from optafly.cache.features import apart, features
from optafly.cache.lexing import LONGEST
from optafly.cache.reading import read
from optafly.cache.signs import other_signs
from optafly.cache.terms import Terms
from optafly.cache.verifier import Verifier, shipped
from optafly.cache.vetoes import veto
from optafly.cache.wording import same_words
from optafly.domain import Record

LIKE = 0.7  # below, and with more parts apart than this, prompts are not looked at for being the same but for a frame
FRAMED = 4
SAME_WORDS = 20.0  # log-odds: nothing is left to weigh
UNSEEN = "they are too long to be compared"
STRANGE = "only the same words are compared where they are not English"


class Judgement(Record, frozen=True):
    """What was found between two prompts.

    `score` is the verifier's log-odds, before calibration, that one answer serves both. `veto` says why it must never
    be served without a person, or is None. `reason` is the difference in a few words, or "" where none was found.
    """

    score: float
    veto: str | None
    reason: str


def judge(
    before: str, after: str, cosine: float, terms: Terms, *, whole: bool = True, verifier: Verifier | None = None
) -> Judgement:
    """Compare an earlier prompt with the one asked now. `terms` are those of their namespace. Deterministic.

    `whole` says whether the embedder saw both to their ends: what it cannot see is not served. Raises nothing of its
    own; whoever calls treats any failure as a miss.
    """
    old, new = read(before), read(after)
    strange = not (old.english and new.english) and not same_words(before, after)
    said_again = not strange and cosine >= LIKE and apart(old, new) <= FRAMED and same_meaning(before, after)
    if said_again and other_signs(before, after) is None:
        return Judgement(score=SAME_WORDS, veto=None, reason="")
    score = (verifier or shipped()).score(features(old, new, cosine, terms))
    if not whole or max(len(before), len(after)) > LONGEST:
        return Judgement(score=score, veto=UNSEEN, reason=UNSEEN)
    found = veto(old, new) or (STRANGE if strange else None) or other_signs(before, after)
    return Judgement(score=score, veto=found, reason=found or difference(before, after) or "")
