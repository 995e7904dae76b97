"""The index of the workspace kept in step with the editor: its folders, its unsaved documents, what it saw change."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from optafly.domain import Folder, IndexStatus, RootStatus
from optafly.errors import OptaflyError
from optafly.lsp.documents import Documents
from optafly.lsp.editor import Editor
from optafly.lsp.review import is_prompt_file
from optafly.lsp.snapshot import MAX_FILE_BYTES
from optafly.lsp.status import Status
from optafly.lsp.words import BUSY, index_words, is_stopped
from optafly.protocol import IndexParams, IndexResult
from optafly.uris import name_of, path_of, spelt

if TYPE_CHECKING:  # imported late: it brings every room with it
    from optafly.pipeline import Pipeline

log = logging.getLogger(__name__)

PAUSE_S = 0.15
LOOK_S = 0.25
STOPPED_S = 5.0
SHOWN_AFTER = 3  # looks: one file that was saved is no progress to show
SEEN_S = 0.05
AT_ONCE = 2_000  # paths in one message to the worker
STOP = IndexParams(run=False)


class Indexing:
    """Tells the index what the editor knows, and the editor how far the index is. Nothing here raises."""

    def __init__(
        self,
        editor: Editor,
        documents: Documents,
        folders: Callable[[], tuple[Folder, ...]],
        pipeline: Callable[[], Awaitable[Pipeline]],
        status: Status,
    ) -> None:
        self._editor = editor
        self._documents = documents
        self._folders = folders
        self._pipeline = pipeline
        self._status = status
        self._pauses: dict[str, tuple[asyncio.TimerHandle, str]] = {}
        self._seen: set[str] = set()
        self._gathering: asyncio.TimerHandle | None = None
        self._watching: asyncio.Task[None] | None = None
        self._told = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    # --- what the editor says ---

    def open(self) -> None:
        """Open the folders that the editor has now, in the background."""
        self._soon(self._open())

    def text_changed(self, uri: str) -> None:
        """Let an unsaved document take the place of its file, once the typing paused for `PAUSE_S`."""
        if is_prompt_file(uri) or not self._is_ours(uri):
            return
        key = spelt(uri)
        if pause := self._pauses.pop(key, None):
            pause[0].cancel()
        loop = asyncio.get_running_loop()
        wait_s = 0.0 if self._documents.get(uri) is None else PAUSE_S
        self._pauses[key] = loop.call_later(wait_s, self._overlay_now, key, uri), uri

    async def settle(self) -> None:
        """Send what waits for a pause in typing, so that whatever is asked next is answered from the text as it is.

        Waits for no answer: the pipe to the worker keeps the order, and the worker takes one thing at a time.
        """
        await self._pipeline()
        for key, (pause, uri) in list(self._pauses.items()):
            pause.cancel()
            self._overlay_now(key, uri)
        await asyncio.sleep(0)  # now each of them, those begun before included, has written its message

    def files_changed(self, uris: Iterable[str]) -> None:
        """Pass on what the editor saw change, gathered for `SEEN_S`: a branch switch comes as thousands of events."""
        self._seen.update(uris)
        if self._seen and self._gathering is None:
            self._gathering = asyncio.get_running_loop().call_later(SEEN_S, self._changed_now)

    async def close(self) -> None:
        """Stop."""
        for timer in (*(pause for pause, _ in self._pauses.values()), self._gathering):
            if timer is not None:
                timer.cancel()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=1)

    async def run(self, params: IndexParams) -> IndexResult:
        """Read no further, or go on, as a person asked; what was read can be found."""
        index = await (await self._pipeline()).workspace.run(params.run)
        log.info("indexing %s", "goes on" if params.run else "was stopped")
        self._status.indexing(index)
        self._watch()
        return IndexResult(index=index)

    # --- to the index ---

    async def _open(self) -> None:
        workspace = (await self._pipeline()).workspace
        await workspace.open(tuple(folder.path for folder in self._folders()))
        for document in self._documents:
            self.text_changed(document.uri)
        self._watch()

    def _overlay_now(self, key: str, uri: str) -> None:
        self._pauses.pop(key, None)
        self._soon(self._overlay(uri))

    async def _overlay(self, uri: str) -> None:
        file, document = path_of(uri), self._documents.get(uri)
        workspace = (await self._pipeline()).workspace
        if file is None:
            return
        text = None if document is None or len(document.text) > MAX_FILE_BYTES else document.text
        await workspace.overlay(str(file), text)
        self._watch()

    def _changed_now(self) -> None:
        self._gathering = None
        uris, self._seen = self._seen, set()
        self._soon(self._changed(uris))

    async def _changed(self, uris: set[str]) -> None:
        paths = await asyncio.to_thread(_paths, uris)
        workspace = (await self._pipeline()).workspace
        for first in range(0, len(paths), AT_ONCE):
            await workspace.changed(tuple(paths[first : first + AT_ONCE]))
        self._watch()

    def _is_ours(self, uri: str) -> bool:
        file = path_of(uri)
        return file is not None and any(file.is_relative_to(folder.path) for folder in self._folders())

    def _soon(self, work: ...) -> None:
        task = asyncio.get_running_loop().create_task(self._guarded(work), name="index")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Awaitable[None]) -> None:
        try:
            await work
        except OptaflyError as error:
            log.warning("the index did not hear of a change: %s", error.code)

    # --- to the editor ---

    def _watch(self) -> None:
        """Look how far the index is until it is whole."""
        self._told.set()
        if self._watching is None or self._watching.done():
            self._watching = asyncio.get_running_loop().create_task(self._guarded(self._look()), name="watch the index")
            self._tasks.add(self._watching)
            self._watching.add_done_callback(self._tasks.discard)

    async def _look(self) -> None:
        workspace = (await self._pipeline()).workspace
        token: str | None = None
        looks = 0
        try:
            while True:
                status = await workspace.status()
                self._status.indexing(status)
                busy = [root for root in status.roots if root.state in BUSY]
                if not busy:
                    self._editor.end(token, "stopped" if is_stopped(status) else "done")
                    token, looks = None, 0
                    if not is_stopped(status):
                        break
                    await self._wait(STOPPED_S)  # another window may read on
                    continue
                looks += 1
                if looks == SHOWN_AFTER:
                    token = await self._editor.begin("OptaFly: reading the workspace", lambda: self.run(STOP))
                self._editor.report(token, *_progress(busy))
                await asyncio.sleep(LOOK_S)
        finally:
            self._editor.end(token, "done")

    async def _wait(self, seconds: float) -> None:
        """Wait until something is told to the index, but not for long."""
        self._told.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._told.wait(), seconds)


def _paths(uris: set[str]) -> list[str]:
    return sorted(name for uri in uris if (name := name_of(uri)) is not None)


def _progress(busy: list[RootStatus]) -> tuple[str, int | None]:
    """Return how far the roots are, in words and as a percentage of what is being done."""
    done, total = sum(root.done for root in busy), sum(root.total for root in busy)
    share = min(100, done * 100 // total) if total else None
    return index_words(IndexStatus(roots=tuple(busy))), share
