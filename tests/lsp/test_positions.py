"""Places survive the way from an editor's units to code points and back, in any script."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optafly.domain import Position, Range
from optafly.lsp.positions import Encoding, Lines, choose_encoding, offsets_of

ENCODINGS: tuple[Encoding, ...] = get_args(Encoding)
CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
SCRIPTS = st.text(st.sampled_from("aZ é漢字👩‍💻🏽𝒳e\u0301\u2028\x0c\x85\r\n\t"), max_size=60)


@given(SCRIPTS, st.sampled_from(ENCODINGS), st.data())
def test_a_place_comes_back_as_it_went(text: str, encoding: Encoding, data: st.DataObject) -> None:
    lines = Lines(text, encoding)
    line = data.draw(st.integers(0, len(lines) - 1))
    place = Position(line=line, character=data.draw(st.integers(0, len(lines.line(line)))))

    assert lines.from_wire(lines.to_wire(place)) == place


@given(SCRIPTS, st.sampled_from(ENCODINGS), st.data())
def test_the_wire_counts_the_units_of_its_encoding(text: str, encoding: Encoding, data: st.DataObject) -> None:
    lines = Lines(text, encoding)
    line = data.draw(st.integers(0, len(lines) - 1))
    character = data.draw(st.integers(0, len(lines.line(line))))
    codec, width = CODECS[encoding]

    wire = lines.to_wire(Position(line=line, character=character))

    assert wire.character == len(lines.line(line)[:character].encode(codec)) // width


@given(SCRIPTS, st.sampled_from(ENCODINGS), st.integers(0, 100), st.integers(0, 200))
def test_any_place_at_all_lands_inside_the_text(text: str, encoding: Encoding, line: int, character: int) -> None:
    lines = Lines(text, encoding)

    place = lines.from_wire(Position(line=line, character=character))

    assert 0 <= lines.offset(place) <= len(text)
    assert place.character <= len(lines.line(place.line))


@given(SCRIPTS, st.sampled_from(ENCODINGS), st.lists(st.integers(0, 12), min_size=4, max_size=4))
def test_a_range_is_found_without_all_lines_where_they_have_it(text: str, encoding: Encoding, at: list[int]) -> None:
    lines = Lines(text, encoding)
    start, end = Position(line=at[0], character=at[1]), Position(line=at[2], character=at[3])

    found = offsets_of(text, Range(start=start, end=end), encoding)

    assert found == tuple(lines.offset(lines.from_wire(place)) for place in (start, end))


@given(SCRIPTS)
def test_an_offset_and_its_place_are_the_same_spot(text: str) -> None:
    lines = Lines(text, "utf-16")

    for number in range(len(lines)):
        start = Position(line=number, character=0)
        assert lines.place(lines.offset(start)) == start


def test_lines_end_where_lsp_says_and_nowhere_else() -> None:
    lines = Lines("a\r\nb\rc\nd\x0ce\u2028f\x85g", "utf-16")

    assert [lines.line(number) for number in range(len(lines))] == ["a", "b", "c", "d\x0ce\u2028f\x85g"]


def test_a_place_inside_a_character_moves_to_its_start() -> None:
    assert Lines("a😀b", "utf-16").from_wire(Position(line=0, character=2)) == Position(line=0, character=1)
    assert Lines("a😀b", "utf-8").from_wire(Position(line=0, character=4)) == Position(line=0, character=1)


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ([], "utf-16"),
        (["utf-16"], "utf-16"),
        (["utf-8", "utf-16"], "utf-8"),
        (["utf-32", "utf-8"], "utf-32"),
        (["ebcdic", 7, "utf-8"], "utf-8"),
        (["ebcdic"], "utf-16"),
    ],
)
def test_the_clients_first_choice_that_we_know_is_taken(offered: list[object], chosen: str) -> None:
    assert choose_encoding(offered) == chosen
