"""Commits are noticed wherever git notes them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fakes.indexing import commit, git, index, until, write
from optafly.context.index.root import RootIndex
from optafly.context.index.store import Unfit
from optafly.context.index.watching import git_folder


@pytest.mark.parametrize("opened", ["linked", "linked/till", "main/till"])
def test_commits_in_a_linked_work_tree_and_from_a_folder_in_it_are_noticed(tmp_path: Path, opened: str) -> None:
    main, linked = tmp_path / "main", tmp_path / "linked"
    write(main, {"till/a.py": "x = 1\n", "till/b.py": "y = 1\n"})
    git(main, "init", "--quiet")
    commit(main, "Make both")
    git(main, "worktree", "add", "--quiet", str(linked))
    name = "a.py" if "/" in opened else "till/a.py"
    with index(tmp_path / opened, tmp_path / "one.db") as one:
        until(lambda: changes(one, name) == 1)
        write(tmp_path / opened, {name: "x = 2\n"})
        commit(tmp_path / opened, "Change one")
        until(lambda: changes(one, name) == 2)


@pytest.mark.parametrize(("place", "times"), [("root", 2), ("", 1)])
def test_commits_of_a_repository_that_is_made_later_or_anew_are_noticed(tmp_path: Path, place: str, times: int) -> None:
    root, top = tmp_path / "root", tmp_path / place
    write(root, {"a.py": "x = 1\n"})
    with index(root, tmp_path.parent / f"{tmp_path.name}-index/one.db") as one:
        for _ in range(times):
            git(top, "init", "--quiet")
            for count in (1, 2):
                write(root, {"a.py": f"x = {count + 1}\n"})
                commit(top, f"Change {count}")
                until(lambda count=count: changes(one, "a.py") == count, f"{count} changes")
            shutil.rmtree(top / ".git")
            write(root, {"a.py": "x = 1\n"})


def test_commits_that_a_shallow_clone_gets_later_are_noticed(tmp_path: Path) -> None:
    main, clone = tmp_path / "main", tmp_path / "clone"
    write(main, {"a.py": "x = 1\n"})
    git(main, "init", "--quiet")
    commit(main, "Begin")
    write(main, {"a.py": "x = 2\n"})
    commit(main, "Go on")
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{main}", str(clone))
    with index(clone, tmp_path / "one.db") as one:
        until(lambda: changes(one, "a.py") == 1)
        git(clone, "fetch", "--quiet", "--unshallow")
        until(lambda: changes(one, "a.py") == 2)


def test_why_commits_cannot_be_read_is_said_until_they_can(tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(root, {"a.py": "x = 1\n"})
    git(root, "init", "--quiet")
    with index(root, tmp_path / "one.db") as one:
        until(lambda: one.settled)
        assert one.status().message == ""  # no commit yet is no trouble
        commit(root, "Begin")
        head = (root / ".git" / "HEAD").read_text()
        (root / ".git" / "HEAD").write_text("damaged")
        until(lambda: "git does not read the repository" in one.status().message)
        (root / ".git" / "HEAD").write_text(head)
        until(lambda: changes(one, "a.py") == 1 and one.status().message == "")


def test_where_the_file_is_begun_anew_the_commits_are_kept_in_it_again(tmp_path: Path) -> None:
    root, file = tmp_path / "root", tmp_path / "one.db"
    write(root, {"a.py": "x = 1\n"})
    git(root, "init", "--quiet")
    commit(root, "Begin")
    with index(root, file) as one:
        until(lambda: changes(one, "a.py") == 1)
        keeping = one._keeping  # pyright: ignore[reportPrivateUsage]  what SQLite says of a damaged page
        one._inbox.put(lambda: keeping._failed(Unfit("a page is damaged")))  # pyright: ignore[reportPrivateUsage]
        until(lambda: one.settled)
        with index(root, file) as follower:
            until(lambda: changes(follower, "a.py") == 1)


def test_a_file_in_gits_place_that_names_no_repository_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    for text in ("", "gitdir: ", "gitdir: ../elsewhere", "gitdir: \0", "gitdir: /", "\xff"):
        write(root, {".git": text.encode("latin-1")})
        assert git_folder(root) is None


def changes(one: RootIndex, path: str) -> int:
    history = one.view.corpus.history
    return history.changes(path) if history is not None else 0
