"""A file is cut into parts along its definitions, and no line is lost or shown twice."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from fakes.sources import GOLDENS, LANGUAGES
from optafly.context.lines import DocumentLines
from optafly.context.outline.chunks import MOST_LINES
from optafly.context.outline.model import Outline
from optafly.context.outline.read import outline_of


def parts(text: str, language: str) -> list[str]:
    """Write each chunk as its lines and the definition that it lies in."""
    outline = outline_of(text, language)
    names = [definition.name for definition in outline.definitions]
    return [
        f"{chunk.start_line}-{chunk.end_line}" + (f" {names[chunk.definition]}" if chunk.definition is not None else "")
        for chunk in outline.chunks
    ]


def function(name: str, lines: int, indent: str = "") -> str:
    """Return Python of exactly so many lines."""
    return f"{indent}def {name}():\n" + "".join(f"{indent}    x{n} = {n}\n" for n in range(lines - 1))


def holds(outline: Outline, text: str) -> None:
    """Assert what is true of every outline."""
    lines = DocumentLines.of(text)
    assert outline.lines == len(lines)
    covered = [line for chunk in outline.chunks for line in range(chunk.start_line, chunk.end_line + 1)]
    assert covered == sorted(set(covered))
    assert {line for line in range(1, len(lines) + 1) if not lines.blank(line - 1)} <= set(covered)
    for chunk in outline.chunks:
        assert not lines.blank(chunk.start_line - 1)
        assert not lines.blank(chunk.end_line - 1)
        if chunk.definition is not None:
            around = outline.definitions[chunk.definition]
            assert around.start_line <= chunk.start_line <= chunk.end_line <= around.end_line
    ends: list[int] = []
    for definition in outline.definitions:
        assert 1 <= definition.start_line <= definition.name_line <= definition.end_line <= len(lines)
        assert definition.name
        assert len(definition.signature) <= 300
        assert len(definition.doc) <= 200
        while len(ends) > definition.depth:
            ends.pop()
        assert len(ends) == definition.depth
        ends.append(definition.end_line)
    assert all(1 <= each.line <= len(lines) and each.module for each in outline.imports)
    assert all(count > 0 for count in outline.references.values())


def test_functions_of_some_length_are_parts_of_their_own() -> None:
    text = function("a", 20) + "\n\n" + function("b", 30) + "\n\n" + function("c", 12)
    assert parts(text, "python") == ["1-20 a", "23-52 b", "55-66 c"]


def test_small_neighbours_are_one_part_and_belong_to_what_is_around_them() -> None:
    text = "import os\n\n" + "\n".join(function(name, 3) for name in "abc")
    assert parts(text, "python") == ["1-13"]
    text = "class A:\n    n = 1\n\n" + "\n".join(function(f"m{n}", 25, "    ") for n in range(3))
    text += "\n" + function("p", 3, "    ") + "\n" + function("q", 3, "    ")
    assert parts(text, "python") == ["1-28 A", "30-54 A.m1", "56-88 A"]


def test_a_long_function_is_cut_before_a_line_that_is_indented_least_after_a_blank_one() -> None:
    body = "".join("    x = 1\n" for _ in range(44)) + "\n    if x:\n" + "".join("        y = 2\n" for _ in range(40))
    assert parts("def f():\n" + body, "python") == ["1-45 f", "47-87 f"]


def test_a_long_run_of_data_is_cut_all_the_same() -> None:
    text = "TABLE = {\n" + "".join(f"    {n}: {n},\n" for n in range(300)) + "}\n"
    found = outline_of(text, "python").chunks
    assert max(chunk.end_line - chunk.start_line for chunk in found) < MOST_LINES
    assert all(chunk.definition == 0 for chunk in found)


def test_blank_lines_at_the_ends_belong_to_no_part() -> None:
    assert parts("\n\n\nx = 1\n\n\n", "python") == ["4-4 x"]
    assert parts("\n \n\t\n", "python") == []
    assert parts("", "python") == []


PIECES = st.sampled_from(
    [
        *(text for text, _ in GOLDENS.values()),
        "\n",
        "\n\n\n",
        "x = 1\n",
        "}",
        "{",
        "(",
        "    ",
        '"""',
        "/*",
        "*/",
        "```\n",
    ]
)
NOISE = st.text(st.sampled_from("ab \t\n\r\x0c(){}[]<>:;,.=\"'`#/*@é😀\ud800"), max_size=80)


@settings(max_examples=150, deadline=None)
@given(language=st.sampled_from([*LANGUAGES, "markdown", "vue", "lua", "plaintext"]), pieces=st.lists(PIECES | NOISE))
@example(language="c", pieces=["/*\n\n*/\nint f() {}"])
@example(language="java", pieces=["*\n", "class A { int f() {} int g() {} }"])
@example(language="cpp", pieces=["class public { Cart() { f(); } };\nA public class {"])
def test_every_line_that_is_not_blank_lies_in_exactly_one_part(language: str, pieces: list[str]) -> None:
    text = "".join(pieces)
    holds(outline_of(text, language), text)


@settings(max_examples=60, deadline=None)
@given(language=st.sampled_from(LANGUAGES), cut=st.floats(0, 1), count=st.integers(1, 8))
def test_a_file_cut_off_anywhere_keeps_the_laws(language: str, cut: float, count: int) -> None:
    text = GOLDENS[language][0] * count
    text = text[: int(cut * len(text))]
    holds(outline_of(text, language), text)
