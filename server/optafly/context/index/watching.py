"""Hears of changes in a workspace folder, or says when to look for them where the system cannot tell.

On Linux each folder that is in the index is watched, and none other: what a build writes into an ignored folder costs
nothing, and a large `node_modules` does not use the system's watches up.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal, Protocol

log = logging.getLogger(__name__)

DEBOUNCE_MS = 400
STEP_MS = 40
TIMEOUT_MS = 5_000
POLL_S = 5.0
POLL_FACTOR = 20.0
FOLDERS_ONLY = sys.platform == "linux"


class Notify(Protocol):
    """What `watchfiles` gives: the changes since the last question."""

    def watch(
        self, debounce_ms: int, step_ms: int, timeout_ms: int, stop_event: threading.Event | None
    ) -> set[tuple[int, str]] | Literal["signal", "stop", "timeout"]: ...
    def close(self) -> None: ...


def notify(paths: list[str]) -> Notify:
    """Begin to watch. Raises OSError where the system has no watches left."""
    from watchfiles._rust_notify import RustNotify  # the public `watch` cannot be told to watch other folders

    return RustNotify(paths, False, False, 300, not FOLDERS_ONLY, True)


class Watcher:
    """A thread that calls `tell` with the absolute paths that changed, or with None when it is time to look everywhere.

    `message` says so where the system cannot tell of changes.
    """

    def __init__(
        self,
        root: Path,
        tell: Callable[[set[str] | None], None],
        make: Callable[[list[str]], Notify] = notify,
        poll_s: float = POLL_S,
    ) -> None:
        self._root = root
        self._tell = tell
        self._make = make
        self._poll_s = poll_s
        self._paths: list[str] = []
        self._anew = False
        self._stopped = False
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self.message = ""

    def watch(self, folders: Iterable[str], look_s: float) -> None:
        """Watch these folders (relative to the root) from now on; looking everywhere takes `look_s`."""
        paths = [str(self._root)]
        if FOLDERS_ONLY:
            paths += [str(self._root / folder) for folder in sorted(folders) if folder]
        if os.path.isdir(self._root / ".git"):
            paths.append(str(self._root / ".git"))
        with self._lock:
            self._poll_s = max(self._poll_s, look_s * POLL_FACTOR)
            self._paths = paths
            self._anew = True
        self._wake.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="optafly-watch", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the watch; `tell` may be called once more."""
        self._stopped = True
        self._wake.set()

    def _run(self) -> None:
        watching: Notify | None = None
        while not self._stopped:
            with self._lock:
                paths, anew, self._anew = self._paths, self._anew, False
                self._wake.clear()
            if anew:
                watching = self._begun(paths, watching)
            if watching is None:
                if not self._wake.wait(self._poll_s) and not self._stopped:
                    self._tell(None)
            elif not self._heard(watching):
                watching = self._cannot(OSError("the watch ended"), watching)
        if watching is not None:
            watching.close()

    def _begun(self, paths: list[str], before: Notify | None) -> Notify | None:
        try:
            watching = self._make(paths)
        except (OSError, RuntimeError) as error:
            return self._cannot(error, before)
        if before is not None:  # only now: no change falls between the two
            before.close()
        self.message = ""
        return watching

    def _cannot(self, error: Exception, before: Notify | None) -> None:
        if before is not None:
            before.close()
        log.warning("changes cannot be watched: %s", type(error).__name__)
        self.message = f"Changes are looked for every {self._poll_s:.0f} s: the system cannot tell of them"

    def _heard(self, watching: Notify) -> bool:
        """Wait for changes and tell them; False where the watch is of no use any more."""
        try:
            found = watching.watch(DEBOUNCE_MS, STEP_MS, TIMEOUT_MS, self._wake)
        except (OSError, RuntimeError):
            return False
        if not isinstance(found, str) and not self._stopped:
            self._tell({path for _, path in found})
        return True
