"""Which folders a prompt is about, as far as the titles of the commits that changed them tell."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from optafly.context.find.postings import Ids, Scores, flat
from optafly.context.find.terms import is_common
from optafly.context.history.model import Titled
from optafly.context.outline.languages import kind_of

# "fix(parser): …", "net/http: …": what many projects put before a title says of which part of the code it speaks.
_SCOPE = re.compile(r"\W{0,5}(?:[a-z]{2,12}\((?P<inside>[^()\n]{1,60})\)!?:|(?P<before>[\w./, -]{2,40}):\s)")
_KINDS = frozenset({"fix", "feat", "chore", "docs", "test", "tests", "refactor", "perf", "build", "ci", "style"})
# Words as they are written: with their endings cut off they told folders apart less well.
_WORD = re.compile(r"[^\W\d_][^\W_]+")
_INSIDE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_OF_SCOPE = ":"  # marks a word that stands in a scope: no word ends so
_SCOPE_WEIGHT = 2.0
_MOST_CHARACTERS = 500
_PRIOR = 5.0  # a folder that few commits changed is known by few words


class Areas:
    """The words of the titles of commits, and the folders in which each changed files. Nothing changes in it."""

    def __init__(self, commits: Sequence[Titled]) -> None:
        written = {path for path in {path for each in commits for path in each.paths} if kind_of(path) == "source"}
        folders: dict[str, int] = {}
        having: dict[str, list[int]] = {}
        inside: list[set[int]] = []
        sources: list[int] = []
        for number, commit in enumerate(commits):
            inside.append({folders.setdefault(_folder(path), len(folders)) for path in commit.paths})
            sources.append(len({_folder(path) for path in written.intersection(commit.paths)}))
            for mark in _marks(commit.title):
                having.setdefault(mark, []).append(number)
        self._folders = tuple(folders)
        self._having: dict[str, Ids] = {mark: np.array(numbers, np.int32) for mark, numbers in having.items()}
        self._folder, self._commit = flat(inside)
        self._shares: Scores = np.maximum(np.array(sources, np.float32), 1) ** np.float32(-0.5)
        self._changes = np.bincount(self._folder, minlength=len(folders)) + _PRIOR

    def about(self, title: str) -> dict[str, float]:
        """Return how much of what changed each folder was titled like this, where anything was; scopes count twice.

        A commit says the square of the rarities of the words that it shares, divided by the root of how many folders
        with sources it changed.
        """
        said = np.zeros(len(self._shares), np.float32)
        for mark in _marks(title):
            if (numbers := self._having.get(mark)) is not None:
                weight = _SCOPE_WEIGHT if mark.endswith(_OF_SCOPE) else 1.0
                said[numbers] += weight * math.log(1 + len(said) / (len(numbers) + 0.5))
        told = (np.square(said) * self._shares)[self._commit]
        scores = np.bincount(self._folder, told, len(self._folders)) / self._changes
        return {self._folders[at]: float(scores[at]) for at in np.flatnonzero(scores)}


def _marks(title: str) -> Iterator[str]:
    """Yield the different words of a title, and once more, marked, those of its scope."""
    yield from _words(title)
    if match := _SCOPE.match(title):
        scope = match["inside"] or match["before"]
        if scope not in _KINDS:
            yield from (word + _OF_SCOPE for word in _words(scope))


def _words(text: str) -> Iterable[str]:
    found = _WORD.findall(_INSIDE.sub(" ", text[:_MOST_CHARACTERS]).lower())
    return dict.fromkeys(word for word in found if not is_common(word))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
