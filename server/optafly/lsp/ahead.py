"""Documents are read ahead of the prompts about them: masked and parsed when the typing pauses."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from optafly.domain import Document, Folder
from optafly.errors import OptaflyError
from optafly.lsp.documents import Documents
from optafly.lsp.review import is_prompt_file
from optafly.lsp.snapshot import path_in

if TYPE_CHECKING:
    from optafly.pipeline import Pipeline

log = logging.getLogger(__name__)

PAUSE_S = 0.15


class Ahead:
    """Prepares the document that was opened or changed last, `PAUSE_S` after it was."""

    def __init__(
        self,
        documents: Documents,
        folders: Callable[[], tuple[Folder, ...]],
        pipeline: Callable[[], Awaitable[Pipeline]],
    ) -> None:
        self._documents = documents
        self._folders = folders
        self._pipeline = pipeline
        self._waiting: asyncio.Task[None] | None = None

    def changed(self, uri: str) -> None:
        """Begin the pause anew, for this document."""
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = asyncio.get_running_loop().create_task(self._prepare(uri), name="prepare a document")

    async def close(self) -> None:
        """Prepare nothing more."""
        if self._waiting is not None:
            self._waiting.cancel()
            await asyncio.wait({self._waiting})

    async def _prepare(self, uri: str) -> None:
        await asyncio.sleep(PAUSE_S)
        open_document = self._documents.get(uri)
        if open_document is None or is_prompt_file(uri):
            return
        folders = self._folders()
        document = Document(
            path=path_in(uri, folders), uri=uri, language=open_document.language, text=open_document.text
        )
        try:
            pipeline = await self._pipeline()
            await pipeline.prepare(document, folders[0].path if folders else None)
        except OptaflyError as error:
            log.info("a document was not prepared: %s", error.code)
