"""When a folder is watched, and when it is looked at because the system cannot tell of changes."""

from __future__ import annotations

import errno
import threading
from pathlib import Path
from typing import Literal

import pytest

from fakes.indexing import Deaf, git, index, until
from optafly.context.index.watching import Notify, Watcher


def looks(root: Path, error: OSError, tries: int = 0) -> int:
    """Return how often a watch was tried that fails with `error`, while all is looked at again and again."""
    tried, told = list[int](), list[set[str] | None]()

    def none_left(paths: list[str]) -> Notify:
        tried.append(len(paths))
        raise error

    watcher = Watcher(root, told.append, none_left, 0.01)
    watcher.watch(["", "a"], None)
    until(lambda: told.count(None) >= 5 and len(tried) >= tries, "looks")
    watcher.watch(["", "a", "b"], [])
    until(lambda: told.count(None) >= 10, "looks after a folder came")
    watcher.stop()
    return len(tried)


def test_where_no_watches_are_left_each_look_leaves_them_to_other_programs(tmp_path: Path) -> None:
    assert looks(tmp_path, OSError(errno.ENOSPC, "No space left on device (inotify)")) == 1


def test_a_folder_that_went_before_it_was_watched_puts_the_next_try_off_for_no_longer_than_a_look(
    tmp_path: Path,
) -> None:
    assert looks(tmp_path, FileNotFoundError(errno.ENOENT, "No such file"), tries=3) >= 3


def test_a_root_that_got_no_thread_to_watch_asks_again_though_nothing_else_is_heard_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, refused = threading.Thread.start, list[str]()

    def without_watch(thread: threading.Thread) -> None:
        if thread.name == "optafly-watch":
            refused.append(thread.name)
            raise RuntimeError("can't start new thread")
        start(thread)

    root = tmp_path / "root"
    root.mkdir()
    (root / "a.py").write_text("a = 1\n")
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", without_watch)
        with index(root, tmp_path / "index.db") as one:
            until(lambda: len(refused) >= 2, "another try")
            assert "no thread left" in one.status().message
            patch.undo()
            (root / "b.py").write_text("b = 1\n")
            until(lambda: one.status().files == 2, "the change that nobody watched")
            until(lambda: one.status().message == "", "the end of the message")


@pytest.mark.parametrize(("git_s", "watches"), [(0.0, 2), (1000.0, 1)])
def test_a_repository_is_looked_for_now_and_then_not_each_time_that_nothing_changed(
    tmp_path: Path, git_s: float, watches: int
) -> None:
    waits, made = list[int](), list[list[str]]()

    class Quiet(Deaf):
        def watch(
            self, debounce_ms: int, step_ms: int, timeout_ms: int, stop_event: threading.Event | None
        ) -> Literal["timeout"]:
            waits.append(timeout_ms)
            return super().watch(debounce_ms, step_ms, 1, stop_event)

    def make(paths: list[str]) -> Notify:
        made.append(paths)
        return Quiet()

    root = tmp_path / "root"
    root.mkdir()
    watcher = Watcher(root, lambda paths: None, make, git_s=git_s)
    watcher.watch([""], None)
    until(lambda: len(waits) >= 5, "the first waits")
    git(tmp_path, "init", "--quiet")
    before = len(waits)
    until(lambda: len(waits) >= before + 10, "more waits")
    watcher.stop()
    assert len(made) == watches
