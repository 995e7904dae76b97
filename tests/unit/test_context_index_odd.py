"""The index is as the disk when folders vanish, clocks turn back, names are no text, or the disk does not answer."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from fakes.indexing import READERS, Deaf, index, many, until, write
from fakes.serving import found, ready, serving
from optafly.context.answering import find_files
from optafly.context.index.content import content_of
from optafly.context.index.helpers import Helpers, Job
from optafly.context.index.root import RootIndex
from optafly.context.index.walk import Listing, Walk
from optafly.context.outline.decode import text_of
from optafly.context.wire import OpenRoots, Overlay, Search
from optafly.domain import Snapshot
from optafly.paths import Paths

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text, and links are rare")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small workspace."""
    folder = tmp_path / "workspace"
    write(folder, many(5))
    return folder


def test_a_root_that_is_replaced_vanishes_and_comes_back_is_followed(root: Path, file: Path, tmp_path: Path) -> None:
    with index(root, file) as one:
        until(lambda: one.settled)
        root.rename(tmp_path / "away")
        write(root, {"other.py": "x = 1\n"})
        until(lambda: one.view.paths == ("other.py",))
        write(root, {"third.py": "x = 1\n"})
        until(lambda: "third.py" in one.view.paths)
        shutil.rmtree(root)
        until(lambda: one.status().state == "failed")
        assert "cannot be read" in one.status().message
        (tmp_path / "away").rename(root)
        until(lambda: one.status().state == "ready" and one.view.files == 5)
        write(root, {"fourth.py": "x = 1\n"})
        until(lambda: "fourth.py" in one.view.paths)


@linux_only
def test_a_root_that_is_a_link_is_followed_to_where_it_leads_by_now(tmp_path: Path, file: Path) -> None:
    write(tmp_path, {"first/one.py": "x = 1\n", "second/two.py": "x = 1\n"})
    root = tmp_path / "current"
    root.symlink_to(tmp_path / "first")
    with index(root, file) as one:
        (tmp_path / "next").symlink_to(tmp_path / "second")
        (tmp_path / "next").rename(root)
        until(lambda: one.view.paths == ("two.py",))
        until(lambda: one.relative(str(tmp_path / "second/two.py")) == "two.py")  # as an editor may call it
        assert one.relative(str(tmp_path / "first/one.py")) is None


@pytest.mark.parametrize("at_once", [".gitignore", "everything"])
def test_a_folder_that_is_replaced_while_everything_is_looked_at_is_watched(
    root: Path, file: Path, tmp_path: Path, at_once: str
) -> None:
    with index(root, file) as one:
        until(lambda: one.settled)
        held, free = threading.Event(), threading.Event()
        one._inbox.put(lambda: (held.set(), free.wait(20)))  # pyright: ignore[reportPrivateUsage, reportArgumentType]
        until(held.is_set)
        if at_once == "everything":
            one.look()
        write(tmp_path / "other", {"mod9.py": "x = 1\n"})
        (root / "pkg0").rename(tmp_path / "away")
        (tmp_path / "other").rename(root / "pkg0")
        if at_once == ".gitignore":
            write(root, {".gitignore": "*.log\n"})
        time.sleep(0.5)  # until the watch has told of it
        free.set()
        until(lambda: "pkg0/mod9.py" in one.view.paths and one.settled)
        time.sleep(0.5)  # until what is renewed is watched
        write(root, {"pkg0/late.py": "x = 1\n"})
        until(lambda: "pkg0/late.py" in one.view.paths)


def test_a_branch_that_is_switched_while_it_is_read_is_read_as_it_is_in_the_end(root: Path, file: Path) -> None:
    write(root, many(300))
    with index(root, file, ready=False) as one:
        until(lambda: one.view.files > 0)
        write(root, {name: f"def other_{number}():\n    pass\n" for number, name in enumerate(many(250))})
        for name in list(many(300))[250:]:
            (root / name).unlink()
        until(lambda: one.settled and one.status().state == "ready" and one.view.files == 250)
        until(lambda: all(f"other_{n}'" in str(one.view.entry(name)) for n, name in enumerate(many(250))))


@linux_only
def test_a_file_that_becomes_a_link_before_its_turn_to_be_read_is_said_to_be_one(root: Path, file: Path) -> None:
    class Late(Helpers):
        """Takes no job before it may."""

        def submit(self, job: Job, urgency: int = 0) -> None:
            if begin.is_set():
                super().submit(job, urgency)
            else:
                waiting.append(job)

    begin, waiting = threading.Event(), list[Job]()
    write(root, many(30))
    with index(root, file, helpers=(late := Late("readers", READERS, count=1)), ready=False) as one:
        until(lambda: sum(len(job.items) for job in waiting) == 30)
        (root / "pkg0" / "mod0.py").unlink()
        (root / "pkg0" / "mod0.py").symlink_to(root / "pkg1" / "mod1.py")
        until(one.skipped)
        begin.set()
        for job in waiting:
            late.submit(job)
        until(lambda: one.view.files == 29 and one.settled)
        assert ["it is a link:" in each.reason for each in one.skipped()] == [True]


def test_what_is_not_listed_because_the_index_is_closed_meanwhile_is_not_gone(
    root: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed_meanwhile(walk: Walk, folder: str, known: set[str]) -> Listing:
        closes.start()
        until(lambda: one._closed)  # pyright: ignore[reportPrivateUsage]
        return part(walk, folder, known)

    begun = threading.Event()
    with index(root, file, make=lambda paths: Deaf(begun)) as one:
        until(lambda: begun.is_set() and one.settled)
        closes, part = threading.Thread(target=one.close), Walk.part
        monkeypatch.setattr(Walk, "part", closed_meanwhile)
        one.changed([str(root / "pkg0" / "mod0.py")])
        until(lambda: one.status().state == "closed")
        closes.join()
    with closing(sqlite3.connect(file)) as kept:
        assert kept.execute("SELECT count(*) FROM file WHERE gone_at_s IS NULL").fetchone() == (5,)


def test_times_that_lie_ahead_or_run_back_hide_no_change(root: Path, file: Path) -> None:
    path = root / "pkg0" / "mod0.py"
    with index(root, file) as one:
        for number, shift_s in enumerate((3600.0, 0.0, -86_400.0, -86_400.0, 7e8)):
            path.write_text(f"def turn_{number}(x):\n    pass\n")
            os.utime(path, (time.time() + shift_s, time.time() + shift_s))
            one.changed([str(path)])
            until(lambda number=number: f"turn_{number}" in str(one.view.entry("pkg0/mod0.py")))


@linux_only
def test_names_that_are_no_text_hide_no_change_of_others(root: Path, file: Path) -> None:
    with index(root, file) as one:
        until(lambda: one.settled)
        for number in range(3):
            (Path(os.fsdecode(os.fsencode(root) + b"/bad\xff%d.py" % number))).write_text("x = 1\n")
            write(root, {f"line\nend{number}.py": "x = 1\n", f"good{number}.py": "x = 1\n"})
            until(lambda number=number: f"good{number}.py" in one.view.paths)
        assert not [path for path in one.view.paths if "bad" in path or "\n" in path]
        until(lambda: len(one.skipped()) == 6)
        write(root, {"alone\x1b.py": "x = 1\n"})  # and nothing else changes
        until(lambda: len(one.skipped()) == 7)


@linux_only
def test_a_name_that_is_no_text_hides_no_file_that_it_looks_like(
    root: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optafly.context.index.files._UNSETTLED_S", -1.0)  # as if both were there for long
    Path(os.fsdecode(os.fsencode(root) + b"/bad\xff.py")).write_text("x = 1\n")
    write(root, {"bad?.py": "def there():\n    pass\n"})
    with index(root, file) as one:
        for number in range(3):
            write(root, {f"other{number}.py": "x = 1\n"})
            until(lambda number=number: f"other{number}.py" in one.view.paths and one.settled)
            assert "bad?.py" in one.view.paths


def test_a_disk_that_does_not_answer_keeps_nothing_from_the_other_roots(
    home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away, answers, excludes = tmp_path / "away", threading.Event(), Walk.excludes

    def hanging(walk: Walk, path: str) -> bool:
        if walk.root == away:
            answers.wait()
        return excludes(walk, path)

    write(away, {"a.py": "def far():\n    pass\n"})
    write(tmp_path / "near", {"b.py": "def near():\n    pass\n"})
    with serving(home) as one:
        one.open(OpenRoots(roots=(str(away), str(tmp_path / "near")), vectors=False))
        ready(one)
        assert (found(one, "far"), found(one, "near")) == (["away:a.py"], ["near:b.py"])
        monkeypatch.setattr(Walk, "excludes", hanging)
        monkeypatch.setattr("optafly.context.index.judging.LATE_S", 0.2)
        for _ in range(3):
            assert found(one, "far") == []
            until(lambda: found(one, "near") == ["near:b.py"])  # at once, unless this machine stalls
        one.overlay(Overlay(path=str(away / "a.py"), text="def unsaved():\n    pass\n"))
        answers.set()
        until(lambda: found(one, "unsaved") == ["away:a.py"])


def test_an_inner_root_that_comes_and_goes_keeps_what_is_typed(home: Paths, tmp_path: Path) -> None:
    write(tmp_path / "outer" / "inner", {"a.py": "def saved():\n    pass\n"})
    outer, inner = str(tmp_path / "outer"), str(tmp_path / "outer" / "inner")
    with serving(home) as one:
        one.overlay(Overlay(path=f"{inner}/a.py", text="def typed():\n    pass\n"))
        for roots, place in (
            ((outer,), "outer:inner/a.py"),
            ((outer, inner), "inner:a.py"),
            ((inner,), "inner:a.py"),
            ((outer,), "outer:inner/a.py"),
        ):
            one.open(OpenRoots(roots=roots, vectors=False))
            ready(one)
            assert (found(one, "typed"), found(one, "saved")) == ([place], [])
        one.overlay(Overlay(path=f"{inner}/a.py", text=None))
        assert (found(one, "typed"), found(one, "saved")) == ([], ["outer:inner/a.py"])


def imports(one: RootIndex, path: str) -> Sequence[str]:
    """Return what a file imports; who asks holds the lock of the view."""
    with one.view.lock:
        return one.view.graph.imports(path)


def test_nobody_who_asks_waits_for_a_manifest_to_be_read(
    root: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may lie on a network."""
    manifests = {"pkg/package.json": '{"name": "one", "main": "x.js"}', "pkg/x.js": "export const y = 1\n"}
    manifests["use.js"] = "import { y } from 'one'\n"
    read, answers, waiting = text_of, threading.Event(), threading.Event()

    def slow(data: bytes) -> str | None:
        if b'"main"' in data and threading.current_thread().name.startswith("optafly-index"):
            waiting.set()
            answers.wait()
        return read(data)

    with index(root, file) as one:
        monkeypatch.setattr("optafly.context.index.view.text_of", slow)
        write(root, manifests)
        one.changed([str(root / name) for name in manifests])
        until(waiting.is_set)
        assert one.view.lock.acquire(timeout=10)
        one.view.lock.release()
        answers.set()
        until(lambda: imports(one, "use.js") == ("pkg/x.js",))


def test_a_manifest_that_was_away_when_it_was_to_be_read_is_read_later(
    root: Path, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optafly.context.index.root.REREAD_S", 0.1)
    write(root, {"pkg/package.json": '{"name": "one", "main": "x.js"}', "pkg/x.js": "export const y = 1\n"})
    with index(root, file) as writer, index(root, file) as follower:
        held, free = threading.Event(), threading.Event()
        follower._inbox.put(lambda: (held.set(), free.wait(20)))  # pyright: ignore[reportPrivateUsage, reportArgumentType]
        until(held.is_set)
        write(root, {"pkg/package.json": '{"name": "two", "main": "x.js"}', "use.js": "import { y } from 'two'\n"})
        until(lambda: imports(writer, "use.js") == ("pkg/x.js",))
        root.rename(tmp_path / "away")
        free.set()
        until(lambda: "use.js" in follower.view.paths)
        (tmp_path / "away").rename(root)
        until(lambda: imports(follower, "use.js") == ("pkg/x.js",))


def test_what_changed_while_a_root_could_not_be_read_is_found_whatever_is_told_first(
    root: Path, file: Path, tmp_path: Path
) -> None:
    with index(root, file) as one:
        one._watcher.stop()  # pyright: ignore[reportPrivateUsage]  only the editor tells of anything
        root.rename(tmp_path / "away")
        one.look()
        until(lambda: one.status().state == "failed")
        write(tmp_path / "away", {"pkg/late.py": "def late():\n    pass\n"})
        one.overlay("typed.py", "x = 1\n")
        (tmp_path / "away").rename(root)
        one.changed([str(root / "elsewhere.py")])
        until(lambda: one.status().state == "ready")
        assert "pkg/late.py" in one.view.paths
        assert one.status().message == ""


def test_a_question_that_waits_while_files_are_numbered_anew_is_asked_of_the_new_ones(
    root: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Renews:
        """The lock of a view, which was made anew by the time that one has it."""

        def __enter__(self) -> None:
            lock.acquire()
            monkeypatch.setattr(one.view, "lock", lock)
            one.view.renew()
            one.view.put("late.py", content_of("def fresh_from_the_press():\n    pass\n", "python"), None)

        def __exit__(self, *_: object) -> None:
            lock.release()

    monkeypatch.setattr("optafly.context.index.view.SPARE", -1_000_000)
    with index(root, file) as one:
        lock = one.view.lock
        write(root, {"late.py": "def fresh_from_the_press():\n    pass\n"})
        monkeypatch.setattr(one.view, "lock", Renews())
        search = Search(snapshot=Snapshot(prompt="Rename fresh_from_the_press"))
        assert "late.py" in [hit.path for hit in find_files([one], search, lambda text, wait_s: None).hits]
