"""The wire to the editor: this process's first stdin and stdout, read and written by a thread each.

Threads work alike on pipes, sockets, files and Windows, and never make the other end of a shared description
non-blocking. Nothing else in the process can read or write the wire once `claim` has run.
"""

from __future__ import annotations

import asyncio
import os
import queue
import sys
import threading
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

_CHUNK = 64 * 1024
_READ_AHEAD = 16
HIGH_WATER_BYTES = 1024 * 1024


class Wire(NamedTuple):
    """File descriptors of the editor's end."""

    read: int
    write: int


def claim() -> Wire:
    """Move the wire to descriptors of its own: prints, native ones too, go to stderr, and children inherit nothing."""
    sys.stdout.flush()
    wire = Wire(os.dup(0), os.dup(1))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return wire


class Reader:
    """Reads the wire ahead of the event loop, by a bounded number of chunks."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._chunks: asyncio.Queue[bytes] = asyncio.Queue()
        self._room = threading.Semaphore(_READ_AHEAD)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield what arrives until the other end closes."""
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, args=(loop,), name="optafly-stdin", daemon=True).start()
        while data := await self._chunks.get():
            yield data
            self._room.release()

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        data = b"."
        while data:
            self._room.acquire()
            try:
                data = os.read(self._descriptor, _CHUNK)
            except OSError:
                data = b""
            try:
                loop.call_soon_threadsafe(self._chunks.put_nowait, data)
            except RuntimeError:  # the loop has ended
                return


class Writer:
    """The one writer: whole frames, in order. `drain` waits while more than `HIGH_WATER_BYTES` are unwritten."""

    def __init__(self, descriptor: int, lost: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._lost = lost
        self._loop = asyncio.get_running_loop()
        self._frames: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._waiting = 0
        self._room = asyncio.Event()
        self._room.set()
        self._ended = asyncio.Event()
        threading.Thread(target=self._write, name="optafly-stdout", daemon=True).start()

    def write(self, frame: bytes) -> None:
        """Queue one frame; call it on the event loop only."""
        self._waiting += len(frame)
        if self._waiting > HIGH_WATER_BYTES:
            self._room.clear()
        self._frames.put(frame)

    async def drain(self) -> None:
        """Wait until there is room, or until the editor is gone."""
        await self._room.wait()

    async def close(self, timeout_s: float = 1.0) -> None:
        """Write what is queued and stop; give up after `timeout_s`, since nobody may be reading."""
        self._frames.put(None)
        try:
            await asyncio.wait_for(self._ended.wait(), timeout_s)
        except TimeoutError:
            return

    def _write(self) -> None:
        try:
            while (frame := self._frames.get()) is not None:
                left = memoryview(frame)
                while left:
                    left = left[os.write(self._descriptor, left) :]
                self._tell(self._written, len(frame))
        except OSError:
            self._tell(self._broken)
        self._tell(self._ended.set)

    def _tell(self, what: Callable[..., object], *args: object) -> None:
        try:
            self._loop.call_soon_threadsafe(what, *args)
        except RuntimeError:  # the loop has ended
            return

    def _written(self, count: int) -> None:
        self._waiting -= count
        if self._waiting <= HIGH_WATER_BYTES:
            self._room.set()

    def _broken(self) -> None:
        self._room.set()
        self._lost()
