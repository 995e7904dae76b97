"""Which of several processes writes the index of a root."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from optafly.paths import make_private
from optafly.salvage import touch


class Lock:
    """Who holds it writes; it is let go when its process ends, however that comes about.

    It is SQLite's own lock on an empty file beside the index, which every system keeps apart by process.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(f"{path.name}.lock")
        self._connection: sqlite3.Connection | None = None

    @property
    def held(self) -> bool:
        """Whether this one holds it."""
        return self._connection is not None

    def take(self) -> bool:
        """Try to take it, without waiting. Raises sqlite3.Error or OSError where no file can be made there."""
        if self._connection is not None:
            return True
        make_private(self._path.parent)
        touch(self._path)
        connection = sqlite3.connect(self._path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            connection.close()
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                return False
            raise
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return True

    def let_go(self) -> None:
        """Let another process write."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def remove(self) -> None:
        """Remove the lock's own file, where its index is gone for good. Raises OSError."""
        if os.name == "nt":  # nobody can remove a file there that is open, so one that another process took stays
            self.let_go()
        self._path.unlink(missing_ok=True)
