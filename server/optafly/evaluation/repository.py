"""A repository's files as they stood at a commit, read from git: nothing is checked out or executed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from optafly.context.find.corpus import Corpus
from optafly.context.find.entry import Entry
from optafly.context.history.follow import follow
from optafly.context.history.git import ask, command, end, environment
from optafly.context.history.history import History
from optafly.context.history.hunks import AT_ONCE, Changes, read_hunks
from optafly.context.imports.graph import Graph
from optafly.context.imports.manifests import is_manifest
from optafly.context.index.content import Content, content_of
from optafly.context.index.vectors import texts_of
from optafly.context.outline.decode import text_of
from optafly.context.outline.languages import kind_of, language_of
from optafly.context.pack.reader import File
from optafly.domain import FileHit, Part
from optafly.errors import OptaflyError

MOST_BYTES = 1_000_000
_NOT_INDEXED = frozenset({"vendored", "generated"})


class Embeds(Protocol):
    """What turns texts into vectors of length 1, a row each."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


class Repository:
    """What an index of this repository would hold, moved from commit to commit; only what differs is read again.

    As in an index, tests, documentation and examples are there too: they speak for the code that they are about. Leave
    with `close`.
    """

    def __init__(self, folder: Path, embedder: Embeds | None = None) -> None:
        self.name = str(folder)
        self.corpus = Corpus()
        self.history = History()
        self.graph = Graph()
        self.corpus.graph = self.graph
        self._folder = folder
        self._embedder = embedder
        self._vectors: dict[tuple[str, ...], bytes] = {}
        self._blobs: dict[str, str] = {}
        self._manifests: dict[str, str] = {}
        self._read: dict[tuple[str, str], Content] = {}
        self._hunks: Changes = {}
        self._cat = subprocess.Popen(
            command(folder, "cat-file", "--batch"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            start_new_session=True,
        )

    def close(self) -> None:
        """Let git go."""
        assert self._cat.stdin
        with suppress(BrokenPipeError):
            self._cat.stdin.close()
        end(self._cat)

    def move(self, sha: str) -> None:
        """Let everything be as it was at a commit. Raises OptaflyError where the repository does not have it."""
        files = dict(self._files(sha))
        indexed = {path: blob for path, blob in files.items() if kind_of(path) not in _NOT_INDEXED}
        for path in [path for path, blob in self._blobs.items() if indexed.get(path) != blob]:
            del self._blobs[path]
            self.corpus.drop(path)
            self.graph.drop(path)
        for path, blob in indexed.items():
            if path not in self._blobs:
                self._put(path, blob)
        for path, blob in files.items():
            if is_manifest(path) and self._manifests.get(path) != blob:
                self._manifests[path] = blob
                self.graph.manifest(path, self._text(blob))
        for path in self._manifests.keys() - files.keys():
            del self._manifests[path]
            self.graph.manifest(path, None)
        if reason := follow(self.history, self._folder, until=sha):
            raise OptaflyError(f"The history of {self._folder} at {sha} cannot be read.", why=f"{reason}.")
        self._learn()
        self.corpus.remember(self.history)

    def open(self, root: str, path: str) -> File | None:
        """Return a file as it stands at the present commit, for packing."""
        held = self.corpus.get(path)
        if held is None:
            return None
        text = self._text(self._blobs[path])
        return File(root, path, f"{root}/{path}", text, held.entry.outline, changed=self.history.recency(path))

    def named(self, name: str) -> Sequence[FileHit]:
        """Return nothing: change requests mention no files."""
        return ()

    def parts(self, root: str, path: str) -> Sequence[Part]:
        """Return nothing: change requests pin no files."""
        return ()

    def _files(self, sha: str) -> Iterator[tuple[str, str]]:
        answer = ask(self._folder, "ls-tree", "-r", "-z", sha)
        if answer is None:
            raise OptaflyError(f"{self._folder} has no commit {sha}.", todo="Fetch the repository with its history.")
        for line in answer.split("\0"):
            head, _, path = line.partition("\t")
            if path and head.startswith("100"):
                yield path, head.split()[2]

    def _put(self, path: str, blob: str) -> None:
        key = (blob, language_of(path))
        content = self._read.get(key)
        if content is None:
            content = self._read[key] = content_of(self._text(blob), language_of(path))
        self._blobs[path] = blob
        vectors = self._embedded(texts_of(path, content.outline)) if is_candidate(path) else None
        self.corpus.put(path, Entry(path, kind_of(path), content.outline, content.terms, vectors))
        self.graph.put(path, content.outline)

    def _learn(self) -> None:
        """Let commits be compared by what their titles mean and by the lines that they left."""
        unread = self.history.unread()
        new = [sha for sha in unread if sha not in self._hunks]
        for start in range(0, len(new), AT_ONCE):
            self._hunks |= read_hunks(self._folder, new[start : start + AT_ONCE])
        self.history.read({sha: self._hunks.get(sha, {}) for sha in unread})
        vectors = {sha: self._embedded((title,)) for sha, title in self.history.unlearnt() if self._embedder}
        self.history.learn({sha: vector for sha, vector in vectors.items() if vector})

    def _embedded(self, texts: tuple[str, ...]) -> bytes | None:
        if self._embedder is None:
            return None
        if texts not in self._vectors:
            self._vectors[texts] = np.asarray(self._embedder.embed(texts)).astype("<f2").tobytes()
        return self._vectors[texts]

    def _text(self, blob: str) -> str:
        assert self._cat.stdin
        assert self._cat.stdout
        self._cat.stdin.write(f"{blob}\n".encode())
        self._cat.stdin.flush()
        head = self._cat.stdout.readline().split()
        if len(head) < 3:
            return ""  # the object is missing
        data = self._cat.stdout.read(int(head[2]))
        self._cat.stdout.read(1)
        return (text_of(data) or "") if len(data) <= MOST_BYTES else ""


def is_candidate(path: str) -> bool:
    """Say whether a file is one that a change request may be about: code that is no test, example or the like."""
    return kind_of(path) == "source" and language_of(path) != "plaintext"
