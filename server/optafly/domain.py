"""The Structs that travel along the road of a prompt; nothing else does.

Every Struct is frozen, refuses unknown fields and is camelCase on the wire. Lines are 1-based where a person reads
them (`Piece`) and 0-based in `Position`; characters in `Position` are Unicode code points: the language server converts
to and from the editor's encoding at its border. Money is in US dollars, times carry their unit in the name.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

import msgspec

Severity = Literal["error", "warning", "information", "hint"]
Intent = Literal["debug", "explain", "refactor", "test", "document", "optimise", "implement", "review", "other"]
PieceKind = Literal["selection", "symbol", "lines"]
ChangeKind = Literal["locate", "error", "code", "goal"]
Decision = Literal["accept", "modify", "original", "reuse", "discard"]
State = Literal[
    "proposed", "accepted", "modified", "original", "reused", "discarded", "sent", "answered", "failed", "cancelled"
]
CacheMark = Literal["5m", "1h"]
StopReason = Literal[
    "end_turn", "max_tokens", "stop_sequence", "tool_use", "pause_turn", "refusal", "model_context_window_exceeded"
]

Count = Annotated[int, msgspec.Meta(ge=0)]
Line = Annotated[int, msgspec.Meta(ge=1)]
Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """What every Struct on the road shares: frozen, keyword-only, camelCase, no unknown fields."""


# --- what the editor sent ------------------------------------------------------------------------------------------


class Position(Record, frozen=True, order=True):
    """A place in a document: 0-based line, 0-based character in Unicode code points."""

    line: Count
    character: Count


class Range(Record, frozen=True, order=True):
    """A half-open span of a document."""

    start: Position
    end: Position

    @property
    def empty(self) -> bool:
        """Whether nothing lies between start and end."""
        return self.start == self.end


class Document(Record, frozen=True):
    """A document as the editor holds it now, saved or not.

    `path` is relative to its workspace folder with `/` between parts, or absolute for a file outside every folder.
    """

    path: str
    uri: str
    language: str
    text: str
    version: int | None = None


class OpenFile(Record, frozen=True):
    """A document that is open in the editor, without its text."""

    path: str
    language: str


class Diagnostic(Record, frozen=True):
    """One error or warning that a compiler, linter or language server reported."""

    path: str
    range: Range
    severity: Severity
    message: str
    source: str | None = None
    code: str | None = None


class RecentEdit(Record, frozen=True):
    """Lines (0-based, end exclusive) that changed in a file, newest first in a Snapshot; `at_s` is Unix time."""

    path: str
    start_line: Count
    end_line: Count
    at_s: float


class Folder(Record, frozen=True):
    """A workspace folder: its name and absolute path."""

    name: str
    path: str


class Snapshot(Record, frozen=True):
    """What the editor knew when the person asked."""

    prompt: str
    active: Document | None = None
    selection: Range | None = None
    cursor: Position | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    open_files: tuple[OpenFile, ...] = ()
    recent_edits: tuple[RecentEdit, ...] = ()
    folders: tuple[Folder, ...] = ()


# --- what the rooms made of it -------------------------------------------------------------------------------------


class Piece(Record, frozen=True):
    """One chosen bit of context.

    `start_line` and `end_line` are 1-based and inclusive. `text` is what would be sent (secrets masked);
    `content_hash` is the sha256 of those lines as they stood in the file, unmasked, to notice a later edit.
    `symbol` is the qualified name of the enclosing function or class where a grammar found one.
    """

    path: str
    uri: str
    kind: PieceKind
    language: str
    start_line: Line
    end_line: Line
    text: str
    content_hash: str
    tokens: Count
    reason: str
    symbol: str | None = None


class Change(Record, frozen=True):
    """One edit of the prompt: `before` at `start` (code points into the original) becomes `after`.

    First-cut rules only insert, so `before` is empty and the original is never lost. `tokens` is positive where the
    change adds and negative where it saves. A disabled change is listed but not applied.
    """

    id: str
    kind: ChangeKind
    start: Count
    before: str
    after: str
    reason: str
    tokens: int
    enabled: bool = True


class DiffPart(Record, frozen=True):
    """A run of words that both texts share, or that only the refined (`insert`) or the original (`delete`) has."""

    op: Literal["equal", "insert", "delete"]
    text: str


class QualityFeature(Record, frozen=True):
    """One stated feature of a prompt's quality: its value 0..1, its weight in the score, and what it means."""

    name: str
    value: Share
    weight: Share
    meaning: str


class Quality(Record, frozen=True):
    """How answerable a prompt is, 0..1: the weighted sum of its stated features."""

    score: Share
    features: tuple[QualityFeature, ...]


class Masked(Record, frozen=True):
    """A secret that was replaced before anything could leave: its kind, where it stood and what stands there now."""

    kind: str
    where: str
    placeholder: str


class Estimate(Record, frozen=True):
    """What sending would use: estimated tokens in, the most tokens out, and the cost of both in US dollars.

    `method` says how the tokens were counted. `cost_usd` is None where the settings hold no price for the model;
    `prices_as_of` is the date of the price used (ISO 8601).
    """

    input_tokens: Count
    max_output_tokens: Count
    input_cost_usd: float | None
    max_cost_usd: float | None
    method: str
    prices_as_of: str | None


class Refinement(Record, frozen=True):
    """What the rules made of a prompt. Where it is too vague to help, `question` is set and nothing was changed."""

    refined: str
    intent: Intent
    language: str
    changes: tuple[Change, ...]
    quality_before: Quality
    quality_after: Quality
    question: str | None = None


class CacheKey(Record, frozen=True):
    """What an answer answers: an exact namespace, an exact fingerprint of the context, and the intent's words."""

    namespace: str
    fingerprint: str
    intent: str


class ReuseCandidate(Record, frozen=True):
    """An earlier answer that may do: the prompt it answered, how alike the two are, and what taking it would save."""

    entry_id: str
    prompt: str
    answer_preview: str
    cosine: float
    age_s: float
    saved_usd: float | None
    saved_s: float
    evidence: str
    diff: tuple[DiffPart, ...] = ()


class Verdict(Record, frozen=True):
    """The cache's word on a key, with its evidence in one sentence.

    `serve`: `entry_id` answers this. `offer`: one of `offers` (at most three, best first) likely does: a person picks.
    """

    outcome: Literal["serve", "offer", "miss"]
    evidence: str
    entry_id: str | None = None
    cosine: float | None = None
    offers: tuple[ReuseCandidate, ...] = ()


# --- what would be sent --------------------------------------------------------------------------------------------


class Block(Record, frozen=True):
    """A text block of a request; `cache` marks the end of a prompt-cache prefix."""

    text: str
    cache: CacheMark | None = None


class Turn(Record, frozen=True):
    """One message of a conversation."""

    role: Literal["user", "assistant"]
    blocks: tuple[Block, ...]


class Outgoing(Record, frozen=True):
    """Exactly what would be sent to a provider, key aside."""

    provider: str
    base_url: str
    model: str
    max_tokens: Annotated[int, msgspec.Meta(ge=1)]
    system: tuple[Block, ...]
    turns: tuple[Turn, ...]

    @property
    def digest(self) -> str:
        """The sha256 (hex) of the canonical JSON of everything in this request."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()


class Route(Record, frozen=True):
    """Where a request goes and why: the reason is one sentence. `breakpoints` names the marked layers, at most 4."""

    provider: str
    model: str
    key_name: str
    breakpoints: tuple[str, ...]
    input_tokens: Count
    max_tokens: Count
    reason: str


class Proposal(Record, frozen=True):
    """What a person decides on: `digest` is of exactly what Accept would send, `original_digest` of the original.

    `uri` and `range` say where in the editor it belongs. `revision` grows with every edit or switch.
    """

    id: str
    revision: Count
    state: State
    original: str
    refined: str
    intent: Intent
    language: str
    question: str | None
    changes: tuple[Change, ...]
    pieces: tuple[Piece, ...]
    diff: tuple[DiffPart, ...]
    quality_before: Quality
    quality_after: Quality
    estimate: Estimate
    reuse: tuple[ReuseCandidate, ...]
    masked: tuple[Masked, ...]
    route: Route
    digest: str
    original_digest: str
    created_at_s: float
    edited: bool = False
    uri: str | None = None
    range: Range | None = None
    notes: tuple[str, ...] = ()


class Approved(Record, frozen=True):
    """A person's decision, bound to the digest of what they saw. `entry_id` is set for `reuse` only."""

    proposal_id: str
    decision: Decision
    digest: str
    at_s: float
    entry_id: str | None = None


# --- what came back ------------------------------------------------------------------------------------------------


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

    `cost_usd` is 0 from the cache, and None where the settings hold no price for the model.
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


class Entry(Record, frozen=True):
    """A remembered answer, as the cache stores it. The vector is kept beside it in the database, not here."""

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


class Stats(Record, frozen=True):
    """Counts over the last `days` days. `hit_rate` is answers from the cache over all answers, None before the first.

    `saved_usd` and `saved_s` add up what each served entry cost and took when it was first answered.
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
