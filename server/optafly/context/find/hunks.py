"""Where in its files a commit changed something: its lines are recognised by their hashes, wherever they stand now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from optafly.context.find.postings import Ids, Scores, owners_of
from optafly.context.history.hunks import Lines, hash_of

_MOST_LINES = 20_000
_MOST_PARTS = 2**16
_NOWHERE = (np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.float32))


class Commits(NamedTuple):
    """What commits say to one question, an array over all of them each.

    `like` is how much they are like the prompt, 1 for the one that is most. `together` is, of those that changed the
    open file beside others, 1 / the root of how many files these are.
    """

    like: Scores = np.empty(0, np.float32)
    together: Scores = np.empty(0, np.float32)


class Places(NamedTuple):
    """Where in some files commits left something: which share of a commit's lines in a file lies in which chunk.

    An array over all such places each. Chunks are numbered on from one file to the next; there are `size` of them.
    """

    commits: Ids
    chunks: Ids
    shares: Scores
    size: int

    def told(self, said: Scores) -> Scores:
        """Return what commits say of each chunk, where each says as much as stands in `said`."""
        return np.bincount(self.chunks, said[self.commits] * self.shares, self.size).astype(np.float32)


class Marks(msgspec.Struct, frozen=True, array_like=True):
    """The lines that a file has once, as ascending hashes (32 bits), and the chunk in which each lies (16 bits)."""

    hashes: bytes = b""
    chunks: bytes = b""


def marks_of(parts: Sequence[Sequence[str]]) -> Marks:
    """Return what the lines of a file are recognised by, of which these are the parts; of an enormous one nothing."""
    if len(parts) > _MOST_PARTS or sum(map(len, parts)) > _MOST_LINES:
        return Marks()
    hashes = [[hash_of(line.encode("utf-8", "surrogatepass")) for line in lines] for lines in parts]
    times = Counter(chain.from_iterable(hashes))
    marks = sorted((each, at) for at, row in enumerate(hashes) for each in row if each and times[each] == 1)
    columns = np.array(marks, np.uint32).reshape(-1, 2)
    return Marks(columns[:, 0].astype("<u4").tobytes(), columns[:, 1].astype("<u2").tobytes())


class Hunks:
    """The lines that commits left in each file, as the file is called now. Nothing changes in it."""

    def __init__(self, hunks: Iterable[tuple[int, str, Lines]] = ()) -> None:
        found: dict[str, list[tuple[int, Lines]]] = {}
        for commit, path, lines in hunks:
            found.setdefault(path, []).append((commit, lines))
        self._of = {path: _flat(rows) for path, rows in found.items()}

    def places(self, files: Sequence[tuple[str, Marks, int]]) -> Places:
        """Return where in these files, each with so many chunks, commits changed something that is still there."""
        found = [self._within(path, marks) for path, marks, _ in files]
        ends = np.cumsum([0, *(chunks for *_, chunks in files)])
        commits, chunks, shares = (np.concatenate(column) for column in zip(_NOWHERE, *found, strict=True))
        before = np.repeat(ends[:-1], [len(each) for each, *_ in found])
        return Places(commits, chunks + before, shares, int(ends[-1]))

    def _within(self, path: str, marks: Marks) -> tuple[Ids, Ids, Scores]:
        rows = self._of.get(path)
        hashes = np.frombuffer(marks.hashes, "<u4")
        if rows is None or not len(hashes):
            return _NOWHERE
        numbers, owners, lines = rows
        at = np.minimum(np.searchsorted(hashes, lines), len(hashes) - 1)
        there = np.flatnonzero(hashes[at] == lines)
        owners, chunks = owners[there], np.frombuffer(marks.chunks, "<u2")[at[there]]
        shares = 1 / np.bincount(owners, minlength=len(numbers))[owners]
        return numbers[owners], chunks.astype(np.int32), shares.astype(np.float32)


def _flat(rows: Sequence[tuple[int, Lines]]) -> tuple[Ids, Ids, NDArray[np.uint32]]:
    """Return the commits of one file, the place of each line's commit among them, and the lines."""
    commits = np.array([commit for commit, _ in rows], np.int32)
    lines = [np.array(each, np.uint32) for _, each in rows]
    return commits, owners_of(lines), np.concatenate(lines)
