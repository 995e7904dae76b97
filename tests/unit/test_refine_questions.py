"""Questions about work get none of what is said of a change; an order in the form of a question is an order."""

from __future__ import annotations

import pytest

from fakes.screen import SYMBOL, snapshot
from optafly.config import RefineSettings
from optafly.domain import Refinement
from optafly.refine.refinement import refine


def refined(prompt: str) -> Refinement:
    return refine(snapshot(prompt), (SYMBOL,), RefineSettings())


def goals(prompt: str) -> list[str]:
    return [change.after.strip() for change in refined(prompt).changes if change.kind == "goal"]


@pytest.mark.parametrize(
    "prompt",
    [
        "does config.py handle what @load sends it?",
        "does this function handle None?",
        "does this validate its input?",
        "does this check for None?",
        "why is there no error handling here",
        "I changed it. Does this have unit tests?",
        "is there a better way to write this?",
        "ist diese Funktion dokumentiert?",
        "est-ce que cette fonction est implémentée ?",
        "¿está esta función implementada?",
        "これはログを残していますか？",
        "이 함수는 로그를 남기나요?",
        "behandelt diese Funktion Fehler?",
        "¿esta función maneja los errores?",
        "est-ce que cette fonction gère les erreurs ?",
        "questo gestisce gli errori?",
        "isso trata erros?",
        "обрабатывает ли эта функция ошибки?",
        "这个函数处理错误吗？",
        "この関数はエラーを処理しますか？",
        "이 함수는 오류를 처리하나요?",
    ],
)
def test_a_question_gets_nothing_that_is_said_of_changes(prompt: str) -> None:
    assert (refined(prompt).intent, goals(prompt)) == ("explain", [])


@pytest.mark.parametrize(
    ("prompt", "intent"),
    [
        ("can you add tests?", "test"),
        ("could you please refactor this?", "refactor"),
        ("how can I simplify this?", "refactor"),
        ("add tests here. why are there none?", "test"),
        ("can you check this?", "review"),
        ("is this correct?", "review"),
        ("kannst du das vereinfachen?", "refactor"),
        ("peux-tu simplifier ça ?", "refactor"),
        ("¿puedes simplificar esto?", "refactor"),
        ("você pode simplificar isto?", "refactor"),
        ("puoi semplificare questo?", "refactor"),
        ("можешь упростить это?", "refactor"),
        ("可以帮我简化这个函数吗？", "refactor"),
        ("この関数を整理してもらえますか？", "refactor"),
        ("이 함수를 정리해줄 수 있나요?", "refactor"),
    ],
)
def test_an_order_in_the_form_of_a_question_is_an_order(prompt: str, intent: str) -> None:
    assert refined(prompt).intent == intent
    assert len(goals(prompt)) == 1


@pytest.mark.parametrize("prompt", ["is this thread safe?", "これはスレッドセーフですか？", "are these tests new?"])
def test_who_asks_whether_something_is_so_gets_no_plan_for_an_explanation(prompt: str) -> None:
    assert (refined(prompt).intent, goals(prompt)) == ("explain", [])
    assert goals("what is this?") != [] != goals("これは何ですか？")


def test_who_asks_why_it_is_slow_is_not_told_to_keep_the_results() -> None:
    assert goals("Why is this loop slow?") == ["Say what costs most now and what each change gains."]
    assert goals("Make it faster")[0].endswith("Keep the results the same.")
