"""What the worker holds of one namespace, and how it gets there: a little at once, much in the background.

A view is made of SQLite's rows alone and may be thrown away at any time; reading it takes less time than checking a
file of it would (docs/decisions/027), so there is no such file.
"""

from __future__ import annotations

import threading
from pathlib import Path

from optafly.cache.index import Space
from optafly.cache.rows import Rows
from optafly.cache.terms import Terms
from optafly.errors import StorageError

AT_ONCE = 500  # rows that a lookup reads before it answers; more are read in the background
STEP = 500
COUNTED = 5_000  # prompts whose words are counted: how rare a word is, more would hardly tell, and each takes its time
PAUSE_S = 0.002  # between two steps, so that lookups in other namespaces hardly wait


class View:
    """The vectors and words of one namespace up to the row `read_up_to`."""

    def __init__(self, namespace: str, dimensions: int) -> None:
        self.namespace = namespace
        self.space = Space(dimensions)
        self.terms = Terms()
        self._read_up_to = 0

    def follow(self, rows: Rows, limit: int) -> bool:
        """Read up to `limit` new rows; return whether none is left."""
        found = rows.after(self.namespace, self._read_up_to, limit)
        if found:
            self.space.add((row.seq, row.fingerprint, row.vector) for row in found)
            self.terms.add(row.intent for row in found[: max(0, COUNTED - self.terms.size)])
            self._read_up_to = found[-1].seq
        return len(found) < limit


class Loading:
    """A view that a thread of its own brings up to date. `share` says how far it is; take `view` only when `done`."""

    def __init__(self, view: View, path: Path, embedder: str) -> None:
        self.view = view
        self.share = 0.0
        self._path = path
        self._embedder = embedder
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read, name="optafly-view", daemon=True)
        self._thread.start()

    @property
    def done(self) -> bool:
        """Whether the thread has ended, be it because the database cannot be read: then a lookup says so."""
        return not self._thread.is_alive()

    def wait(self, timeout_s: float | None = None) -> None:
        """Wait until it is done."""
        self._thread.join(timeout_s)

    def stop(self) -> None:
        """End the thread after its step; what it read is void."""
        self._stop.set()

    def _read(self) -> None:
        rows = Rows(self._path, self._embedder)
        try:
            rows.replaced()
            total = rows.count(self.view.namespace)
            while not self._stop.wait(PAUSE_S) and not self.view.follow(rows, STEP):
                self.share = min(0.99, len(self.view.space) / max(1, total))
        except StorageError:
            pass  # the next lookup follows with its own connection, and raises
        finally:
            rows.close()
