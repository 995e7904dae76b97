"""The vectors of files as one matrix, which grows and shrinks while it is asked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optafly.context.find.postings import Ids, Scores

DIMENSIONS = 384
_BYTES = 2 * DIMENSIONS
_ROOM = 1.25
_AT_ONCE = 500  # rows that stay in the processor's cache from one vector to the next


def cosines(rows: NDArray[np.float32], vectors: NDArray[np.float32]) -> Scores:
    """Return the cosines of unit vectors with each of some, a row for each of these; the same for equal ones.

    Not as a product of matrices: the threads of that wait for one another while other programs want the processor (3 to
    18 ms where this takes 1), and for two or three vectors it copies all rows first.
    """
    found = np.empty((len(vectors), len(rows)), np.float32)
    for start in range(0, len(rows), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        np.vecdot(rows[None, some], vectors[:, None], out=found[:, some])
    return found


class Nearness:
    """The unit vectors of files by number, float16 as they come and float32 as they are compared."""

    def __init__(self) -> None:
        self._rows = np.empty((0, DIMENSIONS), np.float32)
        self._files: Ids = np.empty(0, np.int32)
        self._used = 0
        self._void = 0  # rows of files that are gone: they are 0, and so near to nothing
        self._new: dict[int, bytes] = {}

    def put(self, number: int, vectors: bytes) -> None:
        """Give a file its vectors, one after the other, in the place of all it had. Another size says nothing."""
        self.drop(number)
        if len(vectors) % _BYTES == 0:
            self._new[number] = vectors

    def drop(self, number: int) -> None:
        """Forget the vectors of a file."""
        if self._new.pop(number, None) is None:
            rows = np.flatnonzero(self._files[: self._used] == number)
            self._rows[rows] = 0.0
            self._void += len(rows)

    def settle(self) -> None:
        """Make what came since the last question comparable; each question does."""
        if not self._new:
            return
        numbers = [number for number, each in self._new.items() for _ in range(len(each) // _BYTES)]
        vectors = np.frombuffer(b"".join(self._new.values()), "<f2").reshape(-1, DIMENSIONS)
        self._new.clear()
        if self._used + len(numbers) > len(self._rows):
            self._grow(len(numbers))
        end = self._used + len(numbers)
        self._rows[self._used : end] = vectors
        self._files[self._used : end] = numbers
        self._used = end

    def of(self, vectors: NDArray[np.float32], size: int) -> Scores:
        """Return how near each file comes to each of some unit vectors, a row each: the greatest cosine of its own.

        Rows over the numbers below `size`; 0 for a file without vectors.
        """
        self.settle()
        scores = np.zeros((len(vectors), size), np.float32)
        for row, near in zip(scores, cosines(self._rows[: self._used], vectors), strict=True):
            np.maximum.at(row, self._files[: self._used], near)
        return scores

    def _grow(self, more: int) -> None:
        kept = np.arange(self._used)
        if self._void:
            kept = np.flatnonzero(self._rows[: self._used].any(axis=1))
        room = int((len(kept) + more) * _ROOM)
        rows, files = np.zeros((room, DIMENSIONS), np.float32), np.zeros(room, np.int32)
        rows[: len(kept)], files[: len(kept)] = self._rows[kept], self._files[kept]
        self._rows, self._files, self._used, self._void = rows, files, len(kept), 0
