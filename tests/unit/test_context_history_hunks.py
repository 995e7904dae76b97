"""The lines that commits left: what is read of them, from whatever repository, and what a history keeps of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes.repository import Repository
from optafly.context.history import History, follow, read_hunks
from optafly.context.history.hunks import hash_of

ROW = "one row of the first file\n"
OTHER = "another row of the file\n"
THIRD = "the third row of a file\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "work")


def lines_of(repository: Repository, *shas: str, folder: str = "") -> list[dict[str, set[int]]]:
    found = read_hunks(repository.root / folder, shas, folder)
    return [{path: set(lines) for path, lines in found[sha].items()} for sha in shas]


def hashes(*lines: str) -> set[int]:
    return {hash_of(line.encode()) for line in lines}


def test_a_commit_leaves_the_lines_that_it_writes_and_those_beside_what_it_removes(repository: Repository) -> None:
    rows = [f"row number {n} of the file\n" for n in range(9)]
    first = repository.commit("Begin", {"a.py": "".join(rows)})
    second = repository.commit("Drop a row", {"a.py": "".join(rows[:4] + rows[5:]), "b.py": f"    {ROW}x\n"})

    assert lines_of(repository, first, second) == [
        {"a.py": hashes(*rows)},
        {"a.py": hashes(rows[3], rows[5]), "b.py": hashes(ROW)},
    ]


def test_lines_are_read_of_files_with_any_name_but_those_that_git_quotes(repository: Repository) -> None:
    names = ["with a space.py", "höhe/文件.py", "-M.py", "b/b.py"]
    sha = repository.commit("Odd names", dict.fromkeys([*names, 'a "quoted".py', "tab\t.py"], ROW))

    assert lines_of(repository, sha) == [dict.fromkeys(names, hashes(ROW))]


def test_lines_that_look_like_a_diff_are_lines(repository: Repository) -> None:
    first = repository.commit("Begin", {"a.diff": ROW})
    odd = [
        "++ b/other.py of a diff\n",
        "@@ -1 +1 @@ of a diff\n",
        "-- a/other.py of a diff\n",
        "\x01" + "f" * 40 + "\n",
    ]
    second = repository.commit("A diff", {"a.diff": "".join([*odd, ROW])})
    third = repository.commit("No end of line", {"a.diff": "".join(odd) + OTHER.strip(), "b.py": THIRD})

    assert lines_of(repository, first, second, third) == [
        {"a.diff": hashes(ROW)},
        {"a.diff": hashes(*odd, ROW)},
        {"a.diff": hashes(odd[-1], OTHER), "b.py": hashes(THIRD)},
    ]


def test_of_a_folder_in_a_checkout_the_paths_are_its_own(repository: Repository) -> None:
    inside = repository.commit("Inside", {"part/a.py": ROW, "b.py": OTHER})
    outside = repository.commit("Outside", {"b.py": THIRD})
    again = repository.commit("Inside", {"part/c.py": OTHER})

    assert lines_of(repository, inside, outside, again, folder="part") == [
        {"a.py": hashes(ROW)},
        {},
        {"c.py": hashes(OTHER)},
    ]


@pytest.mark.parametrize(
    "setting",
    [
        "diff.noprefix=true",
        "diff.mnemonicPrefix=true",
        "diff.context=9",
        "diff.interHunkContext=9",
        "diff.suppressBlankEmpty=true",
        "diff.submodule=log",
        "diff.wordRegex=.",
        "color.ui=always",
        "format.pretty=fuller",
        "log.diffMerges=on",
        "core.quotePath=true",
    ],
)
def test_no_setting_changes_what_is_read(repository: Repository, setting: str) -> None:
    rows = [f"row number {n} of the file\n\n" for n in range(9)]
    repository.commit("Begin", {"ä.py": "".join(rows)})
    sha = repository.commit("Two rows", {"ä.py": "".join([*rows[:2], ROW, *rows[2:6], OTHER, *rows[6:]])})
    repository.git("config", *setting.split("="))

    assert lines_of(repository, sha) == [{"ä.py": hashes(ROW, OTHER, rows[2], rows[6])}]


def test_binary_and_enormous_files_leave_no_lines(repository: Repository) -> None:
    many = "".join(f"row number {n} of many\n" for n in range(1_200))
    sha = repository.commit(
        "All kinds", {"a.bin": "\0\1\2" + ROW, "many.py": many, "long.py": "x" * 300_000, "b.py": ROW}
    )

    assert set(lines_of(repository, sha)[0]) == {"long.py", "b.py"}


def test_commits_that_git_cannot_read_keep_none_of_the_others(repository: Repository) -> None:
    shas = [repository.commit(f"Number {n}", {f"{n}.py": f"row number {n} of the file\n"}) for n in range(24)]
    for n in range(0, 24, 2):
        lose(repository, f"{shas[n]}:{n}.py")
    lose(repository, f"{shas[7]}^{{tree}}")

    found = lines_of(repository, *shas)

    assert [n for n in range(24) if found[n]] == [1, 3, 5, 9, 11, 13, 15, 17, 19, 21, 23]


def test_where_git_cannot_read_any_it_is_soon_given_up(repository: Repository) -> None:
    shas = [repository.commit(f"Number {n}", {f"{n}.py": f"row number {n} of the file\n"}) for n in range(12)]
    for n in range(12):
        lose(repository, f"{shas[n]}:{n}.py")

    assert read_hunks(repository.root, shas) == {}


def test_what_git_does_not_come_to_in_time_is_missing(repository: Repository) -> None:
    shas = [repository.commit(f"Number {n}", {f"{n}.py": f"row number {n} of the file\n"}) for n in range(3)]

    assert read_hunks(repository.root, shas, timeout_s=0.0) == {}
    assert set(read_hunks(repository.root, shas)) == set(shas)


def test_commits_that_left_very_many_lines_tell_of_none(repository: Repository) -> None:
    rows = "".join(f"row number {n} of the file\n" for n in range(700))
    few = repository.commit("Two files", {f"{n}.py": rows for n in range(2)})
    many = repository.commit("Three files", {f"{n}.js": rows for n in range(3)})

    assert [set(files) for files in lines_of(repository, few, many)] == [{"0.py", "1.py"}, set()]


def lose(repository: Repository, name: str) -> None:
    """Delete an object of a repository."""
    sha = repository.git("rev-parse", name).strip()
    (repository.root / ".git" / "objects" / sha[:2] / sha[2:]).unlink()


def test_where_git_says_nothing_nothing_is_known(repository: Repository, tmp_path: Path) -> None:
    sha = repository.commit("Begin", {"a.py": ROW})

    assert read_hunks(tmp_path, [sha]) == {}
    assert read_hunks(repository.root, ["f" * 40]) == {}
    assert read_hunks(repository.root, []) == {}


def test_a_history_keeps_the_lines_of_files_that_it_knows_over_all_that_happens(repository: Repository) -> None:
    repository.commit("Begin", {"a.py": ROW, "secret.py": OTHER})
    repository.commit("Move", {"a.py": None, "b.py": ROW})
    repository.commit("Go on", {"b.py": ROW + THIRD})
    history = History()
    follow(history, repository.root)
    unread = history.unread()
    assert len(unread) == 3

    history.read(read_hunks(repository.root, unread))
    history.leave_out(lambda path: path == "secret.py")
    again = History.decode(history.encode())
    again.drop(unread[:1])

    row, third = hash_of(ROW.encode()), hash_of(THIRD.encode())
    assert [(number, path, [*lines]) for number, path, lines in history.hunks()] == [
        (0, "b.py", [row]),
        (1, "b.py", [row]),
        (2, "b.py", [row, third]),
    ]
    assert [(number, path, [*lines]) for number, path, lines in again.hunks()] == [
        (0, "b.py", [row]),
        (1, "b.py", [row]),
    ]
    assert (history.unread(), again.unread()) == ([], [])


def test_of_a_commit_of_many_files_the_lines_are_not_wanted(repository: Repository) -> None:
    repository.commit("Format all", {f"{n}.py": ROW for n in range(21)})
    few = repository.commit("Go on", {f"{n}.py": OTHER for n in range(20)})
    history = History()
    follow(history, repository.root)

    assert history.unread() == [few]
