"""The database: private, durable, migrated, and set aside rather than lost when it is damaged."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from optafly.errors import StorageError
from optafly.storage import BUSY_S, MIGRATIONS, Database, connect


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


async def test_an_error_lets_go_of_no_lock_so_that_nobody_removes_the_log_that_is_written_to(tmp_path: Path) -> None:
    database = Database(tmp_path / "optafly.db")
    add = "INSERT INTO event (at_s, kind, project) VALUES (1, 'answered', '')"
    await database.run(lambda c: c.execute(add).rowcount)
    with pytest.raises(StorageError):
        await database.run(lambda c: c.execute("SELECT nothing FROM nowhere").fetchall())
    assert count_in_another_process(database.path) == 1  # which closes it, and thinks that it was the last
    await database.run(lambda c: c.execute(add).rowcount)
    assert count_in_another_process(database.path) == 2
    await database.close()


def test_a_second_connection_of_one_process_lets_go_of_no_lock_of_the_first(tmp_path: Path) -> None:
    path = tmp_path / "optafly.db"
    first = connect(path)
    first.execute("INSERT INTO event (at_s, kind, project) VALUES (1, 'answered', '')")
    second = connect(path)
    assert count_in_another_process(path) == 1
    first.execute("INSERT INTO event (at_s, kind, project) VALUES (1, 'answered', '')")
    assert count_in_another_process(path) == 2
    first.close()
    second.close()


def count_in_another_process(path: Path) -> int:
    look = (
        "import sys; from pathlib import Path; from optafly.storage import connect; c = connect(Path(sys.argv[1]));"
        "print(c.execute('SELECT count(*) FROM event').fetchone()[0]); c.close()"
    )
    return int(subprocess.run([sys.executable, "-c", look, str(path)], check=True, capture_output=True).stdout)


async def test_a_folder_that_is_a_file_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    database = Database(tmp_path / "file" / "optafly.db")
    with pytest.raises(StorageError, match="cannot be used"):
        await database.run(lambda c: None)
    await database.close()


def test_a_log_that_cannot_be_opened_is_said_at_once(tmp_path: Path) -> None:
    connect(tmp_path / "optafly.db").close()
    (tmp_path / "optafly.db-wal").mkdir()
    began = time.monotonic()
    with pytest.raises(StorageError, match="cannot be used"):
        connect(tmp_path / "optafly.db")
    assert time.monotonic() - began < BUSY_S / 2
