"""The vectors of one root's files: which are still to be made, and making them in helper processes at low priority."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import partial
from pathlib import Path

import msgspec
import numpy as np

from optafly.config import ModelSettings
from optafly.context.find.entry import Entry
from optafly.context.find.terms import PART
from optafly.context.index.helpers import Helpers, Job
from optafly.context.index.pauses import SHORTEST_S, Pauses
from optafly.context.index.reading import lower_priority
from optafly.context.outline.model import FileKind, Outline
from optafly.models.embedding import Embedder, open_embedder
from optafly.paths import Paths

VERSION = 1
"""Grows whenever the same file gives other texts."""

AT_A_TIME = 8
SPARE = 1_000  # vectors that are kept though no file has their content: it may come back
MOST_SUSPECTS = 16  # failures in a row that show that it is not the texts
UNDER_WAY = 4  # batches: enough that no helper waits, few enough that an edited file's turn comes soon
NICE = 10
_LOOK_S = 0.2
_TEXT_CHARACTERS = 500  # about a hundred tokens: the time of a text grows with its length
_KINDS: tuple[FileKind, ...] = ("source", "test", "docs", "example", "config", "other")

Made = Callable[[dict[bytes, bytes], str], None]
"""Gets vectors by the hash of their content, none where there were none to be had, and why no helper could be made."""
EntryOf = Callable[[str, bytes], Entry | None]
"""Gives what is known of a file, if it still has the content of that hash."""
Recall = Callable[[list[bytes]], dict[bytes, bytes]]
"""Gives those of some vectors that were made before."""


class Texts(msgspec.Struct, frozen=True, array_like=True):
    """The texts of one file."""

    texts: tuple[str, ...]


def texts_of(path: str, outline: Outline) -> tuple[str, ...]:
    """Return one or two short texts on what a file is about: its path, what it defines, and how that is described."""
    words = " ".join(PART.findall(path))
    names = " ".join(dict.fromkeys(" ".join(PART.findall(d.name.rpartition(".")[2])) for d in outline.definitions))
    docs = " ".join(d.doc for d in outline.definitions if d.doc)
    texts = (f"{words}: {names}", f"{words}: {docs}" if docs else "")
    return tuple(text[:_TEXT_CHARACTERS] for text in texts if text)


class Vectors:
    """What is made and what is to be made; `made` gives content hash → vectors (float16, one after the other).

    A text of which no vectors can be made is left out until the process ends, and the others go on; `unmade` are all of
    these, also those of another process. Only where nothing at all can be made, `trouble` says so, and a pause later it
    is tried again.
    """

    def __init__(self, helpers: Helpers, name: str, *, pause_s: float = SHORTEST_S) -> None:
        self.name = name
        self.trouble = ""
        self.made: dict[bytes, bytes] = {}
        self.unmade: frozenset[bytes] = frozenset()
        self._helpers = helpers
        self._pauses = Pauses(pause_s)
        self._todo: dict[bytes, str] = {}
        self._unsaved: dict[bytes, str] = {}
        self._under_way: dict[bytes, str] = {}
        self._failed: set[bytes] = set()
        self._suspects: set[bytes] = set()  # failed too, and nothing was made since: perhaps nothing can be
        self._wanted: set[bytes] = set()
        self._places: dict[str, int | None] = {}  # of files by their kinds: telling these takes longer than the rest

    @property
    def total(self) -> int:
        """How many contents shall have vectors."""
        return len(self._wanted)

    @property
    def done(self) -> int:
        """How many of them have."""
        return len(self._wanted & self.made.keys())

    @property
    def left(self) -> int:
        """How many of them are still being made."""
        return len(self._todo) + len(self._under_way.keys() & self._wanted)

    @property
    def failed(self) -> set[bytes]:
        """The contents that are not tried again."""
        return self._failed | self._suspects

    @property
    def paused_s(self) -> float:
        """For how long nothing will be tried."""
        return self._pauses.left_s

    def want(
        self, files: Iterable[tuple[str, bytes]], kind_of: Callable[[str], FileKind], recall: Recall
    ) -> dict[bytes, bytes]:
        """Make the vectors of these files (path, hash) where there are none, source first.

        Returns those that `recall` knows. Vectors that no file wants any more are forgotten, but for the last ones.
        """
        rank = {kind: number for number, kind in enumerate(_KINDS)}
        wanted: dict[bytes, tuple[int, str]] = {}
        known, self._places = self._places, {}
        for path, digest in files:
            self._places[path] = place = known[path] if path in known else rank.get(kind_of(path))
            if digest and place is not None and (digest not in wanted or (place, path) < wanted[digest]):
                wanted[digest] = (place, path)
        self._wanted = set(wanted)
        self.prune(self._wanted)
        self.unmade &= self._wanted
        settled = self.made.keys() | self._under_way.keys() | self.failed
        recalled = recall([digest for digest in wanted if digest not in settled and digest not in self._todo])
        self.made.update(recalled)
        fresh = [(*where, digest) for digest, where in wanted.items() if digest not in settled]
        self._todo = {digest: path for _, path, digest in sorted(fresh) if digest not in recalled}
        return recalled

    def ask(self, digest: bytes, path: str) -> None:
        """Make the vectors of an unsaved document before all others."""
        if digest not in self.failed and digest not in self._under_way:
            self._unsaved[digest] = path

    def prune(self, wanted: Set[bytes]) -> None:
        """Forget the vectors of what is not `wanted`, but for the last ones."""
        spare = [digest for digest in self.made if digest not in wanted]
        for digest in spare[: max(0, len(spare) - SPARE)]:
            del self.made[digest]

    def go_on(self, entry_of: EntryOf, made: Made, wanted: Callable[[], bool]) -> None:
        """Hand out as much as the helpers can do soon; `made` is told from another thread."""
        while not self.paused_s and len(self._under_way) < AT_A_TIME * UNDER_WAY:
            batch = self._batch(entry_of)
            if not batch:
                return
            self._under_way.update({digest: entry.path for digest, entry in batch.items()})
            texts = [msgspec.msgpack.encode(Texts(texts_of(each.path, each.outline))) for each in batch.values()]
            job = Job("embed", texts, lambda _: None, wanted)
            job.done = partial(_told, job, tuple(batch), made)
            self._helpers.submit(job, urgency=2)

    def of_texts(self, texts: Sequence[str], wanted: Callable[[], bool]) -> list[bytes]:
        """Return the vector of each text after those of files, empty where none can be made; none once not `wanted`.

        It waits, so it is for other threads than the root's.
        """
        found: list[bytes] = []
        made = threading.Event()

        def take(results: list[bytes | None]) -> None:
            found.extend(msgspec.msgpack.decode(each, type=bytes) if each else b"" for each in results)
            made.set()

        items = [msgspec.msgpack.encode(Texts((text,))) for text in texts]
        self._helpers.submit(Job("embed", items, take, wanted), urgency=3)
        while not made.wait(_LOOK_S):
            if not wanted():
                return []
        return found

    def halt(self) -> None:
        """Make no more, and expect no more of what was handed out, until it is wanted again."""
        self._todo.clear()
        self._unsaved.clear()
        self._under_way.clear()

    def take(self, made: Mapping[bytes, bytes], unmade: str = "") -> dict[bytes, bytes]:
        """Take what was made, and return what of it is sound."""
        sound = {digest: vectors for digest, vectors in made.items() if vectors}
        lost = {digest: self._under_way[digest] for digest in made if digest in self._under_way and digest not in sound}
        for digest in made:
            self._under_way.pop(digest, None)
        self.made.update(sound)
        if sound:
            self._failed |= self._suspects
            self._suspects = set()
            self.trouble = ""
            self._pauses.succeeded()
        self.unmade -= sound.keys()
        if unmade:
            self._pause(lost)
        elif lost:
            (self._failed if sound else self._suspects).update(lost)
            self.unmade |= lost.keys()
            if len(self._suspects) >= MOST_SUSPECTS:
                self.unmade -= self._suspects
                self._suspects = set()  # nothing speaks against them: they are wanted again
                self._pause(lost)
        return sound

    def _batch(self, entry_of: EntryOf) -> dict[bytes, Entry]:
        batch: dict[bytes, Entry] = {}
        for todo in (self._unsaved, self._todo):
            while todo and len(batch) < AT_A_TIME:
                digest = next(iter(todo))
                entry = entry_of(todo.pop(digest), digest)
                if entry is not None:
                    batch[digest] = entry
        return batch

    def _pause(self, lost: Mapping[bytes, str]) -> None:
        self.trouble = "vectors cannot be made; words and symbols are searched"
        self._todo = {**{digest: path for digest, path in lost.items() if digest in self._wanted}, **self._todo}
        self._pauses.begin()


def _told(job: Job, digests: Sequence[bytes], made: Made, results: list[bytes | None]) -> None:
    vectors = (msgspec.msgpack.decode(each, type=bytes) if each else b"" for each in results)
    made(dict(zip(digests, vectors, strict=True)), job.unmade)


class Maker:
    """The service of the helper processes that make vectors; used by one thread."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed(self, asked: list[Texts]) -> list[bytes]:
        """Return the vectors of each file's texts as little-endian float16, one after the other."""
        return [np.asarray(self._embedder.embed(each.texts)).astype("<f2").tobytes() for each in asked]


def create(settings: str, data: str, config: str, log: str, name: str) -> Maker:
    """Make the service (see `wire.arguments`). Raises ModelFileError where there is no usable model of that name."""
    lower_priority(NICE)
    paths = Paths(data=Path(data), config=Path(config), log=Path(log))
    return Maker(open_embedder(msgspec.json.decode(settings, type=ModelSettings), paths, name=name or None))
