"""Whether one answer serves two prompts about the same code: the evidence that a cosine cannot give."""

from __future__ import annotations

from optafly.cache.difference import difference, same_meaning
from optafly.cache.terms import Terms
from optafly.domain import Record


class Judgement(Record, frozen=True):
    """What was found between two prompts.

    `score` is the verifier's log-odds, before calibration, that one answer serves both. `veto` says why it must never
    be served without a person, or is None. `reason` is the difference in a few words, or "" where none was found.
    """

    score: float
    veto: str | None
    reason: str


def judge(before: str, after: str, cosine: float, terms: Terms) -> Judgement:
    """Compare an earlier prompt with the one asked now. `terms` are those of their namespace. Deterministic."""
    score = 20.0 * (cosine - 0.85)
    if same_meaning(before, after):
        return Judgement(score=max(score, 5.0), veto=None, reason="")
    reason = difference(before, after) or ""
    return Judgement(score=score, veto=reason, reason=reason)
