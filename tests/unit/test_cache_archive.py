"""Answers go out and come back as lines, databases as checked files, and nothing that is there is ever lost."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.answers import completion, entry, key
from optafly.cache import archive, store
from optafly.cache.cache import Cache
from optafly.cache.summary import summary
from optafly.domain import Entry, Source
from optafly.errors import CacheError, StorageError
from optafly.storage import MIGRATIONS, Database, connect

MOST = (10**6, 10**9)


def keep(connection: sqlite3.Connection, *entries: Entry) -> None:
    for each in entries:
        store.insert(connection, each, None, max_entries=10**6, max_bytes=10**9, now_s=1000.0)


def page(connection: sqlite3.Connection) -> tuple[Entry, ...]:
    return store.page(connection, None, "", 1000, 0)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = connect(tmp_path / "optafly.db")
    yield connection
    connection.close()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = connect(tmp_path / "other" / "optafly.db")
    yield connection
    connection.close()


TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT, TEXT, st.booleans(), st.none() | st.floats(0, 2e9))
def test_what_is_exported_comes_back_as_it_was(prompt: str, answer: str, pinned: bool, expires_at_s: float) -> None:
    given_ = msgspec.structs.replace(entry(prompt, answer=answer), pinned=pinned, expires_at_s=expires_at_s, hits=3)
    (line,) = [msgspec.json.encode(archive.Line(format=archive.FORMAT, entry=given_))]
    assert list(archive.entries([line])) == [given_]
    assert b"\n" not in line


def test_every_answer_goes_from_one_database_to_another_once(
    database: sqlite3.Connection, other: sqlite3.Connection
) -> None:
    rows = [entry(f"why {n}?", id=str(n)) for n in range(archive.BATCH + 3)]
    rows[0] = msgspec.structs.replace(
        rows[0], sources=(Source(path="a.py", symbol=None, fingerprint="f", text="x = 1\n"),)
    )
    keep(database, *rows)
    lines = list(archive.lines(database))
    assert all(json.loads(line)["format"] == archive.FORMAT for line in lines)
    assert archive.add(other, lines, *MOST) == archive.Imported(added=len(rows), skipped=0)
    assert archive.add(other, lines, *MOST) == archive.Imported(added=0, skipped=len(rows))
    assert page(other) == page(database)


def test_an_answer_to_the_same_prompt_is_not_replaced(database: sqlite3.Connection, other: sqlite3.Connection) -> None:
    keep(database, entry("why?", id="theirs"))
    keep(other, entry("Why?", id="mine"))
    assert archive.add(other, archive.lines(database), *MOST).skipped == 1
    assert [each.id for each in page(other)] == ["mine"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"no json\n", "malformed"),
        (b'{"format": "optafly.cache/2"}\n', "format"),
        (b'{"format": "optafly.cache/1", "entry": {"id": 3}}\n', "id"),
        (b"\xff\xfe\n", ""),
        (b"{}\n", "format"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_of_its_batch_is_kept(
    database: sqlite3.Connection, line: bytes, why: str
) -> None:
    good = [msgspec.json.encode(archive.Line(format=archive.FORMAT, entry=entry("why?")))]
    with pytest.raises(CacheError, match=r"Line 3 ") as error:
        archive.add(database, [*good, b"\n", line], *MOST)
    assert why in error.value.why
    assert "0 answers" in error.value.todo
    assert page(database) == ()


@pytest.mark.parametrize("change", [{"hits": 2**63}, {"namespace": "\ud800"}, {"model": "\udfff"}])
def test_a_line_that_no_database_takes_is_named(database: sqlite3.Connection, change: dict[str, object]) -> None:
    line = json.loads(msgspec.json.encode(archive.Line(format=archive.FORMAT, entry=entry("why?"))))
    line["entry"] |= change
    with pytest.raises(CacheError, match=r"Line 1 "):
        archive.add(database, [json.dumps(line).encode()], *MOST)


def no_second_names(file: object, other: object) -> None:
    raise PermissionError(errno.EPERM, "Operation not permitted")


async def test_backups_and_restores_work_where_a_file_has_one_name_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", no_second_names)
    path = tmp_path / "optafly.db"
    running = Cache(Database(path))
    before = await running.remember(key("one"), "one", completion(), None, 1.0)
    archive.backup(path, tmp_path / "copy.db", force=False)
    with pytest.raises(CacheError, match="already"):
        archive.backup(path, tmp_path / "copy.db", force=False)
    after = await running.remember(key("two"), "two", completion(), None, 1.0)
    done = archive.restore(path, tmp_path / "copy.db")
    assert [each.id for each in await running.entries()] == [before.id]
    aside = connect(Path(done.aside or ""))
    assert {each.id for each in page(aside)} == {before.id, after.id}
    aside.close()


def test_a_restore_that_fails_leaves_the_log_with_its_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "optafly.db"
    connection = connect(path)
    archive.backup(path, tmp_path / "copy.db", force=False)
    keep(connection, entry("why?"))  # in the log only

    def fail(file: Path, target: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    for link in (os.link, no_second_names):
        with monkeypatch.context() as patched:
            patched.setattr(os, "link", link)
            patched.setattr(Path, "replace", fail)
            with pytest.raises(CacheError, match="nothing was changed"):
                archive.restore(path, tmp_path / "copy.db")
        again = connect(path)
        assert [each.prompt for each in page(again)] == ["why?"]
        again.close()
        assert list(tmp_path.glob("*.replaced-*")) == []
    connection.close()


def test_an_import_keeps_within_the_limits_of_the_cache(database: sqlite3.Connection) -> None:
    rows = [entry(f"why {n}?", id=str(n)) for n in range(30)]
    lines = [msgspec.json.encode(archive.Line(format=archive.FORMAT, entry=each)) for each in rows]
    archive.add(database, lines, 10, 10**9)
    assert 0 < store.count(database) <= 10


def test_a_backup_is_whole_private_and_never_overwrites(database: sqlite3.Connection, tmp_path: Path) -> None:
    keep(database, entry("why?"))
    target = tmp_path / "backup.db"
    assert archive.backup(tmp_path / "optafly.db", target, force=False).entries == 1
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    keep(database, entry("how?", id="2"))
    with pytest.raises(CacheError, match="there already"):
        archive.backup(tmp_path / "optafly.db", target, force=False)
    assert archive.backup(tmp_path / "optafly.db", target, force=True).entries == 2
    assert sorted(path.name for path in tmp_path.glob("backup*")) == ["backup.db"]


async def test_after_a_restore_a_server_that_runs_goes_on_with_it_and_the_old_one_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "optafly.db"
    database = Database(path)
    cache = Cache(database)
    first = await cache.remember(key("why?"), "why?", completion(), 0.01, 1.0)
    archive.backup(path, tmp_path / "backup.db", force=False)
    later = await cache.remember(key("how?"), "how?", completion(), 0.01, 1.0)
    restored = archive.restore(path, tmp_path / "backup.db")
    assert [each.id for each in await cache.entries()] == [first.id]
    newest = await cache.remember(key("when?"), "when?", completion(), 0.01, 1.0)
    assert [each.id for each in await cache.entries()] == [newest.id, first.id]
    assert restored.aside is not None
    old = connect(Path(restored.aside))
    assert {each.id for each in page(old)} == {first.id, later.id}
    old.close()
    await database.close()


def test_what_is_no_whole_database_is_not_restored(database: sqlite3.Connection, tmp_path: Path) -> None:
    keep(database, *(entry(f"why {n}?", id=str(n)) for n in range(50)))
    good = tmp_path / "backup.db"
    archive.backup(tmp_path / "optafly.db", good, force=False)
    content = good.read_bytes()
    empty, text, cut, holed = (tmp_path / name for name in ("empty.db", "text.db", "cut.db", "holed.db"))
    empty.write_bytes(b"")
    text.write_bytes(b"not a database" * 1000)
    cut.write_bytes(content[: len(content) // 2])
    holed.write_bytes(content[:40_960] + b"\xff" * 4096 + content[45_056:])
    for source in (empty, text, cut, holed, tmp_path / "nowhere.db"):
        with pytest.raises(CacheError) as raised:
            archive.restore(tmp_path / "optafly.db", source)
        assert "***" not in raised.value.why  # SQLite's headline names no fault
    assert len(page(database)) == 50
    assert not list(tmp_path.glob("*.new-*")) + list(tmp_path.glob("*.replaced-*")) + list(tmp_path.glob("*.damaged-*"))


def test_a_backup_of_a_newer_version_is_refused(database: sqlite3.Connection, tmp_path: Path) -> None:
    archive.backup(tmp_path / "optafly.db", tmp_path / "backup.db", force=False)
    newer = sqlite3.connect(tmp_path / "backup.db")
    newer.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
    newer.close()
    with pytest.raises(StorageError, match="newer OptaFly"):
        archive.restore(tmp_path / "optafly.db", tmp_path / "backup.db")


def test_a_vacuum_forgets_what_expired_and_nothing_else(database: sqlite3.Connection) -> None:
    old = msgspec.structs.replace(entry("old?", id="old"), expires_at_s=5.0)
    pinned = msgspec.structs.replace(entry("pinned?", id="pinned"), expires_at_s=5.0, pinned=True)
    keep(database, old, pinned, entry("why?", id="kept"))
    assert archive.vacuum(database, 10.0) == 1
    assert {each.id for each in page(database)} == {"pinned", "kept"}


def test_the_summary_adds_up(database: sqlite3.Connection, tmp_path: Path) -> None:
    keep(database, entry("why?", id="1"), entry("how?", id="2", namespace="other"))
    keep(database, msgspec.structs.replace(entry("when?", id="3"), created_at_s=9e9, expires_at_s=9.0))
    store.hit(database, "1", 1000.0)
    store.pin(database, "2", True)
    found = summary(database, tmp_path / "optafly.db", 2000.0)
    whole = found.whole
    assert (whole.entries, whole.hits, whole.pinned, whole.expired, whole.dated_ahead) == (3, 1, 1, 1, 1)
    assert (whole.saved_usd, whole.saved_s) == (0.02, 1.5)
    assert sum(part.entries for part in found.namespaces) == 3
    assert sum(part.size_bytes for part in found.namespaces) == whole.size_bytes


def optafly(home: Path, *words: str, stdin: bytes = b"") -> tuple[int, str, str]:
    import subprocess

    ran = subprocess.run(
        [sys.executable, "-m", "optafly.cli.main", "cache", *words],
        input=stdin,
        capture_output=True,
        env={**os.environ, "OPTAFLY_HOME": str(home)},
        check=False,
    )
    return ran.returncode, ran.stdout.decode(), ran.stderr.decode()


def test_the_commands_do_it_all(tmp_path: Path) -> None:
    home = tmp_path / "there"
    connection = connect(home / "data" / "optafly.db")
    keep(connection, entry("why?", id="abc"), entry("how?", id="def"))
    connection.close()
    lines = optafly(home, "export", "-")[1]
    assert len(lines.splitlines()) == 2
    exported = tmp_path / "answers.jsonl"
    assert "2 answers" in optafly(home, "export", str(exported))[1]
    assert stat.S_IMODE(exported.stat().st_mode) == 0o600
    assert optafly(home, "export", str(exported))[0] != 0
    new = tmp_path / "new"
    assert json.loads(optafly(new, "import", "-", "--json", stdin=lines.encode())[1]) == {"added": 2, "skipped": 0}
    code, _, err = optafly(new, "import", "-", stdin=b"{}\n")
    assert code != 0
    assert "Line 1" in err
    assert "Written and checked: 2 answers" in optafly(home, "backup", str(tmp_path / "b.db"))[1]
    assert optafly(home, "pin", "abc")[1] == "Pinned: why?\n"
    assert json.loads(optafly(home, "stats", "--json")[1])["whole"]["pinned"] == 1
    assert "Restored and checked: 2 answers" in optafly(home, "restore", str(tmp_path / "b.db"))[1]
    assert "pinned 0" in optafly(home, "stats")[1]
    assert "before" in optafly(home, "vacuum")[1]
