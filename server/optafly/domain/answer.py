"""What came back, what is remembered of it, and what is counted."""

from __future__ import annotations

from typing import Literal

from optafly.domain.proposal import Intent, Source
from optafly.domain.record import Count, Record

StopReason = Literal[
    "end_turn", "max_tokens", "stop_sequence", "tool_use", "pause_turn", "refusal", "model_context_window_exceeded"
]


class Usage(Record, frozen=True):
    """Tokens as the provider billed them. `input_tokens` excludes the cached ones, as in the Messages API."""

    input_tokens: Count = 0
    output_tokens: Count = 0
    cache_write_5m_tokens: Count = 0
    cache_write_1h_tokens: Count = 0
    cache_read_tokens: Count = 0


class Completion(Record, frozen=True):
    """A provider's finished stream. Only `stop_reason` "end_turn" or "stop_sequence" may be remembered."""

    text: str
    model: str
    usage: Usage
    stop_reason: StopReason


class Answer(Record, frozen=True):
    """What a person gets. `saved_usd` and `saved_s` come from the served entry's own recorded cost and latency.

    `cost_usd` is 0 from the cache, and None where the settings hold no price for the model. `age_s` is how long ago a
    served entry was answered first; None from a provider.
    """

    trace_id: str
    proposal_id: str
    text: str
    source: Literal["cache", "provider"]
    model: str
    usage: Usage
    cost_usd: float | None
    saved_usd: float
    saved_s: float
    latency_ms: float
    first_token_ms: float | None
    stop_reason: StopReason
    evidence: str
    entry_id: str | None = None
    age_s: float | None = None


class Entry(Record, frozen=True):
    """A remembered answer, as the cache stores it. The vector is kept beside it in the database, not here.

    It is not served or offered after `expires_at_s` (Unix time; None: it stays). A `pinned` one neither expires nor is
    evicted. `distrust` is what wrong-answer reports took from it and its neighbours, in units of logit.
    """

    id: str
    namespace: str
    fingerprint: str
    intent: str
    prompt: str
    answer: str
    model: str
    usage: Usage
    cost_usd: float | None
    latency_ms: float
    created_at_s: float
    hits: Count = 0
    intent_kind: Intent = "other"
    sources: tuple[Source, ...] = ()
    expires_at_s: float | None = None
    pinned: bool = False
    distrust: float = 0.0


class Tally(Record, frozen=True):
    """The counts of one day (`name` is its ISO 8601 date, local time) or of one project (`name` is its folder)."""

    name: str
    answers: Count
    hits: Count
    offers_shown: Count
    offers_taken: Count
    wrong_reports: Count
    cost_usd: float
    saved_usd: float
    saved_s: float


class Stats(Record, frozen=True):
    """Counts over the last `days` days. `hit_rate` is answers from the cache over all answers, None before the first.

    `saved_usd` and `saved_s` add up what each served entry cost and took when it was first answered. `by_day` is oldest
    first and leaves out days without an event; `by_project` has the most answers first.
    """

    days: Count
    answers: Count
    hits: Count
    offers_shown: Count
    offers_taken: Count
    hit_rate: float | None
    cost_usd: float
    saved_usd: float
    saved_s: float
    entries: Count
    proposals: Count
    discarded: Count
    offers_refused: Count = 0
    wrong_reports: Count = 0
    by_day: tuple[Tally, ...] = ()
    by_project: tuple[Tally, ...] = ()
