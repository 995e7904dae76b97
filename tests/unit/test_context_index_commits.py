"""Commits are noticed wherever git notes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes.indexing import commit, git, index, until, write
from optafly.context.index.root import RootIndex
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


def test_a_file_in_gits_place_that_names_no_repository_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    for text in ("", "gitdir: ", "gitdir: ../elsewhere", "gitdir: \0", "gitdir: /", "\xff"):
        write(root, {".git": text.encode("latin-1")})
        assert git_folder(root) is None


def changes(one: RootIndex, path: str) -> int:
    history = one.view.corpus.history
    return history.changes(path) if history is not None else 0
