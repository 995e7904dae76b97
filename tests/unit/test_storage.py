"""The database: private, durable, migrated, and set aside rather than lost when it is damaged."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from pathlib import Path

import pytest

from optafly.errors import StorageError
from optafly.storage import MIGRATIONS, Database, connect


def test_the_database_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "optafly.db"
    connect(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_it_is_in_wal_mode_and_syncs_fully(tmp_path: Path) -> None:
    connection = connect(tmp_path / "optafly.db")
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
    connection.close()


def test_a_newer_schema_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "optafly.db"
    connection = connect(path)
    connection.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StorageError, match="newer OptaFly"):
        connect(path)
    assert path.read_bytes() == before


def test_a_place_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "optafly.db").mkdir()
    with pytest.raises(StorageError, match="cannot be used"):
        connect(tmp_path / "optafly.db")


async def test_what_was_written_is_there_for_the_next_process(tmp_path: Path) -> None:
    first = Database(tmp_path / "optafly.db")
    await first.run(lambda c: c.execute("INSERT INTO event (at_s, kind, project) VALUES (1, 'answered', '')"))
    second = Database(tmp_path / "optafly.db")
    count = await second.run(lambda c: c.execute("SELECT count(*) FROM event").fetchone()[0])
    assert count == 1
    await first.close()
    await second.close()


def test_what_is_deleted_is_overwritten(tmp_path: Path) -> None:
    connection = connect(tmp_path / "optafly.db")
    connection.execute("INSERT INTO event (at_s, kind, project) VALUES (1, 'answered', 'a-name-to-look-for')")
    connection.execute("DELETE FROM event")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"a-name-to-look-for" not in (tmp_path / "optafly.db").read_bytes()
    connection.close()


async def test_sqlites_own_errors_become_ours(tmp_path: Path) -> None:
    database = Database(tmp_path / "optafly.db")
    with pytest.raises(StorageError, match="no such table"):
        await database.run(lambda c: c.execute("SELECT * FROM nowhere"))
    await database.close()


async def test_two_processes_that_start_at_once_migrate_once(tmp_path: Path) -> None:
    def version(connection: sqlite3.Connection) -> int:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])

    for attempt in range(10):
        databases = [Database(tmp_path / f"optafly-{attempt}.db") for _ in range(8)]
        assert set(await asyncio.gather(*(each.run(version) for each in databases))) == {len(MIGRATIONS)}
        await asyncio.gather(*(each.close() for each in databases))
