"""Where methods stand outside of their type, "this struct" is the type, and the code at the cursor goes with it."""

from __future__ import annotations

import pytest

from optafly.config import ContextSettings, RefineSettings
from optafly.context.collect import collect
from optafly.domain import Document, Piece, Position, Range, Snapshot
from optafly.refine.meant import meant
from optafly.refine.refinement import refine
from optafly.refine.rules.code import block

RUST = """\
/// What a customer wants.
pub struct Cart<T> {
    lines: Vec<T>,
}

impl<T> Cart<T> {
    pub fn new() -> Self {
        Cart { lines: vec![] }
    }

    fn total(&self) -> u32 {
        1
    }
}

impl<T> Sum for &Cart<T> {
    fn sum(&self) -> u32 {
        self.total()
    }
}

impl Other {
    fn sum(&self) -> u32 {
        2
    }
}
"""
GO = """\
package shop

type Cart struct {
	lines []int
}

func (c *Cart) Total() int {
	return 1
}

func (o *Other) Total() int {
	return 2
}

func Load() int {
	return 3
}
"""
CPP = """\
namespace shop {
class Cart {
  int total();
};

int Cart::total() {
  return 1;
}
}
"""


def used(
    prompt: str, text: str, language: str, line: int, *, selected: int = 0, most_tokens: int = 8_000
) -> tuple[str, list[tuple[int, int]]]:
    """Return a prompt as it is refined at a 1-based line, so many lines selected, and the lines that go along."""
    document = Document(path="src/cart", uri="file:///project/src/cart", language=language, text=text)
    cursor = Position(line=line - 1, character=1)
    selection = Range(start=cursor, end=Position(line=line + selected - 2, character=9)) if selected else None
    snapshot = Snapshot(prompt=prompt, active=document, cursor=cursor, selection=selection)
    pieces, _ = collect(snapshot, ContextSettings(max_tokens=most_tokens), lambda _: None, meant(snapshot))
    refined = refine(snapshot, pieces, RefineSettings()).refined
    return refined, [_lines(piece) for piece in pieces if block(piece) in refined]


def _lines(piece: Piece) -> tuple[int, int]:
    return piece.start_line, piece.end_line


@pytest.mark.parametrize(
    "prompt", ["Explain this struct", "Explain this type", "Erkläre diese Klasse", "explique ce type", "解释这个结构体"]
)
@pytest.mark.parametrize(
    ("text", "language", "line", "lines"),
    [
        (RUST, "rust", 11, [(1, 4), (6, 14)]),
        (RUST, "rust", 6, [(1, 4), (6, 14)]),
        (RUST, "rust", 18, [(1, 4), (16, 20)]),
        (RUST, "rust", 24, [(22, 26)]),
        (RUST, "rust", 3, [(1, 4)]),
        (GO, "go", 8, [(3, 5), (7, 9)]),
        (GO, "go", 12, [(11, 13)]),
        (GO, "go", 16, [(15, 17)]),
        (CPP, "cpp", 7, [(2, 4), (6, 8)]),
    ],
)
def test_the_type_goes_along_with_the_code_at_the_cursor(
    prompt: str, text: str, language: str, line: int, lines: list[tuple[int, int]]
) -> None:
    assert used(prompt, text, language, line)[1] == lines


@pytest.mark.parametrize("thing", ["struct", "type"])
def test_the_type_is_what_is_named(thing: str) -> None:
    refined, _ = used(f"Explain this {thing}", RUST, "rust", 11)
    assert refined.startswith(f"Explain this {thing} (`Cart`, `src/cart` lines 1-4)")


@pytest.mark.parametrize("selected", [1, 2])
def test_selected_lines_go_along_in_what_is_around_them(selected: int) -> None:
    refined, lines = used("Explain this struct", RUST, "rust", 12, selected=selected)
    assert lines == [(1, 4), (6, 14)]
    assert "(`Cart`, `src/cart` line" in refined


def test_of_an_impl_that_is_too_long_the_method_at_the_cursor_goes_along() -> None:
    methods = "".join(f"    fn m{n}(&self) -> u32 {{\n        {n}\n    }}\n\n" for n in range(200))
    long = RUST.replace("    fn total", f"{methods}    fn total")
    assert used("Explain this struct", long, "rust", 8, most_tokens=400)[1] == [(1, 4), (7, 9)]


def test_what_is_asked_of_a_method_brings_no_type() -> None:
    assert used("Explain this function", RUST, "rust", 11)[1] == [(11, 13)]
    assert used("Explain this method", GO, "go", 8)[1] == [(7, 9)]
