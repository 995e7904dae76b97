"""One SQLite database (WAL, synchronous=FULL) holds everything that must survive; rooms own their tables' queries.

Blocking calls never run on the event loop: `Database.run` hands a function to the one thread that owns the
connection. Durable under kill -9: a statement that returned was committed.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import struct
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from optafly import salvage
from optafly.errors import StorageError
from optafly.paths import make_private

T = TypeVar("T")

BUSY_S = 10.0
TRIES = 3
_SHARING_VIOLATION = 32  # on Windows: another process has the file open
NO_VERSION = 1_000  # no schema version of ours: what stands there was damaged

# One statement list per schema version, oldest first; `PRAGMA user_version` says how many have run.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE entry (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            namespace TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            intent TEXT NOT NULL,
            normalised TEXT NOT NULL,
            prompt TEXT NOT NULL,
            answer TEXT NOT NULL,
            model TEXT NOT NULL,
            usage BLOB NOT NULL,
            cost_usd REAL,
            latency_ms REAL NOT NULL,
            created_at_s REAL NOT NULL,
            used_at_s REAL NOT NULL,
            hits INTEGER NOT NULL DEFAULT 0,
            embedder TEXT,
            vector BLOB
        ) STRICT""",
        "CREATE INDEX entry_exact ON entry (namespace, fingerprint, normalised)",
        """CREATE TABLE proposal (
            id TEXT PRIMARY KEY,
            state TEXT NOT NULL,
            record BLOB NOT NULL,
            created_at_s REAL NOT NULL,
            updated_at_s REAL NOT NULL
        ) STRICT""",
        "CREATE INDEX proposal_updated ON proposal (updated_at_s)",
        """CREATE TABLE event (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            at_s REAL NOT NULL,
            kind TEXT NOT NULL,
            project TEXT NOT NULL,
            cost_usd REAL NOT NULL DEFAULT 0,
            saved_usd REAL NOT NULL DEFAULT 0,
            saved_s REAL NOT NULL DEFAULT 0,
            latency_ms REAL
        ) STRICT""",
        "CREATE INDEX event_at ON event (at_s)",
    ),
    (
        "ALTER TABLE entry ADD COLUMN intent_kind TEXT NOT NULL DEFAULT 'other'",
        "ALTER TABLE entry ADD COLUMN sources BLOB NOT NULL DEFAULT x'5b5d'",  # an empty JSON array
        "ALTER TABLE entry ADD COLUMN expires_at_s REAL",
        "ALTER TABLE entry ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE entry ADD COLUMN distrust REAL NOT NULL DEFAULT 0",
        "ALTER TABLE entry ADD COLUMN size_bytes INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE entry ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0",
        # The same text is looked for in whole namespaces as well; the worker follows one namespace by `seq`.
        "DROP INDEX entry_exact",
        "CREATE INDEX entry_exact ON entry (namespace, normalised, fingerprint)",
        "CREATE INDEX entry_vector ON entry (namespace, embedder)",
        # All that eviction asks of a row, so that it need not read the texts.
        "CREATE INDEX entry_value ON entry (pinned, size_bytes, hits, used_at_s, cost_usd, latency_ms, expires_at_s,"
        " distrust)",
        # A person's word on an earlier answer (`answered` is the intent it was given to) for another intent.
        """CREATE TABLE label (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            at_s REAL NOT NULL,
            namespace TEXT NOT NULL,
            kind TEXT NOT NULL,
            asked TEXT NOT NULL,
            answered TEXT NOT NULL,
            asked_fingerprint TEXT NOT NULL,
            answered_fingerprint TEXT NOT NULL,
            score REAL
        ) STRICT""",
        "CREATE INDEX label_namespace ON label (namespace, asked)",
        # A request that some process is sending: others with the same digest wait for its answer.
        """CREATE TABLE flight (
            digest TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            process INTEGER NOT NULL,
            beat_s REAL NOT NULL
        ) STRICT""",
    ),
)

# What the first version wrote, also after another process migrated its database, or what was saved of one.
UNSEALED = "pinned IN (0, 1) AND size_bytes = 0"
SEAL = (
    f"UPDATE entry SET vector = half_precision(vector) WHERE {UNSEALED}",  # noqa: S608  constants of this module only
    f"UPDATE entry SET embedder = NULL WHERE {UNSEALED} AND vector IS NULL",  # noqa: S608  as above
    f"""UPDATE entry
        SET checksum = checksum(id, namespace, fingerprint, intent, prompt, answer, model, usage, sources),
            size_bytes = max(1, length(CAST(intent AS BLOB)) + length(CAST(prompt AS BLOB)) +
                length(CAST(answer AS BLOB)) + coalesce(length(vector), 0))
        WHERE {UNSEALED}""",  # noqa: S608  as above
)


class Damage(sqlite3.DatabaseError):
    """The database is not what it should be, though SQLite itself did not say so."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


def checked(found: str) -> None:
    """Raise Damage with the first thing that SQLite's check of a whole file found, unless that is `ok`."""
    if found != "ok":
        raise Damage(next((line for line in found.splitlines() if not line.startswith("***")), found))


def connect(path: Path) -> sqlite3.Connection:
    """Open `path`, private to the user, at the newest schema.

    A file that is not a database, or is damaged, is set aside and what can be read of it is saved (see `salvage`).
    Raises StorageError where the schema is newer than this program or the file cannot be opened or written.
    """
    return _connect(path)[0]


def _connect(path: Path) -> tuple[sqlite3.Connection, tuple[int, int] | None]:
    file = salvage.identity(path)
    try:
        make_private(path.parent)
        try:
            return _opened_now(path)
        except sqlite3.Error as error:
            # Nothing is asked of it yet that any sound database would refuse as wrong.
            if not salvage.is_damage(path, error) and error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
                raise
            _renew(path, file, error)
        return _opened_now(path)
    except (OSError, sqlite3.Error) as error:
        raise _unusable(path, error) from error


def _opened_now(path: Path) -> tuple[sqlite3.Connection, tuple[int, int] | None]:
    with salvage.opening(path):
        return _opened(path), salvage.identity(path)


def _renew(path: Path, file: tuple[int, int] | None, error: sqlite3.Error) -> None:
    salvage.renew(path, file, str(error), lambda new: _opened(new).close())


def upgrade(path: Path) -> None:
    """Bring a database that nobody uses to the newest schema, in one file without a log.

    Raises StorageError where it is newer than this program, sqlite3.Error where it is damaged.
    """
    with closing(_opened(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _unusable(path: Path, error: Exception) -> StorageError:
    is_held = getattr(error, "winerror", None) == _SHARING_VIOLATION
    return StorageError(
        f"The database {path} cannot be used.",
        why=f"{error}.",
        todo="Close every editor window, whose workers have it open too, then run `optafly doctor`."
        if is_held
        else "Check the disk and the folder's permissions, then try again.",
    )


def _opened(path: Path) -> sqlite3.Connection:
    salvage.touch(path)
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        connection.row_factory = sqlite3.Row
        connection.text_factory = partial(
            str, encoding="utf-8", errors="replace"
        )  # SQLite's error would quote the text
        _switch_to_wal(connection)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA cache_size=-256")  # KiB: rows are found by index, and the front stays small
        connection.execute("PRAGMA secure_delete=ON")  # what a person forgets is overwritten, not only unlisted
        _migrate(connection, path)
        if not _schema(connection) >= _whole_schema():
            raise Damage("a table or an index is missing or changed")
        _seal(connection)
    except BaseException as error:
        connection.close()
        if isinstance(error, UnicodeDecodeError):  # the name of a column
            raise Damage("its schema cannot be read") from error
        raise
    return connection


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL; SQLite does not wait by itself for another process that is doing the same."""
    until = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    if not 0 <= _version(connection) < NO_VERSION:
        raise Damage("its version is not one")
    if _version(connection) > len(MIGRATIONS):
        raise StorageError(
            f"The database {path} was written by a newer OptaFly.",
            why="Its schema is not known to this version.",
            todo="Update OptaFly, or set OPTAFLY_HOME to another folder.",
        )
    if _version(connection) == len(MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statements in MIGRATIONS[_version(connection) :]:  # read again: another process may have been first
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version={len(MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException as error:
        if connection.in_transaction:  # a full disk ends it by itself
            connection.execute("ROLLBACK")
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
            raise Damage(f"its version is not that of its tables ({error})") from error
        raise


def _seal(connection: sqlite3.Connection) -> None:
    """Give entries of the first version, which had neither, a checksum and a size, and halve their vectors."""
    if connection.execute(f"SELECT 1 FROM entry WHERE {UNSEALED} LIMIT 1").fetchone() is None:  # noqa: S608  as above
        return
    connection.create_function("half_precision", 1, _half_precision, deterministic=True)
    connection.create_function("checksum", -1, checksum, deterministic=True)
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in SEAL:
            connection.execute(statement)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _schema(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    found = connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
    return {(str(name), str(sql)) for name, sql in found}


@cache
def _whole_schema() -> frozenset[tuple[str, str]]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        _migrate(connection, Path(":memory:"))
        return frozenset(_schema(connection))


def checksum(*parts: str | bytes) -> int:
    """Return what shows that a bit of these changed on the disk, which SQLite does not notice inside a text."""
    return zlib.crc32(b"\0".join(part if isinstance(part, bytes) else part.encode() for part in parts))


def _half_precision(vector: bytes | None) -> bytes | None:
    """Return float32 numbers as float16, which is precise enough for a cosine and half the size."""
    if vector is None or len(vector) % 4:
        return None
    numbers = struct.unpack(f"<{len(vector) // 4}f", vector)
    try:
        return struct.pack(f"<{len(numbers)}e", *numbers)
    except OverflowError:  # no vector of ours: it is made again
        return None


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


class Database:
    """The database of one process: one connection, used by one thread of its own.

    Where the file is damaged, or another one was put in its place, the next call opens the new one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="optafly-db")
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None

    async def run(self, function: Callable[[sqlite3.Connection], T]) -> T:
        """Run `function` with the connection, in the database's thread. Raises StorageError for SQLite's own errors.

        Runs it again, with the new database, where the old one was set aside meanwhile: what returned is never lost.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._call, function)

    async def examine(self) -> None:
        """Look through the whole file, and set it aside if it is damaged. Takes seconds for a large one."""

        def check(connection: sqlite3.Connection) -> None:
            checked(str(connection.execute("PRAGMA quick_check(1)").fetchone()[0]))

        await self.run(check)

    def _call(self, function: Callable[[sqlite3.Connection], T]) -> T:
        for _ in range(TRIES):
            if self._connection is None:
                self._connection, self._file = _connect(self.path)
            try:
                result = function(self._connection)
                if salvage.identity(self.path) == self._file:
                    return result
            except sqlite3.Error as error:
                self._mend(error)
            self._shut()
        raise _unusable(self.path, OSError("another file is put there again and again"))

    def _mend(self, error: sqlite3.Error) -> None:
        """Set the file aside where that was the fault, or another process did. Raises StorageError for other faults."""
        if salvage.identity(self.path) != self._file:
            return
        if salvage.told(error) is None or os.name == "nt":  # Windows lets nobody rename a file that is open
            self._shut()  # the file is looked at, and whoever closes a file lets go of all his locks on it
        if not salvage.is_damage(self.path, error):
            raise _unusable(self.path, error) from error
        try:
            _renew(self.path, self._file, error)
        except (OSError, sqlite3.Error) as why:
            self._shut()
            raise _unusable(self.path, why) from error

    def _shut(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    async def close(self) -> None:
        """Close the connection after the work that was already handed over."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._shut)
        self._thread.shutdown(wait=False)
