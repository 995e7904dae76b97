"""The history of one root's files, followed in the background."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from optafly.context.history import History, follow
from optafly.context.index.walk import Walk

log = logging.getLogger(__name__)


class Kept(msgspec.Struct, frozen=True):
    """A history as bytes, the fingerprint of the rules by which files were left out of it, and what tells it apart."""

    data: bytes
    rules: bytes
    mark: bytes


_NOTHING = Kept(b"", b"", b"")


class Past:
    """`tell` gets, from another thread, the history that follows on the one that was `take`n, and what to keep of it.

    A history is never changed once it was told: whoever searches it needs no lock. It holds nothing of files that the
    ignore rules exclude: where these change, it is read anew, for what was left out may be wanted now.
    """

    def __init__(self, root: Path, tell: Callable[[History, Kept], None], walk: Callable[[], Walk]) -> None:
        self._root = root
        self._tell = tell
        self._walk = walk
        self._known = _NOTHING
        self._rules = b""
        self._again = False
        self._running = False
        self._lock = threading.Lock()

    @property
    def mark(self) -> bytes:
        """What tells the history that is known from others."""
        return self._known.mark

    def take(self, stored: Kept) -> History | None:
        """Return the history that was stored, None where there is none or it is not sound."""
        try:
            history = History.decode(stored.data) if stored.data else None
        except ValueError:
            return None
        self._known = stored
        return history

    def refresh(self, rules: bytes | None = None) -> None:
        """Look where the repository stands now; a question while one is being answered is answered after it.

        `rules` is the fingerprint of the ignore rules, None where they are as before.
        """
        with self._lock:
            self._rules = self._rules if rules is None else rules
            self._again = True
            if self._running:
                return
            self._running = True
        threading.Thread(target=self._run, name="optafly-history", daemon=True).start()

    def _run(self) -> None:
        while self._goes_on():
            try:
                self._follow(self._rules)
            except Exception as error:  # a thread's boundary: without a history the index goes on
                log.warning("the history cannot be read: %s", type(error).__name__)

    def _follow(self, rules: bytes) -> None:
        known = self._known if self._known.rules == rules else _NOTHING
        history = History.decode(known.data) if known.data else History()
        head = history.head
        reason = follow(history, self._root)
        if history.head != head or (len(history) and not known.data):
            history.leave_out(self._walk().excludes)
            self._known = Kept(history.encode(), rules, f"{history.head} {rules.hex()}".encode())
            self._tell(history, self._known)
        if reason:
            log.info("the history is not whole: %s", reason)

    def _goes_on(self) -> bool:
        with self._lock:
            self._running, self._again = self._again, False
            return self._running
