"""How near the folders of files lie to one another, kept so that a question costs one comparison of arrays."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from optafly.context.find.postings import Ids, Scores

_NONE = -1


class Folders:
    """Knows in which folder each file lies; a folder stays known when its last file is gone."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        # For each folder, the numbers of those it lies in, from the top, and its own; how many that are.
        self._within: NDArray[np.int32] = np.full((64, 8), _NONE, np.int32)
        self._depths: Ids = np.ones(64, np.int32)
        self._of_file: Ids = np.full(1024, _NONE, np.int32)

    def put(self, file: int, folder: str) -> None:
        """Note in which folder a file lies."""
        if file >= len(self._of_file):
            self._of_file = np.concatenate([self._of_file, np.full(file + 1, _NONE, np.int32)])
        self._of_file[file] = self._number(folder)

    def drop(self, file: int) -> None:
        """Forget a file."""
        self._of_file[file] = _NONE

    def beside(self, folder: str, size: int) -> Scores:
        """Return for each of `size` files which share of the parts of both folders is common, from the top."""
        number = self._number(folder)  # first, for it may need more room
        own = self._within[number]
        known = len(self._numbers)
        depths = self._depths[:known]
        common = ((self._within[:known] == own) & (own != _NONE)).sum(axis=1)
        shares = np.append(common / np.maximum(depths, (own != _NONE).sum()), 0.0).astype(np.float32)
        return shares[self._of_file[:size]]  # the last one, 0, for files that are gone

    def spread(self, scores: Mapping[str, float], size: int) -> Scores:
        """Return for each of `size` files the score of the folder in which it lies; 0 for one without."""
        of_folder = np.zeros(len(self._numbers) + 1, np.float32)  # the last one for files that are gone
        for folder, score in scores.items():
            if (number := self._numbers.get(folder)) is not None:
                of_folder[number] = score
        return of_folder[self._of_file[:size]]

    def _number(self, folder: str) -> int:
        number = self._numbers.get(folder)
        if number is not None:
            return number
        parts = folder.split("/")
        for depth in range(1, len(parts) + 1):
            outer, number = number, self._numbers.setdefault("/".join(parts[:depth]), len(self._numbers))
            self._make_room(number + 1, depth)
            if outer is not None:
                self._within[number] = self._within[outer]
            self._within[number, depth - 1] = number
            self._depths[number] = depth
        assert number is not None
        return number

    def _make_room(self, folders: int, depth: int) -> None:
        rows, columns = self._within.shape
        if folders > rows or depth > columns:
            rows, columns = max(rows, 2 * folders), max(columns, depth)
            larger = np.full((rows, columns), _NONE, np.int32)
            larger[: self._within.shape[0], : self._within.shape[1]] = self._within
            self._within = larger
            self._depths = np.resize(self._depths, rows)
