"""Workers on the fake service, and what they say of themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from optafly.workers.supervisor import Worker, WorkerState

TESTS = str(Path(__file__).parents[1])


class States:
    """What an editor would be told, in order."""

    def __init__(self) -> None:
        self.heard: list[WorkerState] = []
        self._changed = asyncio.Event()

    def __call__(self, state: WorkerState, reason: str) -> None:
        self.heard.append(state)
        self._changed.set()

    async def until(self, state: WorkerState) -> None:
        while state not in self.heard:
            self._changed.clear()
            await self._changed.wait()


Make = Callable[..., Worker]
