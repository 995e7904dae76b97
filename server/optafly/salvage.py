"""What becomes of a damaged database: it is set aside and kept, and what can still be read goes into the new one.

The damaged file and its log become `<name>.damaged-<unix time>` and are never written to; a copy is read, row by row,
and a report stands beside them as `<name>.damaged-<unix time>.json`. One process at a time does this, whoever comes
second finds a new database. Connections to the old file notice that it moved (`identity`) and open the new one.
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path

import msgspec

log = logging.getLogger(__name__)

HEADER = b"SQLite format 3\x00"
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT)
CUT_SHORT = sqlite3.SQLITE_IOERR_SHORT_READ  # the file or its log ends before what others know to be in it
FAULTS = (sqlite3.Error, UnicodeDecodeError)  # the latter where a column's name is damaged
LOG = "-wal"
STEP = 512  # rows read at once; where that fails, half as many, down to single rows
MOST_ROWS = 10_000_000
LOCK_S = 120.0
PAGE = 4096  # bytes, SQLite's default


class SetAside(msgspec.Struct, frozen=True):
    """A damaged database that was set aside: its file, when and why, and the rows of each table that were saved.

    At most so many were `lost`; a table of which that cannot be told is not in it.
    """

    file: str
    at_s: float
    why: str
    saved: dict[str, int]
    lost: dict[str, int] = {}

    def __str__(self) -> str:
        name, saved = Path(self.file).name, _said(self.saved) or "none"
        return f"A damaged database was set aside as {name}; rows saved from it: {saved}; {_lost(self)}."


def _said(rows: dict[str, int]) -> str:
    return ", ".join(f"{count:,} of `{table}`" for table, count in rows.items() if count)


def _lost(found: SetAside) -> str:
    untold = [f"`{table}`" for table in found.saved if table not in found.lost]
    if not found.lost:
        return "how many were lost cannot be told"
    lost = f"lost: at most {_said(found.lost)}" if _said(found.lost) else "none lost"
    return f"{lost}; of {', '.join(untold)} that cannot be told" if untold else lost


def is_damage(path: Path, error: sqlite3.Error) -> bool:
    """Say whether `error` means that the file at `path` is damaged, and not that it cannot be reached or written.

    Where the error does not tell (`told`) the file is read: then this process must have no connection to it, for to
    close a file is to let go of every lock on it, SQLite's too, and others would remove the log that is written to.
    """
    known = told(error)
    return not _sound(path) if known is None else known


def told(error: sqlite3.Error) -> bool | None:
    """Return what an error alone tells of damage; None where one must look at the file."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None or code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL):
        return False
    return True if code & 0xFF in DAMAGED or code == CUT_SHORT else None


def _sound(path: Path) -> bool:
    """Say whether the file begins as a database does (an empty one is a new one)."""
    try:
        with path.open("rb") as file:
            header = file.read(20)
    except OSError:
        return True  # a disk that cannot be read is another fault
    return not header or (header.startswith(HEADER) and header[18:20] in (b"\x01\x01", b"\x02\x02"))


def identity(path: Path) -> tuple[int, int] | None:
    """Return what tells the file that stands at `path` now from another one put there later.

    None where there is none, or where it cannot be reached: whoever opens it then is told why.
    """
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


@contextmanager
def opening(path: Path, *, alone: bool = False) -> Generator[None]:
    """Hold still the names of the database's files: while one opens it, none puts another one there (`alone`).

    The lock is SQLite's own on an empty file: let go when its process dies, on every system.
    """
    file = path.with_name(f"{path.name}.lock")
    touch(file)
    with closing(sqlite3.connect(file, timeout=LOCK_S, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE" if alone else "BEGIN")
        lock.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        yield


def touch(file: Path) -> None:
    """Make `file`, empty and private to the user, where there is none; one that is there is not even opened."""
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def renew(path: Path, damaged: tuple[int, int] | None, why: str, begin: Callable[[Path], None]) -> SetAside | None:
    """Set the database at `path` aside, and put a new one there with what could be saved; return what was done.

    `damaged` is the file's `identity`; returns None where it is no longer there, for another process was first. `begin`
    makes an empty database of the newest schema at the path it is given. Raises OSError or sqlite3.Error where the disk
    does not allow it; the damaged file is then where it was.
    """
    with opening(path, alone=True):
        if identity(path) != damaged:
            return None
        _clean(path)
        aside = unused_name(path, "damaged")
        new = path.with_name(f"{path.name}.new-{os.getpid()}")
        begin(new)
        saved, lost = _saved(path, new)
        put_in_place(new, path, aside)
        report = SetAside(file=str(aside), at_s=time.time(), why=why, saved=saved, lost=lost)
        _write_report(aside, report)
    log.error("%s (%s)", report, why)
    return report


def put_in_place(new: Path, path: Path, aside: Path) -> None:
    """Let `new` (closed, no log) be the database at `path`, and the old one with its log be `aside`.

    Needs `opening(path, alone=True)`. A log must never stand beside another database than its own: the old one goes
    first. A database stands at `path` at every moment, but where a file cannot have two names. Raises OSError, with the
    old database and its log where they were.
    """
    moved: list[tuple[Path, Path]] = []
    try:
        for suffix in (LOG, "-shm"):
            with suppress(FileNotFoundError):
                _beside(path, suffix).rename(_beside(aside, suffix))
                moved.append((_beside(path, suffix), _beside(aside, suffix)))
        _name_too(path, aside, moved)
        new.replace(path)
    except OSError:
        for was, now in reversed(moved):
            now.rename(was)
        if path.exists():
            aside.unlink(missing_ok=True)  # a second name
        raise


def _name_too(path: Path, aside: Path, moved: list[tuple[Path, Path]]) -> None:
    try:
        os.link(path, aside)
    except FileNotFoundError:
        pass
    except OSError:  # not every file system gives a file two names
        path.rename(aside)
        moved.append((path, aside))


def remove(file: Path) -> None:
    """Remove a database that nobody uses, and what stands beside it."""
    for suffix in ("", LOG, "-shm", "-journal"):
        _beside(file, suffix).unlink(missing_ok=True)


def _clean(path: Path) -> None:
    """Remove what a process left that was ended in the middle of this."""
    for left in path.parent.glob(f"{path.name}.new-*"):
        left.unlink(missing_ok=True)
    for left in path.parent.glob(".salvage-*"):
        shutil.rmtree(left, ignore_errors=True)


def set_aside(path: Path) -> tuple[SetAside, ...]:
    """Return what was set aside of the database at `path`, oldest first."""
    found: list[SetAside] = []
    for file in path.parent.glob(f"{path.name}.damaged-*"):
        if file.name.endswith((".json", LOG, "-shm")):
            continue
        try:
            found.append(msgspec.json.decode(_report(file).read_bytes(), type=SetAside))
        except (OSError, msgspec.DecodeError):  # an older version wrote none, or it was stopped before
            with suppress(OSError):
                found.append(SetAside(file=str(file), at_s=file.stat().st_mtime, why="not known", saved={}))
    return tuple(sorted(found, key=lambda each: each.at_s))


def unused_name(path: Path, why: str) -> Path:
    """Return a name beside `path` that no file has: `<name>.<why>-<unix time>`."""
    at = int(time.time())
    while (name := path.with_name(f"{path.name}.{why}-{at}")).exists():
        at += 1
    return name


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _report(aside: Path) -> Path:
    return aside.with_name(f"{aside.name}.json")


def _write_report(aside: Path, report: SetAside) -> None:
    with suppress(OSError):
        _report(aside).write_bytes(msgspec.json.encode(report))
        _report(aside).chmod(0o600)


def _saved(path: Path, new: Path) -> tuple[dict[str, int], dict[str, int]]:
    """Copy what can be read at `path` into the database at `new`; return how many rows of each table, and not."""
    import tempfile  # the front needs it in misfortune only

    saved: dict[str, int] = {}
    lost: dict[str, int] = {}
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".salvage-") as folder, closing(_quiet(new)) as target:
            for mended_bytes in (0, 100, PAGE):  # a database whose beginning is lost is read with that of the new one
                copy = Path(folder) / f"{mended_bytes}.db"
                for suffix in ("", LOG):
                    with suppress(FileNotFoundError):
                        shutil.copyfile(_beside(path, suffix), _beside(copy, suffix))
                _mend_beginning(copy, new, mended_bytes)
                with closing(_quiet(copy)) as old:
                    copied = {table: _copied(old, target, table) for table in _tables(target)}
                saved = {table: rows for table, (rows, _) in copied.items()}
                if mended_bytes < PAGE:  # with another's schema one cannot tell
                    lost |= {table: rows for table, (_, rows) in copied.items() if rows is not None}
                if any(saved.values()):
                    break
    except (*FAULTS, OSError) as error:
        log.warning("no more can be saved from %s: %s", path, type(error).__name__)
    return saved, lost


def _quiet(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.text_factory = partial(
        str, encoding="utf-8", errors="replace"
    )  # whoever reads an entry sees its checksum
    return connection


def _mend_beginning(copy: Path, new: Path, length: int) -> None:
    with copy.open("r+b") as file:
        beginning = bytearray(new.read_bytes()[:length])
        if beginning:
            beginning[28:32] = (copy.stat().st_size // PAGE).to_bytes(4, "big")  # pages
            beginning[32:40] = bytes(8)  # no page is free
            file.write(beginning)


def _copied(old: sqlite3.Connection, target: sqlite3.Connection, table: str) -> tuple[int, int | None]:
    """Copy a table; return how many rows were saved, and how many at most were not, or None where nothing tells."""
    same = _version(old) == _version(target)
    newest = _newest(old, table)
    saved = others = 0
    target.execute("BEGIN")
    try:
        for row in _rows(old, table, newest or 0):
            put = 0 if row is None else _put(target, table, row, same)
            saved, others = saved + put, others + 1 - put
    finally:
        target.execute("COMMIT")
    known = _known(old, table)
    if known is not None:
        return saved, max(0, known - saved)
    return saved, None if newest is None else others


def _known(old: sqlite3.Connection, table: str) -> int | None:
    """Return how many rows an index knows of that can be read whole, or None where there is none."""
    with suppress(*FAULTS):
        for (name,) in old.execute('SELECT name FROM pragma_index_list(?) WHERE NOT "partial"', (table,)).fetchall():
            with suppress(*FAULTS):
                query = f"SELECT count(*) FROM (SELECT +rowid FROM {table} INDEXED BY {name})"  # noqa: S608  our own names
                return int(old.execute(query).fetchone()[0])
    return None


def _tables(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return [name for (name,) in found]


def _rows(old: sqlite3.Connection, table: str, newest: int) -> Generator[sqlite3.Row | None]:
    """Yield every row that can be read, the newest first: of two answers to one key the newer is the one to keep.

    Yields None for a number whose row cannot be read, if there was one.
    """
    old.row_factory = sqlite3.Row
    waiting = [(0, newest)]
    while waiting:
        above, upto = waiting.pop()
        if upto <= above:
            continue
        if upto - above > STEP:
            waiting += [(above, upto - STEP), (upto - STEP, upto)]
            continue
        query = f"SELECT * FROM {table} NOT INDEXED WHERE rowid > ? AND rowid <= ? ORDER BY rowid DESC"  # noqa: S608  our own table's name
        try:
            yield from old.execute(query, (above, upto)).fetchall()
        except FAULTS:
            middle = (above + upto) // 2
            if upto - above > 1:
                waiting += [(above, middle), (middle, upto)]
            else:
                yield None


def _newest(old: sqlite3.Connection, table: str) -> int | None:
    """Return the last row's number, also where that row is on a page that cannot be read.

    0 where the table has no rows, None where nothing tells.
    """
    newest: int | None = None
    queries = [f"SELECT max(rowid) FROM {table}", f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'"]  # noqa: S608  as above
    with suppress(*FAULTS):
        indexes = old.execute("SELECT name FROM pragma_index_list(?)", (table,)).fetchall()
        queries += [f"SELECT max(number) FROM (SELECT +rowid AS number FROM {table} INDEXED BY {name})"  # noqa: S608  as above
                    for (name,) in indexes]  # fmt: skip
    for query in queries:
        with suppress(*FAULTS):
            found = old.execute(query).fetchone()
            if found and isinstance(found[0], int) and 0 < found[0] <= MOST_ROWS:
                return found[0]
            if query == queries[0] and found and found[0] is None:
                newest = 0
    return newest


def _version(connection: sqlite3.Connection) -> int:
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    except FAULTS:
        return 0


def _put(target: sqlite3.Connection, table: str, row: sqlite3.Row, same: bool) -> int:
    """Write one row; return 1, or 0 where the schema does not take it. Of another version vectors are left out."""
    known = {name for _, name, *_ in target.execute(f"PRAGMA table_info({table})")}
    known -= set() if same else {"vector", "embedder"}
    names = [name for name in row.keys() if name in known]  # noqa: SIM118  a row iterates over its values
    marks = ", ".join("?" * len(names))
    try:
        query = f"INSERT OR IGNORE INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608  our own columns' names
        return target.execute(query, [row[name] for name in names]).rowcount
    except FAULTS:
        return 0
