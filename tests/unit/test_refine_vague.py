"""Whether a prompt says itself what it is about, or leans on the screen: a table, judged as a developer would."""

from __future__ import annotations

import pytest

from fakes.screen import SYMBOL, empty_screen, snapshot
from optafly.config import RefineSettings
from optafly.refine.refinement import refine
from optafly.refine.scope import scope_of

CLEAR = [
    "where are failed downloads tried again",
    "why does my spider stop",
    "where is the retry limit for uploads set?",
    "how do we decide which invoices are overdue",
    "which module talks to the payment gateway?",
    "why are some emails sent twice?",
    "where do we check that a user may delete a project",
    "what happens when a websocket loses its connection?",
    "does the scheduler survive a restart?",
    "when is the session cookie renewed",
    "why is the checkout page slow",
    "who calls the billing webhook",
    "why do passwords with umlauts fail?",
    "why can't I log in with an expired invitation?",
    "is there a limit on attachment size",
    "where is logging configured",
    "fix the rounding of discounts",
    "fix login",
    "add a test for expired tokens",
    "speed up thumbnail generation",
    "document the cache eviction",
    "refactor the invoice exporter",
    "rename the crawler's delay setting",
    "make the search ignore accents",
    "remove the deprecated avatar endpoint",
    "handle empty carts at checkout",
    "review the permission checks",
    "fix parse_dates",
    "fix src/app/main.rs",
    "fix the TypeError in load_users",
    "the importer chokes on empty rows, please fix it",
    "fix: exports miss Canada",
    "explain how leases are renewed",
    "Since last week the nightly exports to the warehouse are missing the rows of customers in Canada. "
    "Find out why and fix it.",
    "Wo werden fehlgeschlagene Downloads wiederholt?",
    "Warum bleibt mein Crawler stehen?",
    "Behebe die Rundung der Rabatte",
    "Schreib Tests für abgelaufene Tokens",
    "Où sont relancés les téléchargements échoués ?",
    "Corrige l'arrondi des remises",
    "¿Dónde se reintentan las descargas fallidas?",
    "Arregla el redondeo de los descuentos",
    "Onde os downloads que falharam são repetidos?",
    "Corrija o arredondamento dos descontos",
    "Dove vengono ritentati i download falliti?",
    "Correggi l'arrotondamento degli sconti",
    "Где повторяются неудачные загрузки?",
    "Исправь округление скидок",
    "失败的下载在哪里重试？",
    "修复折扣的四舍五入",
    "修复parse_dates里的错误",
    "src/app/main.rs为什么崩溃",
    "失敗したダウンロードはどこで再試行されますか",
    "割引の丸めを直して",
    "load_users関数を直して",
    "실패한 다운로드는 어디서 재시도하나요?",
    "할인 반올림을 고쳐줘",
    "load_users함수를 고쳐줘",
    "แก้ไข load_users หน่อย",
    "แก้ไขload_usersหน่อย",
]

VAGUE = [
    "fix this",
    "refactor this function so that it is under 50 lines",
    "any ideas how to make this better?",
    "fix it",
    "fix this bug",
    "Fix the bug please",
    "what's wrong here?",
    "why doesn't this work",
    "why does it crash?",
    "explain this function",
    "what does it do",
    "make it faster",
    "refactor",
    "add tests",
    "clean this up",
    "please help me fix the failing test",
    "fix the failing case",
    "it is broken again",
    "the tests fail",
    "there is an error",
    "can you improve this code?",
    "is this correct?",
    "why is this so slow",
    "not working",
    "any bugs?",
    "how can I make this better?",
    "Hi! Could you please take a look at this and tell me what is wrong with it? Thanks a lot",
    "Behebe diesen Fehler",
    "Warum funktioniert das nicht?",
    "Mach es schneller",
    "Was macht diese Funktion?",
    "Corrige ce bug",
    "Pourquoi ça ne marche pas ?",
    "Rends-le plus rapide",
    "Arregla este error",
    "¿Por qué no funciona?",
    "Corrija este erro",
    "Por que isso não funciona?",
    "Correggi questo errore",
    "Perché non funziona?",
    "Исправь эту ошибку",
    "Почему это не работает?",
    "修复这个错误",
    "为什么不工作",
    "解释这个函数",
    "优化一下",
    "このバグを修正して",
    "なぜ動かないのですか",
    "この関数を説明して",
    "リファクタリングして",
    "이 버그를 고쳐줘",
    "왜 안 돼?",
    "이 함수를 설명해줘",
]


@pytest.mark.parametrize("prompt", CLEAR)
def test_a_prompt_that_says_what_it_is_about_is_neither_asked_about_nor_put_where_the_cursor_is(prompt: str) -> None:
    bare, beside = refine(empty_screen(prompt), (), RefineSettings()), snapshot(prompt)
    located = [each for each in refine(beside, (SYMBOL,), RefineSettings()).changes if each.kind == "locate"]

    assert bare.question is None
    assert located == []
    assert not scope_of(beside, (SYMBOL,)).vague


@pytest.mark.parametrize("prompt", VAGUE)
def test_a_prompt_that_leans_on_the_screen_is_put_there_and_asked_about_where_there_is_none(prompt: str) -> None:
    bare, beside = refine(empty_screen(prompt), (), RefineSettings()), snapshot(prompt)
    filled = refine(beside, (SYMBOL,), RefineSettings())

    assert bare.question is not None
    assert filled.question is None
    assert SYMBOL.text in filled.refined
    assert scope_of(beside, (SYMBOL,)).vague


@pytest.mark.parametrize(
    ("prompt", "asked"),
    [
        ("Fix this crash in the importer", False),
        ("Simplify this function of the exporter", False),
        ("Fix this bug in parse_dates", False),
        ("Vereinfache diese Funktion im Exporter", False),
        ("Fix this crash", True),
        ("Vereinfache diese Funktion", True),
    ],
)
def test_nobody_is_asked_which_code_is_meant_who_has_said_what_to_look_for(prompt: str, asked: bool) -> None:
    assert (refine(empty_screen(prompt), (), RefineSettings()).question is not None) is asked
