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
    snapshot = at(prompt, text, language, line, selected=selected)
    pieces, _ = collect(snapshot, ContextSettings(max_tokens=most_tokens), lambda _: None, meant(snapshot))
    refined = refine(snapshot, pieces, RefineSettings()).refined
    return refined, [_lines(piece) for piece in pieces if block(piece) in refined]


def collected(
    prompt: str, text: str, language: str, line: int, *, selected: int = 0, most_tokens: int
) -> tuple[tuple[Piece, ...], tuple[str, ...]]:
    snapshot = at(prompt, text, language, line, selected=selected)
    return collect(snapshot, ContextSettings(max_tokens=most_tokens), lambda _: None, meant(snapshot))


def at(prompt: str, text: str, language: str, line: int, *, selected: int) -> Snapshot:
    document = Document(path="src/cart", uri="file:///project/src/cart", language=language, text=text)
    cursor = Position(line=line - 1, character=1)
    selection = Range(start=cursor, end=Position(line=line + selected - 2, character=9)) if selected else None
    return Snapshot(prompt=prompt, active=document, cursor=cursor, selection=selection)


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


@pytest.mark.parametrize(
    "prompt",
    [
        "explain this type hint",
        "explain this type parameter",
        "is this type annotation wrong?",
        "fix this type mismatch",
        "what is this type of loop",
        "corrige ce type d'erreur",
        "corrija este tipo de erro",
        "Erkläre diesen Typ von Fehler",
        "исправь этот тип ошибки",
        "修正这个类型的错误",
        "この型のエラーを直して",
        "이 타입의 오류를 고쳐줘",
    ],
)
def test_a_type_that_something_else_follows_is_none(prompt: str) -> None:
    refined, lines = used(prompt, RUST, "rust", 11)
    assert lines == [(11, 13)]
    assert "Cart::total" in refined


@pytest.mark.parametrize("prompt", ["explique cette structure de dossiers", "объясни эту структуру данных"])
def test_a_structure_of_something_else_is_no_struct(prompt: str) -> None:
    assert used(prompt, RUST, "rust", 11) == (prompt, [])


@pytest.mark.parametrize(
    "prompt", ["explique cette structure", "объясни эту структуру", "is this type thread safe?", "这个类型是什么"]
)
def test_a_type_is_one_where_what_is_said_of_it_follows(prompt: str) -> None:
    assert used(prompt, RUST, "rust", 11)[1] == [(1, 4), (6, 14)]


LONG = "".join(f"        let v{n} = {n} * 3 + {n};\n" for n in range(300))


@pytest.mark.parametrize(
    ("text", "language", "kinds"),
    [
        (RUST.replace("        1\n", f"{LONG}        1\n"), "rust", ["symbol", "skeleton", "lines", "lines"]),
        (GO.replace("\treturn 1\n", f"{LONG}\treturn 1\n"), "go", ["symbol", "lines", "lines"]),
    ],
)
def test_of_a_method_that_is_too_long_the_lines_around_the_cursor_go_along(
    text: str, language: str, kinds: list[str]
) -> None:
    pieces, notes = collected("Explain this struct", text, language, 150, most_tokens=1_000)
    assert [piece.kind for piece in pieces] == kinds
    assert any(piece.start_line < 150 < piece.end_line < 200 for piece in pieces)
    assert notes == ()
    refined, lines = used("Explain this struct", text, language, 150, most_tokens=1_000)
    assert refined.startswith("Explain this struct (`Cart`, `src/cart` lines ")
    assert lines[0] in ((1, 4), (3, 5))
    assert (130, 170) in lines


def test_nothing_is_said_to_be_left_out_where_the_selected_lines_are_all_there() -> None:
    text = RUST.replace("        1\n", f"{LONG}        1\n")
    pieces, notes = collected("Explain this struct", text, "rust", 150, selected=3, most_tokens=1_000)
    assert [_lines(piece) for piece in pieces] == [(150, 152), (1, 4)]
    assert notes == ()


@pytest.mark.parametrize(
    ("text", "language", "line", "lines"),
    [
        (
            "typedef struct Cart Cart;\nstruct Cart {\n  int n;\n};\nint Cart::total() {\n  return 1;\n}\n",
            "cpp",
            6,
            (2, 4),
        ),
        (
            "#[cfg(unix)]\nstruct Handle { fd: i32 }\n#[cfg(windows)]\nstruct Handle { h: u64 }\n"
            "#[cfg(windows)]\nimpl Handle {\n    fn close(&self) {}\n}\n",
            "rust",
            7,
            (3, 4),
        ),
        ("impl Late {\n    fn f(&self) {\n        1;\n    }\n}\n\nstruct Late { n: u8 }\n", "rust", 3, (7, 7)),
    ],
)
def test_of_several_types_of_a_name_the_one_with_a_body_and_nearest_before_is_meant(
    text: str, language: str, line: int, lines: tuple[int, int]
) -> None:
    assert used("Explain this struct", text, language, line)[1][0] == lines


@pytest.mark.parametrize(
    ("text", "language", "line", "lines"),
    [
        ("struct Cart { n: u8 }\nimpl crate::b::Cart {\n    fn f(&self) {}\n}\n", "rust", 3, (2, 4)),
        (
            "mod b {\n    struct Cart { n: u8 }\n    impl super::Cart {\n        fn f(&self) {}\n    }\n}\n",
            "rust",
            4,
            (3, 5),
        ),
        ("namespace shop {\nint f() {\n  return 3;\n}\n}\nstruct shop { int a; };\n", "cpp", 3, (2, 4)),
        ("struct cart { int n; };\nint cart(void) {\n  return 1;\n}\n", "c", 3, (2, 4)),
    ],
)
def test_a_type_that_only_has_the_name_of_what_is_around_the_cursor_stays_out(
    text: str, language: str, line: int, lines: tuple[int, int]
) -> None:
    assert used("Explain this struct", text, language, line)[1] == [lines]


TRAIT = """\
trait Shape { fn area(&self) -> u32; }
struct Cart { n: u32 }
impl<T: Into<u32>> Shape for Cart {
    fn area(&self) -> u32 {
        1
    }
}
impl Other for Cart {
    fn other(&self) {}
}
impl Cart {
    fn new() {}
}
"""


@pytest.mark.parametrize("prompt", ["explain this trait", "erkläre diese Schnittstelle", "explique cette interface"])
@pytest.mark.parametrize(("line", "lines"), [(5, [(1, 1), (3, 7)]), (9, [(8, 10)]), (12, [(11, 13)]), (1, [(1, 1)])])
def test_this_trait_is_what_an_impl_implements_and_never_the_struct(
    prompt: str, line: int, lines: list[tuple[int, int]]
) -> None:
    assert used(prompt, TRAIT, "rust", line)[1] == lines
    assert used("explain this struct", TRAIT, "rust", 5)[1] == [(2, 2), (3, 7)]


@pytest.mark.parametrize(("thing", "type_"), [("trait", (1, 1)), ("struct", (2, 2))])
def test_selected_lines_are_named_by_the_type_that_they_are_of(thing: str, type_: tuple[int, int]) -> None:
    refined, lines = used(f"explain this {thing}", TRAIT, "rust", 4, selected=3)
    assert refined.startswith(f"explain this {thing} (`Cart`, `src/cart` lines 4-6)")
    assert lines == [type_, (3, 7)]
