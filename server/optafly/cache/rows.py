"""The worker's view of the table `entry`: read-only, following what this and other processes write."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from optafly.errors import StorageError

MINE = "namespace = :namespace AND embedder = :embedder"


class Row(NamedTuple):
    """What the worker keeps of an entry. `vector` is little-endian float16."""

    seq: int
    fingerprint: str
    vector: bytes
    intent: str


class Rows:
    """Vectors of one embedder in the database at `path`, which need not exist yet. Methods raise StorageError."""

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
            uri = f"{self._path.absolute().as_uri()}?mode=ro"
            try:
                self._connection = sqlite3.connect(uri, uri=True, timeout=5.0, check_same_thread=False)
            except sqlite3.Error as error:  # it went between the two looks, or may not be opened
                raise _unreadable(error) from error
            self._connection.text_factory = partial(str, encoding="utf-8", errors="replace")
        self._file = file
        return True

    def after(self, namespace: str, seq: int, limit: int) -> list[Row]:
        """Return the first `limit` rows of `namespace` above `seq`.

        Rows become visible in the order of their `seq`, for SQLite lets one writer in at a time.
        """
        found = self._query(
            f"SELECT seq, fingerprint, vector, intent FROM entry WHERE {MINE} AND seq > :seq ORDER BY seq LIMIT :limit",  # noqa: S608  constants of this module only
            {**self._mine(namespace), "seq": seq, "limit": limit},
        )
        return [Row(seq, fingerprint, vector or b"", intent) for seq, fingerprint, vector, intent in found]

    def seqs(self, namespace: str) -> list[int]:
        """Return the `seq` of every row of `namespace`."""
        found = self._query(f"SELECT seq FROM entry WHERE {MINE}", self._mine(namespace))  # noqa: S608  as above
        return [seq for (seq,) in found]

    def count(self, namespace: str) -> int:
        """Return how many rows `namespace` has."""
        found = self._query(f"SELECT count(*) FROM entry WHERE {MINE}", self._mine(namespace))  # noqa: S608  as above
        return found[0][0] if found else 0

    def intents(self, seqs: Sequence[int], now_s: float) -> dict[int, tuple[str, bool]]:
        """Return, of those of `seqs` that are still in the table, the intent and whether it has not expired."""
        found = self._query(
            f"""SELECT seq, intent, pinned OR expires_at_s IS NULL OR expires_at_s > :now_s
                FROM entry WHERE seq IN ({",".join(str(int(seq)) for seq in seqs)})""",  # noqa: S608  whole numbers only
            {"now_s": now_s},
        )
        return {seq: (intent, bool(live)) for seq, intent, live in found}

    def close(self) -> None:
        """Close the database; the next `replaced` opens it again."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None
        self._file = None

    def _mine(self, namespace: str) -> dict[str, object]:
        return {"namespace": namespace, "embedder": self._embedder}

    def _query(self, query: str, values: dict[str, object]) -> list[Any]:  # Any: rows as the query says
        if self._connection is None:
            return []
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            self.close()  # what stands at the path may be mended, or replaced
            raise _unreadable(error) from error


def _unreadable(error: sqlite3.Error) -> StorageError:
    return StorageError("The remembered vectors cannot be read.", why=f"{error}.", todo="See `optafly doctor`.")
