"""One child process kept alive: calls go in, answers come out, deaths are survived.

States, as `on_change` hears them: `starting` (also while a dead child is being replaced), `ready`, and `down` when the
child died `QUICK_DEATHS` times in a row soon after its start, or when its service could not be made. From `down` the
next call after `REST_S` tries again.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, TypeVar, overload

import msgspec

from optafly.errors import OptaflyError, WorkerDied, WorkerError, WorkerTimeout
from optafly.workers.process import Child

WorkerState = Literal["starting", "ready", "down"]
T = TypeVar("T")

QUICK_DEATHS = 5
QUICK_S = 10.0  # a child that lived longer was healthy: its death starts the count anew
REST_S = 30.0
START_TIMEOUT_S = 60.0
STUCK_S = 60.0  # a child that owes an answer for so long while a call times out is killed
DEAF_S = 10.0  # so is one that for so long has not even heard what it was asked


def _ignore(state: WorkerState, reason: str) -> None:
    pass


class Worker:
    """A supervised child process that serves `factory` ("module:function") called with `arguments`.

    Belongs to the event loop that first starts or calls it. `log` is the file for the child's own output. `backoff_s`
    is the wait before the second replacement in a row; it doubles from there. `on_change(state, reason)` is called on
    the loop, once per change.
    """

    def __init__(
        self,
        name: str,
        factory: str,
        arguments: Sequence[str] = (),
        *,
        log: Path,
        on_change: Callable[[WorkerState, str], None] = _ignore,
        backoff_s: float = 0.25,
        rest_s: float = REST_S,
        stuck_s: float = STUCK_S,
        deaf_s: float = DEAF_S,
    ) -> None:
        self.name = name
        self.state: WorkerState = "down"
        self.reason = "It was not needed yet."
        self._command = (factory, *arguments)
        self._log = log
        self._on_change = on_change
        self._backoff_s = backoff_s
        self._rest_s = rest_s
        self._stuck_s = stuck_s
        self._deaf_s = deaf_s
        self._child: Child | None = None
        self._changed = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._failed: OptaflyError | None = None
        self._resting_until = 0.0
        self._waiting = False
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The child's process id, or None where there is none now."""
        return self._child.pid if self._child else None

    @property
    def rss_bytes(self) -> int | None:
        """The child's resident memory, or None where there is no child or the system does not say (not Linux)."""
        return self._child.rss_bytes if self._child else None

    def start(self) -> None:
        """Begin to start the child and return at once; does nothing where it runs, starts or rests."""
        if self._closed or self._keeper or time.monotonic() < self._resting_until:
            return
        self._failed = None
        self._change("starting", "")
        self._keeper = asyncio.get_running_loop().create_task(self._keep(), name=f"worker {self.name}")
        self._keeper.add_done_callback(self._kept)

    @overload
    async def call(
        self, method: str, params: object = None, timeout_s: float = 10.0, *, heard_s: float | None = None
    ) -> object: ...
    @overload
    async def call(
        self,
        method: str,
        params: object = None,
        timeout_s: float = 10.0,
        *,
        result: type[T],
        heard_s: float | None = None,
    ) -> T: ...
    async def call(
        self,
        method: str,
        params: object = None,
        timeout_s: float = 10.0,
        *,
        result: type[object] = object,
        heard_s: float | None = None,
    ) -> object:
        """Call `method` of the child's service and return its answer, decoded as `result`; starts the child if need be.

        Waits for a child that is starting, not for one that is resting after a death. Raises WorkerTimeout, WorkerDied
        where the child ends meanwhile or is not there, or the OptaflyError that the service raised. A cancelled or
        timed-out call leaves the child to finish; its late answer is dropped. With `heard_s` it gives up so soon on a
        child that has not even heard of it (one that is stopped, not one that is busy); where that stays so, the child
        is replaced.
        """
        self.start()
        began = time.monotonic()
        try:
            async with asyncio.timeout(timeout_s):
                child = await self._ready_child()
                answer = await child.ask(method, params, heard_s)
        except TimeoutError:
            self._end_if_stuck()
            asyncio.get_running_loop().call_later(self._deaf_s, self._end_if_deaf)
            raise WorkerTimeout(
                f"The {self.name} worker did not answer in {time.monotonic() - began:.1f} s.",
                why="It is starting still, or the machine has too much to do.",
                todo="Try again in a moment.",
            ) from None
        try:
            return msgspec.msgpack.decode(answer, type=result)
        except msgspec.DecodeError as error:
            raise WorkerError(f"The {self.name} worker gave an answer of the wrong shape.", why=f"{error}.") from error

    async def close(self) -> None:
        """End the child and wait until it has ended. Later calls raise WorkerDied."""
        self._closed = True
        if self._keeper:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        if self._child:  # the keeper was cancelled in the middle of ending it
            await self._child.end()
            self._child = None
        self._change("down", "It was closed.")

    async def _ready_child(self) -> Child:
        while True:
            if self._failed:
                raise self._failed.with_traceback(None)  # raised often: it must not gather every caller's frames
            if self._child and self._child.alive and self.state == "ready":
                return self._child
            if self._waiting or not self._keeper:
                raise WorkerDied(
                    f"The {self.name} worker is not there.", why=self.reason, todo="Try again in a moment."
                )
            await self._changed.wait()

    async def _keep(self) -> None:
        quick_deaths = 0
        while True:
            healthy = await self._live() >= QUICK_S
            quick_deaths = 1 if healthy else quick_deaths + 1
            if self._failed:
                return self._rest(str(self._failed))
            if quick_deaths >= QUICK_DEATHS:
                return self._rest(f"It ended {quick_deaths} times in a row; its last words are in {self._log}.")
            self._waiting = quick_deaths > 1
            self._change("starting", "It ended and is being started again.")
            if self._waiting:
                await asyncio.sleep(self._backoff_s * 2 ** (quick_deaths - 2))
                self._waiting = False

    async def _live(self) -> float:
        """Start a child and return, when it has ended, for how many seconds it was ready."""
        self._child = child = await Child.start(self.name, self._command, self._log)
        ready_at: float | None = None
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                self._failed = await child.wait_ready()
            if not self._failed and child.alive:
                ready_at = time.monotonic()
                self._change("ready", "")
            await child.wait_ended()
        except TimeoutError:
            pass  # a child that does not get ready is ended like a dead one
        finally:
            await child.end()
            self._child = None
        return time.monotonic() - ready_at if ready_at else 0.0

    def _rest(self, reason: str) -> None:
        self._resting_until = time.monotonic() + self._rest_s
        self._keeper = None
        self._change("down", reason)

    def _kept(self, keeper: asyncio.Task[None]) -> None:
        if keeper.cancelled():
            self._keeper = None
            self._wake()
        elif fault := keeper.exception():
            self._rest(f"It cannot be started: {fault}")

    def _change(self, state: WorkerState, reason: str) -> None:
        changed = state != self.state
        self.state, self.reason = state, reason
        self._wake()
        if changed:
            self._on_change(state, reason)

    def _wake(self) -> None:
        """Let every waiting call look again."""
        self._changed.set()
        self._changed = asyncio.Event()

    def _end_if_stuck(self) -> None:
        if self._child and self._child.owing_s > self._stuck_s:
            self._child.kill()

    def _end_if_deaf(self) -> None:
        if self._child and self._child.deaf_s >= self._deaf_s:
            self._child.kill()
