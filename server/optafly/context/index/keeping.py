"""Keeps the index of one root on disk, in one of three roles, and never fails for the disk's sake.

`writer`: this process writes the file. `follower`: another one does, and this one reads what it writes, until it can
take over. `memory`: nothing can be written (read-only, full, locked by another program), so nothing is, and the index
lives in memory alone; until the end, unless the file was locked.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

from optafly.context.index.lock import Lock
from optafly.context.index.store import FAULTS, File, Store, throw_away
from optafly.context.index.unkept import is_locked, why_unkept
from optafly.salvage import is_damage

T = TypeVar("T")
PRUNE_EVERY = 1_000  # rows that were written
Role = Literal["writer", "follower", "memory"]


class Rebuilt(Exception):
    """The file was damaged and is thrown away: everything must be read again."""


class News(NamedTuple):
    """What a follower learns: files that changed (None: gone), and hashes of content that has vectors now."""

    files: dict[str, File | None]
    vectors: dict[bytes, bytes]


class Keeping:
    """The file at `path`, made with `parameters`; used by one thread."""

    def __init__(self, path: Path, parameters: str) -> None:
        self._path = path
        self._parameters = parameters
        self._lock = Lock(path)
        self._store: Store | None = None
        self.role: Role = "memory"
        self.trouble = ""
        self.is_locked = False
        self._written = 0

    def open(self) -> None:
        """Take the best role there is. A damaged file is thrown away."""
        try:
            if self._lock.take():
                self._store = self._writable()
                self.role = "writer"
            else:
                self.role = "follower"
                with suppress(*FAULTS):  # the writer may not have made it yet
                    self._follow()
            self.trouble, self.is_locked = "", False  # not before: it is said while it is tried again, too
        except FAULTS as error:
            self._give_up(error)

    def take_over(self) -> bool:
        """Become the writer where the other one is gone; a follower asks this now and then."""
        if self.role != "follower":
            return False
        try:
            if not self._lock.take():
                return False
        except FAULTS:
            return False
        self._close()
        self.open()
        return True

    def come_back(self) -> bool:
        """Keep the file again where another program had locked it; what it has then is older than what is known."""
        if self.role != "memory" or not self.is_locked:
            return False
        self.open()
        return self.role != "memory"

    def step_back(self) -> None:
        """Let another process write, and follow it; `take_over` goes back."""
        if self.role == "writer":
            self.keep({"phase": b"reading"})
            self.shut()
            self.role = "follower"
            with suppress(*FAULTS):
                self._follow()

    def files(self) -> dict[str, File]:
        """Return every file that is stored. Raises Rebuilt."""
        found = self._ask(lambda store: store.files(), {})
        return {path: file for path, file in found.items() if file is not None}

    def contents(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield everything that was read, with its hash. Raises Rebuilt."""
        try:
            if self._store is not None:
                yield from self._store.contents()
        except FAULTS as error:
            self._failed(error)

    def vectors(self) -> dict[bytes, bytes]:
        """Return all vectors by the hash of their content. Raises Rebuilt."""
        return self._ask(lambda store: dict(store.vectors()), {})

    def vectors_of(self, digests: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the vectors of these contents that are stored. Raises Rebuilt."""
        return self._ask(lambda store: store.vectors_of(digests), {})

    def content(self, digest: bytes) -> bytes | None:
        """Return what was read of a file with this hash, if that is stored. Raises Rebuilt."""
        return self._ask(lambda store: store.content(digest), None)

    def meta(self, key: str) -> bytes | None:
        """Return what is kept under `key`. Raises Rebuilt."""
        return self._ask(lambda store: store.meta(key), None)

    def keep(self, values: Mapping[str, bytes]) -> None:
        """Keep all of these under their keys, or none, if this process writes. Raises Rebuilt."""
        if self.role == "writer":
            self._ask(lambda store: store.keep(values), None)

    def write(
        self,
        files: Mapping[str, File | None] | None = None,
        contents: Mapping[bytes, bytes] | None = None,
        vectors: Mapping[bytes, bytes] | None = None,
    ) -> None:
        """Store these, if this process writes. Raises Rebuilt."""
        if self.role != "writer":
            return
        self._ask(lambda store: store.write(files, contents, vectors), None)
        self._written += len(files or ()) + len(vectors or ())
        if self._written >= PRUNE_EVERY:
            self._written = 0
            self._ask(lambda store: store.prune(), None)

    def erase(self, paths: Iterable[str]) -> None:
        """Forget files that may not be read any more, if this process writes. Raises Rebuilt."""
        if self.role == "writer":
            self._ask(lambda store: store.erase(paths), None)

    def scrub(self) -> None:
        """Let nothing of what was overwritten stay, if this process writes. Raises Rebuilt."""
        if self.role == "writer":
            self._ask(lambda store: store.scrub(), None)

    def gone(self) -> list[str]:
        """Return the files that are gone, of which this process still keeps something. Raises Rebuilt."""
        return self._ask(lambda store: store.gone(), []) if self.role == "writer" else []

    @property
    def phase(self) -> Literal["lexical", "ready"] | None:
        """How far the writer has come; None before it can be asked for everything. Raises Rebuilt."""
        phase = self.meta("phase")
        return "ready" if phase == b"ready" else "lexical" if phase == b"lexical" else None

    def void_vectors(self) -> None:
        """Forget every vector. Raises Rebuilt."""
        if self.role == "writer":
            self._ask(lambda store: store.void_vectors(), None)

    def clean(self) -> None:
        """Drop what is needed no more. Raises Rebuilt."""
        if self.role == "writer":
            self._ask(lambda store: store.clean(), None)

    def news(self) -> News | None:
        """Return what the writer wrote since the last question, or None. Raises Rebuilt where it began anew."""
        if self._store is None:
            try:
                self._follow()
            except FAULTS:
                return None
            raise Rebuilt
        if self._store.replaced():
            self.shut()
            raise Rebuilt
        try:
            found = self._store.news()
        except FAULTS:  # the writer will mend it
            self.shut()
            raise Rebuilt from None
        return None if found is None else News(*found)

    @property
    def size_bytes(self) -> int:
        """What the file takes on disk."""
        store = self._store  # asked from another thread than the one that may close it
        return store.size_bytes if store is not None else 0

    @property
    def file(self) -> str:
        """Where it is on disk, empty where it is in memory alone."""
        return str(self._path) if self._store is not None else ""

    def shut(self) -> None:
        """Close the file, and let another process write."""
        self._close()
        self._lock.let_go()

    def _close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None

    def _follow(self) -> None:
        self._store = Store(self._path, self._parameters, write=False)

    def _writable(self) -> Store:
        try:
            return Store(self._path, self._parameters, write=True)
        except sqlite3.Error as error:
            if not self._spoilt(error):
                raise
            throw_away(self._path)
            return Store(self._path, self._parameters, write=True)

    def _ask(self, question: Callable[[Store], T], otherwise: T) -> T:
        if self._store is None:
            return otherwise
        try:
            return question(self._store)
        except FAULTS as error:
            self._failed(error)
            return otherwise

    def _failed(self, error: Exception) -> None:
        """Do what can be done: begin anew where the file is damaged, else go on in memory. Raises Rebuilt."""
        if self.role == "follower":
            self.shut()
            raise Rebuilt from error
        self._close()
        if not (isinstance(error, sqlite3.Error) and self._spoilt(error)):
            self._give_up(error)
            return
        try:
            throw_away(self._path)
            self._store = Store(self._path, self._parameters, write=True)
        except FAULTS as why:
            self._give_up(why)
        raise Rebuilt from error

    def _spoilt(self, error: sqlite3.Error) -> bool:
        """Tell whether the file is to blame; our own statements are right for every sound one."""
        code = getattr(error, "sqlite_errorcode", None)
        return code in (None, sqlite3.SQLITE_ERROR) or is_damage(self._path, error)

    def _give_up(self, error: Exception) -> None:
        self.shut()
        self.role = "memory"
        self.is_locked = is_locked(error)
        self.trouble = why_unkept(self._path, error)
