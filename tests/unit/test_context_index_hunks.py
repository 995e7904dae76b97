"""The lines of commits are read behind everything else, once, and kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from fakes.indexing import commit, git, index, until, write
from optafly.context.history import History, read_hunks
from optafly.context.history.hunks import Changes, hash_of
from optafly.context.index import past
from optafly.context.index.judging import Judging
from optafly.context.index.past import Past
from optafly.context.index.root import RootIndex
from optafly.context.index.view import View

ROWS = [f"row = {n}  # of the file\n" for n in range(3)]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with three commits, each of which added a row."""
    folder = tmp_path / "root"
    folder.mkdir()
    git(folder, "init", "--quiet")
    for n, title in enumerate(("Begin", "Go on", "Come to an end")):
        write(folder, {"a.py": "".join(ROWS[: n + 1])})
        commit(folder, title)
    return folder


class Git:
    """What git is asked for, and of how many commits at most it says what they changed."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.most = 1_000
        self.meanwhile: Callable[[], object] = lambda: None

    def read(self, root: Path, shas: Sequence[str], prefix: str) -> Changes:
        self.asked.append([*shas])
        self.meanwhile()
        return read_hunks(root, shas[: self.most], prefix)


@pytest.fixture
def git_log(monkeypatch: pytest.MonkeyPatch) -> Git:
    found = Git()
    monkeypatch.setattr(past, "read_hunks", found.read)
    return found


def left_in(history: object) -> dict[str, set[int]]:
    """Return all lines that are known of each file."""
    assert isinstance(history, History)
    found: dict[str, set[int]] = {}
    for _, path, lines in history.hunks():
        found.setdefault(path, set()).update(lines)
    return found


def of_index(one: RootIndex) -> dict[str, set[int]]:
    return left_in(one.view.corpus.history) if one.view.corpus.history is not None else {}


def hashes(*rows: str) -> set[int]:
    return {hash_of(row.encode()) for row in rows}


def test_lines_are_read_once_and_those_of_a_new_commit_alone(root: Path, file: Path, git_log: Git) -> None:
    with index(root, file) as one:
        until(lambda: of_index(one) == {"a.py": hashes(*ROWS)})
    assert [len(each) for each in git_log.asked] == [3]
    with index(root, file) as one:
        assert of_index(one) == {"a.py": hashes(*ROWS)}
        write(root, {"b.py": ROWS[1]})
        commit(root, "Begin again")
        until(lambda: of_index(one) == {"a.py": hashes(*ROWS), "b.py": hashes(ROWS[1])})
    assert [len(each) for each in git_log.asked] == [3, 1]


def test_a_window_that_follows_has_the_lines_that_the_one_that_writes_read(
    root: Path, file: Path, git_log: Git
) -> None:
    with index(root, file) as writer, index(root, file) as follower:
        assert (writer.role, follower.role) == ("writer", "follower")
        until(lambda: of_index(follower) == {"a.py": hashes(*ROWS)})
    assert len(git_log.asked) == 1


def test_of_files_that_are_ignored_no_line_is_kept(root: Path, file: Path) -> None:
    write(root, {"secret.sql": ROWS[2], ".gitignore": "secret.sql\n", "b.py": ROWS[0]})
    git(root, "add", "--force", "secret.sql")
    commit(root, "Begin again")

    with index(root, file) as one:
        until(lambda: "b.py" in of_index(one))

        assert "secret.sql" not in of_index(one)


def test_a_new_commit_is_told_once_with_its_lines(root: Path) -> None:
    told: list[History] = []
    one = past_of(root, told.append)
    refreshed(one)
    told.clear()
    write(root, {"b.py": ROWS[1]})
    commit(root, "Begin again")

    refreshed(one)

    assert [set(left_in(history)) for history in told] == [{"a.py", "b.py"}]


def test_what_is_not_through_when_something_happens_is_kept_and_gone_on_with(
    root: Path, git_log: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "COMMITS_AT_ONCE", 1)
    told: list[int] = []
    one = past_of(root, lambda history: told.append(len(history.unread())))
    git_log.meanwhile = lambda: one.refresh() if len(git_log.asked) == 2 else None

    refreshed(one)

    assert told == [3, 1, 0]
    assert len(git_log.asked) == len({sha for each in git_log.asked for sha in each}) == 3


@pytest.mark.parametrize(("most", "left"), [(0, [3]), (1, [3, 2])])
def test_what_git_does_not_say_it_is_asked_for_again_only_after_a_pause(
    root: Path, git_log: Git, most: int, left: list[int]
) -> None:
    told: list[int] = []
    one = past_of(root, lambda history: told.append(len(history.unread())))
    git_log.most = most
    refreshed(one)
    refreshed(one)
    assert told == left
    assert len(git_log.asked) == 1

    git_log.most = 3
    one._reading._until = 0.0  # pyright: ignore[reportPrivateUsage]  what a minute does
    refreshed(one)

    assert told == [*left, 0]


def past_of(root: Path, tell: Callable[[History], None]) -> Past:
    return Past(root, lambda history, _: tell(history), lambda: Judging(root, (), View(root)).walk())


def refreshed(one: Past) -> None:
    """Let a history be read, and wait until it is."""
    one.refresh()
    until(lambda: not one._running)  # pyright: ignore[reportPrivateUsage]
