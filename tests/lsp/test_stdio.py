"""The two ends of the wire: bounded in memory, in order, and never in the event loop's way."""

from __future__ import annotations

import asyncio
import os

from lsp.speaker import TIMEOUT_S
from optafly.lsp.stdio import HIGH_WATER_BYTES, Writer


async def read_all(descriptor: int, count: int) -> bytes:
    found = b""
    while len(found) < count:
        found += await asyncio.to_thread(os.read, descriptor, 1 << 20)
    return found


async def test_an_editor_that_reads_slowly_holds_the_sender_back_and_loses_nothing() -> None:
    theirs, ours = os.pipe()
    writer = Writer(ours, lambda: None)
    frames = [bytes([number]) * 300_000 for number in range(8)]

    for frame in frames:
        writer.write(frame)
    draining = asyncio.create_task(writer.drain())
    await asyncio.sleep(0)
    held_back = not draining.done()
    found = await read_all(theirs, 8 * 300_000)
    await asyncio.wait_for(draining, TIMEOUT_S)

    assert HIGH_WATER_BYTES < 8 * 300_000
    assert held_back
    assert found == b"".join(frames)
    await writer.close()


async def test_an_editor_that_is_gone_is_told_once_and_holds_nobody_back() -> None:
    theirs, ours = os.pipe()
    os.close(theirs)
    lost = asyncio.Event()
    writer = Writer(ours, lost.set)

    for _ in range(4):
        writer.write(b"x" * HIGH_WATER_BYTES)
    await asyncio.wait_for(lost.wait(), TIMEOUT_S)

    await asyncio.wait_for(writer.drain(), TIMEOUT_S)
