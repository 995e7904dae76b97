"""Work trees that lie in a root: those of the same repository hold its files once more, submodules hold others."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from fakes.indexing import Deaf, commit, git, index, until, write
from optafly.context.history import History
from optafly.context.index import walk
from optafly.context.index.root import RootIndex
from optafly.context.index.walk import Walk, is_link
from optafly.privacy.ignored import IgnoreRules


@pytest.fixture
def main(tmp_path: Path) -> Path:
    """A repository with one file."""
    folder = tmp_path / "main"
    write(folder, {"a.py": "x = 1\n"})
    git(folder, "init", "--quiet")
    commit(folder, "Make it")
    return folder


def listed(root: Path) -> list[str]:
    return sorted(Walk(root, IgnoreRules([root])).whole().files)


@pytest.mark.parametrize("root", ["main", "linked"])
def test_another_work_tree_of_the_repository_is_left_out_and_named(main: Path, tmp_path: Path, root: str) -> None:
    git(main, "worktree", "add", "--quiet", "-b", "one", str(tmp_path / "linked"))
    git(main, "worktree", "add", "--quiet", "-b", "two", str(tmp_path / root / ".trees/two"))
    walk = Walk(tmp_path / root, IgnoreRules([tmp_path / root]))
    found = walk.whole()
    assert list(found.files) == ["a.py"]
    assert found.skipped == {".trees/two": "it is another work tree of the repository"}
    assert walk.ignores(".trees/two/a.py")
    assert listed(tmp_path / root / ".trees/two") == ["a.py"]  # opened by itself


def test_a_submodule_and_another_repository_are_not(main: Path, tmp_path: Path) -> None:
    git(main, "clone", "--quiet", str(main), str(tmp_path / "other"))
    git(main, "clone", "--quiet", str(main), str(main / "inner"))
    git(main, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(tmp_path / "other"), "sub")
    assert listed(main) == [".gitmodules", "a.py", "inner/a.py", "sub/a.py"]


@pytest.mark.parametrize("how", ["absolute", "relative", "through a link"])
def test_a_work_tree_is_known_however_its_place_is_written(main: Path, tmp_path: Path, how: str) -> None:
    git(main, "worktree", "add", "--quiet", "-b", "two", str(main / "two"))
    opened = main
    if how == "relative":
        write(main, {"two/.git": "gitdir: ../.git/worktrees/two\n"})
    if how == "through a link":
        opened = tmp_path / "link"
        opened.symlink_to(main)
    assert listed(opened) == ["a.py"]


@pytest.mark.parametrize("named", ["elsewhere/x", "elsewhere/worktrees/x", "main/.git/worktrees/two/../../../../x"])
def test_a_place_outside_the_repository_that_a_file_names_is_not_looked_at(
    main: Path, tmp_path: Path, named: str
) -> None:
    write(tmp_path, {f"{named}/commondir": str(main / ".git"), "main/lib/b.py": "y = 1\n"})
    write(main, {"lib/.git": f"gitdir: {tmp_path / named}\n"})
    assert listed(main) == ["a.py", "lib/b.py"]  # what lies there would have it left out


def test_a_link_in_gits_place_is_not_followed(main: Path, tmp_path: Path) -> None:
    git(main, "worktree", "add", "--quiet", "-b", "two", str(tmp_path / "two"))
    write(main, {"lib/b.py": "y = 1\n"})
    (main / "lib/.git").symlink_to(tmp_path / "two/.git")
    assert "lib/b.py" in listed(main)


def test_beside_a_bare_repository_work_trees_are_all_there_is(main: Path, tmp_path: Path) -> None:
    top = tmp_path / "top"
    git(main, "clone", "--quiet", "--bare", str(main), str(top / ".bare"))
    write(top, {".git": "gitdir: ./.bare\n"})
    git(top, "worktree", "add", "--quiet", "-b", "one", "one")
    git(top, "worktree", "add", "--quiet", "-b", "two", "two")
    assert {"one/a.py", "two/a.py"} <= set(listed(top))


def test_one_that_is_added_while_the_workspace_is_open_does_not_stay(main: Path, file: Path) -> None:
    with index(main, file) as one:
        write(main, {"trees/two/a.py": "x = 1\n"})
        until(lambda: one.view.paths == ("a.py", "trees/two/a.py"))
        git(main, "worktree", "add", "--quiet", "-b", "two", "../elsewhere")
        (main / "trees/two/.git").write_bytes((main.parent / "elsewhere/.git").read_bytes())
        until(lambda: one.view.paths == ("a.py",), "left out")


@pytest.mark.parametrize("mark", [".git", "CACHEDIR.TAG", "pyvenv.cfg"])
def test_a_folder_is_looked_into_once_nothing_marks_it_any_more(main: Path, file: Path, mark: str) -> None:
    git(main, "worktree", "add", "--quiet", "-b", "two", "../elsewhere")
    write(main, {"lib/b.py": "y = 1\n", f"lib/{mark}": (main.parent / "elsewhere/.git").read_bytes()})
    with index(main, file) as one:
        assert one.view.paths == ("a.py",)
        (main / "lib" / mark).rename(main / "lib/was")
        until(lambda: "lib/b.py" in one.view.paths)
        (main / "lib/was").rename(main / "lib" / mark)
        until(lambda: one.view.paths == ("a.py",))


def test_a_link_marks_no_folder_for_nobody_hears_of_what_happens_where_it_leads(main: Path, tmp_path: Path) -> None:
    write(main, {"lib/b.py": "y = 1\n"})
    write(tmp_path, {"tag": "Signature: 8a477f597d28d172789f06886806bc55\n"})
    (main / "lib/CACHEDIR.TAG").symlink_to(tmp_path / "tag")
    assert listed(main) == ["a.py", "lib/b.py"]


def test_what_changes_in_a_repository_in_the_root_does_not_have_all_of_it_listed(main: Path, file: Path) -> None:
    git(main, "clone", "--quiet", str(main), str(main / "sub"))
    begun = threading.Event()
    with index(main, file, make=lambda paths: Deaf(begun)) as one:
        until(lambda: begun.is_set() and one.settled)
        write(main, {"deep/b.py": "y = 1\n", "sub/c.py": "z = 1\n"})
        one.changed([str(main / "sub/.git")])  # as Windows says it of each command of git
        until(lambda: "sub/c.py" in one.view.paths)
        assert "deep/b.py" not in one.view.paths
        (main / "sub/.git").rename(main / ".git/was")
        one.changed([str(main / "sub/.git")])
        until(lambda: "deep/b.py" in one.view.paths, "all is listed")


def test_what_git_has_in_a_file_is_no_file_of_the_project(main: Path, tmp_path: Path) -> None:
    git(main, "worktree", "add", "--quiet", str(tmp_path / "linked"))
    assert listed(tmp_path / "linked") == ["a.py"]


def told_of(one: RootIndex) -> dict[str, int]:
    """Return how many commits are known of each file."""
    history = one.view.corpus.history
    return {path: history.changes(path) for path in history.paths} if isinstance(history, History) else {}


@pytest.mark.parametrize("then", ["a mark", "another work tree", "a link", "a mark beside rules"])
def test_commits_say_the_same_of_a_folder_that_is_no_more_looked_into_whenever_they_are_read(
    main: Path, tmp_path: Path, file: Path, then: str
) -> None:
    write(main, {"lib/b.py": "b = 1\n", "lib/in/c.py": "c = 1\n", "other/d.py": "d = 1\n"})
    commit(main, "Add a library")
    if "rules" in then:
        write(main, {"lib/in/.gitignore": "c.py\n"})
    with index(main, file) as one:
        until(lambda: "lib/b.py" in told_of(one))
        before = told_of(one)
        if "mark" in then:
            write(main, {"lib/CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n"})
        elif "tree" in then:
            git(main, "worktree", "add", "--quiet", "-b", "two", "../elsewhere")
            (main / "lib/.git").write_bytes((main.parent / "elsewhere/.git").read_bytes())
        else:
            (main / "lib").rename(main / "moved")
            (main / "lib").symlink_to("other")
        until(lambda: any(each.path == "lib" for each in one.skipped()), "left out")
        write(main, {"e.py": "e = 1\n"})
        commit(main, "Change how it lies")
        with index(main, file.with_name("anew.db")) as anew:
            until(lambda: told_of(anew))
            until(lambda: told_of(one) == told_of(anew), "the same")
            assert told_of(anew)["lib/b.py"] >= before["lib/b.py"]
            assert ("lib/in/c.py" in told_of(anew)) == ("rules" not in then)


def test_nothing_is_asked_of_what_lies_where_a_link_leads(main: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (main / "share").symlink_to("elsewhere")
    asked: list[str] = []

    def noting(place: str) -> bool:
        asked.append(Path(place).relative_to(main).as_posix())
        return is_link(place)

    monkeypatch.setattr(walk, "is_link", noting)
    alone = Walk(main, IgnoreRules([main]), rules_alone=True)
    assert not alone.ignores("share/lib/in/c.py")
    assert asked == ["share"]
