"""One life of a child process as the front sees it: its pipes, the calls in flight, its end."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from optafly.errors import OptaflyError, WorkerDied
from optafly.processes import HIDDEN
from optafly.workers.failures import raised
from optafly.workers.framing import HEADER_BYTES, NIL, PING, Event, FromChild, Request, body_length, frame
from optafly.workers.log import CappedLog
from optafly.workers.memory import resident_bytes

SECRET_NAME = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD)$", re.IGNORECASE)
END_S = 2.0


class Child:
    """A running child process. Made by `start`; `end` must be awaited."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, log: Path) -> None:
        self._name = name
        self._process = process
        self._ids = itertools.count(1)
        self._calls: dict[int, asyncio.Future[msgspec.Raw]] = {}
        self._owed: set[int] = set()
        self._progress_at = time.monotonic()
        self._pinged_at: float | None = None
        self._heard = asyncio.Event()
        self._ready: asyncio.Future[OptaflyError | None] = asyncio.get_running_loop().create_future()
        self._reader = asyncio.create_task(self._read(), name=f"worker {name}: answers")
        self._logger = asyncio.create_task(self._copy_log(CappedLog(log)), name=f"worker {name}: log")

    @classmethod
    async def start(cls, name: str, command: Sequence[str], log: Path) -> Child:
        """Start `python -m optafly.workers.child` with `command`. Raises OSError where that is impossible.

        `-P` keeps the current folder, which may be anyone's project, off the import path. No key in the environment is
        passed on: a child has no use for it.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "optafly.workers.child",
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if not SECRET_NAME.search(name)},
            creationflags=HIDDEN,
        )
        return cls(name, process, log)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still speaks to us."""
        return not self._reader.done()

    @property
    def rss_bytes(self) -> int | None:
        """Resident memory, or None where /proc does not say."""
        return resident_bytes(self.pid)

    @property
    def owing_s(self) -> float:
        """How long the process has owed an answer without giving any; 0.0 where it owes none."""
        return time.monotonic() - self._progress_at if self._owed else 0.0

    @property
    def deaf_s(self) -> float:
        """How long the process has not even heard that it was asked whether it hears; 0.0 where it has."""
        return 0.0 if self._pinged_at is None else time.monotonic() - self._pinged_at

    async def wait_ready(self) -> OptaflyError | None:
        """Wait until the service is made; return why it could not be, or None. Also returns when the child ends."""
        return await asyncio.shield(self._ready)

    async def wait_ended(self) -> None:
        """Wait until the process says no more."""
        await asyncio.wait({self._reader})

    async def ask(self, method: str, params: object, heard_s: float | None = None) -> msgspec.Raw:
        """Send one request and wait for its answer, still encoded. Raises WorkerDied or the service's own error.

        Raises TimeoutError where the process has not heard of it within `heard_s`: it is stopped, not busy.
        """
        if not self.alive:
            raise self._death()
        request = Request(next(self._ids), method, msgspec.Raw(msgspec.msgpack.encode(params)))
        data = frame(request)
        assert self._process.stdin
        if not self._owed:
            self._progress_at = time.monotonic()
        call: asyncio.Future[msgspec.Raw] = asyncio.get_running_loop().create_future()
        self._calls[request.id] = call
        self._owed.add(request.id)
        try:
            self._process.stdin.write(data)
            if heard_s is not None:
                await self._hear(heard_s)
            return await call
        finally:
            self._calls.pop(request.id, None)

    async def _hear(self, within_s: float) -> None:
        assert self._process.stdin
        if self._pinged_at is None:
            self._pinged_at = time.monotonic()
            self._heard.clear()
            self._process.stdin.write(frame(Request(PING, "", NIL)))
        async with asyncio.timeout(within_s):
            await self._heard.wait()

    def kill(self) -> None:
        """End the process now, whatever it does."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def end(self) -> None:
        """End the process, gently first, and wait for it; calls in flight fail with WorkerDied."""
        assert self._process.stdin
        self._process.stdin.close()
        try:
            async with asyncio.timeout(END_S):
                await self._process.wait()
        except TimeoutError:
            pass
        finally:
            self.kill()
        await self._process.wait()
        _, left = await asyncio.wait({self._reader, self._logger}, timeout=END_S)
        for task in left:  # a process that it began, and that goes on, holds its pipe
            task.cancel()
        if left:
            await asyncio.wait(left)
            self._process._transport.close()  # pyright: ignore  # asyncio closes a pipe only when all have let go of it

    async def _read(self) -> None:
        assert self._process.stdout
        decoder = msgspec.msgpack.Decoder(FromChild)
        try:
            while True:
                header = await self._process.stdout.readexactly(HEADER_BYTES)
                self._take(decoder.decode(await self._process.stdout.readexactly(body_length(header))))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # its end, clean or not
        except (OptaflyError, msgspec.DecodeError):
            self.kill()  # not a frame: nothing after it can be trusted
        finally:
            for call in self._calls.values():
                if not call.done():
                    call.set_exception(self._death())
            self._heard.set()
            if not self._ready.done():
                self._ready.set_result(None)

    def _take(self, message: FromChild) -> None:
        self._pinged_at = None  # whatever it says, it lives
        self._heard.set()
        if isinstance(message, Event):
            if not self._ready.done():
                self._ready.set_result(raised(message.error) if message.error else None)
            return
        if message.id == PING:
            return
        self._progress_at = time.monotonic()
        self._owed.discard(message.id)
        call = self._calls.get(message.id)
        if call is None or call.done():
            return  # cancelled or timed out: nobody waits for this any more
        if message.error:
            call.set_exception(raised(message.error))
        else:
            call.set_result(message.result)

    def _death(self) -> WorkerDied:
        return WorkerDied(
            f"The {self._name} worker ended while it was working on this.",
            why="It is being started again.",
            todo="Try again in a moment.",
        )

    async def _copy_log(self, log: CappedLog) -> None:
        assert self._process.stderr
        while chunk := await self._process.stderr.read(64 * 1024):
            with contextlib.suppress(OSError):  # a full disk must not stop the child: only its log is lost
                await asyncio.to_thread(log.write, chunk)
