"""Remembered answers as lines of text, and the database as one file: out, in, and checked on the way.

An exported line is one JSON object, `{"format": "optafly.cache/1", "entry": {…}}`, with the fields of `domain.Entry` in
camelCase. Vectors are not in it: whoever imports makes them again, with a model of their own.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Generator, Iterable
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path
from typing import Literal

import msgspec

from optafly import salvage, storage
from optafly.cache import store
from optafly.cache.eviction import make_room
from optafly.domain import Count, Entry, Record
from optafly.errors import CacheError
from optafly.paths import make_private

FORMAT = "optafly.cache/1"
BATCH = 500  # entries written at once: all of them or none
MOST_HITS = 2**53
MOST_BYTES = 64 * 2**20  # of one line


class Line(Record, frozen=True):
    """One exported entry."""

    format: Literal["optafly.cache/1"]
    entry: Entry


class Imported(Record, frozen=True):
    """What an import did: entries that were added, and those that were there already."""

    added: Count
    skipped: Count


class Copied(Record, frozen=True):
    """A checked copy of the database: its file, size and entries. `aside` is what it took the place of."""

    file: str
    size_bytes: Count
    entries: Count
    aside: str | None = None


def lines(connection: sqlite3.Connection) -> Generator[bytes]:
    """Yield every entry as a line, oldest first; what is written meanwhile may be in it or not."""
    seq: int | None = 0
    while seq is not None:
        found, seq = store.following(connection, seq, BATCH)
        for entry in found:
            yield msgspec.json.encode(Line(format=FORMAT, entry=entry)) + b"\n"


def entries(source: Iterable[bytes]) -> Generator[Entry]:
    """Yield the entry of each line that is not blank. Raises CacheError that names the first line which is not one."""
    decoder = msgspec.json.Decoder(Line)
    for number, line in enumerate(source, 1):
        if not line.strip():
            continue
        try:
            if len(line) > MOST_BYTES:
                raise msgspec.ValidationError(f"It is longer than {MOST_BYTES:,} bytes")
            entry = decoder.decode(line).entry
            msgspec.json.encode(entry)  # half a surrogate pair is no text that could be stored
            if entry.hits > MOST_HITS:
                raise msgspec.ValidationError("Nobody used an answer that often")
        except (msgspec.DecodeError, UnicodeError) as error:
            raise CacheError(
                f"Line {number} is no exported answer.",
                why=f"{error}.",
                todo=f'Lines are written by `optafly cache export` and begin with {{"format":"{FORMAT}".',
            ) from error
        yield entry


def add(connection: sqlite3.Connection, source: Iterable[bytes], max_entries: int, max_bytes: int) -> Imported:
    """Add the entries of exported lines, but for those whose id or key is there already.

    Written in batches, each all or nothing. Raises CacheError that names the line which is wrong, after the batches
    before it.
    """
    added = skipped = 0
    rest = entries(source)
    try:
        while batch := list(islice(rest, BATCH)):
            with store.transaction(connection):
                new = [each for each in batch if store.add_new(connection, each)]
            added, skipped = added + len(new), skipped + len(batch) - len(new)
    except CacheError as error:
        raise CacheError(
            error.what, why=error.why, todo=f"{added:,} answers of the lines before it were added."
        ) from error
    with store.transaction(connection):
        make_room(connection, newest=0, max_entries=max_entries, max_bytes=max_bytes, now_s=time.time())
    store.settle(connection)
    return Imported(added=added, skipped=skipped)


def backup(path: Path, target: Path, *, force: bool) -> Copied:
    """Write a checked copy of the database at `path`, which others may go on using, to `target`, private to the user.

    Raises CacheError where `target` is there already and `force` is not given, or where the copy is not whole.
    """
    if target.exists() and not force:
        raise CacheError(f"{target} is there already.", todo="Name another file, or give --force.")
    new = beside(target)
    try:
        with closing(storage.connect(path)) as source:
            source.execute("BEGIN")  # what is counted is what is copied
            expected = store.count(source)
            _copy(source, new)
        found = _checked(new)
        if found != expected:
            raise storage.Damage(f"it has {found:,} of {expected:,} answers")
        _finish(new, target, force=force)
        _sync_folder(target.parent)
        return Copied(file=str(target), size_bytes=target.stat().st_size, entries=found)
    except (sqlite3.Error, OSError) as error:
        raise CacheError(
            f"No backup was written to {target}.", why=f"{error}.", todo="Name a place with room."
        ) from error
    finally:
        salvage.remove(new)


def _finish(new: Path, target: Path, *, force: bool) -> None:
    if not force:
        try:
            os.link(new, target)  # fails where somebody else wrote it meanwhile
            return
        except OSError:  # or where a file cannot have two names, as on many a stick that backups go to
            if target.exists():
                raise
    new.replace(target)


def restore(path: Path, source: Path) -> Copied:
    """Put a checked copy of the database file `source` in the place of the one at `path`, which is set aside.

    Servers that run notice, and go on with the restored one. Raises CacheError, with nothing changed, where `source` is
    no whole database of this or an earlier version.
    """
    if not source.is_file():
        raise CacheError(f"There is no file {source}.")
    new = beside(path)
    try:
        make_private(path.parent)
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            _copy(opened, new)
        _checked(new, tables=False)
        storage.upgrade(new)
        found = _checked(new)
        with salvage.opening(path, alone=True):
            aside = salvage.unused_name(path, "replaced")
            salvage.put_in_place(new, path, aside)
        _sync_folder(path.parent)
    except (sqlite3.Error, OSError) as error:
        raise CacheError(
            f"{source} cannot be restored; nothing was changed.",
            why=f"{error}.",
            todo="Name a file that `optafly cache backup` wrote.",
        ) from error
    finally:
        salvage.remove(new)
    replaced = str(aside) if aside.exists() else None
    return Copied(file=str(path), size_bytes=path.stat().st_size, entries=found, aside=replaced)


def vacuum(connection: sqlite3.Connection, now_s: float) -> int:
    """Delete what has expired, give unused space back to the disk, and return how many entries went."""
    gone = store.forget_expired(connection, now_s)
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return gone


def beside(target: Path) -> Path:
    """Return the name that a copy has until it is whole."""
    return target.with_name(f"{target.name}.new-{os.getpid()}")


def _copy(source: sqlite3.Connection, new: Path) -> None:
    """Copy a database into a new private file, on the disk when this returns."""
    salvage.remove(new)
    os.close(os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(new, isolation_level=None)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    descriptor = os.open(new, os.O_RDWR)  # Windows syncs only what may be written
    os.fsync(descriptor)
    os.close(descriptor)


def _checked(file: Path, *, tables: bool = True) -> int:
    """Return the entries in a database (0 without `tables`). Raises sqlite3.DatabaseError where it is damaged."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        storage.checked(str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0]))
        if not connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'entry'").fetchone()[0]:
            raise storage.Damage("it holds no answers of OptaFly")
        return store.count(connection) if tables else 0


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # not every system lets a folder be opened
        descriptor = os.open(folder, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
