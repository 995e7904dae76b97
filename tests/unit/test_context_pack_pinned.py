"""What is pinned and too long goes along with what speaks to the prompt, and what is missing is said in the end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from fakes.indexing import index, write
from optafly.context.answering import Files, gather
from optafly.context.wire import Search
from optafly.domain import Gathered, Part, Snapshot

WORDS = ("harbour", "meadow", "lantern", "compass", "orchard", "granite", "thimble", "walnut", "saddle", "pebble")


def section(word: str) -> str:
    lines = "".join(f"    {word}_{n} = weigh({word}, {n})  # the {word} of day {n}\n" for n in range(12))
    return f"def weigh_{word}({word}):\n{lines}    return {word}_11\n\n\n"


LONG = "import decimal\nimport fractions\n\n\n" + "".join(map(section, WORDS))


def gathered(root: Path, file: Path, prompt: str, *pinned: str, tokens: int = 1_000) -> Gathered:
    search = Search(snapshot=Snapshot(prompt=prompt), pinned=pinned, max_tokens=tokens)
    with index(root, file) as one:
        return gather([one], search, lambda text, wait_s: None)


def test_of_a_long_pin_that_was_not_found_the_parts_go_that_speak_to_the_prompt(tmp_path: Path, file: Path) -> None:
    write(tmp_path / "root", {"notes/test_long.py": LONG, "app.py": "def saddle():\n    return 'meadow'\n"})
    found = gathered(tmp_path / "root", file, "Why is the saddle beside the meadow so heavy?", "notes/test_long.py")
    assert {"weigh_saddle", "weigh_meadow"} <= {piece.symbol for piece in found.pieces if piece.pinned}


def test_where_the_prompt_says_nothing_of_a_long_pin_its_beginning_goes(tmp_path: Path, file: Path) -> None:
    write(tmp_path / "root", {"notes/test_long.py": LONG, "app.py": "def total():\n    return 'sum'\n"})
    found = gathered(tmp_path / "root", file, "What is the total?", "notes/test_long.py")
    assert [piece.start_line for piece in found.pieces if piece.pinned] == [1]


def test_what_goes_along_of_a_long_pin_by_itself_is_not_said_to_be_missing(tmp_path: Path, file: Path) -> None:
    write(tmp_path / "root", {"long.py": LONG})
    found = gathered(tmp_path / "root", file, "Why is the saddle beside the pebble so heavy?", "long.py", tokens=820)
    places = [(piece.start_line, piece.end_line, piece.pinned) for piece in found.pieces]
    assert places == [(1, 4, False), (133, 164, True)]  # imports come with what uses them
    (left,) = found.left_out
    assert "no room for lines 5-132 of it" in left.reason


def test_files_for_which_a_long_pin_left_no_room_are_not_searched(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"notes/test_{n}.py" for n in range(9)]
    write(tmp_path / "root", dict.fromkeys(names, LONG))
    parts, searched = Files.parts, list[str]()

    def noting(files: Files, root: str, path: str) -> Sequence[Part]:
        searched.append(path)
        return parts(files, root, path)

    monkeypatch.setattr(Files, "parts", noting)
    found = gathered(tmp_path / "root", file, "Why is the saddle beside the meadow so heavy?", *names)
    assert len(searched) < 4  # each fills nearly all the room that there is
    assert [each.pin for each in found.left_out] == names
