"""The vectors of one root's files: which are still to be made, and making them in helper processes at low priority."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec
import numpy as np

from optafly.config import ModelSettings
from optafly.context.find.entry import Entry
from optafly.context.find.terms import PART
from optafly.context.index.helpers import Helpers, Job
from optafly.context.index.reading import lower_priority
from optafly.context.outline.model import FileKind, Outline
from optafly.models.embedding import Embedder, open_embedder
from optafly.paths import Paths

VERSION = 1
"""Grows whenever the same file gives other texts."""

AT_A_TIME = 8
UNDER_WAY = 4  # batches: enough that no helper waits, few enough that an edited file's turn comes soon
NICE = 10
_TEXT_CHARACTERS = 500  # about a hundred tokens: the time of a text grows with its length
_KINDS: tuple[FileKind, ...] = ("source", "test", "docs", "example", "config", "other")

Made = Callable[[dict[bytes, bytes]], None]


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
    """What is made and what is to be made; `made` gives content hash → vectors (float16, one after the other)."""

    def __init__(self, helpers: Helpers, name: str) -> None:
        self.name = name
        self.trouble = ""
        self.made: dict[bytes, bytes] = {}
        self._helpers = helpers
        self._todo: dict[bytes, str] = {}
        self._under_way: set[bytes] = set()
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
        return len(self._todo) + len(self._under_way)

    def want(self, files: Iterable[tuple[str, bytes]], kind_of: Callable[[str], FileKind]) -> None:
        """Make the vectors of these files (path, hash) where there are none, source first."""
        rank = {kind: number for number, kind in enumerate(_KINDS)}
        wanted: dict[bytes, tuple[int, str]] = {}
        known, self._places = self._places, {}
        for path, digest in files:
            self._places[path] = place = known[path] if path in known else rank.get(kind_of(path))
            if digest and place is not None and (digest not in wanted or (place, path) < wanted[digest]):
                wanted[digest] = (place, path)
        self._wanted = set(wanted)
        fresh = [(at, path, digest) for digest, (at, path) in wanted.items() if digest not in self.made]
        self._todo = {digest: path for _, path, digest in sorted(fresh) if digest not in self._under_way}

    def go_on(self, entry_of: Callable[[str], Entry | None], made: Made, wanted: Callable[[], bool]) -> None:
        """Hand out as much as the helpers can do soon; `made` is told from another thread."""
        while self._todo and not self.trouble and len(self._under_way) < AT_A_TIME * UNDER_WAY:
            batch: dict[bytes, bytes] = {}
            while self._todo and len(batch) < AT_A_TIME:
                digest = next(iter(self._todo))
                entry = entry_of(self._todo.pop(digest))
                if entry is not None:
                    batch[digest] = msgspec.msgpack.encode(Texts(texts_of(entry.path, entry.outline)))
            if not batch:  # all of these files are gone
                return
            self._under_way.update(batch)

            def done(results: list[bytes | None], digests: tuple[bytes, ...] = tuple(batch)) -> None:
                made(
                    {
                        d: msgspec.msgpack.decode(r, type=bytes) if r else b""
                        for d, r in zip(digests, results, strict=True)
                    }
                )

            self._helpers.submit(Job("embed", list(batch.values()), done, wanted), urgency=2)

    def halt(self) -> None:
        """Make no more, and expect no more of what was handed out, until it is wanted again."""
        self._todo.clear()
        self._under_way.clear()

    def take(self, made: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
        """Take what was made, and return what of it is sound; where nothing is, nothing more is tried."""
        sound = {digest: vectors for digest, vectors in made.items() if vectors}
        if made and not sound:
            self.trouble = "vectors cannot be made; words and symbols are searched"
            self._todo.clear()
        self._under_way.difference_update(made)
        self.made.update(sound)
        return sound


class Maker:
    """The service of the helper processes that make vectors; used by one thread."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed(self, asked: list[Texts]) -> list[bytes]:
        """Return the vectors of each file's texts as little-endian float16, one after the other."""
        return [np.asarray(self._embedder.embed(each.texts)).astype("<f2").tobytes() for each in asked]


def create(settings: str, data: str, config: str, log: str) -> Maker:
    """Make the service (see `wire.arguments`). Raises ModelFileError where there is no usable model."""
    lower_priority(NICE)
    paths = Paths(data=Path(data), config=Path(config), log=Path(log))
    return Maker(open_embedder(msgspec.json.decode(settings, type=ModelSettings), paths))
