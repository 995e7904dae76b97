"""The pipeline, opened when it is first needed: after `initialize` was answered, and with the editor's settings."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from optafly.paths import Paths
from optafly.privacy.credentials import Credentials
from optafly.settings import Settings

if TYPE_CHECKING:
    from optafly.pipeline import Pipeline

log = logging.getLogger(__name__)


class Road:
    """Opens the pipeline once; what could not be opened is tried again the next time."""

    def __init__(
        self,
        paths: Paths,
        credentials: Credentials,
        settings: Settings,
        ready: Callable[[], Awaitable[None]],
        on_models: Callable[[str, str], None],
    ) -> None:
        self._paths = paths
        self._credentials = credentials
        self._settings = settings
        self._ready = ready
        self._on_models = on_models
        self._opening: asyncio.Task[Pipeline] | None = None

    async def pipeline(self) -> Pipeline:
        """Return the pipeline. Raises StorageError where the database cannot be opened."""
        if self._opening is None or (self._opening.done() and self._failed(self._opening)):
            self._opening = asyncio.create_task(self._open())
        return await asyncio.shield(self._opening)

    async def close(self) -> None:
        """Close it, if it is open."""
        if self._opening is None:
            return
        if not self._opening.done():
            self._opening.cancel()
            await asyncio.wait({self._opening})
        if not self._failed(self._opening):
            await self._opening.result().close()

    async def _open(self) -> Pipeline:
        await self._ready()
        await asyncio.to_thread(_import)
        from optafly.pipeline import Pipeline

        pipeline = Pipeline(
            paths=self._paths,
            credentials=self._credentials,
            configure=self._settings.config,
            on_models=self._on_models,
        )
        await pipeline.start()
        log.info("the pipeline is open")
        return pipeline

    @staticmethod
    def _failed(task: asyncio.Task[Pipeline]) -> bool:
        return task.cancelled() or task.exception() is not None


def _import() -> None:
    """Import the rooms beside the event loop."""
    import optafly.pipeline  # noqa: F401  # pyright: ignore[reportUnusedImport]
