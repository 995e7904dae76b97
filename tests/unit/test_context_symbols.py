"""Functions and classes are found by name and line in every language, also while the code is being written."""

from __future__ import annotations

import importlib
import logging
import subprocess
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.sources import GO, GOLDENS, LANGUAGES, PYTHON
from optafly.context import grammars, trees
from optafly.context.symbols import Symbol, enclosing, enclosing_all, symbols_in


def described(symbols: tuple[Symbol, ...]) -> list[str]:
    """Write symbols as the goldens do."""
    return [f"{'  ' * s.depth}{s.kind} {s.name} {s.start_line}-{s.end_line}" for s in symbols]


def line_of(text: str, part: str) -> int:
    """Return the 0-based line on which `part` first stands."""
    return text[: text.index(part)].count("\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_symbol_of_a_file_is_found(language: str) -> None:
    text, expected = GOLDENS[language]
    assert described(symbols_in(text, language)) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_enclosing_symbol_is_the_innermost_one_that_covers_the_line(language: str) -> None:
    text, _ = GOLDENS[language]
    symbols = symbols_in(text, language)
    for line, content in enumerate(text.split("\n")):
        if not content.strip():
            continue
        covering = [s for s in symbols if s.start_line <= line + 1 <= s.end_line]
        assert enclosing(text, language, line) == (covering[-1] if covering else None), content


@pytest.mark.parametrize(
    ("language", "part", "name"),
    [
        ("python", "@retry", "price_of"),
        ("python", "times=3", "price_of"),
        ("python", "# Prices", "price_of"),
        ("python", "await client", "price_of.fetch"),
        ("python", "self.price", "Cart.Line.__init__"),
        ("python", "currency", "Cart"),
        ("python", "DEFAULT", None),
        ("typescript", " * A cart.", "Cart"),
        ("typescript", "push", "Cart.add"),
        ("typescript", "export const format", "format"),
        ("typescript", "respond", "handlers.get"),
        ("go", "append", "Cart.Add"),
        ("go", "// Add puts", "Cart.Add"),
        ("rust", "#[derive", "Cart"),
        ("rust", "write!", "Cart::fmt"),
        ("java", "@Override", "Cart.toString"),
        ("java", "return 1.0", "Cart.Line.price"),
    ],
)
def test_a_place_lies_in_the_symbol_a_person_would_name(language: str, part: str, name: str | None) -> None:
    text, _ = GOLDENS[language]
    found = enclosing(text, language, line_of(text, part))
    assert (found.name if found else None) == name


def test_the_column_decides_where_a_line_holds_several_symbols() -> None:
    text = "class A { one() { return 1 } two() { return 2 } }"
    names = [getattr(enclosing(text, "javascript", 0, text.index(part)), "name", None) for part in ("{", "1", "2")]
    assert names == ["A", "A.one", "A.two"]


def test_the_symbols_around_a_place_come_innermost_first() -> None:
    assert [s.name for s in enclosing_all(PYTHON, "python", line_of(PYTHON, "self.price"))] == [
        "Cart.Line.__init__",
        "Cart.Line",
        "Cart",
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("indent", ["    ", "\t"])
def test_line_ends_byte_order_marks_and_tabs_change_no_line(newline: str, mark: str, indent: str) -> None:
    text = mark + "class Ünïcödé:\n    def größe(self):\n        return '日本 😀'\n\n\ndef другая():\n    pass\n"
    text = text.replace("    ", indent).replace("\n", newline)
    if newline == "\r":  # Python's grammar ends lines at LF only; what it makes of CR must not break anything
        assert all(s.end_line <= 8 for s in symbols_in(text, "python"))
        return
    assert described(symbols_in(text, "python")) == [
        "class Ünïcödé 1-3",
        "  method Ünïcödé.größe 2-3",
        "function другая 6-7",
    ]
    assert getattr(enclosing(text, "python", 2, 9), "name", None) == "Ünïcödé.größe"


def test_a_form_feed_ends_no_line() -> None:
    text = "x = 1\n\x0c\ndef f():\n    return '\u2028'\n"
    assert described(symbols_in(text, "python")) == ["function f 3-4"]


def test_a_blank_line_below_a_python_function_belongs_to_it_as_far_as_it_is_indented() -> None:
    text = "class A:\n    def f(self):\n        x = 1\n        \n\ny = 2\n"
    found = [getattr(enclosing(text, "python", 3, column), "name", None) for column in (8, 9)]
    assert found == ["A.f", "A.f"]
    assert enclosing(text, "python", 4, 0) is None
    assert getattr(enclosing(text, "python", 4, 4), "name", None) == "A"


BROKEN = {
    "python": "class K:\n    def one(self):\n        y = call(1,\n\n    def two(self):\n        return 2\n\nz = 1\n",
    "typescript": "class K {\n  one() {\n    const y = call(1,\n  }\n  two() {\n    return 2\n  }\n}\n",
    "go": "package k\n\nfunc one() {\n\ty := call(1,\n\n}\n\nfunc two() {\n\treturn\n}\n",
    "rust": "impl K {\n    fn one(&self) {\n        let y = call(1,\n    }\n    fn two(&self) {}\n}\n",
    "java": "class K {\n  void one() {\n    var y = call(1,\n  }\n  int two() { return 2; }\n}\n",
    "c": "int one(void) {\n  int y = call(1,\n}\n\nint two(void) {\n  return 2;\n}\n",
    "cpp": "struct K {\n  int one() {\n    auto y = call(1,\n  }\n  int two() { return 2; }\n};\n",
    "csharp": "class K {\n  void One_one() {\n    var y = call(1,\n  }\n  int two() { return 2; }\n}\n",
    "kotlin": "class K {\n  fun one() {\n    val y = call(1,\n  }\n  fun two(): Int {\n    return 2\n  }\n}\n",
    "php": "<?php\nclass K {\n  function one() {\n    $y = call(1,\n  }\n  function two() { return 2; }\n}\n",
    "ruby": "class K\n  def one\n    y = call(1,\n  end\n\n  def two\n    2\n  end\nend\n",
    "javascript": "function one() {\n  if (y = call(1 {\n    z()\n  }\n}\nfunction two() {\n  return 2\n}\n",
}


@pytest.mark.parametrize("language", sorted(BROKEN))
def test_code_in_mid_edit_still_lies_in_its_own_function(language: str) -> None:
    text = BROKEN[language]
    found = enclosing(text, language, line_of(text, "call"))
    assert found is not None
    assert found.name.endswith("one")
    assert found.end_line <= line_of(text, "two")


def test_a_language_without_a_grammar_has_no_symbols() -> None:
    assert symbols_in("def f(): pass", "cobol") == ()
    assert enclosing("def f(): pass", "plaintext", 0) is None


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Forget every loaded grammar and tree, before and after."""
    grammars.forget()
    trees.forget()
    yield
    grammars.forget()
    trees.forget()


@pytest.mark.usefixtures("forgotten")
def test_a_missing_grammar_is_no_error_and_is_said_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "tree_sitter_python", None)
    with caplog.at_level(logging.WARNING):
        assert symbols_in(PYTHON, "python") == ()
        assert enclosing(PYTHON, "python", 12) is None
    assert len(caplog.records) == 1
    assert "price_of" not in caplog.text


@pytest.mark.usefixtures("forgotten")
def test_grammars_are_imported_only_for_the_languages_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = importlib.import_module

    def spy(name: str, package: str | None = None) -> ModuleType:
        asked.append(name)
        return real(name, package)

    monkeypatch.setattr(importlib, "import_module", spy)
    assert symbols_in(GO, "go")
    assert asked == ["tree_sitter_go"]


def test_a_text_too_long_to_parse_has_no_symbols() -> None:
    text = "def f():\n    pass\n" + "#" * trees.MOST_BYTES
    assert symbols_in(text, "python") == ()


WORDS = st.sampled_from(["größe", "имя", "変数", "a", "_x1", "ünï"])
STRAY = st.text(st.sampled_from("é😀ß語 \t(){}:\"'\n\r,x"), max_size=6)


@given(names=st.lists(WORDS, min_size=1, max_size=4), newline=st.sampled_from(["\n", "\r\n"]), mark=st.booleans())
def test_names_and_lines_are_right_beyond_ascii(names: list[str], newline: str, *, mark: bool) -> None:
    lines = ["\ufeff# ☂ 傘" if mark else "# ☂ 傘", ""]
    expected: list[str] = []
    for name in names:
        expected.append(f"function {name} {len(lines) + 1}-{len(lines) + 2}")
        lines += [f"def {name}(ä='😀'):", f"    return '{name}😀'", ""]
    text = newline.join(lines)
    assert described(symbols_in(text, "python")) == expected
    for line, content in enumerate(lines):
        found = enclosing(text, "python", line, len(content))
        assert (found is not None) == (content.strip() not in ("", "# ☂ 傘", "\ufeff# ☂ 傘"))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_an_edited_document_has_the_symbols_of_a_fresh_one(data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(LANGUAGES))
    text = GOLDENS[language][0]
    for _ in range(4):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(start + 40, len(text))))
        text = text[:start] + data.draw(STRAY) + text[end:]
        edited = symbols_in(text, language, uri="file:///edited")
        assert edited == symbols_in(text, language, uri="")


@settings(max_examples=60, deadline=None)
@given(
    text=st.lists(st.one_of(STRAY, st.sampled_from(["def f():\n", "class A {", "fn x() {", "  "]))).map("".join),
    language=st.sampled_from(LANGUAGES),
    line=st.integers(0, 9),
    column=st.integers(0, 40),
)
def test_any_text_gives_symbols_inside_it(text: str, language: str, line: int, column: int) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    for symbol in (*symbols_in(text, language), *enclosing_all(text, language, line, column)):
        assert 1 <= symbol.start_line <= symbol.name_line <= symbol.end_line <= lines


def test_nothing_heavy_is_imported_at_start() -> None:
    code = "import sys, optafly.context.collect; print([m for m in sys.modules if m.startswith('tree_sitter')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
