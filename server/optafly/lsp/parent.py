"""Whether the editor that started us still runs."""

from __future__ import annotations

import asyncio
import os

from optafly.processes import runs

POLL_S = 1.0


async def until_gone(process: int, poll_s: float = POLL_S) -> None:
    """Return when `process` has ended."""
    ours = os.getppid() == process
    while runs(process) and not (ours and os.getppid() != process):  # noqa: ASYNC110 - a process sends no event
        await asyncio.sleep(poll_s)
