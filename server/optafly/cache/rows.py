"""The worker's view of the table `entry`: read-only, following what this and other processes write."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

COLUMNS = "seq, fingerprint, vector, intent"
MATCHING = "namespace = :namespace AND embedder = :embedder AND vector IS NOT NULL"


class Rows:
    """Vectors of one embedder in the database at `path`, which need not exist yet."""

    def __init__(self, path: Path, embedder: str) -> None:
        self._path = path
        self._embedder = embedder
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None

    def replaced(self) -> bool:
        """Return whether another file than before stands at the path: what was read from the old one is void."""
        try:
            status = os.stat(self._path)
            file = (status.st_dev, status.st_ino)
        except FileNotFoundError:
            file = None
        if file == self._file:
            return False
        self.close()
        if file is not None:
            self._connection = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True, timeout=5.0)
        self._file = file
        return True

    def after(self, namespace: str, seq: int) -> tuple[list[tuple[int, str, bytes, str]], int]:
        """Return the rows of `namespace` above `seq`, and the `seq` up to which the table was read.

        Rows become visible in the order of their `seq`, for SQLite lets one writer in at a time.
        """
        if self._connection is None:
            return [], 0
        self._connection.execute("BEGIN")  # both queries see the same state
        try:
            newest = self._connection.execute("SELECT max(seq) FROM entry").fetchone()[0] or 0
            if newest <= seq:
                return [], seq
            source = (
                "entry NOT INDEXED" if seq else "entry"
            )  # the new rows by their number, a whole namespace by its index
            found = self._connection.execute(
                f"SELECT {COLUMNS} FROM {source} WHERE {MATCHING} AND seq > :seq ORDER BY seq",  # noqa: S608  constants only
                {"namespace": namespace, "embedder": self._embedder, "seq": seq},
            ).fetchall()
            return found, newest
        finally:
            self._connection.execute("COMMIT")

    def intents(self, seqs: Sequence[int]) -> dict[int, str]:
        """Return the intents of those of `seqs` that are still in the table."""
        if self._connection is None or not seqs:
            return {}
        marks = ",".join("?" * len(seqs))
        rows = self._connection.execute(f"SELECT seq, intent FROM entry WHERE seq IN ({marks})", seqs)  # noqa: S608  question marks only
        return dict(rows.fetchall())

    def close(self) -> None:
        """Close the database."""
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None
