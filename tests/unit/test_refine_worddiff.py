"""The word diff: exact in both directions, readable, and bounded on long texts."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from optafly.domain import DiffPart
from optafly.refine.worddiff import word_diff

FEW = st.lists(
    st.sampled_from(("a", "b", "c", " ", "\n", "foo_bar", ".", "中", "文", "é", "🙂", "한국어")), max_size=40
).map("".join)


def both(parts: tuple[DiffPart, ...]) -> tuple[str, str]:
    before = "".join(part.text for part in parts if part.op != "insert")
    after = "".join(part.text for part in parts if part.op != "delete")
    return before, after


def marked(before: str, after: str) -> str:
    signs = {"equal": "{}", "insert": "[+{}+]", "delete": "[-{}-]"}
    return "".join(signs[part.op].format(part.text) for part in word_diff(before, after))


@given(st.text(), st.text())
def test_both_texts_come_back_in_any_script(before: str, after: str) -> None:
    assert both(word_diff(before, after)) == (before, after)


@given(FEW, FEW)
def test_both_texts_come_back_when_they_share_much(before: str, after: str) -> None:
    parts = word_diff(before, after)

    assert both(parts) == (before, after)
    assert all(part.text for part in parts)
    assert all(one.op != two.op for one, two in pairwise(parts))


@given(FEW)
def test_equal_texts_have_one_equal_part(text: str) -> None:
    assert word_diff(text, text) == ((DiffPart(op="equal", text=text),) if text else ())


def test_words_are_marked_whole() -> None:
    assert marked("Fix the bug", "Fix this bug") == "Fix [-the-][+this+] bug"
    assert marked("call parse_config", "call parse_file") == "call [-parse_config-][+parse_file+]"


def test_neighbouring_words_are_one_change() -> None:
    assert marked("the cat sat", "the dog ran") == "the [-cat sat-][+dog ran+]"


def test_scripts_without_spaces_are_marked_by_character() -> None:
    assert marked("修复这个错误", "修复那个错误") == "修复[-这-][+那+]个错误"


def test_an_insertion_in_the_middle_leaves_both_ends() -> None:
    code = "\n\n```python\n" + "value = step(value)\n" * 500 + "```"
    assert marked("Fix this bug now please", f"Fix this bug (in `f`) now please{code}") == (
        f"Fix this bug [+(in `f`) +]now please[+{code}+]"
    )


def test_long_texts_without_anything_in_common_are_replaced_whole() -> None:
    before, after = "a b " * 2_000, "c d e " * 2_000

    parts = word_diff(before, after)

    assert both(parts) == (before, after)
    assert len(parts) <= 4
