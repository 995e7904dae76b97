"""What is known of a whole workspace: how far its index is, what was found in it, and what did not fit."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from optafly.domain.proposal import Piece
from optafly.domain.record import Count, Line, Record

# `lexical` can be asked already, while vectors are still being made.
IndexState = Literal["waiting", "scanning", "reading", "lexical", "ready", "failed", "closed"]
MentionKind = Literal["file", "symbol"]


class Skipped(Record, frozen=True):
    """A file that is not in the index, or not whole, and why, in words such as "it is a binary file"."""

    path: str
    reason: str


class RootStatus(Record, frozen=True):
    """How far the index of one workspace folder is. `message` says what is wrong, or what it is doing, in a few words.

    `done` of `total` counts files while `reading` and texts while vectors are being made (`lexical`). `disk_bytes` is
    what the index takes on disk.
    """

    root: str
    state: IndexState
    message: str = ""
    files: Count = 0
    symbols: Count = 0
    vectors: Count = 0
    done: Count = 0
    total: Count = 0
    skipped: Count = 0
    disk_bytes: Count = 0


class IndexStatus(Record, frozen=True):
    """The state of every root, and the resident memory of the process that holds the index (None: not known)."""

    roots: tuple[RootStatus, ...] = ()
    rss_bytes: int | None = None


class SymbolHit(Record, frozen=True):
    """A definition in a file: qualified name, kind, lines (1-based, inclusive) and its signature in one line."""

    name: str
    kind: str
    start_line: Line
    end_line: Line
    signature: str = ""


class FileHit(Record, frozen=True):
    """A file that was found: where, how well (higher is better; comparable within one answer), and why.

    `path` is relative to `root`, with `/` between parts. `reasons` are words for a person, the weightiest first.
    `symbols` are its definitions that matter for the question, best first.
    """

    root: str
    path: str
    language: str
    score: float
    reasons: tuple[str, ...] = ()
    symbols: tuple[SymbolHit, ...] = ()


class Found(Record, frozen=True):
    """What a search found, best first. `complete` is false while the index is still being made."""

    hits: tuple[FileHit, ...]
    complete: bool = True
    latency_ms: Annotated[float, msgspec.Meta(ge=0)] = 0.0


class LeftOut(Record, frozen=True):
    """Code that would have helped but is not sent, what it would have taken, and why."""

    path: str
    tokens: Count
    reason: str
    symbol: str | None = None


class Choice(Record, frozen=True):
    """Words of a prompt that may mean several definitions: a person picks one, nothing is guessed.

    `words` stand in the prompt at `start` (code points).
    """

    words: str
    start: Count
    candidates: tuple[FileHit, ...]


class Gathered(Record, frozen=True):
    """The code from the workspace that goes with a prompt, in the order it is sent, and what was left out.

    `tokens` is the estimate for all pieces together. `choices` are words that were not resolved.
    """

    pieces: tuple[Piece, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    tokens: Count = 0
    choices: tuple[Choice, ...] = ()
    complete: bool = True
    latency_ms: Annotated[float, msgspec.Meta(ge=0)] = 0.0
