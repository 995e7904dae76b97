"""Child processes of the worker that read files and make vectors, so that all cores work and requests are answered.

A child is started when there is work and ended when there is none for a while. What ends or outlasts a child is tried
once more, each item by itself; an item that does it again gets no result, and the rest goes on.
"""

from __future__ import annotations

import itertools
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import IO

import msgspec

from optafly.context.index.threads import started
from optafly.errors import WorkerError
from optafly.processes import HIDDEN
from optafly.workers.framing import NIL, Event, FromChild, Request, frame, read_body
from optafly.workers.process import SECRET_NAME

Done = Callable[[list[bytes | None]], None]


class Job(msgspec.Struct):
    """Items for one call of `method`, each encoded on its own; the call gives as many results, or null for none.

    `done` is called from another thread with the results, still encoded, in the order of the items; not at all once
    `wanted` says no. `unmade` says why the service could not be made, where that is why there are no results.
    """

    method: str
    items: list[bytes]
    done: Done
    wanted: Callable[[], bool]
    results: dict[int, bytes | None] = msgspec.field(default_factory=dict[int, bytes | None])
    tried: set[int] = msgspec.field(default_factory=set[int])
    unmade: str = ""


class Helpers:
    """A few processes of one kind, each served by a thread of its own, that take the most urgent job first."""

    def __init__(
        self, name: str, command: Sequence[str], *, count: int, idle_s: float = 10.0, longest_s: float = 60.0
    ) -> None:
        self._name = name
        self._command = tuple(command)
        self._count = count
        self._idle_s = idle_s
        self._longest_s = longest_s
        self._jobs: queue.PriorityQueue[tuple[int, int, Job, tuple[int, ...]]] = queue.PriorityQueue()
        self._order = itertools.count()
        self._threads: list[threading.Thread] = []
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()
        self._closed = False

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that run now."""
        with self._lock:
            return tuple(child.pid for child in self._running.values())

    def submit(self, job: Job, urgency: int = 0) -> None:
        """Take a job; a lower `urgency` goes first. Where the system has no thread for it, there are no results."""
        which = tuple(range(len(job.items)))
        with self._lock:
            if len(self._threads) < self._count and not self._closed:
                # It lives as long as its child: Linux ends a child with the thread that made it (see `workers.child`).
                thread = started(self._name, partial(self._work, len(self._threads)))
                self._threads += [thread] if thread is not None else []
            served = bool(self._threads) or self._closed
        if served:
            self._put(job, which, urgency)
        else:
            self._deliver(job, which, [None] * len(which))

    def close(self) -> None:
        """End every process; jobs that wait get no results."""
        with self._lock:
            self._closed = True
            children = list(self._running.values())
        for child in children:
            child.kill()
        for _ in self._threads:
            self._jobs.put((-1, next(self._order), _NOTHING, ()))

    def _put(self, job: Job, which: tuple[int, ...], urgency: int) -> None:
        self._jobs.put((urgency, next(self._order), job, which))

    def _work(self, number: int) -> None:
        child: _Child | None = None
        while not self._closed:
            try:
                urgency, _, job, which = self._jobs.get(timeout=self._idle_s if child else None)
            except queue.Empty:
                child = self._ended(number, child)
                continue
            if not self._closed and job is not _NOTHING and job.wanted():
                child = self._done(number, child, job, which, urgency)
        self._ended(number, child)

    def _done(self, number: int, child: _Child | None, job: Job, which: tuple[int, ...], urgency: int) -> _Child | None:
        """Do some items of a job; return the child, or None where it ended over it."""
        try:
            child = child or self._started(number)
            results = child.ask(job.method, [job.items[at] for at in which], self._longest_s)
        except (OSError, RuntimeError, MemoryError, WorkerError, msgspec.DecodeError) as error:
            self._ended(number, child)
            if isinstance(error, _Unmade):
                job.unmade = str(error)
                self._deliver(job, which, [None] * len(which))
            else:
                self._again(job, which, urgency)
            return None
        self._deliver(job, which, results)
        return child

    def _again(self, job: Job, which: tuple[int, ...], urgency: int) -> None:
        """Try each of some items once more, by itself; those that were tried before get no result."""
        lost = [at for at in which if at in job.tried]
        job.tried.update(which)
        for at in which:
            if at not in lost:
                self._put(job, (at,), urgency)
        if lost or not which:
            self._deliver(job, lost, [None] * len(lost))

    def _deliver(self, job: Job, which: Sequence[int], results: Sequence[bytes | None]) -> None:
        with self._lock:
            job.results.update(zip(which, results, strict=True))
            whole = len(job.results) == len(job.items)
        if whole and job.wanted():
            job.done([job.results[at] for at in range(len(job.items))])

    def _started(self, number: int) -> _Child:
        child = _Child(self._command)
        with self._lock:
            self._running[number] = child.process
            if self._closed:
                child.process.kill()
        return child

    def _ended(self, number: int, child: _Child | None) -> None:
        with self._lock:
            self._running.pop(number, None)
        if child is not None:
            child.end()


_NOTHING = Job("", [], lambda _: None, lambda: False)


class _Unmade(WorkerError):
    """The service of a helper could not be made: no item is to blame."""


class _Child:
    """One process and its pipes; asked by one thread, one question at a time."""

    def __init__(self, command: Sequence[str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "optafly.workers.child", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if not SECRET_NAME.search(name)},
            creationflags=HIDDEN,
        )
        assert self.process.stdin
        assert self.process.stdout
        self._requests: IO[bytes] = self.process.stdin
        self._answers: IO[bytes] = self.process.stdout
        self._decoder = msgspec.msgpack.Decoder(FromChild)
        self._ids = itertools.count(1)

    def ask(self, method: str, items: list[bytes], longest_s: float) -> list[bytes | None]:
        """Return the results of one call. Raises OSError, WorkerError or DecodeError where the child gave none."""
        raw = [msgspec.Raw(item) for item in items]
        request = Request(next(self._ids), method, msgspec.Raw(msgspec.msgpack.encode(raw)))
        watch = threading.Timer(longest_s, self.process.kill)
        watch.start()
        try:
            self._requests.write(frame(request))
            self._requests.flush()
            result = self._answer(request.id)
        finally:
            watch.cancel()
        results = msgspec.msgpack.decode(result, type=list[msgspec.Raw])
        if len(results) != len(items):
            raise WorkerError("A helper gave another number of results.")
        return [None if each == NIL else bytes(each) for each in results]

    def _answer(self, wanted: int) -> msgspec.Raw:
        while (body := read_body(self._answers)) is not None:
            message = self._decoder.decode(body)
            if isinstance(message, Event) and message.error is not None:
                raise _Unmade(message.error.what, why=message.error.why)
            if message.error is not None:
                raise WorkerError(message.error.what, why=message.error.why)
            if not isinstance(message, Event) and message.id == wanted:
                return message.result
        raise WorkerError("A helper process ended.")

    def end(self) -> None:
        """End the process and wait for it."""
        self.process.kill()
        self.process.wait()
        for pipe in (self._requests, self._answers):
            try:
                pipe.close()
            except OSError:  # what was not yet written has nowhere to go
                continue
