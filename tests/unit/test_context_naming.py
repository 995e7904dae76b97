"""A symbol that the prompt names comes along, wherever the cursor is."""

from __future__ import annotations

import pytest

from optafly.config import ContextSettings
from optafly.context.collect import collect
from optafly.domain import Document, Snapshot

SOURCES = {
    "python": ("def total(prices):\n    return sum(prices)\n\n\nclass Bill:\n    def größe(self):\n        return 1\n"),
    "typescript": (
        "export const total = (prices: number[]) => {\n  return 0;\n};\n\n"
        "class Bill {\n  größe(): number {\n    return 1;\n  }\n}\n"
    ),
    "go": (
        "package p\n\nfunc total(prices []int) int {\n\treturn 0\n}\n\nfunc (b *Bill) größe() int {\n\treturn 1\n}\n"
    ),
    "rust": (
        "fn total(prices: &[i64]) -> i64 {\n    0\n}\n\n"
        "impl Bill {\n    fn größe(&self) -> i64 {\n        1\n    }\n}\n"
    ),
    "java": (
        "class Bill {\n    int total(int[] prices) {\n        return 0;\n    }\n"
        "    int größe() {\n        return 1;\n    }\n}\n"
    ),
}


def _named(prompt: str, language: str, text: str) -> list[tuple[str | None, str]]:
    document = Document(path="a", uri="file:///a", language=language, text=text)
    pieces, _ = collect(Snapshot(prompt=prompt, active=document), ContextSettings(), lambda path: None)
    return [(piece.symbol, piece.reason) for piece in pieces]


@pytest.mark.parametrize("language", SOURCES)
def test_a_function_that_the_prompt_names_is_chosen(language: str) -> None:
    ((symbol, reason),) = _named("Why is total() slow?", language, SOURCES[language])
    assert symbol is not None
    assert symbol.endswith("total")
    assert reason.startswith("The prompt names the ")


@pytest.mark.parametrize("language", SOURCES)
def test_a_name_beyond_ascii_is_found(language: str) -> None:
    ((symbol, _),) = _named("What does größe return?", language, SOURCES[language])
    assert symbol is not None
    assert symbol.endswith("größe")


def test_a_call_is_not_a_definition() -> None:
    text = "def other():\n    return total([1])\n\nx = total([2])\n"
    assert _named("Why is total() slow?", "python", text) == []


def test_a_part_of_a_name_is_not_the_name() -> None:
    assert _named("What is the total_price?", "python", SOURCES["python"]) == []
    assert _named("Explain tot", "python", SOURCES["python"]) == []


def test_at_most_three_are_chosen() -> None:
    text = "".join(f"def name{n}():\n    pass\n\n" for n in range(9))
    assert len(_named(" ".join(f"name{n}" for n in range(9)), "python", text)) == 3


def test_what_was_pointed_at_is_not_taken_twice() -> None:
    assert len(_named("Is `Bill` fine, and `größe` too?", "python", SOURCES["python"])) == 1
