"""What the rooms made of it, and what a person decides on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec

from optafly.domain.found import Choice, LeftOut
from optafly.domain.record import Count, Line, Record, Share
from optafly.domain.request import Route
from optafly.domain.snapshot import Range

Intent = Literal["debug", "explain", "refactor", "test", "document", "optimise", "implement", "review", "other"]
PieceKind = Literal["selection", "symbol", "lines", "file", "skeleton"]
ChangeKind = Literal["locate", "error", "code", "goal"]
Decision = Literal["accept", "modify", "original", "reuse", "discard"]
State = Literal[
    "proposed", "accepted", "modified", "original", "reused", "discarded", "sent", "answered", "failed", "cancelled"
]


class Piece(Record, frozen=True):
    """One chosen bit of context.

    `start_line` and `end_line` are 1-based and inclusive. `text` is what would be sent (secrets masked);
    `content_hash` is the sha256 of those lines as they stood in the file, unmasked, to notice a later edit.
    `symbol` is the qualified name of the enclosing function or class where a grammar found one. `pinned`: a person
    asked for it, so that it is not left out for want of room; `mentioned`: they did so in the prompt itself. `pin` is
    the name by which they did, to take that back by: where there is no room for all of it, this is a part. `times`: how
    often `text` stands in its file. `rank` orders pieces for a person, what matters most first; they are sent in
    another order, in which a prompt cache keeps them.
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
    pinned: bool = False
    mentioned: bool = False
    pin: str | None = None
    times: Annotated[int, msgspec.Meta(ge=1)] = 1
    rank: Count = 0


def by_rank(pieces: Iterable[Piece]) -> list[Piece]:
    """Return pieces as a person is shown them: what matters most first, each file's together."""
    pieces = list(pieces)
    best: dict[str, int] = {}
    for piece in pieces:
        best[piece.uri] = min(piece.rank, best.get(piece.uri, piece.rank))
    return sorted(pieces, key=lambda each: best[each.uri])


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


class Source(Record, frozen=True):
    """A piece of code that an answer was about: where it stood, its text as sent, and its own fingerprint.

    `fingerprint` is insensitive to formatting and comments where a grammar knows the language (`cache.fingerprint`).
    `role`: what the person pointed at is `asked` and part of a key's identity; what came along from the workspace is
    `gathered`, or `outlined` where it was only a skeleton. `uri` and `times` say of those where, and how often there,
    `text` stood.
    """

    path: str
    symbol: str | None
    fingerprint: str
    text: str
    role: Literal["asked", "gathered", "outlined"] = "asked"
    uri: str = ""
    times: Annotated[int, msgspec.Meta(ge=1)] = 1


class CacheKey(Record, frozen=True):
    """What an answer answers: an exact namespace, an exact fingerprint of the context, and the intent's words.

    `sources` are the pieces behind the fingerprint, kept to show what changed since, and those that came along from the
    workspace, which say nothing of which answer is meant. `intent_kind` says how long an answer may be kept.
    """

    namespace: str
    fingerprint: str
    intent: str
    sources: tuple[Source, ...] = ()
    intent_kind: Intent = "other"

    @property
    def asked(self) -> tuple[Source, ...]:
        """The pieces behind the fingerprint."""
        return tuple(source for source in self.sources if source.role == "asked")


class CodeChange(Record, frozen=True):
    """What became of a piece of code since an earlier answer: `gone` and `new` have no counterpart now or then."""

    path: str
    symbol: str | None
    kind: Literal["changed", "gone", "new"]
    diff: tuple[DiffPart, ...] = ()


class ReuseCandidate(Record, frozen=True):
    """An earlier answer that may do: the prompt it answered, how alike the two are, and what taking it would save.

    `probability` is the calibrated probability that it answers this prompt too. `code` says what changed in the code
    since; empty where the answer was about the same code.
    """

    entry_id: str
    prompt: str
    answer_preview: str
    cosine: float
    age_s: float
    saved_usd: float | None
    saved_s: float
    evidence: str
    diff: tuple[DiffPart, ...] = ()
    probability: Share = 0.0
    code: tuple[CodeChange, ...] = ()


class Verdict(Record, frozen=True):
    """The cache's word on a key, with its evidence in one sentence.

    `serve`: `entry_id` answers this. `offer`: one of `offers` (at most three, best first) likely does: a person picks.
    `probability` is the calibrated probability that the best candidate's answer is right; None where there is none.
    """

    outcome: Literal["serve", "offer", "miss"]
    evidence: str
    entry_id: str | None = None
    cosine: float | None = None
    offers: tuple[ReuseCandidate, ...] = ()
    probability: Share | None = None


class Proposal(Record, frozen=True):
    """What a person decides on: `digest` is of exactly what Accept would send, `original_digest` of the original.

    `uri` and `range` say where in the editor it belongs. `revision` grows with every edit or switch. `reuse_before` and
    `reuse_after` are the calibrated probabilities that an earlier answer does for the original and for the refined
    prompt; None where the cache was not asked. `left_out` is code that would have helped and is not sent; `choices` are
    words of the original that may mean several definitions. At most `max_code_tokens` of code may go along; 0 where the
    settings want none. `unfinished`: not all of the index could be asked when the code was chosen, so that
    looking again may find more.
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
    reuse_before: Share | None = None
    reuse_after: Share | None = None
    left_out: tuple[LeftOut, ...] = ()
    choices: tuple[Choice, ...] = ()
    max_code_tokens: Count = 0
    unfinished: bool = False


class Approved(Record, frozen=True):
    """A person's decision, bound to the digest of what they saw. `entry_id` is set for `reuse` only."""

    proposal_id: str
    decision: Decision
    digest: str
    at_s: float
    entry_id: str | None = None
