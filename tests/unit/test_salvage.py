"""A damaged database is set aside and kept, what can be read of it goes on, and nobody's new one is lost."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from fakes.answers import completion, entry, key
from optafly.cache import store
from optafly.cache.cache import Cache
from optafly.salvage import identity, opening, renew, set_aside
from optafly.storage import MIGRATIONS, Database, connect

TESTS = Path(__file__).parents[1]
PAGE = 4096


def fill(path: Path, count: int) -> None:
    connection = connect(path)
    for number in range(count):
        row = entry(f"question {number}", id=str(number), answer=f"answer {number} " * 100)
        store.insert(connection, row, None, max_entries=10**6, max_bytes=10**9, now_s=1000.0)
    connection.close()


def damage_leaves(path: Path, table: str, pages: int) -> None:
    """Overwrite some pages that hold rows of `table`, in the middle of it."""
    connection = sqlite3.connect(path)
    try:
        found = [page for (page,) in connection.execute("SELECT pageno FROM dbstat WHERE name = ?", (table,))]
    except sqlite3.OperationalError:  # SQLite was built without that table
        found = list(range(20, path.stat().st_size // PAGE - 20))
    connection.close()
    with path.open("r+b") as file:
        for page in found[len(found) // 2 : len(found) // 2 + pages]:
            file.seek((page - 1) * PAGE)
            file.write(b"\xff" * PAGE)


def ids(path: Path) -> set[str]:
    connection = connect(path)
    found = {row["id"] for row in connection.execute("SELECT id FROM entry")}
    connection.close()
    return found


def test_a_file_that_is_no_database_is_set_aside_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "optafly.db"
    path.write_bytes(b"not a database at all" * 100)
    connect(path).close()
    (found,) = set_aside(path)
    assert Path(found.file).read_bytes() == b"not a database at all" * 100
    assert sum(found.saved.values()) == 0
    assert "rows saved from it: none; how many were lost cannot be told" in str(found)


async def test_what_can_be_read_of_a_damaged_database_is_saved(tmp_path: Path) -> None:
    path = tmp_path / "optafly.db"
    fill(path, 300)
    damage_leaves(path, "entry", 3)
    database = Database(path)
    await database.examine()
    left = await database.run(lambda c: {row["id"] for row in c.execute("SELECT id FROM entry")})
    await database.close()
    (found,) = set_aside(path)
    assert 250 < len(left) < 300
    assert found.saved["entry"] == len(left)
    assert found.lost["entry"] == 300 - len(left)
    assert f"lost: at most {300 - len(left)} of `entry`" in str(found)
    assert sorted(tmp_path.glob("*.new-*")) == sorted(tmp_path.glob(".salvage-*")) == []


def test_a_page_with_the_newest_proposals_costs_those_alone(tmp_path: Path) -> None:
    path = tmp_path / "optafly.db"
    connection = connect(path)
    for number in range(200):
        row = (f"p{number}", b"x" * 1500, number)
        connection.execute("INSERT INTO proposal VALUES (?, 'proposed', ?, 1, ?)", row)
    pages = "SELECT pageno FROM dbstat WHERE name = 'proposal' AND pagetype = 'leaf' ORDER BY path DESC"
    try:
        (last,) = connection.execute(pages).fetchone()
    except sqlite3.OperationalError:
        pytest.skip("SQLite was built without dbstat")
    finally:
        connection.close()
    with path.open("r+b") as file:
        file.seek((last - 1) * PAGE)
        file.write(b"\xff" * PAGE)
    renew(path, identity(path), "a test", lambda new: connect(new).close())
    (found,) = set_aside(path)
    assert 190 < found.saved["proposal"] < 200


def test_where_no_index_can_be_read_as_many_are_told_lost_as_numbers_have_no_row_to_be_read(tmp_path: Path) -> None:
    path = tmp_path / "optafly.db"
    fill(path, 300)
    connection = connect(path)
    connection.execute("DELETE FROM entry WHERE seq % 2")
    connection.execute("DROP INDEX entry_exact")
    connection.execute("DROP INDEX entry_vector")
    connection.execute("DROP INDEX entry_value")
    connection.close()
    damage_leaves(path, "entry", 3)
    damage_leaves(path, "sqlite_autoindex_entry_1", 1)
    renew(path, identity(path), "a test", lambda new: connect(new).close())
    (found,) = set_aside(path)
    assert found.saved["entry"] < 150
    assert found.lost["entry"] > 150 - found.saved["entry"]  # the deleted ones had numbers among the others


def test_nothing_is_told_lost_of_a_database_that_only_lost_its_header(tmp_path: Path) -> None:
    path = tmp_path / "optafly.db"
    fill(path, 50)
    with path.open("r+b") as file:
        file.write(b"\xaa" * 16)
    assert len(ids(path)) == 50
    (found,) = set_aside(path)
    assert str(found).endswith("; none lost.")


def test_an_earlier_report_does_not_tell_what_was_lost(tmp_path: Path) -> None:
    path = tmp_path / "optafly.db"
    aside = tmp_path / "optafly.db.damaged-1"
    aside.touch()
    report = b'{"file": "optafly.db.damaged-1", "at_s": 1.0, "why": "x", "saved": {"entry": 2}}'
    (tmp_path / "optafly.db.damaged-1.json").write_bytes(report)
    (found,) = set_aside(path)
    assert str(found).endswith("rows saved from it: 2 of `entry`; how many were lost cannot be told.")


async def test_damage_that_is_met_in_the_middle_of_work_does_not_end_it(tmp_path: Path) -> None:
    path = tmp_path / "optafly.db"
    fill(path, 300)
    database = Database(path)
    cache = Cache(database)
    assert await cache.count() == 300
    damage_leaves(path, "entry", 3)
    assert len(await cache.entries(limit=10**6)) > 250
    kept = await cache.remember(key("another"), "another", completion(), None, 1.0)
    assert kept.id in ids(path)
    await database.close()


async def test_the_newest_answers_are_saved_from_the_log_of_a_damaged_database(tmp_path: Path) -> None:
    path = tmp_path / "optafly.db"
    fill(path, 20)
    child = "import os, sys; from fakes.remembering import one; one(sys.argv[1]); os._exit(9)"
    subprocess.run([sys.executable, "-c", child, str(path)], env={**os.environ, "PYTHONPATH": str(TESTS)}, check=False)
    assert path.with_name("optafly.db-wal").stat().st_size
    with path.open("r+b") as file:
        file.seek(8 * PAGE)
        file.write(b"\xff" * PAGE)
    database = Database(path)
    await database.examine()
    await database.close()
    left = ids(path)
    assert len(set_aside(path)) == 1
    assert "the newest" in left


async def test_a_log_cut_short_under_those_who_use_it_costs_what_was_cut_and_nothing_more(tmp_path: Path) -> None:
    path = tmp_path / "optafly.db"
    fill(path, 20)
    other = connect(path)  # as another window has it: what it knows of the log outlives who notices
    other.execute("PRAGMA wal_autocheckpoint=0")
    for number in range(200):
        row = entry(f"later {number}", id=f"later {number}", answer="a long answer " * 500)
        store.insert(other, row, None, max_entries=10**6, max_bytes=10**9, now_s=1000.0)
    database = Database(path)
    cache = Cache(database)
    assert await cache.count() == 220
    log = path.with_name("optafly.db-wal")
    os.truncate(log, log.stat().st_size // 2)
    kept = await cache.remember(key("after"), "after", completion(), None, 1.0)
    assert await cache.get(kept.id) == kept
    assert len(await cache.entries(limit=1000)) > 80
    assert len(set_aside(path)) == 1
    other.close()
    await database.close()


@pytest.mark.parametrize("lost", [16, 100, PAGE])
def test_a_lost_beginning_does_not_cost_the_rest(tmp_path: Path, lost: int) -> None:
    path = tmp_path / "optafly.db"
    fill(path, 50)
    with path.open("r+b") as file:
        file.write(b"\xaa" * lost)
    assert ids(path) == {str(number) for number in range(50)}


async def test_an_answer_whose_text_changed_on_the_disk_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "optafly.db"
    database = Database(path)
    cache = Cache(database)
    kept = await cache.remember(key("why?"), "why?", completion("It is 30, not 60."), None, 1.0)
    other = await cache.remember(key("how?"), "how?", completion("So."), None, 1.0)
    await database.close()
    content = path.read_bytes()
    path.write_bytes(content.replace(b"It is 30, not", b"It is 31, not"))
    database = Database(path)
    cache = Cache(database)
    assert (await cache.lookup(key("why?"))).outcome == "miss"
    assert await cache.get(kept.id) is None
    assert await cache.entries() == (other,)
    await database.close()


@pytest.mark.parametrize("version", [-1, 5000, 0])
def test_a_schema_version_that_cannot_be_is_damage(tmp_path: Path, version: int) -> None:
    path = tmp_path / "optafly.db"
    fill(path, 5)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version={version}")
    connection.close()
    assert ids(path) == {"0", "1", "2", "3", "4"}
    assert len(set_aside(path)) == 1


def test_a_table_that_is_not_there_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "optafly.db"
    fill(path, 5)
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE label")
    connection.close()
    assert len(ids(path)) == 5


def first_version(path: Path, *rows: tuple[str, bytes | None]) -> None:
    connection = sqlite3.connect(path)
    for statement in MIGRATIONS[0]:
        connection.execute(statement)
    as_the_first_version_did(connection, *rows)
    connection.execute("PRAGMA user_version=1")
    connection.commit()
    connection.close()


def as_the_first_version_did(connection: sqlite3.Connection, *rows: tuple[str, bytes | None]) -> None:
    for row, vector in rows:
        connection.execute(
            "INSERT INTO entry (id, namespace, fingerprint, intent, normalised, prompt, answer, model, usage,"
            " latency_ms, created_at_s, used_at_s, embedder, vector)"
            " VALUES (?, 'n', 'f', ?, ?, ?, 'Because.', 'm', x'7b7d', 1, 1, 1, 'e', ?)",
            (row, row, row, row, vector),
        )


@pytest.mark.parametrize("lost", [16, 100])
def test_what_is_saved_of_a_damaged_database_of_the_first_version_can_be_used(tmp_path: Path, lost: int) -> None:
    path = tmp_path / "optafly.db"
    first_version(path, *((f"{number}", struct.pack("<2f", 1.0, -0.5)) for number in range(50)))
    with path.open("r+b") as file:
        file.write(b"\xff" * lost)
    mended = connect(path)
    assert [each.answer for each in store.page(mended, None, "", 100, 0)] == ["Because."] * 50
    assert store.damaged(mended) == 0
    vectors = {(row["embedder"], row["vector"]) for row in mended.execute("SELECT embedder, vector FROM entry")}
    assert vectors <= {(None, None), ("e", struct.pack("<2e", 1.0, -0.5))}
    mended.close()


def test_what_a_process_of_the_first_version_goes_on_writing_is_used_after_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "optafly.db"
    connect(path).close()
    old = sqlite3.connect(path, isolation_level=None)
    as_the_first_version_did(old, ("one", struct.pack("<2f", 1.0, -0.5)))
    old.close()
    connection = connect(path)
    assert [each.answer for each in store.page(connection, None, "", 10, 0)] == ["Because."]
    connection.close()


def test_a_database_of_the_first_version_keeps_its_answers_and_their_vectors(tmp_path: Path) -> None:
    path = tmp_path / "optafly.db"
    first_version(path, ("one", struct.pack("<2f", 1.0, -0.5)), ("two", None), ("three", b"odd"))
    migrated = connect(path)
    rows = migrated.execute("SELECT id, vector, size_bytes FROM entry ORDER BY seq").fetchall()
    assert [tuple(row) for row in rows] == [
        ("one", struct.pack("<2e", 1.0, -0.5), 3 + 3 + 8 + 4),
        ("two", None, 3 + 3 + 8),
        ("three", None, 5 + 5 + 8),
    ]
    assert [each.answer for each in store.page(migrated, None, "", 10, 0)] == ["Because."] * 3
    assert store.without_vector(migrated, "e", None) == (3, "three")  # and so it is made again
    migrated.close()
    assert set_aside(path) == ()


async def test_two_processes_that_meet_a_damaged_file_do_not_lose_each_others_new_one(tmp_path: Path) -> None:
    path = tmp_path / "optafly.db"
    for attempt in range(5):
        path.write_bytes(b"not a database at all" * 100)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        code = "import sys; from fakes.remembering import one; one(sys.argv[1], sys.argv[2])"
        names = [f"{attempt} {number}" for number in range(4)]
        writers = [
            await asyncio.create_subprocess_exec(
                sys.executable, "-c", code, str(path), name, env={**os.environ, "PYTHONPATH": str(TESTS)}
            )
            for name in names
        ]
        assert [await each.wait() for each in writers] == [0] * len(writers)
        assert ids(path) == set(names)
        assert len(set_aside(path)) == attempt + 1


async def test_who_holds_the_old_database_writes_into_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "optafly.db"
    fill(path, 3)
    mine, others = Cache(Database(path)), Database(path)
    assert await mine.count() == 3
    with path.open("r+b") as file:
        file.write(b"\x00" * 16)
    assert await others.run(lambda c: c.execute("SELECT count(*) FROM entry").fetchone()[0]) == 3
    kept = await mine.remember(key("after that"), "after that", completion(), None, 1.0)
    assert kept.id in ids(path)
    await others.close()


async def test_whatever_byte_is_wrong_the_next_answer_is_kept(tmp_path: Path) -> None:
    rng = random.Random(3)
    original = tmp_path / "original.db"
    fill(original, 40)
    content = original.read_bytes()
    for number in range(40):
        path = tmp_path / f"{number}" / "optafly.db"
        path.parent.mkdir()
        changed = bytearray(content)
        for _ in range(rng.choice([1, 8, 200])):
            changed[rng.randrange(rng.choice([100, len(content)]))] ^= 1 << rng.randrange(8)
        path.write_bytes(changed[: rng.choice([len(changed), rng.randrange(len(changed))])])
        database = Database(path)
        cache = Cache(database)
        await cache.lookup(key("question 7"))
        await cache.entries(limit=10**6)
        kept = await cache.remember(key("another"), "another", completion(), None, 1.0)
        assert await cache.get(kept.id) is not None
        await database.close()


async def test_nobody_opens_a_database_while_its_files_change_names(tmp_path: Path) -> None:
    path = tmp_path / "optafly.db"
    database = Database(path)
    with opening(path, alone=True):
        waiting = asyncio.create_task(database.run(lambda c: c.execute("SELECT 1").fetchone()[0]))
        await asyncio.sleep(0.1)
        assert not waiting.done()
    assert await waiting == 1
    await database.close()
