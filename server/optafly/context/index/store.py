"""The index of one root on disk: one SQLite file, a view that may be thrown away at any time.

What was read of a file, and its vectors, are kept under the hash of its content: a file that is renamed, or comes back
with a branch, is not read again. One process writes (`lock.Lock`), others follow: rows carry the number of the change
that wrote them (`seq`), and a file that is gone stays for a day as a tombstone. Of a file that may not be read any more
nothing stays: what is deleted is overwritten, in the log too. A process that is killed loses only
what it had not yet written; when the power goes, the last transactions may be lost too (`synchronous=NORMAL`).
"""

from __future__ import annotations

import os
import sqlite3
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from optafly.context.index.walk import Stamp
from optafly.paths import make_private
from optafly.salvage import identity, touch

SCHEMA = 3
BUSY_S = 5.0
TOMBSTONE_S = 24 * 3600.0
ERASED_S = 3600.0
SPARE = 2_000  # contents that are kept though no file has them, where there are not more files than that
_ASKED = 500  # variables in one statement
_SCRUB_MS = 250
FAULTS = (sqlite3.Error, OSError)
_KEEP = "INSERT OR REPLACE INTO meta VALUES (?, ?)"
_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS file (
    path TEXT PRIMARY KEY, seq INTEGER NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL, hash BLOB NOT NULL, reason TEXT NOT NULL, gone_at_s REAL
) STRICT;
CREATE INDEX IF NOT EXISTS file_seq ON file (seq);
CREATE TABLE IF NOT EXISTS content (
    hash BLOB PRIMARY KEY, value BLOB NOT NULL, checksum INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS vectors (
    hash BLOB PRIMARY KEY, seq INTEGER NOT NULL, value BLOB NOT NULL, checksum INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS vectors_seq ON vectors (seq);
"""


class File(NamedTuple):
    """A file as it was last seen. `reason` says why its content is not known, or not whole; `hash` is then empty.

    `stamp` is all zero where the file changed so shortly before it was read that a further change might not show.
    """

    stamp: Stamp
    hash: bytes
    reason: str = ""


class Unfit(sqlite3.DatabaseError):
    """The file was made with other parameters, or is not what it should be."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


class Store:
    """One connection to the file; used by one thread. Methods raise sqlite3.Error or OSError (`FAULTS`)."""

    def __init__(self, path: Path, parameters: str, *, write: bool) -> None:
        """Open the file, made new by the one who may `write`. Raises Unfit where it has other `parameters`."""
        self._path = path
        make_private(path.parent)
        if write:
            touch(path)
        self._connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw",
            uri=True,
            timeout=BUSY_S,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            self._begin(parameters, write=write)
        except BaseException as error:
            self.close()
            if isinstance(error, UnicodeDecodeError):  # SQLite's word on a damaged schema quotes its bytes
                raise Unfit("its schema cannot be read") from error
            raise
        self._unscrubbed = False
        self._file = identity(path)
        self._version = -1
        self.seq = self._newest()

    def _begin(self, parameters: str, *, write: bool) -> None:
        connection = self._connection
        connection.execute("PRAGMA cache_size=-4096")
        if write:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("PRAGMA journal_size_limit=8388608")
            connection.executescript(_TABLES)
            connection.execute("INSERT OR IGNORE INTO meta VALUES ('parameters', ?)", (parameters.encode(),))
        if self.meta("parameters") != parameters.encode():
            raise Unfit("it was made with other parameters")

    def meta(self, key: str) -> bytes | None:
        """Return what is kept under `key`."""
        found = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if found is None else found[0]

    def keep(self, values: Mapping[str, bytes]) -> None:
        """Keep all of these under their keys, or none; followers see that something changed."""
        with self._connection as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(_KEEP, values.items())

    def files(self, after: int = 0) -> dict[str, File | None]:
        """Return the files that were written after the change `after`, None for those that are gone."""
        columns = "path, size, mtime_ns, ctime_ns, hash, reason, gone_at_s"
        found: dict[str, File | None] = {}
        for path, size, mtime, ctime, digest, reason, gone in self._connection.execute(
            f"SELECT {columns} FROM file WHERE seq > ?",  # noqa: S608  constants of this function only
            (after,),
        ):
            found[path] = File(Stamp(size, mtime, ctime), digest, reason) if gone is None else None
        return found

    def contents(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield every content with its hash. Raises Unfit for a damaged one."""
        return self._whole(self._connection.execute("SELECT hash, value, checksum FROM content"))

    def content(self, digest: bytes) -> bytes | None:
        """Return the content with this hash."""
        found = self._connection.execute("SELECT hash, value, checksum FROM content WHERE hash = ?", (digest,))
        return next((value for _, value in self._whole(found)), None)

    def vectors(self, after: int = 0) -> Iterator[tuple[bytes, bytes]]:
        """Yield the vectors that were written after the change `after`, each with its content's hash."""
        return self._whole(
            self._connection.execute("SELECT hash, value, checksum FROM vectors WHERE seq > ?", (after,))
        )

    def vectors_of(self, digests: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the vectors of these contents, as far as there are any."""
        found: dict[bytes, bytes] = {}
        for start in range(0, len(digests), _ASKED):
            some = digests[start : start + _ASKED]
            marks = ",".join("?" * len(some))
            rows = self._connection.execute(
                f"SELECT hash, value, checksum FROM vectors WHERE hash IN ({marks})",  # noqa: S608  marks alone
                some,
            )
            found.update(self._whole(rows))
        return found

    def gone(self) -> list[str]:
        """Return the files that are gone, and of which something is still kept."""
        found = self._connection.execute("SELECT path FROM file WHERE gone_at_s IS NOT NULL AND hash != x''")
        return [path for (path,) in found]

    def news(self) -> tuple[dict[str, File | None], dict[bytes, bytes]] | None:
        """Return the files and vectors that another process wrote since `seq`, and advance it; None for nothing."""
        version = int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        before, self._version = self._version, version
        if version == before:
            return None
        after, self.seq = self.seq, self._newest()  # what is written meanwhile is told twice, never missed
        return self.files(after), dict(self.vectors(after))

    def _newest(self) -> int:
        # What was pruned may have had the highest number.
        tables = (
            "SELECT max(seq) AS seq FROM file UNION ALL SELECT max(seq) FROM vectors"
            " UNION ALL SELECT CAST(CAST(value AS TEXT) AS INTEGER) FROM meta WHERE key = 'seq'"
        )
        return int(self._connection.execute(f"SELECT coalesce(max(seq), 0) FROM ({tables})").fetchone()[0])  # noqa: S608

    def _whole(self, rows: Iterable[tuple[bytes, bytes, int]]) -> Iterator[tuple[bytes, bytes]]:
        for digest, value, checksum in rows:
            if _checksum(digest, value) != checksum:
                raise Unfit("a row is damaged")
            yield digest, value

    def write(
        self,
        files: Mapping[str, File | None] | None = None,
        contents: Mapping[bytes, bytes] | None = None,
        vectors: Mapping[bytes, bytes] | None = None,
    ) -> None:
        """Write all of these, or nothing of it. A file that is None is gone."""
        seq = self.seq + 1
        rows = [(path, seq, *file.stamp, file.hash, file.reason, None) for path, file in (files or {}).items() if file]
        gone = [(seq, time.time(), path) for path, file in (files or {}).items() if file is None]
        with self._connection as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "INSERT OR REPLACE INTO content VALUES (?, ?, ?)",
                [(digest, value, _checksum(digest, value)) for digest, value in (contents or {}).items()],
            )
            connection.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)",
                [(digest, seq, value, _checksum(digest, value)) for digest, value in (vectors or {}).items()],
            )
            connection.executemany("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
            connection.executemany("UPDATE file SET seq = ?, gone_at_s = ? WHERE path = ?", gone)
            connection.execute(_KEEP, ("seq", str(seq).encode()))
        self.seq = seq
        if self._unscrubbed:
            self.scrub()

    def erase(self, paths: Iterable[str]) -> None:
        """Forget files that may not be read any more, and all content that no other file has: it may be theirs too."""
        seq, gone_at_s = self.seq + 1, time.time() - TOMBSTONE_S + ERASED_S
        with self._connection as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "UPDATE file SET seq = ?, size = 0, mtime_ns = 0, ctime_ns = 0, reason = '', gone_at_s = ?"
                " WHERE path = ?",
                [(seq, gone_at_s, path) for path in paths],
            )
            connection.execute("UPDATE file SET hash = x'' WHERE gone_at_s IS NOT NULL")
            for table in ("content", "vectors"):
                connection.execute(f"DELETE FROM {table} WHERE hash NOT IN (SELECT hash FROM file)")  # noqa: S608
            connection.execute(_KEEP, ("seq", str(seq).encode()))
        self.seq = seq
        self.scrub()

    def scrub(self) -> None:
        """Empty the log, which holds pages as they were; where somebody reads in it, the next change tries again."""
        self._connection.execute(f"PRAGMA busy_timeout={_SCRUB_MS}")
        try:
            self._unscrubbed = bool(self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
        finally:
            self._connection.execute(f"PRAGMA busy_timeout={int(BUSY_S * 1000)}")

    def void_vectors(self) -> None:
        """Forget every vector: another model makes them now."""
        self._connection.execute("DELETE FROM vectors")

    def clean(self) -> None:
        """Drop tombstones that every follower has seen long ago, and what no file holds any more."""
        with self._connection as connection:
            connection.execute("BEGIN IMMEDIATE")
            now_s = time.time()
            connection.execute(
                "DELETE FROM file WHERE gone_at_s NOT BETWEEN ? AND ?", (now_s - TOMBSTONE_S, now_s + TOMBSTONE_S)
            )
            for table in ("content", "vectors"):
                connection.execute(f"DELETE FROM {table} WHERE hash NOT IN (SELECT hash FROM file)")  # noqa: S608

    def prune(self) -> None:
        """Drop the oldest of what no file holds any more: as much is kept as there are files, for it may come back."""
        with self._connection as connection:
            connection.execute("BEGIN IMMEDIATE")
            live = int(connection.execute("SELECT count(*) FROM file WHERE gone_at_s IS NULL").fetchone()[0])
            for table, spare, order, least in (
                ("file", "gone_at_s IS NOT NULL", "seq", 10 * SPARE),  # a disk that was away brings them all back
                ("content", "hash NOT IN (SELECT hash FROM file)", "rowid", SPARE),
                ("vectors", "hash NOT IN (SELECT hash FROM file)", "rowid", SPARE),
            ):
                rows = f"SELECT rowid FROM {table} WHERE {spare} ORDER BY {order} DESC LIMIT -1 OFFSET ?"  # noqa: S608
                connection.execute(f"DELETE FROM {table} WHERE rowid IN ({rows})", (max(least, live),))  # noqa: S608

    def replaced(self) -> bool:
        """Tell whether the file is gone, or another one stands in its place."""
        return identity(self._path) != self._file

    @property
    def size_bytes(self) -> int:
        """What the file takes on disk, with its log."""
        return sum(map(_size, _files(self._path)))

    def close(self) -> None:
        """Close the connection."""
        with suppress(sqlite3.Error):
            self._connection.close()


def throw_away(path: Path) -> None:
    """Remove the file and what stands beside it. Raises OSError."""
    for file in _files(path):
        file.unlink(missing_ok=True)


def _files(path: Path) -> tuple[Path, ...]:
    return path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def _size(file: Path) -> int:
    try:
        return os.stat(file).st_size
    except OSError:
        return 0


def _checksum(digest: bytes, value: bytes) -> int:
    """Return what shows that a bit changed on the disk, which SQLite does not notice."""
    return zlib.crc32(value, zlib.crc32(digest))
