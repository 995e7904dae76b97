"""What is known of a whole workspace: how far its index is, what was found in it, and what did not fit."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from optafly.domain.found import Choice, FileHit, LeftOut
from optafly.domain.proposal import Piece
from optafly.domain.record import Count, Record

# `lexical` can be asked already, while vectors are being made, and `cancelled` (a person did so) for what was read.
IndexState = Literal["waiting", "scanning", "reading", "lexical", "ready", "cancelled", "failed", "closed"]
MentionKind = Literal["file", "symbol"]


class Skipped(Record, frozen=True):
    """A file that is not in the index, or not whole, and why, in words such as "it is a binary file"."""

    path: str
    reason: str


class RootStatus(Record, frozen=True):
    """How far the index of one workspace folder is. `message` says what is wrong, or what it is doing, in a few words.

    `done` of `total` counts files while `reading` and where that was stopped (`cancelled`), and texts while vectors are
    being made (`lexical`). `disk_bytes` is what the index takes on disk, `file` where it is.
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
    file: str = ""


class IndexStatus(Record, frozen=True):
    """The state of every root, and the resident memory of the process that holds the index (None: not known)."""

    roots: tuple[RootStatus, ...] = ()
    rss_bytes: int | None = None


class Found(Record, frozen=True):
    """What a search found, best first. `complete` is false while the index is not whole."""

    hits: tuple[FileHit, ...]
    complete: bool = True
    latency_ms: Annotated[float, msgspec.Meta(ge=0)] = 0.0


class Gathered(Record, frozen=True):
    """The code from the workspace that goes with a prompt, in the order it is sent, and what was left out.

    `tokens` is the estimate for all pieces together. `choices` are words that were not resolved. `complete`: every file
    of the workspace could be found. `answered` is false where the index said nothing in time: this is from before.
    """

    pieces: tuple[Piece, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    tokens: Count = 0
    choices: tuple[Choice, ...] = ()
    complete: bool = True
    answered: bool = True
    latency_ms: Annotated[float, msgspec.Meta(ge=0)] = 0.0
