"""One spelling for prompts that are the same; never one for prompts that are not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from optafly.cache.normalise import normalise

WRITTEN = st.text(st.sampled_from("aBé\u0301 \t\n\r.?？!`'\"“”「」«»-_:1あ漢") | st.characters(), max_size=60)


@given(WRITTEN)
@example("why ?.")
@example("\u1fefa\u1fef")
def test_normalising_again_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(WRITTEN)
def test_only_spaces_case_and_the_last_mark_are_ever_touched(text: str) -> None:
    def bare(value: str) -> str:
        return "".join(unicodedata.normalize("NFC", value).split()).casefold().rstrip(".。．?？")

    assert bare(normalise(text)) == bare(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Why does this fail?", "why does this fail"),
        ("  Explain   this\tfunction. ", "explain this function"),
        ("caf\u00e9 menu", "cafe\u0301 menu"),
        ("one\r\ntwo  \n", "one\ntwo"),
        ("这段代码做什么？", "这段代码做什么"),
        ("这段代码做什么？", "这段代码做什么?"),
        ("이 함수는 뭐야?", "이 함수는 뭐야？"),
        ("What is a monad？", "What is a monad?"),
        ("Warum stürzt das ab?", "warum stürzt das ab"),
        ("What is a monad ?", "what is a monad"),
        ("what is?", "what is"),
    ],
)
def test_these_are_the_same_text(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("explain Foo", "explain foo"),
        ("Foo is broken", "foo is broken"),
        ('find "a  b"', 'find "a b"'),
        ("find `a  b`", "find `a b`"),
        ("查找「a  b」", "查找「a b」"),
        ("fix\nif x:\n    a()\nb()", "fix\nif x:\n    a()\n    b()"),
        ("explain empty?", "explain empty"),
        ("explain save!", "explain save"),
        ("what is 1.", "what is 1"),
        ("list .", "list"),
        ("explain this", "please explain this"),
        ("IF is what", "if is what"),
        ("how do I type ？", "how do I type ?"),
        ("what is ?", "what is"),
        ("What's ?", "what's"),
        ("how do I escape ?", "how do I escape"),
        ("解释foo，然后bar", "解释foo,然后bar"),
    ],
)
def test_these_are_not(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)
