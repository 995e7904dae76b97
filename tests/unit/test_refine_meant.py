"""What a prompt calls the code at the cursor says how much of it goes along: the method, the class, the file."""

from __future__ import annotations

import pytest

from optafly.config import ContextSettings, RefineSettings
from optafly.context.collect import collect
from optafly.domain import Document, Piece, Position, Range, Refinement, Snapshot
from optafly.refine.meant import meant
from optafly.refine.refinement import refine

SHOP = '''\
import json


class Cart:
    """What a customer wants."""

    def __init__(self):
        self.lines = []

    def total(
        self,
    ):
        def rate():
            return 1.1

        return sum(self.lines) * rate()


def load(path):
    return json.load(path)
'''
CLASS, INIT, INNER, FUNCTION = (4, 16), 8, 14, 20
FILE = (1, 20)


def refined(
    prompt: str, line: int, *, selected: bool = False, most_tokens: int = 8_000
) -> tuple[Refinement, list[Piece]]:
    """Refine a prompt at a 1-based line of the shop, and return the pieces of code that it brings."""
    document = Document(path="shop.py", uri="file:///project/shop.py", language="python", text=SHOP)
    cursor = Position(line=line - 1, character=0)
    selection = Range(start=cursor, end=Position(line=line - 1, character=20)) if selected else None
    snapshot = Snapshot(prompt=prompt, active=document, cursor=cursor, selection=selection)
    settings = ContextSettings(max_tokens=most_tokens)
    pieces, _ = collect(snapshot, settings, lambda _: None, meant(snapshot))
    result = refine(snapshot, pieces, RefineSettings())
    return result, [piece for piece in pieces if piece.text in result.refined]


def lines(pieces: list[Piece]) -> list[tuple[int, int]]:
    return [(piece.start_line, piece.end_line) for piece in pieces]


@pytest.mark.parametrize(
    "prompt",
    [
        "Explain this class",
        "what is wrong with this class?",
        "Erkläre diese Klasse",
        "explique cette classe",
        "解释这个类",
        "このクラスを説明して",
    ],
)
@pytest.mark.parametrize("selected", [False, True])
def test_this_class_is_all_of_the_class_around_the_cursor(prompt: str, selected: bool) -> None:
    result, pieces = refined(prompt, INIT, selected=selected)
    assert lines(pieces) == [CLASS]
    assert "`Cart`" in result.refined


def test_of_a_class_that_is_too_long_its_outline_goes_along_with_the_method() -> None:
    result, pieces = refined("Explain this class", INIT, most_tokens=60)
    assert [piece.kind for piece in pieces] == ["skeleton", "symbol"]
    assert "class Cart:\n    def __init__(self):\n    def total(\n        self,\n    ):\n" in result.refined
    assert "self.lines = []" in result.refined
    assert result.refined.startswith("Explain this class (`Cart`, `shop.py` lines 4-16)")


@pytest.mark.parametrize("prompt", ["Explain this file", "what does this module do?", "Refactorise ce fichier"])
def test_this_file_is_all_of_it(prompt: str) -> None:
    result, pieces = refined(prompt, FUNCTION)
    assert lines(pieces) == [FILE]
    assert "(`shop.py`)" in result.refined


def test_of_a_file_that_is_too_long_the_code_at_the_cursor_goes_along() -> None:
    assert lines(refined("Explain this file", FUNCTION, most_tokens=60)[1]) == [(19, 20)]


@pytest.mark.parametrize("prompt", ["Explain this method", "Erkläre diese Methode"])
def test_this_method_is_the_method_around_a_function_in_it_however_long(
    prompt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optafly.context.collect._SMALL_OUTER_LINES", 2)
    assert lines(refined(prompt, INNER)[1]) == [(10, 16)]
    assert lines(refined("Explain this function", INNER)[1]) == [(13, 14)]


def test_without_a_class_around_the_cursor_this_class_is_the_code_at_the_cursor() -> None:
    assert lines(refined("Explain this class", FUNCTION)[1]) == [(19, 20)]
