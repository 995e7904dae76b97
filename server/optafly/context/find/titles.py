"""What earlier commits tell of files: whose titles come near a prompt, and which files they changed."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from optafly.context.find.areas import Areas
from optafly.context.find.nearness import DIMENSIONS, cosines
from optafly.context.find.postings import Scores, flat, greatest
from optafly.context.history.model import Titled

_MOST_FILES = 20  # a commit of more says little of each
_MOST = 500
_LEAST_NEAR = 0.1  # titles that have nothing to do with each other come as near


class Titles:
    """The titles of commits, ready to be compared: by their words and, where they have vectors, by what they mean.

    Nothing changes in it: it needs no lock.
    """

    def __init__(self, commits: Iterable[Titled] = ()) -> None:
        telling = [each for each in commits if 0 < each.size <= _MOST_FILES]
        kept = [each for each in telling if len(each.vector) == 2 * DIMENSIONS]
        numbers: dict[str, int] = {}
        files = [[numbers.setdefault(path, len(numbers)) for path in each.paths] for each in kept]
        self.areas = Areas(telling)
        self.titles = [each.title for each in kept]
        self.numbers = numbers  # of paths
        self.files, self.commits = flat(files)
        self._rows = np.frombuffer(b"".join(each.vector for each in kept), "<f2").reshape(-1, DIMENSIONS)
        self._rows = self._rows.astype(np.float32)
        self._weights: Scores = np.array([each.size for each in kept], np.float32) ** np.float32(-0.1)

    def near(self, vector: NDArray[np.float32]) -> Precedents:
        """Return what the 500 commits tell that come nearest to a unit vector."""
        (near,) = cosines(self._rows, vector[None])
        least = np.partition(near, -_MOST)[-_MOST] if len(near) > _MOST else 0.0
        return Precedents(self, np.where(near > max(float(least), _LEAST_NEAR), near * self._weights, 0.0))


class Precedents:
    """What the commits near one prompt tell: each file has the greatest cosine / files^0.1 of those that changed it."""

    def __init__(self, titles: Titles, scores: Scores) -> None:
        self._titles, self._scores = titles, scores
        # In the order of the `numbers` of the titles.
        self.best = greatest(scores[titles.commits], titles.files, len(titles.numbers))

    def title(self, path: str) -> str:
        """Return the title of the commit that tells most of a file. Raises KeyError where none does."""
        commits = self._titles.commits[self._titles.files == self._titles.numbers[path]]
        return self._titles.titles[int(commits[np.argmax(self._scores[commits])])]
