"""What clients and the server say to each other beyond LSP itself; docs and TypeScript types are generated from this.

Positions on the wire are LSP's: 0-based, in the negotiated encoding (UTF-16 unless the client asked otherwise).
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from optafly.domain import (
    Answer,
    Decision,
    FeedbackKind,
    IndexStatus,
    MentionKind,
    Position,
    Proposal,
    Range,
    Record,
    Severity,
    State,
    Stats,
)

REFINE = "optafly.refine"
APPROVE = "optafly.approve"
SEND = "optafly.send"
CANCEL = "optafly.cancel"
STATS = "optafly.stats"
FEEDBACK = "optafly.feedback"
COMPLETE = "optafly.complete"
INDEX = "optafly.index"

PROPOSAL = "optafly/proposal"
ANSWER = "optafly/answer"
STATUS = "optafly/status"
CREDENTIAL = "optafly/credential"

StatusState = Literal["ready", "refining", "sending", "degraded", "error"]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=4096)]
Names = Annotated[tuple[Name, ...], msgspec.Meta(max_length=200)]


class WireDiagnostic(Record, frozen=True):
    """A diagnostic of the document that the prompt is about, as the client sees it."""

    range: Range
    severity: Severity
    message: str
    source: str | None = None
    code: str | None = None


class RefineParams(Record, frozen=True):
    """Argument of `optafly.refine`: a new prompt, or a change to a proposal.

    New: `prompt`, and `uri` with `selection` or `cursor` where it is about a document. `text` and `languageId` are
    needed only for a document that the client has not opened with the server. `diagnostics` are those of `uri`.
    Change: `proposalId`, with `without` (ids of the changes to switch off, all others on) or `edited` (the whole new
    text of the refined prompt), and with what becomes of its code: `pin` adds, `remove` leaves out, `unpin` takes back
    either; what was pinned or removed before stays so. `lookAgain` asks the index for code anew, which is worth it
    where the proposal is `unfinished`. A new prompt may be given `pin` and `remove` too. Code is named as `path`,
    `path#Symbol.name` or `path:10-20` (lines); a path alone is all of that file. `review` asks the server to open a
    review document for the proposal.
    """

    prompt: Annotated[str, msgspec.Meta(max_length=200_000)] | None = None
    uri: str | None = None
    selection: Range | None = None
    cursor: Position | None = None
    text: str | None = None
    language_id: str | None = None
    diagnostics: tuple[WireDiagnostic, ...] = ()
    proposal_id: str | None = None
    without: tuple[str, ...] | None = None
    edited: Annotated[str, msgspec.Meta(max_length=400_000)] | None = None
    review: bool = False
    pin: Names = ()
    remove: Names = ()
    unpin: Names = ()
    look_again: bool = False


class RefineResult(Record, frozen=True):
    """Result of `optafly.refine`; the same Proposal is also notified as `optafly/proposal`."""

    proposal: Proposal


class ApproveParams(Record, frozen=True):
    """Argument of `optafly.approve`.

    `digest` is the one the person saw: `originalDigest` for `original`, `digest` for every other decision. `entryId`
    names the earlier answer for `reuse`. `send` goes straight on to `optafly.send`. What another window decided in the
    same way, and sent, is not decided or sent again: with `send` its answer follows here too.
    """

    proposal_id: str
    digest: str
    decision: Decision
    entry_id: str | None = None
    send: bool = False


class ApproveResult(Record, frozen=True):
    """Result of `optafly.approve`: the state the proposal is in now, and the trace id where it was sent as well."""

    proposal_id: str
    state: State
    digest: str
    trace_id: str | None = None


class SendParams(Record, frozen=True):
    """Argument of `optafly.send`: an approved proposal and the digest that was approved.

    Of a proposal that another window has sent only the answer follows. Without a `digest` nothing is ever sent.
    """

    proposal_id: str
    digest: str | None = None


class SendResult(Record, frozen=True):
    """Result of `optafly.send`, at once: the answer follows as `optafly/answer` notifications with this trace id."""

    proposal_id: str
    trace_id: str


class CancelParams(Record, frozen=True):
    """Argument of `optafly.cancel`."""

    proposal_id: str


class CancelResult(Record, frozen=True):
    """Result of `optafly.cancel`: whether something was under way and was stopped."""

    cancelled: bool


class StatsParams(Record, frozen=True):
    """Argument of `optafly.stats`: over how many days to count, and in which workspace folder (None: all)."""

    days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 30
    folder: str | None = None


class StatsResult(Record, frozen=True):
    """Result of `optafly.stats`."""

    stats: Stats


class FeedbackParams(Record, frozen=True):
    """Argument of `optafly.feedback`: a person's word on an earlier answer that a proposal was given or offered.

    `wrong`: this answer does not answer that prompt; it is never given for it again, and its neighbours are trusted
    less. `right`: it does. `refused`: it was offered and is not wanted. `regenerate`: forget it and ask the provider,
    with the bytes that were approved; where the person had chosen an offered answer, nothing was approved to be sent,
    so the proposal is open again instead.
    """

    proposal_id: str
    entry_id: str
    kind: FeedbackKind


class FeedbackResult(Record, frozen=True):
    """Result of `optafly.feedback`: the proposal as it is now, and for `regenerate` the trace that is being sent."""

    proposal: Proposal
    trace_id: str | None = None


class CompleteParams(Record, frozen=True):
    """Argument of `optafly.complete`: the beginning of a path or of a symbol, also misspelt or with letters left out.

    An empty `text` asks for what is nearest to the document `uri`. At most `limit` are returned.
    """

    kind: MentionKind
    text: Annotated[str, msgspec.Meta(max_length=200)] = ""
    uri: str | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20


class CompleteItem(Record, frozen=True):
    """A file or a symbol that may be meant. `insert` is the mention for a prompt, such as `#till/bill.py` or `@total`.

    `name` is what `RefineParams.pin` takes. `range` holds the whole lines of the symbol in `path`, which is relative to
    its workspace folder `root`.
    """

    label: str
    detail: str
    insert: str
    name: str
    root: str
    path: str
    symbol: str | None = None
    range: Range | None = None


class CompleteResult(Record, frozen=True):
    """Result of `optafly.complete`, best first. `complete` is false while the index is not whole."""

    items: tuple[CompleteItem, ...]
    complete: bool = True


class IndexParams(Record, frozen=True):
    """Argument of `optafly.index`: with `run` false the index is made no further, with true it goes on.

    It stays stopped until it is told to go on or the server is started anew. What was read can be found; no change on
    the disk is looked at, unsaved documents are. Another window that has the same folder open goes on by itself.
    """

    run: bool


class IndexResult(Record, frozen=True):
    """Result of `optafly.index`: how far the index is; `optafly/status` tells of all that follows."""

    index: IndexStatus


class Problem(Record, frozen=True):
    """What went wrong, for a person: what happened, why, and what to do next. `code` is stable (see errors.py)."""

    code: str
    what: str
    why: str
    todo: str
    trace_id: str | None = None


class ProposalEvent(Record, frozen=True):
    """Params of `optafly/proposal`: a proposal is new or has changed (its state included)."""

    proposal: Proposal


class AnswerEvent(Record, frozen=True):
    """Params of `optafly/answer`. `sequence` counts from 0 per trace id.

    `delta` brings `text` to append; `done` brings the whole `answer`; `failed` brings `problem`; after `cancelled`
    nothing follows. Exactly one of the last three ends a trace.
    """

    proposal_id: str
    trace_id: str
    sequence: int
    kind: Literal["delta", "done", "failed", "cancelled"]
    text: str | None = None
    answer: Answer | None = None
    problem: Problem | None = None


class StatusParams(Record, frozen=True):
    """Params of `optafly/status`, for a status bar. `message` says in a few words what the state means.

    Counts are those of `optafly.stats` over 30 days; `hitRate` is None before the first answer. `index` is how far the
    index of the workspace is; None before it was asked for.
    """

    state: StatusState
    message: str
    hit_rate: float | None
    hits: int
    answers: int
    saved_usd: float
    saved_s: float
    cost_usd: float
    offers_taken: int = 0
    wrong_reports: int = 0
    index: IndexStatus | None = None


class CredentialParams(Record, frozen=True):
    """Params of the request `optafly/credential`: a key from the editor's secret store; None forgets it.

    The server keeps it in memory only and never logs it.
    """

    key_name: Literal["ANTHROPIC_API_KEY"]
    value: Annotated[str, msgspec.Meta(min_length=1, max_length=4096)] | None


class CredentialResult(Record, frozen=True):
    """Result of `optafly/credential`."""

    accepted: bool


__all__ = [
    "ANSWER",
    "APPROVE",
    "CANCEL",
    "COMPLETE",
    "CREDENTIAL",
    "FEEDBACK",
    "INDEX",
    "PROPOSAL",
    "REFINE",
    "SEND",
    "STATS",
    "STATUS",
    "Answer",
    "AnswerEvent",
    "ApproveParams",
    "ApproveResult",
    "CancelParams",
    "CancelResult",
    "CompleteItem",
    "CompleteParams",
    "CompleteResult",
    "CredentialParams",
    "CredentialResult",
    "FeedbackParams",
    "FeedbackResult",
    "IndexParams",
    "IndexResult",
    "Problem",
    "Proposal",
    "ProposalEvent",
    "RefineParams",
    "RefineResult",
    "SendParams",
    "SendResult",
    "Stats",
    "StatsParams",
    "StatsResult",
    "StatusParams",
    "WireDiagnostic",
]
