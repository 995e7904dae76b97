"""How far a prompt reaches: into the workspace, perhaps into it, or to nothing that the workspace knows."""

from __future__ import annotations

import pytest

from fakes.screen import SYMBOL, empty_screen, snapshot
from optafly.config import RefineSettings
from optafly.domain import Snapshot
from optafly.refine import naming
from optafly.refine.prose import read
from optafly.refine.refinement import refine
from optafly.refine.scope import Scope, scope_of

PYTHON = """I get this:
Traceback (most recent call last):
  File "/home/me/src/shop/till/bill.py", line 179, in total
    return shares(count)
  File "/home/me/src/shop/till/split.py", line 12, in shares
    assert count
AssertionError
"""
GO = """panic: runtime error: index out of range [3] with length 3

github.com/me/shop/till.(*Bill).Total(0xc000)
\t/go/src/till/bill.go:812 +0x1d
"""
NODE = """TypeError: Cannot read properties of undefined (reading 'total')
    at total (src/till/bill.ts:28:5)
    at pay (src/till/split.ts:3:1)
"""


def scope(prompt: str) -> Scope:
    return scope_of(Snapshot(prompt=prompt), ())


def said(scope: Scope) -> tuple[str, ...]:
    """Return the words of a prompt, each with what code calls it behind it."""
    return tuple(" ".join(word) for word in scope.words)


@pytest.mark.parametrize("trace", [PYTHON, GO, NODE, f"Why?\n```\n{PYTHON}```"])
def test_a_pasted_stack_trace_is_about_the_workspace_where_that_has_its_files(trace: str) -> None:
    reach, words = scope(trace).reach, said(scope(trace))
    assert reach == "named"
    assert "bill" in words


def test_a_stack_trace_of_any_length_is_read_in_part() -> None:
    frames = "".join(f'  File "/src/file{number}.py", line 1, in f\n' for number in range(5_000))
    assert len(scope(f"{PYTHON}{frames}").words) < 200


def test_a_place_is_read_without_spaces_around_it() -> None:
    assert scope("```\nx\n```\n在bill.py:12出错").words[-1] == ("bill",)


def test_a_tool_by_name_may_be_a_part_of_the_workspace() -> None:
    assert scope("how does the docker discovery refresh its targets").reach == "outside"
    assert scope("how does the discovery refresh its targets").reach == "named"


def test_a_language_by_name_is_what_a_prompt_is_about() -> None:
    assert scope("explain monads in rust with an example") == Scope("outside", (("monads",), ("rust",)))
    assert scope("the tests fail with python 3.13").reach == "workspace"


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("what regex matches an email address?", ("email", "address")),
        ("what is the difference between a list and a tuple?", ("list", "tuple")),
        ("explain what a monad is", ("monad",)),
        ("which regex matches an email address？", ("email", "address")),
        ("was ist der Unterschied zwischen einer Liste und einem Tupel?", ("Liste", "Tupel")),
        ("quelle est la différence entre une liste et un tuple ?", ("liste", "tuple")),
        ("¿cuál es la mejor forma de ordenar una lista?", ("ordenar", "lista")),
        ("qual é a diferença entre uma lista e uma tupla?", ("lista", "tupla")),
        ("qual è la differenza tra una lista e una tupla?", ("lista", "tupla")),
    ],
)
def test_a_question_that_anybody_could_ask_is_about_what_it_names_behind_its_first_article(
    prompt: str, words: tuple[str, ...]
) -> None:
    asked = scope(prompt)
    assert (asked.reach, said(asked)) == ("general", words)


@pytest.mark.parametrize(
    "prompt",
    [
        "where is the retry policy configured?",
        "how do we validate emails?",
        "what does the cache key consist of?",
        "what happens when a websocket loses its connection?",
        "why does a worker restart?",
        "is there a limit on attachments?",
        "a search box that remembers queries",
        "was passiert, wenn ein Socket abbricht?",
        "wo wird eine Rechnung gespeichert?",
    ],
)
def test_a_question_with_something_definite_in_it_may_be_about_ones_own_code(prompt: str) -> None:
    assert scope(prompt).reach == "named"


@pytest.mark.parametrize(
    "prompt",
    [
        "how do I add pagination to invoices",
        "how do I change tax rates",
        "what is slow in checkout",
        "割引の結果が期待とは違う",
    ],
)
def test_what_is_and_how_do_i_are_asked_of_ones_own_code(prompt: str) -> None:
    assert scope(prompt).reach in ("named", "workspace")


@pytest.mark.parametrize("prompt", ["review my changes", "summarize the last commit", "describe this pull request"])
def test_what_git_keeps_is_not_in_the_workspace(prompt: str) -> None:
    assert scope(prompt).reach == "outside"


def test_a_kind_of_code_may_be_what_a_workspace_has_a_file_for() -> None:
    asked = scope("is there a way to disable the cache for one route?")
    assert said(asked) == ("disable", "cache", "route")
    assert scope("what is a route?").reach == "nowhere"


def test_what_stands_for_a_masked_secret_is_no_word_of_the_prompt() -> None:
    assert said(scope("uploads with <masked:anthropic-key-1> fail")) == ("uploads",)


def test_a_file_that_every_project_has_is_named_by_its_name() -> None:
    assert scope("improve the README") == Scope("workspace", (("README",),))


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("update the docs", ("docs",)),
        ("Improve our documentation.", ("documentation",)),
        ("update the docs for leases", ("leases", "docs")),
        ("Verbessere die Doku", ("doku",)),
        ("améliore la documentation", ("documentation",)),
    ],
)
def test_the_documents_of_a_project_are_none_of_the_code_on_the_screen(prompt: str, words: tuple[str, ...]) -> None:
    beside = snapshot(prompt)
    assert scope_of(beside, (SYMBOL,)) == Scope("named", tuple((word,) for word in words))
    assert refine(beside, (SYMBOL,), RefineSettings()).changes == ()
    assert refine(empty_screen(prompt), (), RefineSettings()).question is None


def test_documents_that_are_to_be_written_for_this_code_are_beside_it() -> None:
    for prompt in ("write the docs for this function", "add docs", "document it"):
        assert scope_of(snapshot(prompt), (SYMBOL,)).reach == "workspace"


def test_code_that_a_prompt_brings_with_it_needs_no_other() -> None:
    assert scope("```python\nx = 1\n```\nwhy?").reach == "nowhere"


@pytest.mark.parametrize("middle", ["请ab", "a:", "@a "])
def test_what_is_covered_in_a_long_prompt_is_searched_for_no_names(
    monkeypatch: pytest.MonkeyPatch, middle: str
) -> None:
    tried: list[str] = []

    class Counting:
        def search(self, name: str) -> object:
            tried.append(name)
            return code_like.search(name)

    code_like = naming._CODE_LIKE  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr(naming, "_CODE_LIKE", Counting())
    scope(f"Why is {middle * 40_000} slow?")
    assert len(tried) < 6_000  # of the 8,000 characters that are read, once
    for prompt in (f"Why is rate_of so {middle * 40_000}?", f"Why is {middle * 40_000} in rate_of slow?"):
        assert naming.code_names(read(prompt)) == {"rate_of": prompt.index("rate_of") + len("rate_of")}


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("waarom is de wheel opnieuw daar terwijl die al in de cache staat", ("wheel", "opnieuw", "cache")),
        ("Dlaczego pytest nie ma tych rzeczy", ("pytest", "rzeczy")),
        ("wo ist das, was bis jetzt oft knallt", ("knallt",)),
    ],
)
def test_words_that_say_nothing_name_nothing_in_any_language(prompt: str, words: tuple[str, ...]) -> None:
    assert said(scope(prompt)) == words


def test_what_is_searched_for_lacks_the_words_that_say_nothing() -> None:
    assert scope("comment on fait un rendu ?").said.split() == ["rendu", "?"]
    assert scope("how is it rendered?").said == ""


def test_what_names_something_names_it_by_the_word_of_code_too() -> None:
    asked = scope("wo wird die Konfiguration geladen?")
    assert (asked.reach, asked.words) == ("named", (("Konfiguration", "config"), ("geladen", "load")))
    assert scope("où est le mot de passe ?").words == (("mot", "password"),)
    assert said(scope("was ist eine Konfiguration?")) == ("Konfiguration",)


@pytest.mark.parametrize("prompt", ["popraw ten błąd", "wat doet dit?", "förklara den här koden"])
def test_what_only_points_in_a_language_we_do_not_write_is_about_what_is_open(prompt: str) -> None:
    asked = scope(prompt)
    assert (asked.reach, asked.words, asked.vague) == ("workspace", (), True)


@pytest.mark.parametrize(
    "prompt",
    [
        "合計はなぜ丸められないのですか",
        "税金はどこで計算されますか",
        "为什么总额没有四舍五入",
        "합계는 왜 반올림되지 않나요",
        "合計はどのように計算されますか？",
        "税率はどう保存されているのですか",
        "합계는 어떻게 계산되나요?",
    ],
)
def test_why_where_and_how_it_is_done_in_words_that_no_code_can_hold_are_about_the_code_at_the_cursor(
    prompt: str,
) -> None:
    there = scope_of(snapshot(prompt, diagnostics=()), (SYMBOL,))

    assert (there.reach, there.vague) == ("workspace", True)
    assert scope(prompt).reach == "named"


@pytest.mark.parametrize(
    "prompt",
    [
        "ガベージコレクションはどのように動作しますか？",
        "モナドとは何ですか？",
        "timeoutはなぜ無視される？",
        "什么是单子？",
        "모나드란 무엇인가요?",
    ],
)
def test_what_something_is_and_what_names_code_is_still_looked_for_by_its_words(prompt: str) -> None:
    assert scope_of(snapshot(prompt, diagnostics=()), (SYMBOL,)).reach == "named"


def test_the_ending_of_a_japanese_verb_is_no_word() -> None:
    assert scope("どうすれば合計を直せますか").words == (("直",), ("合計", "total", "sum"))


@pytest.mark.parametrize(
    ("prompt", "names"),
    [
        ("où sont stockés les résultats des tâches ?", {"store", "result", "task"}),
        ("где хранятся результаты задач?", {"store", "result", "task"}),
        ("wo wird die Summe der Ergebnisse gebildet?", {"total", "sum", "result"}),
        ("¿dónde se guardan los resultados?", {"save", "result"}),
        ("任务结果保存在哪里？", {"save", "result", "task"}),
    ],
)
def test_what_any_program_has_is_known_by_the_word_of_code(prompt: str, names: set[str]) -> None:
    assert {name for _, *called in scope(prompt).words for name in called} == names


def test_what_is_asked_for_elsewhere_may_be_what_code_is_called_by() -> None:
    assert said(scope("where are todo files written?")) == ("files", "written", "todo")
    assert said(scope("why does docker build nothing?")) == ("docker",)


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("¿cuál es el resultado del partido?", "result"),
        ("qual é o resultado do jogo?", "result"),
        ("qual è il risultato della partita?", "result"),
        ("wie viele Einwohner hat die Summe aller Dörfer?", "sum"),
        ("was ist die Aufgabe der Leber?", "task"),
        ("какая история у этого города?", "history"),
    ],
)
def test_a_lone_word_that_is_said_of_the_world_too_is_no_sign_of_code(prompt: str, name: str) -> None:
    asked = scope(prompt)
    assert all(name not in called for called in asked.words)
    assert name not in asked.said.split()


def test_of_code_that_is_meant_in_any_case_it_is_searched_for_by_the_word_of_code() -> None:
    asked = scope("Behebe die Summe der Dörfer")
    assert (asked.reach, asked.said.split()) == ("workspace", ["Behebe", "Summe", "total", "sum", "Dörfer"])
    assert ("Summe", "total", "sum") in asked.words
