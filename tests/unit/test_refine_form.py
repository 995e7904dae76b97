"""A prompt about how code is written down is told from one about what it does."""

from __future__ import annotations

import pytest

from optafly.refine.form import about_form


@pytest.mark.parametrize(
    "prompt",
    [
        "Remove the comments",
        "Is the docstring right?",
        "fix indentation",
        "What does this line do?",
        "Fix the typos",
        "Sind die Kommentare richtig?",
        "¿Está bien la sangría?",
        "Corrige les commentaires",
        "Correggi la formattazione: formatta tutto",
        "Corrija o recuo",
        "Исправь отступы",
        "检查注释",
        "コメントを直して",
        "들여쓰기를 고쳐줘",
    ],
)
def test_form_is_known_in_each_language(prompt: str) -> None:
    assert about_form(prompt, "other")


@pytest.mark.parametrize("prompt", ["Explain this function", "Fix this bug", "Why is the online pipeline slow?"])
def test_what_code_does_is_not_its_form(prompt: str) -> None:
    assert not about_form(prompt, "debug")


def test_who_asks_to_document_implement_or_review_asks_about_comments_too() -> None:
    assert all(about_form("Do it", intent) for intent in ("document", "implement", "review"))
