"""What the commits of a repository say of its files, in memory."""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from optafly.context.history.hunks import Changes, Lines
from optafly.context.history.model import Cochange, Commit, Titled
from optafly.context.history.stored import Stored, apart, joined
from optafly.context.history.words import words_of

# Weights lose half of their worth in this time, counted back from the newest commit.
HALF_LIFE_DAYS = 365.0
RECENT_DAYS = 60.0
_DAY_S = 86_400.0
# A word in more of the commits than this says nothing about any of them.
_COMMON = 0.2
_SIMILAR_COMMITS = 60
_FEW_FILES = 20  # a commit of more does not tell what its title says by each of its lines
_K1, _B = 1.2, 0.6


class History:
    """The files of a few thousand commits: which change together, which a word belongs to, which changed of late.

    Commits are added in the order in which they were made, so that a history is extended forward; `drop` takes back
    those of a branch that is left. A commit loses half of its weight for each 365 days that it is older than the newest
    one, and says the less of a file the more it changed. Commits of more than 100 files count for nothing. A file that
    was moved keeps its commits: those of its old path count for the new one. Not safe for threads that write.
    """

    def __init__(self) -> None:
        self.head = ""
        self._model = ""
        self._titles: list[str] = []
        self._vectors: list[bytes] = []
        self._lines: list[bytes] = []
        self._paths: list[str] = []
        self._ids: dict[str, int] = {}
        self._commits_of: list[array[int]] = []
        self._word_ids: dict[str, int] = {}
        self._commits_with: list[array[int]] = []
        self._numbers: dict[str, int] = {}
        self._shas: list[str] = []
        self._times: array[int] = array("q")
        self._sizes: array[int] = array("I")
        self._paths_in: list[array[int]] = []
        self._words_in: list[array[int]] = []
        self._lengths: array[int] = array("I")  # how many words there are in each
        self._moved: dict[int, tuple[int, int]] = {}
        self._moved_here: dict[int, list[int]] = {}
        self._moves: list[tuple[int, int, int]] = []
        self._newest_s = 0

    def clear(self) -> None:
        """Forget every commit."""
        self.__init__()

    def __len__(self) -> int:
        return len(self._shas)

    def add(self, commits: Iterable[Commit]) -> int:
        """Take in commits that follow on those that are known, oldest first, and return how many were new."""
        before = len(self)
        for commit in commits:
            self._add(commit)
        return len(self) - before

    def drop(self, shas: Iterable[str]) -> None:
        """Take back commits that no longer lead to where the repository stands."""
        gone = {self._numbers[sha] for sha in shas if sha in self._numbers}
        if gone:
            self._take(self._stored(without=gone))

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that it knows of, also under names that they had before."""
        return tuple(self._paths)

    def leave_out(self, excluded: Callable[[str], bool], judged: Collection[str] = ()) -> None:
        """Forget some files, and what was said of commits of which no other file is known: it may be of these.

        What is among those that were `judged` already is not.
        """
        gone = {number for number, path in enumerate(self._paths) if path not in judged and excluded(path)}
        self._take(self._stored().without(gone))

    def together(self, path: str) -> tuple[Cochange, ...]:
        """Return the files that changed in commits with this one, those with the greatest weight first.

        The weight of a file is the sum, over the commits in which both changed, of 2^(-age / 365 days) / (files - 1):
        each commit shares what it is worth among the other files in it.
        """
        own = self._lineage(path)
        numbers = self._numbers_of(own)
        weights: defaultdict[int, float] = defaultdict(float)
        counts: defaultdict[int, int] = defaultdict(int)
        for number in numbers:
            inside = self._paths_in[number]
            if len(inside) < 2:
                continue
            weight = self._lasting(number) / (len(inside) - 1)
            for other in {self._now(i) for i in inside}.difference(own):
                weights[other] += weight
                counts[other] += 1
        found = [
            Cochange(path=self._paths[i], together=counts[i], of=len(numbers), weight=weight)
            for i, weight in weights.items()
        ]
        return tuple(sorted(found, key=lambda c: (-c.weight, c.path)))

    def told_by(self, alike: NDArray[np.float64]) -> dict[str, float]:
        """Return the files that the commits changed which are most `alike` (see there), with scores.

        The 60 most alike commits give each of their files their score times 2^(-age / 365 days) / log2(1 + files).
        """
        numbers = np.flatnonzero(alike > 0)[::-1]  # of equal ones the newest first
        best = numbers[np.argsort(-alike[numbers], kind="stable")][:_SIMILAR_COMMITS]
        scores: defaultdict[int, float] = defaultdict(float)
        found: list[tuple[int, float]] = list(zip(best.tolist(), alike[best].tolist(), strict=True))
        for number, score in found:
            weight = score * self._lasting(number) / math.log2(1 + max(1, self._sizes[number]))
            for i in {self._now(i) for i in self._paths_in[number]}:
                scores[i] += weight
        return {self._paths[i]: score for i, score in scores.items()}

    def made_by(self, model: str) -> None:
        """Forget the vectors of titles if another model made them: they cannot be compared."""
        if model != self._model:
            self._model, self._vectors = model, [b""] * len(self)

    @property
    def model(self) -> str:
        """What made the vectors of titles."""
        return self._model

    def learn(self, vectors: Mapping[str, bytes]) -> None:
        """Take in the vectors of titles (float16) by the commits' ids."""
        for sha, vector in vectors.items():
            if sha in self._numbers:
                self._vectors[self._numbers[sha]] = vector

    def unlearnt(self) -> list[tuple[str, str]]:
        """Return the commits that have files, a title and no vector, as ids and titles, the newest first."""
        rows = zip(self._shas, self._titles, self._vectors, self._paths_in, strict=True)
        return [(sha, title) for sha, title, vector, paths in rows if title and paths and not vector][::-1]

    def titled(self) -> Iterator[Titled]:
        """Yield the commits that have titles and files."""
        for number, vector in enumerate(self._vectors):
            if self._titles[number] and self._paths_in[number]:
                paths = tuple(dict.fromkeys(self._paths[self._now(i)] for i in self._paths_in[number]))
                yield Titled(self._titles[number], vector, self._sizes[number], paths)

    def unread(self) -> list[str]:
        """Return the commits of few files whose lines were not read, the newest first."""
        rows = zip(self._shas, self._lines, self._paths_in, self._sizes, strict=True)
        return [sha for sha, lines, paths, size in rows if paths and not lines and size <= _FEW_FILES][::-1]

    def read(self, hunks: Changes) -> None:
        """Take in what lines commits left in their files, by the commits' ids; of other files nothing is kept."""
        nothing: Lines = array("I")
        for sha, files in hunks.items():
            if (number := self._numbers.get(sha)) is not None:
                inside = self._paths_in[number]
                self._lines[number] = joined([files.get(self._paths[i], nothing) for i in inside])

    def hunks(self) -> Iterator[tuple[int, str, Lines]]:
        """Yield what lines commits left: the number of each commit, a file as it is called now, and the lines."""
        for number, lines in enumerate(self._lines):
            if lines:
                inside = self._paths_in[number]
                for i, found in zip(inside, apart(lines, len(inside)), strict=True):
                    yield number, self._paths[self._now(i)], found

    def sharing(self, path: str) -> NDArray[np.float64]:
        """Return for each commit that changed a file beside others 1 / the root of how many, for the rest 0."""
        sizes = np.zeros(len(self))
        for number in self._numbers_of(self._lineage(path)):
            sizes[number] = self._sizes[number]
        return np.where(sizes > 1, sizes, np.inf) ** -0.5

    @property
    def learnt(self) -> int:
        """How many titles have vectors."""
        return sum(map(bool, self._vectors))

    def recency(self, path: str) -> float:
        """Return 1 for a file the newest commit changed, half of it for each 60 days before, 0 for an unknown one."""
        numbers = self._numbers_of(self._lineage(path))
        if not numbers:
            return 0.0
        last = max(self._times[number] for number in numbers)
        return 0.5 ** ((self._newest_s - last) / (RECENT_DAYS * _DAY_S))

    def changes(self, path: str) -> int:
        """Return how many of the commits changed the file."""
        return len(self._numbers_of(self._lineage(path)))

    def encode(self) -> bytes:
        """Return the history as bytes."""
        return self._stored().encode()

    @classmethod
    def decode(cls, data: bytes) -> History:
        """Return the history that was encoded; raises ValueError where the bytes are not one."""
        history = cls()
        history._take(Stored.decode(data))
        return history

    def _stored(self, without: Collection[int] = ()) -> Stored:
        kept = [number for number in range(len(self._shas)) if number not in without]
        renumbered = {number: new for new, number in enumerate(kept)}
        return Stored(
            head=self.head,
            paths=self._paths,
            words=list(self._word_ids),
            shas=[self._shas[n] for n in kept],
            times=array("q", (self._times[n] for n in kept)),
            sizes=array("I", (self._sizes[n] for n in kept)),
            paths_in=[self._paths_in[n] for n in kept],
            words_in=[self._words_in[n] for n in kept],
            moves=[(old, new, renumbered[n]) for old, new, n in self._moves if n in renumbered],
            titles=[self._titles[n] for n in kept],
            model=self._model,
            vectors=[self._vectors[n] for n in kept],
            lines=[self._lines[n] for n in kept],
        )

    def _take(self, stored: Stored) -> None:
        self.clear()
        self.head = stored.head
        self._titles, self._model, self._vectors = stored.titles, stored.model, stored.vectors
        self._lines = stored.lines
        self._paths = stored.paths
        self._ids = {path: i for i, path in enumerate(stored.paths)}
        self._word_ids = {word: i for i, word in enumerate(stored.words)}
        self._shas = stored.shas
        self._numbers = {sha: number for number, sha in enumerate(stored.shas)}
        self._times, self._sizes = stored.times, stored.sizes
        self._paths_in, self._words_in = stored.paths_in, stored.words_in
        self._lengths = array("I", map(len, self._words_in))
        self._commits_of = _inverted(self._paths_in, len(self._paths))
        self._commits_with = _inverted(self._words_in, len(self._word_ids))
        self._newest_s = max(self._times, default=0)
        for old, new, number in stored.moves:
            self._move(old, new, number)

    def _add(self, commit: Commit) -> None:
        if commit.sha in self._numbers:
            return
        number = len(self._shas)
        self._numbers[commit.sha] = number
        self._shas.append(commit.sha)
        self._times.append(commit.time_s)
        self._sizes.append(commit.size)
        self._titles.append(commit.title)
        self._vectors.append(b"")
        self._lines.append(b"")
        self._newest_s = max(self._newest_s, commit.time_s)
        for old, new in commit.moves:
            self._move(self._id(old), self._id(new), number)
        self._paths_in.append(self._note(map(self._id, commit.paths), self._commits_of, number))
        self._words_in.append(self._note(map(self._word_id, commit.words), self._commits_with, number))
        self._lengths.append(len(self._words_in[-1]))

    @staticmethod
    def _note(ids: Iterable[int], postings: Sequence[array[int]], number: int) -> array[int]:
        numbers = array("I", ids)
        for i in numbers:
            postings[i].append(number)
        return numbers

    def _id(self, path: str) -> int:
        i = self._ids.setdefault(path, len(self._paths))
        if i == len(self._paths):
            self._paths.append(path)
            self._commits_of.append(array("I"))
        return i

    def _word_id(self, word: str) -> int:
        i = self._word_ids.setdefault(word, len(self._word_ids))
        if i == len(self._commits_with):
            self._commits_with.append(array("I"))
        return i

    def _move(self, old: int, new: int, number: int) -> None:
        self._moves.append((old, new, number))
        self._moved[old] = (new, number)
        self._moved_here.setdefault(new, []).append(old)

    def _now(self, i: int) -> int:
        """Return what a path is called now: where it was moved to, unless it has been changed since."""
        for _ in range(8):
            new, number = self._moved.get(i, (i, 0))
            commits = self._commits_of[i]
            if new == i or (commits and commits[-1] >= number):
                break
            i = new
        return i

    def _lineage(self, path: str) -> frozenset[int]:
        """Return a path and all that were moved to become it."""
        first = self._ids.get(path)
        if first is None:
            return frozenset()
        found, queue = {first}, [first]
        while queue:
            for old in self._moved_here.get(queue.pop(), ()):
                if old not in found and self._now(old) == first:
                    found.add(old)
                    queue.append(old)
        return frozenset(found)

    def _numbers_of(self, ids: Iterable[int]) -> set[int]:
        return {number for i in ids for number in self._commits_of[i]}

    def _lasting(self, number: int) -> float:
        """Return what is left of a commit's weight."""
        age_days = (self._newest_s - self._times[number]) / _DAY_S
        return 0.5 ** (age_days / HALF_LIFE_DAYS)

    def alike(self, words: Iterable[str]) -> NDArray[np.float64]:
        """Return how much each commit's message is like these words, taken as `words_of` gives them, or raw.

        It is BM25 over the messages, where a word is in a message once or not at all.
        """
        count = len(self._shas)
        lengths = np.array(self._lengths, np.float64)
        lengths /= max(lengths.mean(), 1e-9) if count else 1.0
        scores = np.zeros(count)
        for word in words_of(" ".join(words)):
            i = self._word_ids.get(word)
            if i is None or len(self._commits_with[i]) > max(20, _COMMON * count):
                continue
            having = np.array(self._commits_with[i], np.intp)
            idf = math.log(1 + (count - len(having) + 0.5) / (len(having) + 0.5))
            scores[having] += idf * (_K1 + 1) / (1 + _K1 * (1 - _B + _B * lengths[having]))
        return scores


def _inverted(rows: Sequence[array[int]], width: int) -> list[array[int]]:
    found = [array("I") for _ in range(width)]
    for number, row in enumerate(rows):
        for i in row:
            found[i].append(number)
    return found
