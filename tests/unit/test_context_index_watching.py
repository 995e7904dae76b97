"""When a folder is watched, and when it is looked at because the system cannot tell of changes."""

from __future__ import annotations

import errno
from pathlib import Path

from fakes.indexing import until
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
