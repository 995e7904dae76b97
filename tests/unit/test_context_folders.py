"""Which folders lie near to one another, told for all files at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optafly.context.find.folders import Folders

FOLDERS = st.lists(st.sampled_from(["a", "b", "c"]), max_size=12).map("/".join)


@given(steps=st.lists(st.tuples(st.integers(0, 9), st.none() | FOLDERS), max_size=30), asked=FOLDERS)
def test_the_share_of_common_parts_is_told_of_every_file_that_is_there(
    steps: list[tuple[int, str | None]], asked: str
) -> None:
    folders, there = Folders(), dict[int, str]()
    for file, folder in steps:
        if folder is None:
            folders.drop(file)
            there.pop(file, None)
        else:
            folders.put(file, folder)
            there[file] = folder
    expected = [share(there[file], asked) if file in there else 0.0 for file in range(10)]
    assert folders.beside(asked, 10).tolist() == pytest.approx(expected)


def test_thousands_of_folders_and_files_have_room() -> None:
    folders = Folders()
    for number in range(3_000):
        folders.put(number, f"src/p{number % 700}/deep/er")
    shares = folders.beside("src/p5/deep/er", 3_000)
    assert (shares[5], shares[6], shares[705]) == (1.0, 0.25, 1.0)


def share(one: str, other: str) -> float:
    """Return which share of the parts of two folders is common, from the top."""
    parts, others = one.split("/"), other.split("/")
    common = next(
        (at for at, pair in enumerate(zip(parts, others, strict=False)) if pair[0] != pair[1]),
        min(len(parts), len(others)),
    )
    return common / max(len(parts), len(others))
