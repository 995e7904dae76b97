"""The cache's word on a key: a pure function of what was found, so that every rule can be read and tested alone.

`serve` needs the same namespace, the same fingerprint, and the same normalised text; or no veto and a score at which
the person's error budget is proved. A prompt that points at something which does not go with it ("fix this") is only
served to the same text. `offer` needs the same namespace and a probability
of at least `offer_probability`; a person then decides, with the difference named. Cosine alone decides nothing:
`rename foo to bar` and `rename bar to foo` stand at 0.986.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence

from optafly.cache.calibration import SHIPPED, Calibration
from optafly.cache.judge import SAME_WORDS, Judgement
from optafly.cache.normalise import normalise
from optafly.cache.reading import points, read
from optafly.config import CacheSettings
from optafly.domain import CacheKey, Entry, Record, ReuseCandidate, Verdict

log = logging.getLogger(__name__)

PREVIEW = 200
OTHER_CODE = 0.5  # of the probability is left where the code has changed: a guess, which people's choices correct
SAME = Judgement(score=math.inf, veto=None, reason="")


class Neighbour(Record, frozen=True):
    """An entry found by its vector, the cosine between its intent and the one asked about, and what lies between."""

    entry: Entry
    cosine: float
    judgement: Judgement


class Ranked(Record, frozen=True):
    """A neighbour, the calibrated probability that its answer is right, and whether it may be served by itself."""

    neighbour: Neighbour
    probability: float
    serves: bool


def decide(
    key: CacheKey,
    exact: Entry | None,
    neighbours: Sequence[Neighbour],
    settings: CacheSettings,
    now_s: float,
    calibration: Calibration = SHIPPED,
) -> Verdict:
    """Return the verdict. Never raises: whatever fails inside is a miss."""
    try:
        return _decided(key, exact, neighbours, settings, now_s, calibration)
    except Exception as error:  # a fault in judging must cost no more than asking the provider
        log.error("a verdict could not be reached: %s", type(error).__name__)  # no traceback: it may hold a prompt
        return Verdict(outcome="miss", evidence="Earlier answers could not be compared.")


def _decided(
    key: CacheKey,
    exact: Entry | None,
    neighbours: Sequence[Neighbour],
    settings: CacheSettings,
    now_s: float,
    calibration: Calibration,
) -> Verdict:
    if exact is not None and _here(exact, key) and normalise(exact.intent) == normalise(key.intent):
        return Verdict(
            outcome="serve",
            evidence="The same text about the same code.",
            entry_id=exact.id,
            cosine=1.0,
            probability=1.0,
        )
    ranked = rank(key, neighbours, settings, calibration)
    for each in ranked:
        if each.serves:
            return Verdict(
                outcome="serve",
                evidence=f"The same request in other words about the same code ({_likely(each.probability)}).",
                entry_id=each.neighbour.entry.id,
                cosine=each.neighbour.cosine,
                probability=each.probability,
            )
    best = ranked[0].probability if ranked else None
    near = [each for each in ranked if each.probability >= settings.offer_probability]
    offers = tuple(_offer(each, key, now_s) for each in near[: settings.max_offers])
    if offers:
        return Verdict(
            outcome="offer", evidence=offers[0].evidence, cosine=offers[0].cosine, offers=offers, probability=best
        )
    if best is None:
        return Verdict(outcome="miss", evidence="Nothing like it was answered before.")
    return Verdict(
        outcome="miss",
        evidence=f"The nearest earlier prompt is too different ({best:.0%} likely to have the same answer).",
        cosine=ranked[0].neighbour.cosine,
        probability=best,
    )


def rank(
    key: CacheKey, neighbours: Sequence[Neighbour], settings: CacheSettings, calibration: Calibration
) -> tuple[Ranked, ...]:
    """Return the neighbours in the key's namespace, the most probable first."""
    here = [each for each in neighbours if each.entry.namespace == key.namespace and math.isfinite(each.cosine)]
    found = (
        Ranked(
            neighbour=each,
            probability=_probability(each, key, calibration),
            serves=_serves(each, key, settings, calibration),
        )
        for each in here
    )
    return tuple(sorted(found, key=lambda each: _order(each, key)))


def _order(each: Ranked, key: CacheKey) -> tuple[float, bool, float]:
    entry = each.neighbour.entry
    return -each.probability, entry.fingerprint != key.fingerprint, -entry.created_at_s


def _probability(each: Neighbour, key: CacheKey, calibration: Calibration) -> float:
    same_code = each.entry.fingerprint == key.fingerprint
    if same_code and normalise(each.entry.intent) == normalise(key.intent):
        return 1.0
    probability = calibration.probability(each.judgement.score - each.entry.distrust)
    return probability if same_code else probability * OTHER_CODE


def _serves(each: Neighbour, key: CacheKey, settings: CacheSettings, calibration: Calibration) -> bool:
    if not _here(each.entry, key) or each.judgement.veto is not None or settings.error_budget <= 0.0:
        return False
    if not key.asked and points(read(key.intent)):
        return False
    least = min(calibration.least_score(settings.error_budget), SAME_WORDS)
    return each.judgement.score - each.entry.distrust >= least


def _here(entry: Entry, key: CacheKey) -> bool:
    return entry.namespace == key.namespace and entry.fingerprint == key.fingerprint


def _likely(probability: float) -> str:
    """Return how likely something is: more than so much, where rounding would make it certain."""
    return f"{probability:.1%} likely to be right" if probability < 0.9995 else "more than 99.9% likely to be right"


def _offer(each: Ranked, key: CacheKey, now_s: float) -> ReuseCandidate:
    entry = each.neighbour.entry
    return ReuseCandidate(
        entry_id=entry.id,
        prompt=entry.prompt,
        answer_preview=preview(entry.answer),
        cosine=each.neighbour.cosine,
        age_s=max(0.0, now_s - entry.created_at_s),
        saved_usd=entry.cost_usd,
        saved_s=entry.latency_ms / 1000,
        evidence=_evidence(each.neighbour, key),
        probability=each.probability,
    )


def _evidence(each: Neighbour, key: CacheKey) -> str:
    code = "" if each.entry.fingerprint == key.fingerprint else "what goes with it (code, errors, aims) is not the same"
    if normalise(each.entry.intent) == normalise(key.intent):
        return f"The same text, but {code}." if code else "The same text about the same code."
    reasons = " and ".join(reason for reason in (each.judgement.reason, code) if reason)
    return f"Alike, but {reasons}." if reasons else "Alike, but not alike enough to answer by itself."


def preview(answer: str) -> str:
    """Return about the first `PREVIEW` characters of an answer, cut at a word's end where there is one."""
    answer = answer.strip()
    if len(answer) <= PREVIEW:
        return answer
    cut = answer[:PREVIEW]
    words = cut.rsplit(maxsplit=1)
    kept = words[0] if len(words) == 2 and len(words[0]) > PREVIEW // 2 and not answer[PREVIEW].isspace() else cut
    return kept.rstrip() + " …"
