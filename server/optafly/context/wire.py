"""What the front and the `indexer` worker say to each other; light, for the front imports it."""

from __future__ import annotations

from typing import Annotated

import msgspec

from optafly.config import ContextSettings, ModelSettings
from optafly.domain import FileHit, IndexStatus, MentionKind, Piece, Record, Skipped, Snapshot
from optafly.paths import Paths

FACTORY = "optafly.context.service:create"
NOTHING = "You pinned it, but there is nothing of that name in the index of the workspace."
"""A reason in `LeftOut`."""


def arguments(settings: ModelSettings, paths: Paths) -> list[str]:
    """Return what `FACTORY` is called with."""
    return [msgspec.json.encode(settings).decode(), str(paths.data), str(paths.config), str(paths.log)]


class OpenRoots(Record, frozen=True):
    """Params of `open`: every root (absolute path) that shall be kept current from now on; others are closed.

    `ignore` are the patterns of `privacy.ignore`; of each root at most `max_files` are read. Returns IndexStatus at
    once; the index is made in the background. While `halted` it is made no further, and no change is looked at: what
    was read can be found.
    """

    roots: tuple[str, ...]
    ignore: tuple[str, ...] = ()
    vectors: bool = True
    max_files: Annotated[int, msgspec.Meta(ge=1)] = 100_000
    halted: bool = False


class Overlay(Record, frozen=True):
    """Params of `overlay`: an unsaved document takes the place of its file; `text` None gives the file back."""

    path: str
    text: str | None


class Changed(Record, frozen=True):
    """Params of `changed`: absolute paths that the editor saw being written, made or deleted."""

    paths: tuple[str, ...]


class Search(Record, frozen=True):
    """Params of `find` (a hybrid search) and `gather` (what goes with the prompt): the prompt and what the editor knew.

    `taken` are the pieces that are chosen already: their lines are not chosen again, and they count against
    `max_tokens`. `pinned` (what the prompt mentions included) and `removed` are names as `optafly.mentions` reads them:
    `path`, `path:10-20`, `path#Symbol.name`, or `#Symbol.name` wherever that is. `vague`: the words of the prompt do
    not say where to look (`optafly.refine.scope`), so that the open file must. `said` is what is searched for, "" for
    the prompt itself: it lacks the words that say nothing in its language. `wait_s` is how long `gather` waits for an
    embedder that is not loaded yet.
    """

    snapshot: Snapshot
    settings: ContextSettings = ContextSettings()
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20
    max_tokens: Annotated[int, msgspec.Meta(ge=0)] = 8_000
    taken: tuple[Piece, ...] = ()
    pinned: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    mask: bool = True
    vague: bool = False
    said: str = ""
    wait_s: Annotated[float, msgspec.Meta(ge=0)] = 0.0


class Complete(Record, frozen=True):
    """Params of `complete`: the beginning of a path or of a symbol, also misspelt or with letters left out."""

    kind: MentionKind
    text: Annotated[str, msgspec.Meta(max_length=200)]
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20
    near: str | None = None


class Completions(Record, frozen=True):
    """Result of `complete`: for symbols, each hit holds the one symbol that is meant."""

    hits: tuple[FileHit, ...]
    complete: bool = True


class SkippedFiles(Record, frozen=True):
    """Result of `skipped`: what is not in the index, or not whole, at most a thousand of `total`."""

    files: tuple[Skipped, ...]
    total: int


__all__ = [
    "FACTORY",
    "NOTHING",
    "Changed",
    "Complete",
    "Completions",
    "IndexStatus",
    "OpenRoots",
    "Overlay",
    "Search",
    "SkippedFiles",
    "arguments",
]
