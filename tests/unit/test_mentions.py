"""What a prompt mentions, what a name may mean, and what is being typed."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optafly.domain import Piece
from optafly.mentions import Name, being_typed, is_word, means, mention_of, mentions, name_of, named_shortly, readings

PIECE = Piece(
    path="till/bill.py",
    uri="file:///till/bill.py",
    kind="symbol",
    language="python",
    start_line=4,
    end_line=12,
    text="",
    content_hash="",
    tokens=0,
    reason="",
    symbol="Bill.total",
)


def named(prompt: str) -> list[tuple[str, str]]:
    return [(each.kind, each.name) for each in mentions(prompt)]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("fix #till/bill.py please", [("file", "till/bill.py")]),
        ("is #Makefile, or #.gitignore. wrong?", [("file", "Makefile"), ("file", ".gitignore")]),
        ("see (#a/b.test.ts:4-12): why", [("file", "a/b.test.ts:4-12")]),
        ("why does @Bill.total?", [("symbol", "#Bill.total")]),
        ("und @Straße::größe!", [("symbol", "#Straße::größe")]),
        ("#till/bill.py#Bill.total is slow", [("symbol", "till/bill.py#Bill.total")]),
        ('#"my notes/a #1.md":3 and #"a b.py"#total', [("file", "my notes/a #1.md:3"), ("symbol", "a b.py#total")]),
        ("is #tax (or #Invoice) right, #till: why?", [("file", "tax"), ("file", "Invoice"), ("file", "till")]),
        ("#tax's total\nand #税金, 税#taxの", [("file", "tax"), ("file", "税金"), ("file", "tax")]),
        ("make it #fff", [("file", "fff")]),  # there may be such a file, but see `is_word`
        ("修复#src/配置.py的错误和@total的结果", [("file", "src/配置.py"), ("symbol", "#total")]),
        ("@計算 が遅い", [("symbol", "#計算")]),
        ("#../lib/x.go and #@types/node/index.d.ts", [("file", "../lib/x.go"), ("file", "@types/node/index.d.ts")]),
    ],
)
def test_a_prompt_mentions_files_lines_and_definitions(prompt: str, expected: list[tuple[str, str]]) -> None:
    assert named(prompt) == expected


@pytest.mark.parametrize(
    "prompt",
    [
        "# A heading\n## Another",
        "fixes #123, in C#",
        "mail a@b.example or x.html#top",
        "@types/node and @babel-core",
        "@@ -1,3 +1,3 @@",
        "```python\n@property\n#include\n```",
        "~~~\n@override",
        "#",
        "@ #. @1 #:3",
        "#include <stdio.h>\n  #endif",
        "#main { color: red }\n#main, #footer {\n#main > .a",
        "$('#main') and `#main` and href=\"#top\" and url(#grad)",
        "    #indented code",
        "x = 1; #comment;",
    ],
)
def test_what_only_looks_like_a_mention_is_none(prompt: str) -> None:
    assert named(prompt) == []


def test_a_mention_says_where_it_stands() -> None:
    prompt = "🙂 fix #a.py:3 and @total."
    assert [prompt[each.start : each.end] for each in mentions(prompt)] == ["#a.py:3", "@total"]


@pytest.mark.parametrize(
    "path",
    [
        "a.py",
        "a b.py",
        "a#b.py",
        'say "x".md',
        "app/[id]/page.tsx",
        "a.py的",
        "123",
        "include",
        "ab的",
        "src/配置.py",
        "a\\b.py",
        "a,b",
    ],
)
@pytest.mark.parametrize("symbol", [None, "Bill.total"])
def test_a_mention_that_we_write_names_what_it_was_written_for(path: str, symbol: str | None) -> None:
    name = name_of(path, symbol)
    assert [each.name for each in mentions(f"look at {mention_of(name)}, please")] == [name]
    assert Name(path, symbol) in readings(name)


@given(st.text(st.characters(exclude_characters="\n\r\0", exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_any_file_can_be_mentioned(path: str) -> None:
    assert Name(path) in [reading for each in mentions(mention_of(path)) for reading in readings(each.name)]


def test_a_symbol_without_its_file_is_mentioned_with_an_at() -> None:
    assert mention_of("#Bill.total") == "@Bill.total"


def test_a_name_may_be_read_as_a_path_before_anything_else() -> None:
    assert readings("a#b") == (Name("a#b"), Name("a", "b"))
    assert readings("x.py:9-3") == (Name("x.py:9-3"), Name("x.py", None, (3, 9)))


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("till/bill.py", True),
        ("till", False),
        ("bill.py", False),
        ("till/bill.py:12-20", True),
        ("till/bill.py:13", False),
        ("till/bill.py#Bill", True),
        ("till/bill.py#Bill.total", True),
        ("till/bill.py#Bil", False),
        ("till/bill.py#total", False),
        ("till/bill.py#Bill::total", True),
        ("#total", True),
        ("#tot", False),
    ],
)
def test_a_name_means_a_piece_that_is_of_what_it_names(name: str, meant: bool) -> None:
    assert means(name, PIECE) is meant


def test_a_piece_without_a_symbol_is_meant_by_its_file_alone() -> None:
    piece = msgspec.structs.replace(PIECE, symbol=None)
    assert means("till/bill.py", piece)
    assert not means("till/bill.py#Bill", piece)


@pytest.mark.parametrize("name", ["fff", "FFCC00", "a1b2c3d", "PROJ-12", "gh12", "include", "x", "a/b.py", "12"])
def test_what_may_be_a_colour_a_commit_or_an_issue_is_no_word_alone(name: str) -> None:
    assert not is_word(name)


@pytest.mark.parametrize("name", ["tax", "Invoice", "load_config", "http2-client", "税金"])
def test_a_word_alone_can_hardly_mean_anything_but_a_file(name: str) -> None:
    assert is_word(name)


@pytest.mark.parametrize(
    ("given", "path", "meant"),
    [
        ("tax", "src/tax.py", True),
        ("Tax", "tax.py", True),
        ("src/tax", "app/src/tax.ts", True),
        ("tax", "src/retax.py", False),
        ("tax", "tax.test.ts", False),
        ("tax", "src/tax", False),
        ("", "src/.py", False),
    ],
)
def test_a_file_may_be_named_without_its_ending(given: str, path: str, meant: bool) -> None:
    assert named_shortly(given, path) is meant


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("fix #", ("file", "", 4)),
        ("fix #till/bi", ("file", "till/bi", 4)),
        ('fix #"my no', ("file", "my no", 4)),
        ("fix @", ("symbol", "", 4)),
        ("@Bill.", ("symbol", "Bill.", 0)),
        ("修复#sr", ("file", "sr", 2)),
        ("a #x.py and @to", ("symbol", "to", 12)),
    ],
)
def test_what_is_being_typed_is_found_before_the_cursor(before: str, expected: tuple[str, str, int]) -> None:
    assert being_typed(before) == expected


@pytest.mark.parametrize("before", ["", "# ", "a@b", "C#", "## ", "#a.py ", "@total,", '#"a" '])
def test_where_no_mention_is_being_typed_there_is_none(before: str) -> None:
    assert being_typed(before) is None


def test_a_long_prompt_of_marks_comes_to_an_end() -> None:
    assert mentions("#@a " * 60_000 + '#"' + "x" * 20_000 + "```\n" * 1_000)
    assert being_typed("#a@b" * 10_000) is None
