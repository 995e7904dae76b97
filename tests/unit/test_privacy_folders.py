"""A walk through a workspace leaves out exactly what a question about each single file would."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes.ignoring import PLAIN, SECRET, paths_of, patterns_of
from fakes.indexing import commit, git, write
from optafly.privacy.folders import FolderRules
from optafly.privacy.ignored import IgnoreRules

NAMES = (*PLAIN, *SECRET)
PATHS = paths_of(*NAMES)
PATTERNS = patterns_of(*NAMES)
IGNORE_FILES = st.dictionaries(
    st.tuples(st.one_of(st.just(""), PATHS), st.sampled_from([".gitignore", ".optaflyignore"])),
    st.lists(PATTERNS, max_size=5).map("\n".join),
    max_size=4,
)


def walked(rules: FolderRules, folder: Path) -> set[Path]:
    """Return the files that a walk finds."""
    found: set[Path] = set()
    for entry in os.scandir(folder):
        if rules.excludes(entry.name, is_folder=entry.is_dir()) is not None:
            continue
        if entry.is_dir():
            found |= walked(rules.inside(entry.name), Path(entry.path))
        else:
            found.add(Path(entry.path))
    return found


def plant(root: Path, paths: list[str], ignores: dict[tuple[str, str], str]) -> None:
    """Write files and ignore files below `root`, as far as they can stand beside each other."""
    for name in paths:
        try:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text("x")
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            continue
    for (folder, name), text in ignores.items():
        if (root / folder).is_dir():
            (root / folder / name).write_text(text, encoding="utf-8")


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    paths=st.lists(PATHS, min_size=1, max_size=10),
    ignores=IGNORE_FILES,
    setting=st.lists(PATTERNS, max_size=2),
    exclude=st.lists(PATTERNS, max_size=2),
    inner=st.sampled_from(["", "a", "foo"]),
    linked=st.booleans(),
)
def test_a_walk_and_a_question_about_each_file_say_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    paths: list[str],
    ignores: dict[tuple[str, str], str],
    setting: list[str],
    exclude: list[str],
    inner: str,
    linked: bool,
) -> None:
    top = tmp_path_factory.mktemp("tree") / "repository"
    (top / ".git/info").mkdir(parents=True)
    (top / ".git/info/exclude").write_text("\n".join(exclude), encoding="utf-8")
    plant(top, paths, ignores)
    root = top / inner
    if not root.is_dir():
        return
    if linked:
        root = top.parent / "link"
        root.symlink_to(top / inner)
    rules = IgnoreRules([root], setting)
    files = {Path(folder, name) for folder, _, names in os.walk(root) for name in names}
    expected = {file for file in files if rules.excludes(file, opened=False) is None}

    found = walked(FolderRules.of(IgnoreRules([root], setting), root), root)

    assert {file for file in found if ".git" not in file.relative_to(root).parts} == {
        file for file in expected if ".git" not in file.relative_to(root).parts
    }


@pytest.mark.parametrize("kind", ["linked work tree", "submodule"])
def test_what_git_excludes_beside_the_files_holds_wherever_the_repository_is(tmp_path: Path, kind: str) -> None:
    main, other = tmp_path / "main", tmp_path / "other"
    write(main, {"a.py": "x = 1\n"})
    git(main, "init", "--quiet")
    commit(main, "Begin")
    if kind == "submodule":
        git(tmp_path, "clone", "--quiet", "--separate-git-dir", str(tmp_path / "kept"), str(main), str(other))
        place = tmp_path / "kept"
    else:
        git(main, "worktree", "add", "--quiet", str(other))
        place = main / ".git"
    write(place, {"info/exclude": "secret.py\n"})
    write(other, {"secret.py": "x = 1\n", "open.py": "x = 1\n"})
    rules = IgnoreRules([other])
    assert (other / ".git").is_file()
    assert rules.excludes(other / "secret.py") is not None
    assert rules.excludes(other / "open.py") is None
    assert other / "secret.py" not in walked(FolderRules.of(rules, other), other)
    for text in ("", "gitdir: ", "gitdir: ../nowhere", "gitdir: \0", "\xff"):
        (other / ".git").write_bytes(text.encode("latin-1"))
        assert rules.excludes(other / "open.py") is None


def test_the_name_of_a_folder_leads_nowhere_else(tmp_path: Path) -> None:
    write(tmp_path, {"root/a.py": "", "elsewhere/.gitignore": "*.py\n", "elsewhere/.optaflyignore": "*.py\n"})
    root = tmp_path / "root"
    rules = FolderRules.of(IgnoreRules([root]), root)
    assert rules.inside(str(tmp_path / "elsewhere")).excludes("a.py", is_folder=False) is None


def test_the_top_of_a_file_system_is_a_folder_like_others() -> None:
    top = Path(Path.cwd().anchor)
    rules = FolderRules.of(IgnoreRules([top], ("/tmp/*.sql",)), top).inside("tmp")
    assert rules.excludes("a.sql", is_folder=False) is not None
    assert rules.excludes("a.py", is_folder=False) is None
