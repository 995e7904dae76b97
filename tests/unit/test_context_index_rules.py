"""What the ignore rules exclude is found by nobody from that moment on, and nothing of it stays on the disk."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from fakes.indexing import READERS, WAIT_S, Deaf, commit, git, index, many, until, write
from optafly.context.answering import complete, find_files, gather
from optafly.context.index.files import hash_of
from optafly.context.index.helpers import Helpers, Job
from optafly.context.index.place import file_of, tidy
from optafly.context.index.root import RootIndex
from optafly.context.index.store import Store
from optafly.context.index.vectors import Vectors
from optafly.context.index.walk import Walk
from optafly.context.wire import Complete, Search
from optafly.domain import Snapshot

LATE = "optafly.context.index.judging.LATE_S"
SECRET = "def launch_code():\n    return 'zebra'\n"
OPEN = "def open_code():\n    return 'launch_code zebra'\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with a file that will be ignored."""
    folder = tmp_path / "workspace"
    write(folder, {"secret/plan.py": SECRET, "app.py": OPEN, ".gitignore": "*.log\n"})
    return folder


def told(one: RootIndex, *pins: str) -> str:
    """Return all that is said of the workspace in answer to a question about the file."""
    search = Search(snapshot=Snapshot(prompt="Fix launch_code in plan.py"), pinned=pins)
    asked = (Complete(kind="file", text="plan"), Complete(kind="symbol", text="launch"))
    names = [complete([one], each).hits for each in asked]
    pieces = gather([one], search, lambda text, wait_s: None).pieces
    return str([find_files([one], search, lambda text, wait_s: None).hits, names, [(p.path, p.text) for p in pieces]])


def stored(file: Path) -> tuple[set[str], int]:
    """Return the live files of an index, and how many contents it has."""
    connection = sqlite3.connect(file)
    paths = {path for (path,) in connection.execute("SELECT path FROM file WHERE gone_at_s IS NULL")}
    (contents,) = connection.execute("SELECT count(*) FROM content").fetchone()
    connection.close()
    return paths, contents


def test_new_rules_hold_in_every_window_before_anybody_has_noticed_them(root: Path, file: Path) -> None:
    with index(root, file) as writer, index(root, file) as follower:
        assert (writer.role, follower.role) == ("writer", "follower")
        writer.close()  # nobody looks any more
        for one in (writer, follower):
            assert "plan.py" in told(one)
        write(root, {".gitignore": "secret/\n"})
        for one in (writer, follower):
            assert "plan.py" not in told(one)
            assert "plan.py" not in told(one, "secret/plan.py", "#launch_code")


def test_rules_that_lie_where_nobody_watches_hold_from_the_next_question_on(root: Path, file: Path) -> None:
    write(root, {".git/HEAD": "ref: refs/heads/main\n", ".git/info/exclude": ""})
    with index(root, file) as one:
        assert "plan.py" in told(one)
        write(root, {".git/info/exclude": "secret/\n"})
        assert "plan.py" not in told(one)
        until(lambda: stored(file)[0] == {".gitignore", "app.py"})
        write(root, {".git/info/exclude": ""})
        told(one)
        until(lambda: "secret/plan.py" in one.view.paths)
        assert "plan.py" in told(one)


def test_a_window_that_follows_hears_of_new_rules_from_its_own_editor(root: Path, file: Path) -> None:
    with index(root, file), index(root, file) as follower:
        until(lambda: "secret/plan.py" in follower.view.paths)
        follower._keeping.news = lambda: None  # type: ignore[method-assign]  # pyright: ignore[reportPrivateUsage]  the writer is busy
        write(root, {".optaflyignore": "secret/\n"})
        follower.changed([str(root / ".optaflyignore")])
        until(lambda: "secret/plan.py" not in follower.view.paths)


def test_what_was_left_out_for_rules_that_held_for_a_moment_is_found_again(
    root: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optafly.context.index.judging.LOOK_S", 0.0)
    with index(root, file, make=lambda paths: Deaf()) as writer, index(root, file) as follower:
        for one in (follower, writer):
            until(lambda one=one: "secret/plan.py" in one.view.paths)
            write(root, {".gitignore": "secret/\n"})
            assert "plan.py" not in told(one)
            write(root, {".gitignore": "*.log\n"})
            if one is writer:
                one.look()
            until(lambda one=one: "secret/plan.py" in one.view.paths)
            assert "plan.py" in told(one)


def test_nothing_that_commits_say_of_an_ignored_file_stays_and_it_comes_back_with_the_rules(
    root: Path, file: Path
) -> None:
    git(root, "init", "--quiet")
    commit(root, "Begin")
    write(root, {"secret/elder.py": SECRET})
    commit(root, "Prepare the moonshot")
    (root / "secret/elder.py").unlink()
    commit(root, "Clean up")
    marks = (b"elder.py", b"moonshot")

    def kept() -> list[bool]:
        return [any(mark in data for data in raw(file)) for mark in marks]

    with index(root, file):
        until(lambda: all(kept()))
        write(root, {".gitignore": "secret/\n"})
        until(lambda: not any(kept()))
        commit(root, "Keep it")
        until(lambda: b"keep" in b"".join(raw(file)))
    assert not any(kept())
    write(root, {".gitignore": "*.log\n"})
    with index(root, file):
        until(lambda: all(kept()))


def test_what_commits_say_of_an_ignored_file_goes_also_where_they_cannot_be_read_anew(root: Path, file: Path) -> None:
    git(root, "init", "--quiet")
    write(root, {"secret/elder.py": SECRET})
    commit(root, "Begin")
    (root / "secret/elder.py").unlink()
    head = root / ".git" / "HEAD"
    whole = head.read_text()
    with index(root, file):
        until(lambda: any(b"elder.py" in data for data in raw(file)))
        head.write_text("damaged")
        write(root, {".gitignore": "secret/\n"})
        until(lambda: not any(b"elder.py" in data for data in raw(file)))
        write(root, {".gitignore": "*.log\n"})
        head.write_text(whole)
        until(lambda: any(b"elder.py" in data for data in raw(file)))


def test_nothing_of_a_file_that_is_ignored_now_stays_on_the_disk(root: Path, file: Path) -> None:
    with index(root, file) as one:
        write(root, {"secret/plan.py": SECRET + "# changed\n"})
        until(lambda: len(contents(file)) == 4)
        leaves = marks(file, "secret/plan.py")
        write(root, {".gitignore": "secret/\n"})
        until(lambda: stored(file)[0] == {".gitignore", "app.py"})
        until(lambda: not any(mark in data for mark in leaves for data in raw(file)))
        assert "app.py" in one.view.paths


def test_nor_of_one_that_was_ignored_or_deleted_while_nobody_looked(root: Path, file: Path) -> None:
    write(root, {"gone.py": "x = 1\n"})
    with index(root, file):
        leaves = marks(file, "secret/plan.py")
    write(root, {".gitignore": "secret/\n"})
    (root / "gone.py").unlink()
    with index(root, file):
        pass
    assert stored(file)[0] == {".gitignore", "app.py"}
    assert not any(mark in data for mark in leaves for data in raw(file))


def test_nor_of_one_that_was_deleted_before_it_was_ignored(root: Path, file: Path) -> None:
    with index(root, file) as one:
        leaves = marks(file, "secret/plan.py")
        (root / "secret/plan.py").unlink()
        until(lambda: "secret/plan.py" not in one.view.paths and one.settled)
        assert stored(file)[1] == 3  # it may come back with its branch
        write(root, {".gitignore": "secret/\n"})
        until(lambda: not any(mark in data for mark in leaves for data in raw(file)))


class Held(Helpers):
    """Helpers that begin only once they are let."""

    def __init__(self, argument: str) -> None:
        super().__init__("held", [argument], count=1)
        self.jobs: list[tuple[Job, int]] = []

    def submit(self, job: Job, urgency: int = 0) -> None:
        """Keep a job."""
        self.jobs.append((job, urgency))

    def release(self) -> None:
        """Begin."""
        while self.jobs:  # the index may add some meanwhile
            super().submit(*self.jobs.pop(0))


@pytest.mark.parametrize("what", ["read", "embedded"])
def test_nor_of_one_that_is_ignored_while_a_helper_has_it(
    root: Path, file: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    write(root, many(20))
    makers = Held("fakes.indexing:words")
    readers = Held(READERS[0]) if what == "read" else Helpers("readers", READERS, count=1)
    with index(root, file, ready=False, helpers=readers, vectors=Vectors(makers, "words")) as one:
        held = readers if isinstance(readers, Held) else makers
        until(lambda: held.jobs)
        write(root, {".gitignore": "secret/\n"})
        one.changed([str(root / ".gitignore")])
        until(lambda: one._inbox.is_empty)  # pyright: ignore[reportPrivateUsage]  it has looked

        def done() -> bool:
            held.release()
            makers.release()
            return one.status().state == "ready"

        until(done)
        assert "secret/plan.py" not in one.view.paths
    makers.close()
    assert stored(file)[0] == {".gitignore", "app.py", *many(20)}
    connection = sqlite3.connect(file)
    for table in ("content", "vectors"):
        digest = hash_of(SECRET.encode(), "python")
        assert connection.execute(f"SELECT 1 FROM {table} WHERE hash = ?", (digest,)).fetchall() == []
    connection.close()


def test_an_index_with_other_patterns_of_the_setting_is_removed(tmp_path: Path, root: Path) -> None:
    old, new = file_of(tmp_path, root, (), "1"), file_of(tmp_path, root, ("secret/",), "1")
    for file in (old, new):
        Store(file, "1", write=True).close()
    tidy(new)
    assert (old.exists(), new.exists()) == (False, True)


def test_what_no_file_holds_any_more_is_dropped_while_the_workspace_stays_open(
    root: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optafly.context.index.store.SPARE", 5)
    monkeypatch.setattr("optafly.context.index.keeping.PRUNE_EVERY", 10)
    write(root, many(3))
    with index(root, file) as one:
        for number in range(40):
            write(root, {"app.py": f"def version_{number}():\n    pass\n"})
            one.look()
            until(lambda number=number: f"version_{number}" in str(one.view.entry("app.py")))
        assert len(contents(file)) <= 6 + 6 + 10  # files, as many that may come back, what came since it was counted
        assert "version_39" in str(one.view.entry("app.py"))


def contents(file: Path) -> list[bytes]:
    connection = sqlite3.connect(file)
    found = [value for (value,) in connection.execute("SELECT value FROM content")]
    connection.close()
    return found


def marks(file: Path, path: str) -> Sequence[bytes]:
    """Return bytes that are on the disk for as long as the content of a file is, and in that of no other file."""
    connection = sqlite3.connect(file)
    rows = connection.execute("SELECT path, value FROM content JOIN file USING (hash) WHERE gone_at_s IS NULL")
    values: dict[str, bytes] = dict(rows.fetchall())
    connection.close()
    value = values.pop(path)
    pieces = [value[start : start + 24] for start in range(8, len(value) - 40, 24)]
    found = [piece for piece in pieces if not any(piece in other for other in values.values())]
    assert found
    assert any(mark in data for mark in found for data in raw(file))
    return found


def raw(file: Path) -> list[bytes]:
    """Return all that stands on the disk for an index."""
    return [each.read_bytes() for each in file.parent.glob(f"{file.name}*") if each.exists()]


def test_what_is_typed_while_the_disk_does_not_answer_is_found_once_it_does_and_not_where_it_is_ignored(
    root: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, excludes = threading.Event(), Walk.excludes
    answers.set()

    def hanging(walk: Walk, path: str) -> bool:
        answers.wait()
        return excludes(walk, path)

    monkeypatch.setattr(Walk, "excludes", hanging)
    write(root, {".gitignore": "*.log\nsecret/\n"})
    with index(root, file) as one:
        until(lambda: one.settled)
        answers.clear()
        monkeypatch.setattr(LATE, 0.2)
        one.overlay("app.py", OPEN + "def typed_code():\n    return 'zebra'\n")
        one.overlay("secret/plan.py", SECRET)
        monkeypatch.setattr(LATE, WAIT_S)
        answers.set()
        asked = Complete(kind="symbol", text="code")
        until(lambda: "typed_code" in str(complete([one], asked).hits), "what was typed")
        assert "launch_code" not in str(complete([one], asked).hits)
