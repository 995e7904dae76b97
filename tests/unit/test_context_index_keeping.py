"""The index on disk is a view: damaged, full, read-only or shared, it costs time and nothing else."""

from __future__ import annotations

import errno
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from fakes.indexing import index, many, until, write
from optafly.context.index import root as root_index
from optafly.context.index import store
from optafly.context.index.keeping import Keeping
from optafly.context.index.place import file_of, parameters, tidy
from optafly.context.index.store import File, Store
from optafly.context.index.unkept import why_unkept
from optafly.context.index.walk import Stamp

STAMP = Stamp(1, 2, 3)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small workspace."""
    folder = tmp_path / "workspace"
    write(folder, many(12))
    return folder


@pytest.mark.parametrize("at", [0, 20, 100, 4_096, 9_000, 20_000, 30_000])
def test_a_damaged_file_is_thrown_away_and_made_again(root: Path, file: Path, at: int) -> None:
    with index(root, file) as one:
        whole = one.view.paths
    data = bytearray(file.read_bytes())
    at = min(at, len(data) - 600)
    data[at : at + 600] = b"\xa5" * 600
    file.write_bytes(data)
    with index(root, file) as one:
        assert one.view.paths == whole
        assert one.status().state == "ready"
    with index(root, file) as one:
        assert one.view.paths == whole
    connection = sqlite3.connect(file)
    assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    connection.close()


def test_one_changed_bit_in_what_was_read_is_noticed(root: Path, file: Path) -> None:
    with index(root, file):
        pass
    connection = sqlite3.connect(file)
    connection.execute("UPDATE content SET value = CAST(substr(value, 1, length(value) - 1) || x'00' AS BLOB)")
    connection.commit()
    connection.close()
    with index(root, file) as one:
        assert one.status().files == 12
        assert one.view.symbols == 12


def test_a_schema_that_is_no_text_is_damage(root: Path, file: Path) -> None:
    with index(root, file) as one:
        whole = one.view.paths
    damaged = file.read_bytes().replace(b"indexfile_seqfile", b"indexfil\xcc_seqfile")
    file.write_bytes(damaged.replace(b"CREATE INDEX file_seq", b"CREATE INDEK file_seq"))
    with index(root, file) as one:
        assert one.view.paths == whole
        assert one.status().state == "ready"


def test_values_that_belong_together_are_kept_together_or_not_at_all(file: Path) -> None:
    store = Store(file, "1", write=True)
    store.keep({"head": b"1", "rules": b"1"})
    with pytest.raises(sqlite3.IntegrityError):
        store.keep({"head": b"2", "rules": None})  # pyright: ignore[reportArgumentType]  ends it half-way
    assert (store.meta("head"), store.meta("rules")) == (b"1", b"1")
    store.close()


def test_an_index_made_with_other_parameters_is_made_anew(root: Path, file: Path) -> None:
    with index(root, file, parameters="terms 1"):
        pass
    with index(root, file, parameters="terms 2") as one:
        assert one.status().files == 12
    store = Store(file, "terms 2", write=False)
    assert len(store.files()) == 12
    store.close()


def test_where_nothing_can_be_written_the_index_lives_in_memory_and_says_so(root: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    with index(root, tmp_path / "taken" / "one.db") as one:
        status = one.status()
        assert (status.state, status.files, status.file) == ("ready", 12, "")
        assert "in memory only" in status.message
        assert f"{tmp_path / 'taken'} is no folder, and one is needed there; move it away" in status.message
        write(root, {"pkg0/mod0.py": "def other():\n    pass\n"})
        until(lambda: [d.name for d in getattr(one.view.entry("pkg0/mod0.py"), "outline").definitions] == ["other"])  # noqa: B009


def refused(statement: str, place: str = ":memory:") -> sqlite3.Error:
    """Return what SQLite says to a statement in a database of at most two pages."""
    with closing(sqlite3.connect(place, uri=True)) as connection:
        connection.execute("PRAGMA max_page_count=2")
        with pytest.raises(sqlite3.Error) as said:
            connection.execute(statement)
    return said.value


def test_why_an_index_cannot_be_kept_is_said_in_plain_words_with_what_to_do_next(tmp_path: Path) -> None:
    file = tmp_path / "one.db"
    file.touch()
    full = f"the disk with {tmp_path} is full; free space on it, then restart OptaFly"
    closed = f"{tmp_path} cannot be written to; make it writable, or set OPTAFLY_HOME to another folder"
    for error, words in (
        (OSError(errno.ENOSPC, "No space left on device"), full),
        (refused("CREATE TABLE t AS SELECT randomblob(99999)"), full),
        (OSError(errno.EROFS, "Read-only file system", str(tmp_path)), closed),
        (OSError(errno.EACCES, "Permission denied"), closed),
        (refused("CREATE TABLE t (v)", f"{file.as_uri()}?mode=ro"), closed),
        (OSError(errno.EIO, "Input/output error"), f'{file} cannot be used ("Input/output error"); check the disk'),
        (sqlite3.OperationalError("disk I/O error"), f'{file} cannot be used ("disk I/O error"); check the disk'),
    ):
        assert words in why_unkept(file, error)
        assert "Errno" not in why_unkept(file, error)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
@pytest.mark.parametrize("limit", [0, 60_000])
def test_a_full_disk_leaves_an_index_in_memory(tmp_path: Path, limit: int) -> None:
    folder = tmp_path / "many"
    write(folder, many(400))
    code = (
        "import resource, sys; from pathlib import Path; from fakes.indexing import index\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
        f"with index(Path({str(folder)!r}), Path({str(tmp_path / 'full' / 'one.db')!r})) as one:\n"
        "    status = one.status(); print(status.state, status.files, 'in memory only' in status.message)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["ready", "400", "True"], done.stderr


def test_what_another_program_has_locked_is_kept_again_once_it_lets_go(
    root: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with index(root, file):
        pass
    monkeypatch.setattr(store, "BUSY_S", 0.05)
    monkeypatch.setattr(root_index, "LOCKED_S", 0.1)
    said: list[str] = []

    def tried(path: Path, parameters: str, *, write: bool) -> Store:
        said.append(one.status().message)
        return Store(path, parameters, write=write)

    with closing(sqlite3.connect(file, isolation_level=None)) as program:
        program.execute("BEGIN IMMEDIATE")
        with index(root, file) as one:
            assert f"in memory only until another program lets go of {file}" in one.status().message
            monkeypatch.setattr("optafly.context.index.keeping.Store", tried)
            until(lambda: len(said) >= 2, "two more tries")
            assert all("in memory only" in each for each in said)
            write(root, {"late.py": "def late():\n    pass\n"})
            until(lambda: one.view.entry("late.py"))
            program.execute("ROLLBACK")
            late = "SELECT count(*) FROM file WHERE path = 'late.py'"
            until(lambda: program.execute(late).fetchone() == (1,), "kept")
            until(lambda: one.role == "writer" and one.status().state == "ready" and one.view.entry("late.py"))
            assert not one.status().message


def test_two_on_one_root_one_writes_and_the_other_follows_and_takes_over(root: Path, file: Path) -> None:
    with index(root, file) as writer, index(root, file) as follower:
        assert follower.view.paths == writer.view.paths
        assert (writer.role, follower.role) == ("writer", "follower")
        write(root, {"new.py": "def fresh():\n    pass\n"})
        (root / "pkg0/mod0.py").unlink()
        until(lambda: "new.py" in follower.view.paths and "pkg0/mod0.py" not in follower.view.paths)
        writer.close()
        until(lambda: follower.role == "writer")
        write(root, {"later.py": "def later():\n    pass\n"})
        until(lambda: "later.py" in follower.view.paths)


def test_a_follower_survives_that_the_writer_begins_anew(root: Path, file: Path) -> None:
    with index(root, file) as writer, index(root, file) as follower:
        connection = sqlite3.connect(file)
        connection.execute("UPDATE content SET checksum = 0")
        connection.commit()
        connection.close()
        writer.look()
        write(root, {"one.py": "x = 1"})
        until(lambda: "one.py" in writer.view.paths)
        until(lambda: "one.py" in follower.view.paths and follower.view.files == 13)


def test_what_one_wrote_the_other_reads_in_order(file: Path) -> None:
    writer, follower = Keeping(file, "1"), Keeping(file, "1")
    writer.open()
    follower.open()
    assert (writer.role, follower.role) == ("writer", "follower")
    follower.news()
    writer.write({"a": File(STAMP, b"1"), "b": File(STAMP, b"2")}, {b"1": b"one"}, {b"1": b"vec"})
    news = follower.news()
    assert news is not None
    assert (set(news.files), news.vectors) == ({"a", "b"}, {b"1": b"vec"})
    writer.write({"a": None})
    news = follower.news()
    assert news is not None
    assert (news.files, news.vectors) == ({"a": None}, {})
    assert follower.news() is None
    assert follower.content(b"1") == b"one"
    writer.clean()
    assert follower.content(b"2") is None
    follower.shut()
    writer.shut()


def test_the_same_root_through_a_link_has_the_same_file_and_other_patterns_another(tmp_path: Path, root: Path) -> None:
    (tmp_path / "link").symlink_to(root)
    made_with = parameters()
    assert file_of(tmp_path, root, (), made_with) == file_of(tmp_path, tmp_path / "link", (), made_with)
    assert file_of(tmp_path, root, ("*.sql",), made_with) != file_of(tmp_path, root, (), made_with)
    assert "tree-sitter-python" in made_with


def test_an_index_of_an_older_version_is_removed_unless_somebody_uses_it(tmp_path: Path, root: Path) -> None:
    old, new = file_of(tmp_path, root, (), "old"), file_of(tmp_path, root, (), "new")
    used = Keeping(old, "old")
    used.open()
    tidy(new)
    assert old.exists()
    used.shut()
    tidy(new)
    assert not old.exists()
