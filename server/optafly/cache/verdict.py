"""The cache's word on a key: a pure function of what was found, so that every rule can be read and tested alone.

`serve` needs the same namespace, the same fingerprint, and the same normalised text; or a cosine at or above
`serve_threshold` and no difference of meaning that `difference` can find. `offer` needs the same namespace and a
cosine at or above `offer_threshold`; a person then decides, with the difference named. Cosine alone decides nothing:
`rename foo to bar` and `rename bar to foo` stand at 0.986.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence

from optafly.cache.difference import difference, same_meaning
from optafly.cache.normalise import normalise
from optafly.config import CacheSettings
from optafly.domain import CacheKey, Entry, Record, ReuseCandidate, Verdict

log = logging.getLogger(__name__)

PREVIEW = 200


class Neighbour(Record, frozen=True):
    """An entry found by its vector, and the cosine between its intent and the one asked about."""

    entry: Entry
    cosine: float


def decide(
    key: CacheKey, exact: Entry | None, neighbours: Sequence[Neighbour], settings: CacheSettings, now_s: float
) -> Verdict:
    """Return the verdict. Never raises: whatever fails inside is a miss."""
    try:
        return _decided(key, exact, neighbours, settings, now_s)
    except Exception as error:  # a fault in judging must cost no more than asking the provider
        log.error("a verdict could not be reached: %s", type(error).__name__)  # no traceback: it may hold a prompt
        return Verdict(outcome="miss", evidence="Earlier answers could not be compared.")


def _decided(
    key: CacheKey, exact: Entry | None, neighbours: Sequence[Neighbour], settings: CacheSettings, now_s: float
) -> Verdict:
    if exact is not None and _here(exact, key) and normalise(exact.intent) == normalise(key.intent):
        return Verdict(outcome="serve", evidence="The same text about the same code.", entry_id=exact.id, cosine=1.0)
    near = [each for each in neighbours if _near(each, key, settings)]
    near.sort(key=lambda each: (-each.cosine, each.entry.fingerprint != key.fingerprint, -each.entry.created_at_s))
    for each in near:
        if each.cosine >= settings.serve_threshold and _serves(each.entry, key):
            return Verdict(
                outcome="serve",
                evidence=f"The same request in other words (cosine {each.cosine:.3f}) about the same code.",
                entry_id=each.entry.id,
                cosine=each.cosine,
            )
    offers = tuple(_offer(each, key, now_s) for each in near[: settings.max_offers])
    if offers:
        return Verdict(outcome="offer", evidence=offers[0].evidence, cosine=offers[0].cosine, offers=offers)
    best = max((each.cosine for each in neighbours if math.isfinite(each.cosine)), default=None)
    if best is None:
        return Verdict(outcome="miss", evidence="Nothing like it was answered before.")
    return Verdict(
        outcome="miss", evidence=f"The nearest earlier prompt is too different (cosine {best:.2f}).", cosine=best
    )


def _here(entry: Entry, key: CacheKey) -> bool:
    return entry.namespace == key.namespace and entry.fingerprint == key.fingerprint


def _near(each: Neighbour, key: CacheKey, settings: CacheSettings) -> bool:
    return (
        each.entry.namespace == key.namespace and math.isfinite(each.cosine) and each.cosine >= settings.offer_threshold
    )


def _serves(entry: Entry, key: CacheKey) -> bool:
    return _here(entry, key) and same_meaning(entry.intent, key.intent)


def _offer(each: Neighbour, key: CacheKey, now_s: float) -> ReuseCandidate:
    entry = each.entry
    return ReuseCandidate(
        entry_id=entry.id,
        prompt=entry.prompt,
        answer_preview=preview(entry.answer),
        cosine=each.cosine,
        age_s=max(0.0, now_s - entry.created_at_s),
        saved_usd=entry.cost_usd,
        saved_s=entry.latency_ms / 1000,
        evidence=_evidence(each, key),
    )


def _evidence(each: Neighbour, key: CacheKey) -> str:
    code = "" if each.entry.fingerprint == key.fingerprint else "what goes with it (code, errors, aims) is not the same"
    if normalise(each.entry.intent) == normalise(key.intent):
        return f"The same text, but {code}." if code else "The same text about the same code."
    found = difference(each.entry.intent, key.intent)
    reasons = " and ".join(reason for reason in (found, code) if reason)
    alike = f"Alike (cosine {each.cosine:.2f})"
    return f"{alike}, but {reasons}." if reasons else f"{alike}, but not alike enough to answer by itself."


def preview(answer: str) -> str:
    """Return about the first `PREVIEW` characters of an answer, cut at a word's end where there is one."""
    answer = answer.strip()
    if len(answer) <= PREVIEW:
        return answer
    cut = answer[:PREVIEW]
    words = cut.rsplit(maxsplit=1)
    kept = words[0] if len(words) == 2 and len(words[0]) > PREVIEW // 2 and not answer[PREVIEW].isspace() else cut
    return kept.rstrip() + " …"
