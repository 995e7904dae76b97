"""What can be found in one root now: the files as they were last read, and unsaved documents in their place.

Safe for several threads: one feeds it, another asks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from optafly.context.find.corpus import Corpus
from optafly.context.find.entry import Entry
from optafly.context.find.known import Names
from optafly.context.find.titles import Titles
from optafly.context.history import History
from optafly.context.imports.graph import Graph
from optafly.context.imports.manifests import is_manifest
from optafly.context.index import files as disk
from optafly.context.index.content import Content, content_of
from optafly.context.outline.decode import text_of
from optafly.context.outline.languages import kind_of, language_of
from optafly.context.outline.model import Outline

SPARE = 2_000  # numbers of files as they were, which cost nothing that could be noticed
AT_ONCE = 500  # files between which a question may be answered


class View:
    """The corpus and the import graph of one root.

    `hidden` says of a path that another root holds it too, and nearer. Whoever asks the corpus holds `lock`.
    """

    def __init__(self, root: Path, hidden: Callable[[str], bool] = lambda _: False) -> None:
        self.root = root
        self.corpus = Corpus()
        self.graph = Graph()
        self.corpus.graph = self.graph
        self.names = Names(self.corpus)
        self.lock = threading.RLock()
        self.symbols = 0
        self._hidden = hidden
        self._entries: dict[str, Entry] = {}
        self._later: list[str] = []
        self._texts: dict[str, str] = {}
        self._under: dict[str, Entry | None] = {}
        self._manifests: dict[str, str | None] = {}  # texts that were read for the graph, before it was locked
        self._unread: set[str] = set()  # manifests that were away when they were to be read

    @property
    def files(self) -> int:
        """How many files can be found."""
        return len(self._entries)

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that can be found, sorted."""
        with self.lock:
            return tuple(sorted(self._entries))

    def put(self, path: str, content: Content, vectors: bytes | None) -> None:
        """Take in a file of the disk, or its new content."""
        self._read_manifests([path])
        with self.lock:
            self._take(path, content, vectors)

    def fill(self, files: Iterable[tuple[str, Content, bytes | None]], *, later: bool = False) -> None:
        """Take in many files of the disk at once: cheaper than one by one for those that are not known yet.

        With `later`, who imports whom of them is worked out by `relate`: what they hold can be found before.
        """
        files = list(files)
        if not later:
            self._read_manifests(path for path, _, _ in files)
        with self.lock:
            fresh: list[Entry] = []
            for path, content, vectors in files:
                if path in self._under or path in self._entries:
                    self._take(path, content, vectors)
                elif not self._hidden(path):
                    fresh.append(Entry(path, kind_of(path), content.outline, content.terms, vectors))
            if fresh:
                self.corpus.fill(fresh)
            for entry in fresh:
                self._note(entry, later=later)

    def relate(self) -> None:
        """Take into the graph what was left for later, letting questions in between."""
        while self._later:
            some = self._later[-AT_ONCE:]
            self._read_manifests(some)
            with self.lock:
                for path in some:
                    if path in self._entries:
                        self._relate(self._entries[path])
                del self._later[-AT_ONCE:]

    def reread(self) -> bool:
        """Read the manifests that were away when they were to be read; return whether all are read by now.

        Nobody else would: their content is known. Used by the thread that feeds the view.
        """
        unread = tuple(self._unread)
        self._read_manifests(unread)
        with self.lock:
            for path in unread:
                if path in self._entries:
                    self._understand(path)
                else:
                    self._unread.discard(path)
        return not self._unread

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
                self._take(path, Content(held.outline, held.terms), vectors)

    def overlay(self, path: str, text: str, content: Content) -> None:
        """Let an unsaved document stand in the place of its file, or of none.

        It keeps the vectors of what it replaces until its own are made: it is about much the same.
        """
        with self.lock:
            before = self._entries.get(path)
            self._under.setdefault(path, before)
            self._texts[path] = text
            vectors = before.vectors if before is not None else None
            self._put(Entry(path, kind_of(path), content.outline, content.terms, vectors))

    def see_unsaved(self, path: str, vectors: bytes) -> None:
        """Let an unsaved document be found by its own vectors."""
        with self.lock:
            entry = self._entries.get(path)
            if entry is not None and path in self._texts:
                self._put(msgspec.structs.replace(entry, vectors=vectors))

    def give_back(self, path: str) -> None:
        """Let the file itself be found again."""
        self._read_manifests([path])
        with self.lock:
            if path not in self._under:
                return
            under = self._under.pop(path)
            del self._texts[path]
            if under is None:
                self._drop(path)
            else:
                self._put(under)

    def give_back_all(self, excluded: Callable[[str], bool]) -> None:
        """Let the files themselves be found again, or none, where the document may not be found any more."""
        with self.lock:
            unsaved = tuple(self._texts)
        for path in unsaved:
            if excluded(path):
                self.give_back(path)

    def text(self, path: str) -> str | None:
        """Return the text of an unsaved document, else of the file; None where it is gone or is no text."""
        unsaved = self.unsaved(path)
        return self._on_disk(path) if unsaved is None else unsaved

    def now(self, path: str, known: bytes) -> tuple[str, Outline, bool] | None:
        """Return the text of a file as it is now and the outline of that very text; None where it is gone or no text.

        `known` is the hash of what was last read of it, by which it is found; last comes whether that is this text.
        """
        with self.lock:
            entry, unsaved = self._entries.get(path), self._texts.get(path)
        if entry is None or unsaved is not None:
            return None if entry is None or unsaved is None else (unsaved, entry.outline, True)
        raw = disk.read(self.root / path)
        text = text_of(raw.data) if raw is not None and raw.data is not None else None
        if raw is None or raw.data is None or text is None:
            return None
        language = language_of(path)
        is_known = disk.hash_of(raw.data, language) == known
        return text, entry.outline if is_known else content_of(text, language).outline, is_known

    def hides(self, path: str) -> bool:
        """Tell whether another root holds a file, and nearer."""
        return self._hidden(path)

    def entry(self, path: str) -> Entry | None:
        """Return what is known of a file."""
        with self.lock:
            return self._entries.get(path)

    def saved(self, path: str) -> Entry | None:
        """Return what is known of a file as it is on the disk, also below an unsaved document."""
        with self.lock:
            return self._under[path] if path in self._under else self._entries.get(path)

    def unsaved(self, path: str) -> str | None:
        """Return the text of an unsaved document."""
        with self.lock:
            return self._texts.get(path)

    def remember(self, history: History) -> None:
        """Take in what the commits say now; no question waits for it. Used by the thread that feeds the view."""
        titles, standing = Titles(history.titled()), self.corpus.standing(history)
        with self.lock:
            self.corpus.remember(history, titles, standing)

    def warm(self) -> None:
        """Do now what the next question would have to do first."""
        with self.lock:
            self.graph.settle()
        with self.lock:
            self.corpus.settle()
        with self.lock:
            self.names.make()

    def renew(self) -> None:
        """Number the files anew where many numbers belong to files as they were: a question goes through all numbers.

        Questions are let in between; used by the thread that feeds the view.
        """
        if self.corpus.capacity <= 1.5 * self.files + SPARE:
            return
        with self.lock:
            before = dict(self._entries)
        fresh = Corpus()
        fresh.graph = self.graph
        if self.corpus.history is not None:
            fresh.remember(self.corpus.history)
        entries = list(before.values())
        for start in range(0, len(entries), AT_ONCE):
            fresh.fill(entries[start : start + AT_ONCE])
        fresh.settle()
        names = Names(fresh)
        names.make()
        with self.lock:
            for path in before.keys() - self._entries.keys():
                fresh.drop(path)
            for path, entry in self._entries.items():
                if before.get(path) is not entry:  # somebody typed meanwhile
                    fresh.put(path, entry)
            self.corpus, self.names = fresh, names

    def clear(self) -> None:
        """Forget every file of the disk."""
        with self.lock:
            self.drop([*self._entries, *self._under])

    def _take(self, path: str, content: Content, vectors: bytes | None) -> None:
        if self._hidden(path):
            return
        entry = Entry(path, kind_of(path), content.outline, content.terms, vectors)
        if path in self._under:
            self._under[path] = entry
        else:
            self._put(entry)

    def _on_disk(self, path: str) -> str | None:
        raw = disk.read(self.root / path)
        return text_of(raw.data) if raw is not None and raw.data is not None else None

    def _put(self, entry: Entry) -> None:
        self.corpus.put(entry.path, entry)
        self._note(entry)

    def _note(self, entry: Entry, *, later: bool = False) -> None:
        """Know of an entry that is in the corpus."""
        before = self._entries.get(entry.path)
        self._count(entry.path)
        self._entries[entry.path] = entry
        self.symbols += len(entry.outline.definitions)
        if later:
            self._later.append(entry.path)
        elif before is None or before.outline is not entry.outline:
            self._relate(entry)

    def _relate(self, entry: Entry) -> None:
        self.graph.put(entry.path, entry.outline)
        if is_manifest(entry.path):
            self._understand(entry.path)

    def _understand(self, path: str) -> None:
        """Let the graph have the text of a manifest."""
        text = self._texts.get(path, self._manifests.pop(path, None))
        self.graph.manifest(path, text)
        if text is None:
            self._unread.add(path)
        else:
            self._unread.discard(path)

    def _read_manifests(self, paths: Iterable[str]) -> None:
        """Read what the graph will want to know of these files: whoever asks shall not wait for the disk."""
        for path in paths:
            if is_manifest(path):
                self._manifests[path] = self._on_disk(path)

    def _drop(self, path: str) -> None:
        if path in self._entries:
            self._count(path)
            del self._entries[path]
            self.corpus.drop(path)
            self.graph.drop(path)
            if is_manifest(path):
                self.graph.manifest(path, None)

    def _count(self, path: str) -> None:
        if path in self._entries:
            self.symbols -= len(self._entries[path].outline.definitions)
