"""What the thread of one root has to do next: step by step, and what may wait a while."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Hashable

Step = Callable[[], None]


class Inbox:
    """Takes steps from any thread; one thread does them.

    What changed on the disk is gathered until its turn comes: however often it is told, `look` is called once, with
    all paths, and whether everything is to be looked at beside.
    """

    def __init__(self, look: Callable[[set[str], bool], None]) -> None:
        self._look = look
        self._steps: queue.Queue[Step] = queue.Queue()
        self._later: dict[Hashable, tuple[float, Step]] = {}
        self._lock = threading.Lock()
        self._paths: set[str] = set()
        self._everything = False

    @property
    def is_empty(self) -> bool:
        """Whether everything is done; what may wait does not count."""
        return self._steps.unfinished_tasks == 0

    def put(self, step: Step) -> None:
        """Do this after what came before."""
        self._steps.put(step)

    def told(self, paths: set[str] | None) -> None:
        """Look at these paths, or at everything."""
        with self._lock:
            is_first = not self._paths and not self._everything
            self._paths |= paths or set()
            self._everything |= paths is None
            if is_first and (self._paths or self._everything):
                self._steps.put(self._look_at_all)

    def later(self, key: Hashable, delay_s: float, step: Step) -> None:
        """Do this when some time has passed, in the place of what waits under the same `key`."""
        with self._lock:
            self._later[key] = (time.monotonic() + delay_s, step)
        self._steps.put(_nothing)  # so that whoever waits knows of it

    def next(self, patience_s: float | None) -> Step | None:
        """Wait for a step; None where there is none for so long. `done` must be said after each."""
        end = None if patience_s is None else time.monotonic() + patience_s
        while True:
            with self._lock:
                due = min(self._later.items(), key=lambda each: each[1][0], default=None)
                if due is not None and due[1][0] <= time.monotonic():
                    del self._later[due[0]]
                    self._steps.put(due[1][1])
            until = min((each for each in (end, due and due[1][0]) if each is not None), default=None)
            try:
                return self._steps.get(timeout=None if until is None else max(0.0, until - time.monotonic()))
            except queue.Empty:
                if end is not None and time.monotonic() >= end:
                    return None

    def done(self) -> None:
        """Say that a step is done."""
        self._steps.task_done()

    def _look_at_all(self) -> None:
        with self._lock:
            paths, self._paths = self._paths, set()
            everything, self._everything = self._everything, False
        self._look(paths, everything)


def _nothing() -> None:
    """Do nothing."""
