"""What can be found in one root now: the files as they were last read, and unsaved documents in their place.

Safe for several threads: one feeds it, another asks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Protocol

from optafly.context.find.entry import Entry
from optafly.context.index.content import Content
from optafly.context.outline.languages import kind_of


class Corpus(Protocol):
    """What finds files."""

    def put(self, path: str, entry: Entry) -> None: ...
    def drop(self, path: str) -> None: ...


class View:
    """The corpus of one root. `hidden` says of a path that another root holds it too, and nearer."""

    def __init__(self, corpus: Corpus, hidden: Callable[[str], bool] = lambda _: False) -> None:
        self.corpus = corpus
        self.lock = threading.RLock()
        self.symbols = 0
        self._hidden = hidden
        self._entries: dict[str, Entry] = {}
        self._texts: dict[str, str] = {}
        self._under: dict[str, Entry | None] = {}

    @property
    def files(self) -> int:
        """How many files can be found."""
        return len(self._entries)

    def put(self, path: str, content: Content, vectors: bytes | None) -> None:
        """Take in a file of the disk, or its new content."""
        if self._hidden(path):
            return
        entry = Entry(path, kind_of(path), content.outline, content.terms, vectors)
        with self.lock:
            if path in self._under:
                self._under[path] = entry
            else:
                self._put(entry)

    def drop(self, paths: Iterable[str]) -> None:
        """Forget files that are gone from the disk."""
        with self.lock:
            for path in paths:
                if path in self._under:
                    self._under[path] = None
                else:
                    self._drop(path)

    def see(self, path: str, vectors: bytes) -> None:
        """Let a file of the disk be found by its vectors too."""
        with self.lock:
            held = self._under.get(path) if path in self._under else self._entries.get(path)
            if held is not None:
                self.put(path, Content(held.outline, held.terms), vectors)

    def overlay(self, path: str, text: str, content: Content) -> None:
        """Let an unsaved document stand in the place of its file, or of none."""
        with self.lock:
            self._under.setdefault(path, self._entries.get(path))
            self._texts[path] = text
            self._put(Entry(path, kind_of(path), content.outline, content.terms))

    def give_back(self, path: str) -> None:
        """Let the file itself be found again."""
        with self.lock:
            if path not in self._under:
                return
            under = self._under.pop(path)
            del self._texts[path]
            if under is None:
                self._drop(path)
            else:
                self._put(under)

    def text(self, path: str) -> str | None:
        """Return the text of an unsaved document, None where the disk holds."""
        with self.lock:
            return self._texts.get(path)

    def entry(self, path: str) -> Entry | None:
        """Return what is known of a file."""
        with self.lock:
            return self._entries.get(path)

    def clear(self) -> None:
        """Forget every file of the disk."""
        with self.lock:
            self.drop([*self._entries, *self._under])

    def _put(self, entry: Entry) -> None:
        self._count(entry.path)
        self._entries[entry.path] = entry
        self.symbols += len(entry.outline.definitions)
        self.corpus.put(entry.path, entry)

    def _drop(self, path: str) -> None:
        if path in self._entries:
            self._count(path)
            del self._entries[path]
            self.corpus.drop(path)

    def _count(self, path: str) -> None:
        if path in self._entries:
            self.symbols -= len(self._entries[path].outline.definitions)
