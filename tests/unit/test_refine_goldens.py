"""Prompts as people write them, and what is made of each: the table to read first."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes.screen import PATH, SELECTION, SYMBOL, UNDEFINED, diagnostic, document, empty_screen, piece, snapshot
from optafly.config import RefineSettings
from optafly.domain import Refinement
from optafly.refine.refinement import refine

LGEC, LGC = "locate goal error code", "locate goal code"
AT = f"`parse_config`, `{PATH}`"


def refined(prompt: str, *, selected: bool = False) -> Refinement:
    pieces = (SELECTION, SYMBOL) if selected else (SYMBOL,)
    return refine(snapshot(prompt, selected=selected), pieces, RefineSettings())


def rules(result: Refinement) -> str:
    return " ".join(change.kind for change in result.changes)


# The cursor is in `parse_config`, which has two errors; nothing is selected.
ABOUT_THE_SCREEN = [
    # prompt, language, intent, the rules that add something, the first line of the result
    ("Fix this bug", "en", "debug", LGEC, f"Fix this bug (in {AT} lines 14-19)"),
    ("fix it", "en", "debug", LGEC, f"fix it ({AT} lines 14-19)"),
    ("Fix the error", "en", "debug", LGEC, f"Fix the error (in {AT} lines 14-19)"),
    ("What's wrong here?", "en", "debug", LGEC, f"What's wrong here ({AT} lines 14-19)?"),
    ("explain", "en", "explain", LGC, f"explain ({AT} lines 14-19)"),
    ("What does this function do?", "en", "explain", LGC, f"What does this function ({AT} lines 14-19) do?"),
    ("why does this lose a cent?", "en", "explain", "locate code", f"why does this lose a cent ({AT} lines 14-19)?"),
    ("Explain this file", "en", "explain", LGC, f"Explain this file (`{PATH}`)"),
    ("What does this line mean?", "en", "explain", LGC, f"What does this line ({AT} line 16) mean?"),
    ("add tests", "en", "test", LGC, f"add tests ({AT} lines 14-19)"),
    ("Refactor.", "en", "refactor", LGC, f"Refactor ({AT} lines 14-19)."),
    ("Make it faster", "en", "optimise", LGC, f"Make it ({AT} lines 14-19) faster"),
    ("Why is this loop slow?", "en", "optimise", LGC, f"Why is this loop (in {AT} lines 14-19) slow?"),
    ("Add a docstring here", "en", "document", LGC, f"Add a docstring here ({AT} lines 14-19)"),
    ("add error handling here", "en", "implement", LGC, f"add error handling here ({AT} lines 14-19)"),
    ("review", "en", "review", LGC, f"review ({AT} lines 14-19)"),
    ("Why does parse_config('') fail?", "en", "debug", LGEC, f"Why does parse_config('') (`{PATH}` lines 14-19) fail?"),
    ("Behebe diesen Fehler", "de", "debug", LGEC, f"Behebe diesen Fehler (in {AT} Zeilen 14-19)"),
    ("Was macht diese Funktion?", "de", "explain", LGC, f"Was macht diese Funktion ({AT} Zeilen 14-19)?"),
    ("Schreib Tests dafür", "de", "test", LGC, f"Schreib Tests dafür ({AT} Zeilen 14-19)"),
    ("Corrige ce bug", "fr", "debug", LGEC, f"Corrige ce bug (dans {AT} lignes 14-19)"),
    ("Que fait cette fonction ?", "fr", "explain", LGC, f"Que fait cette fonction ({AT} lignes 14-19) ?"),
    ("Arréglalo", "es", "debug", LGEC, f"Arréglalo ({AT} líneas 14-19)"),
    ("¿Qué hace esta función?", "es", "explain", LGC, f"¿Qué hace esta función ({AT} líneas 14-19)?"),
    ("Corrija este erro", "pt", "debug", LGEC, f"Corrija este erro (em {AT} linhas 14-19)"),
    ("Otimize este laço", "pt", "optimise", LGC, f"Otimize este laço (em {AT} linhas 14-19)"),
    ("Spiegalo", "it", "explain", LGC, f"Spiegalo ({AT} righe 14-19)"),
    ("Correggi questo errore", "it", "debug", LGEC, f"Correggi questo errore (in {AT} righe 14-19)"),
    ("Исправь эту ошибку", "ru", "debug", LGEC, f"Исправь эту ошибку (в {AT} строки 14-19)"),
    ("Напиши тесты", "ru", "test", LGC, f"Напиши тесты ({AT} строки 14-19)"),
    ("修复这个错误", "zh", "debug", LGEC, f"修复这个错误（位于 `parse_config`，`{PATH}` 第 14-19 行）"),
    ("解释一下这段代码", "zh", "explain", LGC, f"解释一下这段代码（`parse_config`，`{PATH}` 第 14-19 行）"),
    ("このバグを修正して", "ja", "debug", LGEC, f"このバグ（`parse_config`、`{PATH}` 14-19 行目）を修正して"),
    ("テストを書いて", "ja", "test", LGC, f"テストを書いて（`parse_config`、`{PATH}` 14-19 行目）"),
    ("이 버그를 고쳐줘", "ko", "debug", LGEC, f"이 버그({AT} 14-19번째 줄)를 고쳐줘"),
    ("리팩토링해줘", "ko", "refactor", LGC, f"리팩토링해줘 ({AT} 14-19번째 줄)"),
    # A language we do not write gets nothing that is language.
    ("Los deze bug op", "und", "debug", "locate error code", f"Los deze bug op (`parse_config`, `{PATH}:14-19`)"),
    # A symbol that is named gets its place, wherever the cursor is; its code goes in where we have it.
    ("Why is parse_config slow?", "en", "optimise", LGC, f"Why is parse_config (`{PATH}` lines 14-19) slow?"),
    ("What does `load` return?", "en", "explain", "locate", f"What does `load` (`{PATH}` line 9) return?"),
    ("add a docstring to load", "en", "document", "locate goal", f"add a docstring to load (`{PATH}` line 9)"),
    # Lines that are named get their file.
    ("Explain line 17", "en", "explain", "locate code", f"Explain line 17 (`{PATH}`)"),
    ("Erkläre Zeilen 14-16", "de", "explain", "locate code", f"Erkläre Zeilen 14-16 (`{PATH}`)"),
    ("解释第 9 行", "zh", "explain", "locate", f"解释第 9 行（`{PATH}`）"),
    # A file that is named needs no place.
    ("What does config.py do?", "en", "explain", "code", "What does config.py do?"),
    # A question of its own needs no plan of ours.
    ("Is a dataclass better here?", "en", "explain", "locate code", f"Is a dataclass better here ({AT} lines 14-19)?"),
]  # fmt: skip


@pytest.mark.parametrize(("prompt", "language", "intent", "added", "first_line"), ABOUT_THE_SCREEN)
def test_a_prompt_about_the_screen_gets_what_it_lacks(
    prompt: str, language: str, intent: str, added: str, first_line: str
) -> None:
    result = refined(prompt)

    assert result.refined.split("\n")[0] == first_line
    assert (result.language, result.intent, rules(result)) == (language, intent, added)
    assert result.question is None
    assert result.quality_after.score > result.quality_before.score


# The same file is open, and none of it belongs to these.
GENERAL = [
    "What is a monad?",
    "What is a decorator?",
    "What is a memory leak?",
    "What are unit tests?",
    "How do I install Python 3 on Ubuntu?",
    "How do I write a test?",
    "How do I exit vim and save the file?",
    "How do I sort a list in Python and make it stable?",
    "I have a list, how do I sort this list?",
    "write a bash one-liner to count lines in all files",
    "Write a function that parses dates",
    "Write a function that reverses a string and test it",
    "Explain the difference between TCP and UDP",
    "Explain how garbage collection works",
    "Explain line 400",
    "What does this project do?",
    "Write a README for this repo",
    "improve the README",
    "How do I run the tests?",
    "Review my changes",
    "Fix the merge conflicts",
    "Fix CORS error in my express app",
    "Generate a commit message for these changes",
    "do it",
    "How do I center a div?",
    "Explain how this compares to Kubernetes",
    "Does this scale? I fear not.",
    "I have two lists, how do I zip these together?",
    "What does `git rebase` do?",
    "Explain how `json.loads` works",
    "fix docker not starting on ubuntu",
    "What does the error ECONNREFUSED mean in nginx?",
    "Explain the function of a mutex",
    'What does "fix this bug" mean in German?',
    "thanks",
    "How are you?",
    "",
    "   ",
    "Was ist eine Monade?",
    "Wie installiere ich Python 3 unter Ubuntu?",
    "Comment installer Docker sur Debian ?",
    "¿Qué es una mónada?",
    "O que é uma mônada?",
    "Che cos'è una monade?",
    "Что такое монада?",
    "Как установить Python на Ubuntu?",
    "什么是单子？",
    "如何在 Ubuntu 上安装 Python 3？",
    "モナドとは何ですか？",
    "モナドについて説明してください",
    "모나드란 무엇인가요?",
    "우분투에 파이썬을 어떻게 설치하나요?",
    "Wat is een monade?",
]


@pytest.mark.parametrize("prompt", GENERAL)
def test_a_general_question_gets_no_code_merely_because_a_file_is_open(prompt: str) -> None:
    result = refined(prompt)

    assert (result.refined, result.changes, result.question) == (prompt, (), None)


@pytest.mark.parametrize("prompt", ["What is a monad?", "Explain TCP", "Wat is een monade?"])
def test_code_that_was_selected_goes_in_whatever_is_asked(prompt: str) -> None:
    result = refined(prompt, selected=True)

    assert SELECTION.text in result.refined


def test_what_this_means_is_the_selection_when_there_is_one() -> None:
    result = refined("explain this", selected=True)

    assert result.refined.startswith(f"explain this ({AT} lines 15-18)")
    assert f"`{PATH}:15-18`:\n```python\n{SELECTION.text}```" in result.refined


def test_a_small_selection_brings_the_function_around_it() -> None:
    word = piece("selection", 16, 16)

    result = refine(snapshot("explain this", selected=True), (word, SYMBOL), RefineSettings())

    assert result.refined.startswith(f"explain this ({AT} line 16)")
    assert SYMBOL.text in result.refined
    assert "```" in result.refined
    assert result.refined.count("```") == 2


GOOD = [
    # It brings its own code: nothing of the screen is meant.
    "What does this code do?\n\n```python\nprint(1)\n```",
    # It says where, what happens and what should.
    f"In `{PATH}:14-19`, parse_config returns None for timeout 0. It should return a dict with timeout 0:\n\n"
    f"```python\n{SYMBOL.text}```",
    # It is in a conversation of its own.
    "Here is the error:\n\n```\nTypeError: x\n```\n\nIt should not be raised, what could cause this?",
]


@pytest.mark.parametrize("prompt", GOOD)
def test_a_prompt_that_brings_its_own_code_gets_none_of_the_screen(prompt: str) -> None:
    result = refined(prompt)

    assert {change.kind for change in result.changes} <= {"goal"}


def test_a_good_prompt_is_left_alone() -> None:
    result = refined(GOOD[1])

    assert result.changes == ()
    assert result.quality_before.score > 0.8


def test_what_a_person_has_said_is_not_said_again() -> None:
    assert "cause" not in refined("Fix this bug and tell me the cause").refined.split("\n")[2]
    assert "goal" not in rules(refined("Why does this crash? It should return {} instead."))


VAGUE = [
    ("fix it", "What goes wrong? Select the code, or paste the error message and say what you expected instead."),
    ("explain this", "Which code do you mean? Select it, or put the cursor inside the function."),
    ("refactor", "Which code do you mean?"),
    ("Behebe das", "Was geht schief?"),
    ("corrige ça", "Qu'est-ce qui ne va pas ?"),
    ("Arréglalo", "¿Qué falla?"),
    ("conserte isso", "O que dá errado?"),
    ("correggilo", "Che cosa non va?"),
    ("исправь это", "Что идёт не так?"),
    ("修复它", "哪里出了问题？"),
    ("これを直して", "何がうまくいかないのですか？"),
    ("이거 고쳐줘", "무엇이 잘못되나요?"),
]


@pytest.mark.parametrize(("prompt", "question"), VAGUE)
def test_a_prompt_too_vague_to_help_is_answered_by_one_question_in_its_language(prompt: str, question: str) -> None:
    result = refine(empty_screen(prompt), (), RefineSettings())

    assert result.question is not None
    assert result.question.startswith(question)
    assert (result.refined, result.changes) == (prompt, ())


def test_the_question_names_the_files_that_have_problems() -> None:
    elsewhere = (diagnostic(3, "boom", path="src/app.ts"),)

    result = refine(empty_screen("fix it", diagnostics=elsewhere), (), RefineSettings())

    assert result.question is not None
    assert result.question.endswith("Perhaps in `src/app.ts`?")


def test_lines_around_a_cursor_do_not_say_what_is_broken() -> None:
    lines = piece("lines", 1, 6, None)

    asked = refine(snapshot("fix it", diagnostics=()), (lines,), RefineSettings())
    helped = refine(snapshot("fix it", diagnostics=(UNDEFINED,)), (lines,), RefineSettings())

    assert asked.question is not None
    assert helped.question is None
    assert rules(helped) == LGEC


def test_words_that_only_quote_or_name_do_not_point() -> None:
    assert "this (" not in refined("Why is `this` undefined in this.state?").refined
    announced = refined("Fix this error: TypeError: x is None").refined
    assert announced.startswith("Fix this error: TypeError: x is None\n\n")


def test_a_prompt_written_in_a_text_file_is_not_about_that_file() -> None:
    notes = document("fix it\n", "notes.md", "markdown")
    lines = piece("lines", 1, 1, None, text="fix it\n")

    result = refine(snapshot("fix it", active=notes, diagnostics=()), (lines,), RefineSettings())

    assert result.question is not None
    assert "notes.md" not in result.refined


def test_the_example_in_the_docs_is_what_comes_out() -> None:
    page = (Path(__file__).parents[2] / "docs/explanation/refinement.md").read_text(encoding="utf-8")
    before = page.split("```text\n")[1].split("\n```")[0]
    after = page.split("````text\n")[1].split("\n````")[0]

    result = refine(snapshot(before, diagnostics=(UNDEFINED,)), (SYMBOL,), RefineSettings())

    assert result.refined == after
