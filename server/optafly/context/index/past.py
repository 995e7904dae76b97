"""The history of one root's files, followed in the background."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from optafly.context.history import History, follow

log = logging.getLogger(__name__)


class Past:
    """`tell` gets, from another thread, the history that follows on the one that was `take`n, and its bytes.

    A history is never changed once it was told: whoever searches it needs no lock.
    """

    def __init__(self, root: Path, tell: Callable[[History, bytes], None]) -> None:
        self._root = root
        self._tell = tell
        self._known = b""
        self._again = False
        self._running = False
        self._lock = threading.Lock()

    def take(self, stored: bytes | None) -> History | None:
        """Return the history that was stored, None where there is none or it is not sound."""
        try:
            history = History.decode(stored) if stored else None
        except ValueError:
            return None
        self._known = stored or b""
        return history

    def refresh(self) -> None:
        """Look where the repository stands now; a question while one is being answered is answered after it."""
        with self._lock:
            self._again = True
            if self._running:
                return
            self._running = True
        threading.Thread(target=self._run, name="optafly-history", daemon=True).start()

    def _run(self) -> None:
        while self._goes_on():
            try:
                history = History.decode(self._known) if self._known else History()
                head = history.head
                reason = follow(history, self._root)
                if history.head != head or (len(history) and not self._known):
                    self._known = history.encode()
                    self._tell(history, self._known)
                if reason:
                    log.info("the history is not whole: %s", reason)
            except Exception as error:  # a thread's boundary: without a history the index goes on
                log.warning("the history cannot be read: %s", type(error).__name__)

    def _goes_on(self) -> bool:
        with self._lock:
            self._running, self._again = self._again, False
            return self._running
