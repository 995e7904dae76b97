"""No file stops the index: enormous, minified, broken, nested without end, or in the wrong language."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optafly.context import grammars
from optafly.context.outline.macros import without_macros
from optafly.context.outline.read import MOST_BYTES, outline_of
from optafly.context.shape import shape
from optafly.context.symbols import symbols_in

LANGUAGES = sorted(grammars.GRAMMARS)


def in_lines(text: str) -> str:
    """Break a text into short lines, so that it is not taken for a minified one."""
    return "\n".join(text[start : start + 80] for start in range(0, len(text), 80))


def test_an_enormous_file_is_cut_coarsely_and_says_so() -> None:
    text = "def f():\n    pass\n" * (MOST_BYTES // 18 + 1_000)
    outline = outline_of(text, "python")
    assert (outline.definitions, outline.note) == ((), "it is longer than 1 MB")
    assert outline.lines == text.count("\n") + 1
    assert max(chunk.end_line - chunk.start_line for chunk in outline.chunks) < 200


def test_a_minified_file_is_told_by_its_lines_and_says_so() -> None:
    text = "!function(){" + "var a=function(b){return b+1};" * 500 + "}();\n"
    outline = outline_of(text, "javascript")
    assert (outline.definitions, outline.note, len(outline.chunks)) == ((), "it is minified", 1)


def test_one_long_line_of_data_makes_no_file_minified() -> None:
    text = f"LOGO = '{'A' * 4_000}'\n\n" + "".join(f"def f{n}():\n    return '{'x' * 60}'\n\n\n" for n in range(60))
    outline = outline_of(text, "python")
    assert outline.note == ""
    assert len(outline.definitions) == 61


def test_more_definitions_than_anybody_writes_are_cut_off_with_a_note() -> None:
    outline = outline_of("".join(f"def f{n}(): pass\n" for n in range(5_000)), "python")
    assert (len(outline.definitions), outline.note) == (4_000, "it has more than 4,000 definitions")


# Most of these took minutes, or all memory, before they were bounded.
ENDLESS = {
    "brackets that never close": ("python", in_lines("(" * 300_000)),
    "braces that never close": ("cpp", in_lines("{" * 100_000)),
    "attributes of attributes": ("go", in_lines("a" + ".a" * 200_000)),
    "functions in functions": ("javascript", in_lines("function a(){" * 5_000 + "}" * 5_000)),
    "classes in classes": ("java", "class A {\n" * 20_000 + "}\n" * 20_000),
    "lists of types in lists of types": ("csharp", in_lines("a<" * 200_000)),
    "arrows that mean nothing": ("c", in_lines("a=>" * 100_000)),
    "a statement with a thousand parts": ("typescript", "const " + ",\n".join(f"a{n}=()=>1" for n in range(3_000))),
    "only comments": ("c", "/* x */\n" * 40_000),
    "stars": ("java", "*\n" * 100_000 + "class A {}\n"),
    "imports in imports": ("rust", "use " + "a::{\n" * 20_000 + "b" + "}" * 20_000 + ";"),
    "calls in calls": ("kotlin", in_lines("f(" * 30_000 + ")" * 30_000)),
    "elements in elements": ("typescriptreact", in_lines("<a>" * 30_000)),
    "carriage returns": ("ruby", "\r" * 200_000),
    "nothing": ("php", "\0" * 500_000),
}


@pytest.mark.parametrize("case", ENDLESS)
def test_what_is_nested_without_end_is_read_all_the_same(case: str) -> None:
    language, text = ENDLESS[case]
    limit = sys.getrecursionlimit()
    assert outline_of(text, language).lines >= 1
    assert isinstance(symbols_in(text, language), tuple)
    assert shape(text[:30_000], language) is None
    assert sys.getrecursionlimit() == limit


_BLANKS = "  public" + " " * 480 + ";\n"


@pytest.mark.timeout(20)  # no figure: shared out between the parts of a pattern in all ways, blanks would take minutes
@pytest.mark.parametrize("language", ["java", "csharp"])
def test_blanks_in_code_that_does_not_parse_cost_nothing(language: str) -> None:
    text = "class Till {\n  void open() {\n    if (a {\n" + _BLANKS * 200 + "  public   static\tvoid  shut() {\n"
    assert "shut" in {each.name.rpartition(".")[2] for each in outline_of(text, language).definitions}


@pytest.mark.timeout(20)  # no figure: looked for from each macro to the end of the file, a brace would take minutes
def test_macros_that_never_close_or_all_close_at_once_are_read_through_once() -> None:
    text = b"m!{\nfn a\n" * 90_000
    assert without_macros(text, "rust") == text
    assert without_macros(text + b"}\n", "rust") == b"   \n" + text[4:] + b" \n"


@pytest.mark.parametrize("language", ["c", "cpp", "java", "csharp", "kotlin"])
def test_markup_in_comments_and_rules_of_signs_do_not_make_a_file_too_ambiguous(language: str) -> None:
    comment = "/*\n" + "=" * 900 + "\n" + "<li>one</li>\n" * 400 + "*/\n"
    outline = outline_of(comment + "class Cart {\n};\n" + "struct Line {\n};\n", language)
    assert outline.note == ""


def test_a_file_that_does_not_parse_is_read_by_its_words() -> None:
    outline = outline_of("function hello() {\n  go();\n}\n" + in_lines("(" * 100_000), "javascript")
    assert outline.note == "it could not be parsed: it was read by its words"
    assert [definition.name for definition in outline.definitions] == ["hello"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_grammar_that_is_missing_leaves_a_file_readable(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    grammars.forget()
    monkeypatch.setitem(sys.modules, grammars.GRAMMARS[language].module, None)
    try:
        outline = outline_of("class Cart {\n}\n", language)
    finally:
        grammars.forget()
    assert [definition.name for definition in outline.definitions] == ["Cart"]


@settings(max_examples=120, deadline=None)
@given(language=st.sampled_from([*LANGUAGES, "vue", "markdown", "sql", "cobol"]), data=st.binary(max_size=400))
def test_random_bytes_never_raise(language: str, data: bytes) -> None:
    outline = outline_of(data.decode("utf-8", "surrogateescape"), language)
    assert outline.language == language


@settings(max_examples=120, deadline=None)
@given(language=st.sampled_from([*LANGUAGES, "vue", "markdown", "sql", "cobol"]), text=st.text(max_size=400))
def test_random_text_never_raises(language: str, text: str) -> None:
    assert outline_of(text, language).language == language
