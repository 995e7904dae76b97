"""The rules by themselves: which diagnostics, which fence, which framework."""

from __future__ import annotations

import pytest

from fakes.screen import PATH, SOURCE, SYMBOL, SYNTAX, UNDEFINED, UNUSED, diagnostic, document, piece, snapshot
from optafly.config import RefineSettings
from optafly.domain import ChangeKind, Diagnostic, Snapshot
from optafly.refine.fences import fenced, fences, span
from optafly.refine.language import detect
from optafly.refine.prose import read
from optafly.refine.refinement import refine


def added(kind: ChangeKind, before: Snapshot) -> str:
    changes = refine(before, (SYMBOL,), RefineSettings()).changes
    return "".join(change.after for change in changes if change.kind == kind)


def lines_of(*diagnostics: Diagnostic, prompt: str = "fix it") -> list[str]:
    return added("error", snapshot(prompt, diagnostics=diagnostics)).strip().split("\n")


def test_problems_inside_the_code_come_alone_with_the_nearest_to_the_cursor_first() -> None:
    assert lines_of(UNUSED, UNDEFINED, SYNTAX) == [
        f"- `{PATH}:17` error: Expected expression (Pyright, rule1)",
        f'- `{PATH}:19` error: "tmeout" is not defined (Pyright, rule1)',
    ]


def test_errors_elsewhere_in_the_file_count_where_there_are_none_inside() -> None:
    far, near = diagnostic(1, "far"), diagnostic(23, "near")

    assert [line.split(": ")[1].split(" ")[0] for line in lines_of(far, near, UNUSED)] == ["near", "far"]


def test_at_most_five_problems_go_in() -> None:
    assert len(lines_of(*(diagnostic(15, f"problem {n}") for n in range(9)))) == 5


def test_problems_of_other_files_stay_out() -> None:
    assert lines_of(diagnostic(15, "elsewhere", path="src/app.ts")) == [""]


def test_a_message_of_many_lines_becomes_one_short_line() -> None:
    [line] = lines_of(diagnostic(15, "Type 'A'\n  is not\n  assignable" + " really" * 100))

    assert "Type 'A' is not assignable really" in line
    assert len(line) < 500


def test_a_message_the_prompt_quotes_is_not_repeated() -> None:
    assert lines_of(UNDEFINED, prompt='Why do I get this error: "tmeout" is not defined') == [""]


def test_code_with_backticks_gets_a_longer_fence() -> None:
    assert fenced("a\n```\nb\n````", "md") == "`````md\na\n```\nb\n````\n`````"
    assert [(each.start, each.closed) for each in fences(fenced("```\nx\n", "md"))] == [(0, True)]


def test_a_fence_that_never_closes_runs_to_the_end_and_nothing_is_added_inside_it() -> None:
    prompt = "fix this bug\n```python\nx = 1"

    assert [each.closed for each in fences(prompt)] == [False]
    assert refine(snapshot(prompt), (SYMBOL,), RefineSettings()).refined == prompt


def test_a_name_with_a_backtick_stays_one_name() -> None:
    assert span("src/a.py") == "`src/a.py`"
    assert span("we`ird") == "`` we`ird ``"


def test_the_test_framework_is_named_only_where_the_file_uses_it() -> None:
    with_pytest = document(f"import pytest\n{SOURCE}")

    assert "Use `pytest`, as the code does." in added("goal", snapshot("add tests", active=with_pytest))
    assert "pytest" not in added("goal", snapshot("add tests"))
    assert "Use `pytest`" not in added("goal", snapshot("add tests with pytest", active=with_pytest))


def test_a_symbol_away_from_the_cursor_brings_no_code_of_the_cursor() -> None:
    result = refine(snapshot("Why is `load` slow?"), (SYMBOL,), RefineSettings())

    assert result.refined.startswith(f"Why is `load` (`{PATH}` line 9) slow?")
    assert SYMBOL.text not in result.refined


def test_a_class_around_the_method_is_named_by_its_own_name() -> None:
    method = piece("symbol", 14, 19, "Reader.parse")

    result = refine(snapshot("Refactor this class"), (method,), RefineSettings())

    assert result.refined.startswith(f"Refactor this class (`Reader`, `{PATH}`)")


def test_rules_that_are_switched_off_never_run() -> None:
    result = refine(snapshot("Fix this bug"), (SYMBOL,), RefineSettings(disabled_rules=("code", "error", "goal")))

    assert [change.kind for change in result.changes] == ["locate"]


def test_a_language_we_do_not_write_is_not_taken_for_one_we_do() -> None:
    for text in (
        "Wat doet deze functie?",
        "Popraw ten błąd",
        "Förklara den här koden",
        "Bu kodu açıkla",
        "Виправ цю помилку і код",
    ):
        assert detect(read(text)) is None, text


def test_short_and_mixed_prompts_are_told_apart() -> None:
    told = {
        "explain": "en", "Refactor parseConfig please": "en", "Fixe den Bug in parse_config": "de", "Teste ça": "fr",
        "Explica el código": "es", "Explique o código": "pt", "Spiega il codice": "it", "Рефактор": "ru",
        "重构 parse_config": "zh", "parse_configを直して": "ja", "parse_config 고쳐줘": "ko",
    }  # fmt: skip

    for text, code in told.items():
        lexicon = detect(read(text))
        assert lexicon is not None, text
        assert lexicon.code == code, text


def test_what_a_prompt_names_does_not_tell_its_language() -> None:
    told = {
        "why is #店/税金.py so slow?": "en",
        'explain #"店/税金 1.py"': "en",
        "explain 店/税金.py": "en",
        "fix the bug in 店/tax.py": "en",
        "fix the bug in ./店/税金_test.py:12": "en",
        "add tests to 店/会計/": "en",
        "fix C:\\店\\税金.py and /店/税金.py": "en",
        "what does @税率 do?": "en",
        "what does 税率() do?": "en",
        "explain `税率` and\n```python\n税率 = 1\n```": "en",
        "fix the bug in магазин/налог.py": "en",
        "fix the bug in ร้าน/ภาษี.py": "en",
        "behebe den Fehler in les/de/que.py": "de",
        "corrige ce bug dans 店/税金.py": "fr",
        "修复 #店/税金.py": "zh",
        "修复#店/税金.py的错误": "zh",
        "请修复src/tax.py in python": "zh",
        "这个and/or怎么用 in python": "zh",
        "店/税金.pyを直して": "ja",
        "修复税金.py": "zh",
        "税率()": "zh",
    }
    for text, code in told.items():
        lexicon = detect(read(text))
        assert lexicon is not None, text
        assert lexicon.code == code, text


def test_an_english_prompt_about_a_file_with_another_name_is_refined_in_english() -> None:
    result = refine(snapshot("fix this function as in #店/税金.py"), (SYMBOL,), RefineSettings())
    after = "".join(change.after for change in result.changes)
    assert result.language == "en"
    assert after
    assert after.isascii()


TWICE = (
    "class A:\n    def run(self):\n        n = 1\n        n = 2\n\n\nclass B:\n    def run(self):\n        return 2\n"
)


@pytest.mark.parametrize("prompt", ["Why is `B.run` slow?", "Why is run() slow?", "add a docstring to run"])
def test_of_two_definitions_of_one_name_none_is_guessed(prompt: str) -> None:
    twice = document(TWICE, "twice.py")

    result = refine(snapshot(prompt, active=twice, diagnostics=()), (), RefineSettings())

    assert "twice.py" not in result.refined


def test_of_two_definitions_of_one_name_the_one_at_the_cursor_is_meant() -> None:
    at_cursor = piece("symbol", 8, 9, "B.run", text="    def run(self):\n        return 2\n")
    other = document(TWICE, PATH)

    result = refine(snapshot("Why is `run` slow?", active=other, diagnostics=()), (at_cursor,), RefineSettings())

    assert result.refined.startswith(f"Why is `run` (`{PATH}` lines 8-9) slow?")


def test_the_method_of_another_class_is_not_the_one_at_the_cursor() -> None:
    at_cursor = piece("symbol", 8, 9, "B.run", text="    def run(self):\n        return 2\n")
    asked = snapshot("Why is `A.run` slow?", active=document(TWICE, PATH), diagnostics=())

    assert "lines 8-9" not in refine(asked, (at_cursor,), RefineSettings()).refined


@pytest.mark.parametrize("prompt", ["test that load raises", "make sure that main prints", "check that timeout is set"])
def test_a_that_which_begins_a_clause_points_at_nothing(prompt: str) -> None:
    result = refine(snapshot(prompt, diagnostics=()), (SYMBOL,), RefineSettings())

    assert "`parse_config`" not in result.refined.partition("\n")[0]
    assert not [change for change in result.changes if "“that" in change.reason]


def test_a_that_before_a_word_on_the_screen_points_where_nothing_follows() -> None:
    assert "“that timeout”" in refine(snapshot("explain that timeout"), (SYMBOL,), RefineSettings()).changes[0].reason


def test_a_word_of_the_language_is_no_name_though_the_file_has_one_called_so() -> None:
    asked = Snapshot(prompt="Rename total to subtotal", active=document(f"to = 1\n{SOURCE}"))
    assert refine(asked, (), RefineSettings()).changes == ()


@pytest.mark.parametrize(
    ("prompt", "first"),
    [
        ("explain this", f"explain this (`{PATH}`)"),
        ("write tests", f"write tests (`{PATH}`)"),
        ("Behebe diesen Fehler", f"Behebe diesen Fehler (in `{PATH}`)"),
    ],
)
def test_where_a_file_is_open_and_nobody_says_where_in_it_all_of_it_is_meant(prompt: str, first: str) -> None:
    nowhere = Snapshot(prompt=prompt, active=document())
    result = refine(nowhere, (), RefineSettings())
    assert result.question is None
    assert result.refined.splitlines()[0] == first
