"""Why the cache says what it says."""

from __future__ import annotations

from typing import Literal

from optafly.domain.proposal import CacheKey, CodeChange, Verdict
from optafly.domain.record import Record, Share

FeedbackKind = Literal["wrong", "right", "refused", "regenerate"]


class Considered(Record, frozen=True):
    """An earlier answer that was compared with a key, and what was found.

    `score` is the verifier's log-odds before calibration (None where the texts are the same), `distrust` what reports
    took from it, `probability` what came of both. `veto` says why it is never served by itself, `reason` what differs.
    `refuted`: a person said that it is wrong for this very prompt, so it is neither served nor offered. `code` is what
    changed in the code since, `expires_at_s` (Unix time) until when it may be used; None: for good.
    """

    entry_id: str
    prompt: str
    answer_preview: str
    model: str
    age_s: float
    cosine: float
    score: float | None
    probability: Share
    serves: bool
    same_code: bool
    veto: str | None
    reason: str
    distrust: float = 0.0
    pinned: bool = False
    refuted: bool = False
    expires_at_s: float | None = None
    code: tuple[CodeChange, ...] = ()


class Explanation(Record, frozen=True):
    """The verdict on a key, and every earlier answer that was looked at for it, the most probable first."""

    key: CacheKey
    verdict: Verdict
    candidates: tuple[Considered, ...]
