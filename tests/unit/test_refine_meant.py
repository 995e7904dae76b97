"""What a prompt calls the code at the cursor says how much of it goes along: the method, the class, the file."""

from __future__ import annotations

import pytest

from optafly.config import ContextSettings, RefineSettings
from optafly.context.collect import collect
from optafly.domain import Document, Piece, Position, Range, Refinement, Snapshot
from optafly.refine.meant import meant
from optafly.refine.refinement import refine
from optafly.refine.rules.code import block

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
    prompt: str, line: int, *, selected: int = 0, most_tokens: int = 8_000, text: str = SHOP
) -> tuple[Refinement, list[Piece]]:
    """Refine a prompt at a 1-based line of the shop, so many lines selected, and return the pieces that it brings."""
    result, _, used = asked(prompt, line, selected=selected, most_tokens=most_tokens, text=text)
    return result, used


def asked(
    prompt: str, line: int, *, selected: int = 0, most_tokens: int = 8_000, text: str = SHOP
) -> tuple[Refinement, tuple[str, ...], list[Piece]]:
    """Do as `refined`, and return the notes on what was left out, too."""
    document = Document(path="shop.py", uri="file:///project/shop.py", language="python", text=text)
    cursor = Position(line=line - 1, character=0)
    selection = Range(start=cursor, end=Position(line=line + selected - 2, character=40)) if selected else None
    snapshot = Snapshot(prompt=prompt, active=document, cursor=cursor, selection=selection)
    settings = ContextSettings(max_tokens=most_tokens)
    pieces, notes = collect(snapshot, settings, lambda _: None, meant(snapshot))
    result = refine(snapshot, pieces, RefineSettings())
    return result, notes, [piece for piece in pieces if block(piece) in result.refined]


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
@pytest.mark.parametrize("selected", [0, 1, 4])
def test_this_class_is_all_of_the_class_around_the_cursor(prompt: str, selected: int) -> None:
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


@pytest.mark.parametrize(
    "prompt",
    [
        "explain the public functions here",
        "add docstrings to all functions here",
        "which functions here are unused?",
        "document all functions in this file",
        "dokumentiere alle Funktionen hier",
        "explique toutes les fonctions ici",
        "documenta todas las funciones aquí",
        "documente todas as funções aqui",
        "documenta tutte le funzioni qui",
        "задокументируй все функции здесь",
        "解释这里的所有函数",
        "ここのすべての関数を説明して",
        "여기 있는 모든 함수를 설명해줘",
    ],
)
def test_the_functions_here_are_those_of_all_the_file(prompt: str) -> None:
    result, pieces = refined(prompt, INIT)
    assert lines(pieces) == [FILE]
    assert "`shop.py`" in result.refined


@pytest.mark.parametrize("prompt", ["document the methods here", "erkläre alle Methoden hier", "解释这里的所有方法"])
def test_the_methods_here_are_those_of_the_class(prompt: str) -> None:
    assert lines(refined(prompt, INIT)[1]) == [CLASS]


@pytest.mark.parametrize(
    "prompt", ["is the logic here correct?", "fix the bug here", "what does the function here do?"]
)
def test_one_thing_here_is_the_code_at_the_cursor(prompt: str) -> None:
    assert lines(refined(prompt, INIT)[1]) == [(7, 8)]


@pytest.mark.parametrize(
    "prompt", ["explain the functions here", "document the methods here", "explique les fonctions ici"]
)
@pytest.mark.parametrize("selected", [1, 4])
def test_what_is_selected_is_what_here_means(prompt: str, selected: int) -> None:
    result, pieces = refined(prompt, INNER - 1, selected=selected)
    assert lines(pieces) in ([(10, 16)], [(13, 16)])
    assert "(`Cart.total" in result.refined


@pytest.mark.parametrize("prompt", ["rename the variables here", "benenne die Variablen hier um"])
def test_the_variables_here_are_those_of_the_code_at_the_cursor(prompt: str) -> None:
    assert lines(refined(prompt, INIT)[1]) == [(7, 8)]


def test_of_a_file_that_is_too_long_the_functions_here_are_the_code_that_goes_along() -> None:
    result, pieces = refined("are the functions here thread safe?", INIT, most_tokens=60)
    assert lines(pieces) == [(7, 8)]
    assert result.refined.startswith("are the functions here (`Cart.__init__`, `shop.py` lines 7-8) thread safe?")


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


@pytest.mark.parametrize(
    ("prompt", "place"),
    [
        ("Explain this class", "`Cart`, `shop.py` lines 13-16"),
        ("move these lines out of this class", "`Cart`, `shop.py` lines 13-16"),
        ("extract this into a method of this class", "`Cart`, `shop.py` lines 13-16"),
        ("make this faster, it is the slowest part of this file", "`Cart.total`, `shop.py` lines 13-16"),
        ("Erkläre diese Klasse", "`Cart`, `shop.py` Zeilen 13-16"),
        ("verschiebe diese Zeilen aus dieser Klasse", "`Cart`, `shop.py` Zeilen 13-16"),
        ("解释这个类", "`Cart`，`shop.py` 第 13-16 行"),
        ("Explain this file", "`shop.py` lines 13-16"),
    ],
)
def test_selected_lines_are_named_whatever_the_prompt_calls_what_is_around_them(prompt: str, place: str) -> None:
    assert place in refined(prompt, INNER - 1, selected=4)[0].refined


@pytest.mark.parametrize(
    "prompt",
    [
        "move these lines out of this class",
        "verschiebe diese Zeilen aus dieser Klasse",
        "déplace ces lignes hors de cette classe",
        "mueve estas líneas fuera de esta clase",
        "mova estas linhas para fora desta classe",
        "sposta queste righe fuori da questa classe",
        "вынеси эти строки из этого класса",
        "把这些行移出这个类",
        "これらの行をこのクラスの外に移動して",
        "이 줄들을 이 클래스 밖으로 옮겨줘",
    ],
)
def test_lines_that_are_to_leave_a_class_do_not_bring_all_of_it(prompt: str) -> None:
    assert lines(refined(prompt, INNER - 1, selected=4)[1]) in ([(10, 16)], [(13, 16)])
    assert lines(refined(prompt, INIT)[1]) == [(7, 8)]


def test_with_selected_lines_all_of_the_file_goes_along_where_that_is_meant() -> None:
    assert lines(refined("Explain this file", INIT, selected=1)[1]) == [FILE]


def test_what_is_selected_whole_is_taken_once() -> None:
    assert lines(refined("Explain this class", 4, selected=13)[1]) == [CLASS]
    assert lines(refined("Explain this file", 1, selected=20)[1]) == [FILE]


@pytest.mark.parametrize(
    "prompt",
    [
        "what does this do in this file?",
        "extract this into a method of this class",
        "que fait ceci dans cette classe ?",
        "これはこのクラスで何をしますか",
    ],
)
def test_what_is_pointed_at_before_the_class_or_file_is_the_code_at_the_cursor(prompt: str) -> None:
    assert lines(refined(prompt, INIT)[1]) == [(7, 8)]


def test_a_class_whose_outline_does_not_fit_is_named_by_its_own_name_and_said_to_be_left_out() -> None:
    long = "class Cart:\n" + "".join(f"    def m{n}(self):\n        return {n}\n\n" for n in range(2_000))
    result, notes, pieces = asked("Explain this class", 9, text=long)
    assert lines(pieces) == [(8, 9)]
    assert result.refined.startswith("Explain this class (`Cart`, `shop.py`)")
    assert any(note.startswith("The class `Cart` is left out") for note in notes)


def test_a_class_in_another_is_named_by_all_of_its_name() -> None:
    nested = "class Shop:\n    class Cart:\n        def total(self):\n            return 1\n"
    assert refined("Explain this class", 4, text=nested)[0].refined.startswith("Explain this class (`Shop.Cart`, ")


def test_where_only_the_outline_of_a_class_fits_nobody_is_asked_which_code_is_meant() -> None:
    result, notes, pieces = asked("Explain this class", INIT, most_tokens=30)
    assert [piece.kind for piece in pieces] == ["skeleton"]
    assert result.question is None
    assert notes == ("The code around the cursor is left out: it does not fit `context.maxTokens` (30).",)
