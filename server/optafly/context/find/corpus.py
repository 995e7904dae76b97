"""The files of one root as finding holds them: terms, names, vectors, and what is known of how they belong together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from optafly.context.find.entry import Entry
from optafly.context.find.folders import Folders
from optafly.context.find.hunks import Hunks
from optafly.context.find.nearness import Nearness
from optafly.context.find.postings import Ids, Postings, Scores
from optafly.context.find.terms import terms_of, together
from optafly.context.find.titles import Precedents, Titles
from optafly.context.history.hunks import Lines
from optafly.context.history.model import Cochange, Titled
from optafly.context.outline.model import FileKind

_MOST_KEPT = 500
_MOST_TOGETHER = 200
# What many ecosystems call the file that stands for its folder.
_OF_THE_FOLDER = frozenset({"index", "mod", "__init__", "main", "lib", "init"})


class History(Protocol):
    """What commits say of files (see `context.history`)."""

    def together(self, path: str) -> tuple[Cochange, ...]: ...
    def alike(self, words: Iterable[str]) -> NDArray[np.float64]: ...
    def told_by(self, alike: NDArray[np.float64]) -> dict[str, float]: ...
    def hunks(self) -> Iterable[tuple[int, str, Lines]]: ...
    def sharing(self, path: str) -> NDArray[np.float64]: ...
    def titled(self) -> Iterable[Titled]: ...
    def recency(self, path: str) -> float: ...
    def changes(self, path: str) -> int: ...


class Graph(Protocol):
    """Who imports whom (see `context.imports`)."""

    def imports(self, path: str) -> tuple[str, ...]: ...
    def importers(self, path: str) -> tuple[str, ...]: ...


class Held(NamedTuple):
    """A file's number and those of its chunks."""

    number: int
    chunks: range
    entry: Entry


class Standing(NamedTuple):
    """What the commits say of each file, by its number: how lately it changed, in how many of them, and where."""

    recent: Scores
    changes: Scores
    hunks: Hunks


class Corpus:
    """The files of one root. A file has a number, which is never used again; scores are arrays over these numbers.

    `graph` is set from outside once it is known, the history by `remember`. Not safe for threads that write.
    """

    def __init__(self) -> None:
        self.chunks = Postings()
        self.names = Postings()
        self.paths = Postings()
        self.defines = Postings()
        self.uses = Postings()
        self.stems = Postings()
        self.history: History | None = None
        self.graph: Graph | None = None
        self.folders = Folders()
        self.recent: Scores = np.empty(0, np.float32)
        self.changes: Scores = np.empty(0, np.float32)
        self.hunks = Hunks()
        self.version = 0  # grows whenever a file comes, goes or changes
        self._held: dict[str, Held] = {}
        self._files: list[str | None] = []
        self._called: dict[str, set[str]] = {}
        self._of_chunk: Ids = np.empty(0, np.int32)
        self._together: dict[str, tuple[Cochange, ...]] = {}
        self._with: dict[str, tuple[Ids, Scores]] = {}
        self._nearness = Nearness()
        self._titles = Titles()
        self._told: Ids | None = None  # the numbers of the files that the titles tell of
        self._numbers: dict[frozenset[FileKind] | None, Ids] = {}
        self._lengths: Scores | None = None
        self._sizes: Scores | None = None
        self._worked_out_at = self.version

    def __len__(self) -> int:
        return len(self._held)

    def __iter__(self) -> Iterator[Held]:
        return iter(self._held.values())

    @property
    def capacity(self) -> int:
        """One more than the highest number of a file."""
        return len(self._files)

    @property
    def of_chunk(self) -> Ids:
        """The number of the file that each chunk belongs to."""
        return self._of_chunk[: self.chunks.capacity]

    @property
    def lengths(self) -> Scores:
        """How many terms all chunks of each file have together."""
        self._forget_what_changed()
        if self._lengths is None:
            lengths = np.bincount(self.of_chunk, weights=self.chunks.lengths, minlength=self.capacity)
            self._lengths = lengths.astype(np.float32)
        return self._lengths

    @property
    def sizes(self) -> Scores:
        """How many chunks each file has, as the logarithm of one more."""
        self._forget_what_changed()
        if self._sizes is None:
            sizes = np.bincount(self.of_chunk, weights=self.chunks.alive, minlength=self.capacity)
            self._sizes = np.log1p(sizes).astype(np.float32)
        return self._sizes

    def put(self, path: str, entry: Entry) -> None:
        """Take in a file, in the place of what was there under its path."""
        held = self._held.get(path)
        if held is not None and held.entry.terms == entry.terms and held.entry.outline == entry.outline:
            self._held[path] = held._replace(entry=entry)  # only its vectors are new
            if entry.vectors and entry.vectors != held.entry.vectors:
                self._nearness.put(held.number, entry.vectors)
            return
        self.drop(path)
        self.fill((entry,))

    def fill(self, entries: Sequence[Entry]) -> None:
        """Take in files none of which is there yet; for thousands at once it takes a fifth of their `put`s."""
        first = len(self._files)
        numbers = range(first, first + len(entries))
        terms = [entry.terms for entry in entries]
        chunks = self.chunks.add(together([each.chunks for each in terms]))
        texts = [each.chunks.texts for each in terms]
        if chunks.stop > len(self._of_chunk):
            self._of_chunk = np.resize(self._of_chunk, max(4096, 2 * chunks.stop))
        self._of_chunk[chunks.start : chunks.stop] = np.repeat(np.arange(first, numbers.stop, dtype=np.int32), texts)
        self.names.add(together([each.names for each in terms]))
        self.defines.add(together([each.defines for each in terms]))
        self.uses.add(together([each.uses for each in terms]))
        self.paths.add(terms_of(*(entry.path.rpartition(".")[0] or entry.path for entry in entries)))
        self.stems.add(terms_of(*(stem_of(entry.path) for entry in entries)))
        if numbers.stop > len(self.recent):
            room = max(1024, 2 * numbers.stop)
            self.recent, self.changes = np.resize(self.recent, room), np.resize(self.changes, room)
        start = chunks.start
        for number, entry, count in zip(numbers, entries, texts, strict=True):
            self._files.append(entry.path)
            self._called.setdefault(_name(entry.path), set()).add(entry.path)
            self._held[entry.path] = Held(number, range(start, start + count), entry)
            self.folders.put(number, entry.path.rpartition("/")[0])
            self._recall(entry.path, number)
            start += count
            if entry.vectors:
                self._nearness.put(number, entry.vectors)
        self.version += 1

    def standing(self, history: History) -> Standing:
        """Work out what the commits say of each file. It changes nothing, and others may ask and write meanwhile."""
        paths = list(self._files)
        recent = [0.0 if path is None else history.recency(path) for path in paths]
        changes = [0 if path is None else history.changes(path) for path in paths]
        return Standing(np.array(recent, np.float32), np.array(changes, np.float32), Hunks(history.hunks()))

    def remember(self, history: History, titles: Titles | None = None, standing: Standing | None = None) -> None:
        """Take in what the commits say now.

        Whoever has made their `titles`, and the `standing` of the files, ready already keeps nobody waiting.
        """
        standing = standing or self.standing(history)
        self.history = history
        self._together.clear()
        self._with.clear()
        self._told = None
        self._titles = titles or Titles(history.titled())
        known = len(standing.recent)
        self.recent[:known], self.changes[:known], self.hunks = standing
        for number, path in enumerate(self._files[known:], known):  # what came since it was worked out
            if path is not None:
                self._recall(path, number)

    def settle(self) -> None:
        """Do now what the next question would do first."""
        for postings in (self.chunks, self.names, self.paths, self.defines, self.uses, self.stems):
            postings.settle()
        self._nearness.settle()

    def drop(self, path: str) -> None:
        """Forget a file."""
        held = self._held.pop(path, None)
        if held is None:
            return
        self.version += 1
        one = range(held.number, held.number + 1)
        self._files[held.number] = None
        self._called[_name(path)].remove(path)
        self.chunks.remove(held.chunks, held.entry.terms.chunks)
        for postings in (self.names, self.defines, self.uses, self.paths, self.stems):
            postings.remove(one)
        self.folders.drop(held.number)
        self._nearness.drop(held.number)

    def get(self, path: str) -> Held | None:
        """Return what is held of a file."""
        return self._held.get(path)

    def called(self, name: str) -> Collection[str]:
        """Return the paths of the files with a name, whatever folders they lie in."""
        return self._called.get(name, ())

    def path(self, number: int) -> str:
        """Return the path of a file that is there. Raises KeyError for one that is gone."""
        path = self._files[number]
        if path is None:
            raise KeyError(number)
        return path

    def together(self, path: str) -> tuple[Cochange, ...]:
        """Return what the commits say changes together with a file, best first; kept until they say otherwise."""
        found = self._together.get(path)
        if found is None:
            if len(self._together) >= _MOST_KEPT:
                self._together.clear()
            found = self._together[path] = self.history.together(path) if self.history else ()
        return found

    def changed_with(self, path: str) -> Scores:
        """Return an array over all files with how much each changed together with one."""
        self._forget_what_changed()
        if path not in self._with:
            if len(self._with) >= _MOST_KEPT:
                self._with.clear()
            first = self.together(path)[:_MOST_TOGETHER]
            pairs = [(held.number, each.weight) for each in first if (held := self._held.get(each.path))]
            self._with[path] = np.array([n for n, _ in pairs], np.int32), np.array([w for _, w in pairs], np.float32)
        numbers, weights = self._with[path]
        scores = np.zeros(self.capacity, np.float32)
        scores[numbers] = weights
        return scores

    def numbers(self, kinds: Iterable[FileKind] | None = None) -> Ids:
        """Return the numbers of all files, or of those of some kinds, in the order they came."""
        wanted = None if kinds is None else frozenset(kinds)
        self._forget_what_changed()
        if wanted not in self._numbers:
            found = [held.number for held in self if wanted is None or held.entry.kind in wanted]
            self._numbers[wanted] = np.array(sorted(found), np.int32)
        return self._numbers[wanted]

    def told(self, precedents: Precedents) -> Scores:
        """Return an array over all files with what earlier commits tell of each."""
        self._forget_what_changed()
        if self._told is None:
            numbers = [held.number if (held := self._held.get(path)) else -1 for path in self._titles.numbers]
            self._told = np.array(numbers, np.int32)
        scores = np.zeros(self.capacity, np.float32)
        known = self._told >= 0
        scores[self._told[known]] = precedents.best[known]
        return scores

    def spread(self, values: Iterable[tuple[str, float]]) -> Scores:
        """Return an array over all files with these values at their paths; other paths count for nothing."""
        scores = np.zeros(self.capacity, np.float32)
        for path, value in values:
            held = self._held.get(path)
            if held is not None:
                scores[held.number] = value
        return scores

    def nearness(self, vectors: NDArray[np.float32]) -> Scores:
        """Return how near each file comes to each of some unit vectors, a row each; 0 for a file without vectors."""
        return self._nearness.of(vectors, self.capacity)

    def precedents(self, vector: NDArray[np.float32]) -> Precedents:
        """Return what earlier commits whose titles come near a unit vector tell of files."""
        return self._titles.near(vector)

    def areas(self, title: str) -> Scores:
        """Return for each file how much of what changed its folder was titled like this."""
        return self.folders.spread(self._titles.areas.about(title), self.capacity)

    def _forget_what_changed(self) -> None:
        """Forget what was worked out of files as they were before one came, went or changed."""
        if self._worked_out_at != self.version:
            self._worked_out_at = self.version
            self._numbers.clear()
            self._with.clear()
            self._told = self._lengths = self._sizes = None

    def _recall(self, path: str, number: int) -> None:
        self.recent[number] = self.history.recency(path) if self.history else 0.0
        self.changes[number] = self.history.changes(path) if self.history else 0.0


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def stem_of(path: str) -> str:
    """Return what a file is called by: its name without endings, or its folder's where the name says nothing."""
    folder, _, file = path.rpartition("/")
    name = file.lstrip(".").partition(".")[0]
    return folder.rpartition("/")[2] if name in _OF_THE_FOLDER and folder else name
