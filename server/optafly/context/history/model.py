"""What is read of one commit, and what the commits say of two files."""

from __future__ import annotations

from typing import NamedTuple

from optafly.domain import Count, Record


class Commit(Record, frozen=True):
    """One commit that is no merge: when, in what words (see `words`), and which files it left changed or new.

    Paths are relative to the workspace folder, with `/` between parts; a deleted file is in none. `moves` are pairs of
    a path that went away in this commit and the one of `paths` that took its place. `size` counts all that changed:
    of a commit of many files the paths are not kept, only the moves.
    """

    sha: str
    time_s: int
    title: str = ""
    words: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    moves: tuple[tuple[str, str], ...] = ()
    size: Count = 0


class Cochange(Record, frozen=True):
    """A file that changed in `together` of the `of` commits that changed the other; `weight` is what they are worth."""

    path: str
    together: Count
    of: Count
    weight: float


class Titled(NamedTuple):
    """A commit: its title, the vector of that (float16; none yet), how many files changed, and those known, as now."""

    title: str
    vector: bytes
    size: int
    paths: tuple[str, ...]
