"""The service of the `indexer` worker: the index of every open root, and what is asked of it.

One thread answers; each root is kept current by a thread of its own, and files are read and vectors made in helper
processes, so that an answer never waits for the index to be made.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import NamedTuple

import msgspec

from optafly.config import ModelSettings
from optafly.context import answering
from optafly.context.index.helpers import Helpers
from optafly.context.index.keeping import Keeping
from optafly.context.index.place import file_of, parameters, tidy
from optafly.context.index.query import QueryVectors
from optafly.context.index.root import RootIndex
from optafly.context.index.threads import started
from optafly.context.index.vectors import VERSION, Vectors
from optafly.context.index.view import View
from optafly.context.wire import Changed, Complete, Completions, OpenRoots, Overlay, Search, SkippedFiles
from optafly.domain import Found, Gathered, IndexStatus, Skipped
from optafly.models.embedding import name_in, open_embedder
from optafly.models.installed import installed, read_model
from optafly.paths import Paths
from optafly.workers.memory import resident_bytes

log = logging.getLogger(__name__)

MOST_SKIPPED = 1_000
HELPERS = max(1, min(4, os.cpu_count() or 1))
_READERS = "optafly.context.index.reading:create"
_MAKERS = "optafly.context.index.vectors:create"


class _Key(NamedTuple):
    """What the index of a root depends on, beside its files; `inner` are the open roots that lie in it."""

    root: Path
    ignore: tuple[str, ...]
    vectors: bool
    max_files: int
    inner: tuple[Path, ...]


def create(settings: str, data: str, config: str, log: str) -> Service:
    """Make the service (see `wire.arguments`)."""
    sys.setswitchinterval(0.002)  # answers share the interpreter with the threads that keep the roots current
    paths = Paths(data=Path(data), config=Path(config), log=Path(log))
    return Service(paths, msgspec.json.decode(settings, type=ModelSettings), (settings, data, config, log))


class Service:
    """Keeps indexes and answers; used by one thread."""

    def __init__(self, paths: Paths, settings: ModelSettings, arguments: tuple[str, str, str, str]) -> None:
        self._paths = paths
        self._settings = settings
        self._parameters = parameters()
        self._arguments = arguments
        self._readers = Helpers("optafly-readers", [_READERS], count=HELPERS)
        self._use(self._installed())
        self._roots: dict[_Key, RootIndex] = {}
        self._overlays: dict[Path, str] = {}
        self._is_ready = self._halted = False

    def open(self, asked: OpenRoots) -> IndexStatus:
        """Keep these roots current from now on, and no others. Returns at once."""
        keys = _keys(asked)
        self._halted = asked.halted
        self._follow_model()
        for key in [key for key in self._roots if key not in keys]:
            self._roots.pop(key).close()
        for key in keys:
            if key not in self._roots:
                self._roots[key] = self._opened(key)
        for root in self._roots.values():
            root.halt() if asked.halted else root.go_on()
        if asked.vectors and keys and self._embedder is not None:
            self._questions.prepare()
        if keys and not self._is_ready:  # the first prompt shall wait for nothing that is the same for all
            self._is_ready = True
            started("optafly-prepare", answering.prepare)
        for path, text in self._overlays.items():
            self._lay(path, text)
        return self.status()

    def status(self) -> IndexStatus:
        """Return how far every root is."""
        processes = (os.getpid(), *self._readers.pids, *self._makers.pids)
        return IndexStatus(
            roots=tuple(root.status() for root in self._roots.values()),
            rss_bytes=sum(filter(None, map(resident_bytes, processes))) or None,
        )

    def overlay(self, asked: Overlay) -> None:
        """Let an unsaved document take the place of its file, or give the file back."""
        path = Path(asked.path)
        if asked.text is None:
            self._overlays.pop(path, None)
        else:
            self._overlays[path] = asked.text
        self._lay(path, asked.text)

    def changed(self, asked: Changed) -> None:
        """Look at these files: an editor saw them change."""
        for root in self._roots.values():
            root.changed(asked.paths)

    def skipped(self) -> SkippedFiles:
        """Return what is not in the indexes, or not whole, and why; with several roots, by absolute path."""
        found = [each for root in self._roots.values() for each in self._skipped_in(root)]
        return SkippedFiles(files=tuple(found[:MOST_SKIPPED]), total=len(found))

    def find(self, asked: Search) -> Found:
        """Search the open roots."""
        self._follow_model()
        return answering.find_files(self._open(), asked, self._questions.of)

    def gather(self, asked: Search) -> Gathered:
        """Return the code from the open roots that goes with a prompt."""
        self._follow_model()
        return answering.gather(self._open(), asked, self._questions.of)

    def complete(self, asked: Complete) -> Completions:
        """Return files or symbols whose names go on from what was begun."""
        return answering.complete(self._open(), asked)

    def close(self) -> None:
        """Close every root and end the helpers."""
        for root in self._roots.values():
            root.close()
        self._roots.clear()
        self._readers.close()
        self._makers.close()

    def _open(self) -> list[RootIndex]:
        return list(self._roots.values())

    def _skipped_in(self, root: RootIndex) -> list[Skipped]:
        if len(self._roots) == 1:
            return root.skipped()
        return [Skipped(path=str(root.root / each.path), reason=each.reason) for each in root.skipped()]

    def _opened(self, key: _Key) -> RootIndex:
        view = View(key.root, _in(key.root, key.inner))
        file = file_of(self._paths.index, key.root, key.ignore, self._parameters)
        tidy(file)
        wanted = key.vectors and self._embedder is not None
        vectors = Vectors(self._makers, f"{self._embedder} texts {VERSION}") if wanted else None
        keeping = Keeping(file, self._parameters)
        root = RootIndex(key.root, view, keeping, self._readers, ignore=key.ignore, most=key.max_files, vectors=vectors)
        if self._halted:
            root.halt()
        root.start()
        return root

    def _follow_model(self) -> None:
        """Open the roots anew where another model was installed: its vectors are not compared with the old one's."""
        name = self._installed()
        if name == self._embedder:
            return
        log.info("another embedding model was installed: %s", name)
        keys = list(self._roots)
        for root in self._roots.values():
            root.close()
        self._makers.close()
        self._questions.close()
        self._use(name)
        self._roots = {key: self._opened(key) for key in keys}
        for path, text in self._overlays.items():
            self._lay(path, text)

    def _use(self, name: str | None) -> None:
        """Make vectors with the model of that name from now on, None for none."""
        settings, paths = self._settings, self._paths
        self._embedder = name
        self._makers = Helpers("optafly-vectors", [_MAKERS, *self._arguments, name or ""], count=HELPERS)
        self._questions = QueryVectors(lambda: open_embedder(settings, paths, name=name))

    def _installed(self) -> str | None:
        """Return the name of the model that makes vectors, None where there is none."""
        settings = self._settings
        if settings.embedder == "off":
            return None
        folder = Path(settings.path).expanduser() if settings.path else None
        if settings.embedder != "onnx":
            return name_in(folder) or f"the model in {folder}"  # so that whoever asks is told that there is none
        model = read_model(folder) if folder else installed(self._paths)
        return None if model is None else model.name

    def _lay(self, path: Path, text: str | None) -> None:
        holding = [(root, name) for root in self._roots.values() if (name := root.relative(str(path))) is not None]
        if not holding:
            return
        root, name = max(holding, key=lambda each: len(each[0].root.parts))
        root.overlay(name, text)


def _keys(asked: OpenRoots) -> list[_Key]:
    """Return a key per root; a folder that is named twice, also through a link, is one root."""
    by_place: dict[str, Path] = {}
    for root in asked.roots:
        by_place.setdefault(os.path.realpath(root), Path(os.path.abspath(root)))
    inner = {
        place: tuple(sorted(Path(each) for each in by_place if each.startswith(place.rstrip(os.sep) + os.sep)))
        for place in by_place
    }
    return [_Key(root, asked.ignore, asked.vectors, asked.max_files, inner[place]) for place, root in by_place.items()]


def _in(root: Path, inner: tuple[Path, ...]) -> _Hidden:
    place = Path(os.path.realpath(root))
    return _Hidden(tuple(f"{each.relative_to(place).as_posix()}/" for each in inner))


class _Hidden(NamedTuple):
    """Says of a path whether a root that lies in this one holds it."""

    folders: tuple[str, ...]

    def __call__(self, path: str) -> bool:
        return path.startswith(self.folders)
