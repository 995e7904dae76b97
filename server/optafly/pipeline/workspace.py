"""The index of the workspace as the road uses it: asked with a short patience, and never in anybody's way."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from typing import TypeVar

import msgspec

from optafly.config import Config
from optafly.context.wire import (
    FACTORY,
    Changed,
    Complete,
    Completions,
    OpenRoots,
    Overlay,
    Search,
    SkippedFiles,
    arguments,
)
from optafly.domain import Found, Gathered, IndexStatus, RootStatus
from optafly.errors import OptaflyError, WorkerDied, WorkerTimeout
from optafly.paths import Paths
from optafly.workers.supervisor import Worker, WorkerState

log = logging.getLogger(__name__)
T = TypeVar("T")

GATHER_S = 0.3
NAMED_S = 3.0
ANSWER_S = 10.0
EMBEDDER_S = 2.0
OFF = "Switched off: see `context.workspace`."


class Workspace:
    """Owns the `indexer` worker. No method raises: where there is no answer in time, there is none.

    `configure(folder)` gives the settings that hold for a folder. `gather_s` is how long `gather` waits. A worker that
    dies is told again what was open.
    """

    def __init__(self, paths: Paths, configure: Callable[[str | None], Config], *, gather_s: float = GATHER_S) -> None:
        self._configure = configure
        self.gather_s = gather_s
        self._opened: OpenRoots | None = None
        self._asked: tuple[str, ...] = ()
        self._names: dict[str, str] = {}
        self._turn = 0
        self._refused = ""
        self._halted = False
        self._overlays: dict[str, str] = {}
        self._lost = False
        self._tasks: set[asyncio.Task[None]] = set()
        self.worker = Worker(
            "indexer",
            FACTORY,
            arguments(configure(None).models, paths),
            log=paths.log / "indexer.log",
            on_change=self._on_change,
        )

    async def open(self, roots: tuple[str, ...]) -> IndexStatus:
        """Keep the index of these folders (absolute paths) current from now on, and of no others."""
        settings = {root: self._configure(root) for root in roots}
        wanted = tuple(root for root, config in settings.items() if config.context.enabled and config.context.workspace)
        ignore = tuple(dict.fromkeys(pattern for root in wanted for pattern in settings[root].privacy.ignore))
        self._turn += 1
        turn = self._turn
        names = await asyncio.to_thread(_names, wanted)
        if turn != self._turn:  # somebody asked for others meanwhile
            return await self.status()
        before = self._opened
        self._asked, self._names = roots, names
        self._opened = OpenRoots(
            roots=tuple(dict.fromkeys(names.values())),
            ignore=ignore,
            vectors=bool(wanted) and all(settings[root].context.vectors for root in wanted),
            max_files=min((settings[root].context.max_files for root in wanted), default=1),
            halted=self._halted,
        )
        if wanted or (before is not None and before.roots):
            await self._open()
        return await self.status()

    async def status(self) -> IndexStatus:
        """Return how far each root is, also where the worker cannot say."""
        roots = self._opened.roots if self._opened is not None else ()
        answer = await self._call("status", None, IndexStatus, 2.0) if roots else None
        known = {each.root: each for each in answer.roots} if answer is not None else {}
        found = tuple(self._status_of(root, known.get(self._names.get(root, ""))) for root in self._asked)
        return IndexStatus(roots=found, rss_bytes=answer.rss_bytes if answer is not None else None)

    async def gather(self, search: Search) -> Gathered | None:
        """Return the code that goes with a prompt, or None where that takes longer than a person would notice.

        Where no folder is open, nothing is answered, at once.
        What a person asked for by name is waited for, up to `NAMED_S`. Whoever waits longer than an editor may gets
        what the prompt means too, though the embedder is still to be loaded. A worker that is stopped, or that ended
        and is being started again, is waited for no longer than any other.
        """
        patience_s = max(self.gather_s, NAMED_S) if search.pinned and not self._lost else self.gather_s
        search = msgspec.structs.replace(search, wait_s=min(max(patience_s - GATHER_S, 0.0), EMBEDDER_S))
        if self._opened is None or not self._opened.roots:
            return Gathered(complete=False, answered=False)
        return await self._call("gather", search, Gathered, patience_s, heard_s=self.gather_s)

    async def find(self, search: Search) -> Found:
        """Search the workspace; nothing is found where it cannot be searched (`complete` is false then)."""
        return await self._asked_for("find", search, Found, ANSWER_S) or Found(hits=(), complete=False)

    async def complete(self, asked: Complete) -> Completions:
        """Return files or symbols that begin like this, or are meant by it. No more come where nothing is searched."""
        nothing = Completions(hits=(), complete=self._opened is not None and not self._opened.roots)
        return await self._asked_for("complete", asked, Completions, 2.0) or nothing

    async def skipped(self) -> SkippedFiles:
        """Return what is not in the index, or not whole, and why."""
        return await self._asked_for("skipped", None, SkippedFiles, ANSWER_S) or SkippedFiles(files=(), total=0)

    async def overlay(self, path: str, text: str | None) -> None:
        """Let an unsaved document take the place of its file, or give the file back (None)."""
        if text is None:
            self._overlays.pop(path, None)
        else:
            self._overlays[path] = text
        await self._asked_for("overlay", Overlay(path=path, text=text), None, ANSWER_S)

    async def run(self, on: bool) -> IndexStatus:
        """Let the index be made no further, or go on. It stays so, whatever is opened; what was read can be found."""
        self._halted = not on
        if self._opened is not None:
            self._opened = msgspec.structs.replace(self._opened, halted=self._halted)
            if self._opened.roots:
                await self._open()
        return await self.status()

    async def changed(self, paths: tuple[str, ...]) -> None:
        """Say which files the editor saw being written, made or deleted."""
        await self._asked_for("changed", Changed(paths=paths), None, ANSWER_S)

    async def close(self) -> None:
        """End the worker."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self.worker.close()

    async def _open(self) -> None:
        """Tell the worker what is open. Where it cannot be opened there will be no index, and its state says why."""
        self._refused = ""
        try:
            await self.worker.call("open", self._opened, ANSWER_S, result=IndexStatus)
        except (WorkerDied, WorkerTimeout) as error:  # it is told again, or answers later
            log.info("the index gave no answer to open: %s", error.code)
        except OptaflyError as error:
            log.info("the index could not be opened: %s", error.code)
            self._refused = str(error)
        except UnicodeEncodeError:
            self._refused = "The name of the folder is no text."

    async def _asked_for(self, method: str, params: object, kind: type[T] | None, timeout_s: float) -> T | None:
        if self._opened is None or not self._opened.roots:
            return None
        return await self._call(method, params, kind, timeout_s)

    async def _call(
        self,
        method: str,
        params: object,
        kind: type[T] | None,
        timeout_s: float = ANSWER_S,
        *,
        heard_s: float | None = None,
    ) -> T | None:
        try:
            if kind is None:
                await self.worker.call(method, params, timeout_s)
                return None
            return await self.worker.call(method, params, timeout_s, result=kind, heard_s=heard_s)
        except OptaflyError as error:
            log.info("the index gave no answer to %s: %s", method, error.code)
        except UnicodeEncodeError:  # half a surrogate pair, or the name of a file that is no text
            log.info("the index was not asked to %s: it cannot be said in UTF-8", method)
        return None

    def _status_of(self, root: str, known: RootStatus | None) -> RootStatus:
        """Return the state of a root under the name it was asked for by."""
        if root not in self._names:
            return RootStatus(root=root, state="closed", message=OFF)
        if known is not None:
            return msgspec.structs.replace(known, root=root)
        if self._refused or self.worker.state == "down":
            return RootStatus(root=root, state="failed", message=self._refused or self.worker.reason)
        return RootStatus(root=root, state="waiting")

    def _on_change(self, state: WorkerState, reason: str) -> None:
        self._lost = state != "ready" and (self._lost or state == "down" or bool(reason))
        if state == "ready" and self._opened is not None and self._opened.roots:
            task = asyncio.get_running_loop().create_task(self._tell(), name="tell the indexer what is open")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _tell(self) -> None:
        """Tell a worker that has just begun what is open."""
        await self._open()
        for path, text in list(self._overlays.items()):
            await self._call("overlay", Overlay(path=path, text=text), None)


def _names(roots: tuple[str, ...]) -> dict[str, str]:
    """Return for each root the name under which it is opened: the first of those that mean the same folder."""
    first: dict[str, str] = {}
    return {root: first.setdefault(os.path.realpath(root), os.path.abspath(root)) for root in roots}
