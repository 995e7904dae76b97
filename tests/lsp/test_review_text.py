"""The text of a review document can be read back, whatever the prompt holds."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from fakes.drafts import draft
from optafly.domain import Change, Proposal
from optafly.lsp.review import Review, edited, is_prompt_file, parse, render

PARTS = ["a", " ", "\n", "\r\n", "---", "```", "漢😀", "<!-- optafly", "# Original", "\n\n"]
TEXT = st.lists(st.sampled_from(PARTS), max_size=30).map("".join)


def proposal(refined: str, original: str = "fix it") -> Proposal:
    return draft(original, refined, proposal_id="0a1b2c").proposal


def read(text: str) -> Review:
    review = parse(text)
    assert review is not None
    return review


@given(TEXT, TEXT, st.none() | TEXT)
def test_what_was_rendered_is_read_back_and_counts_as_unedited(refined: str, original: str, answer: str | None) -> None:
    shown = proposal(refined, original)

    review = read(render(shown, answer))

    assert (review.proposal_id, review.digest) == (shown.id, shown.digest)
    assert review.prompt == refined.replace("\r\n", "\n")
    assert not edited(review, shown)


@given(TEXT.filter(str.strip))
def test_an_edit_of_the_prompt_is_noticed(added: str) -> None:
    shown = proposal("Why does `add` subtract?")

    text = render(shown).replace("subtract?", f"subtract? {added}!")

    assert edited(read(text), shown)


def test_windows_line_ends_and_trimmed_ends_are_no_edit() -> None:
    shown = proposal("one\n\ntwo\n\n")

    text = render(shown).replace("two\n\n\n\n", "two\n\n").replace("\n", "\r\n")

    assert not edited(read(text), shown)


def test_an_edit_below_the_marker_changes_nothing() -> None:
    shown = proposal("one")

    assert not edited(read(render(shown).replace("# Original", "# Something else")), shown)


def test_a_document_without_its_marker_is_all_prompt() -> None:
    shown = proposal("one")
    head = render(shown).split("one")[0]

    assert read(f"{head}one\nand more").prompt == "one\nand more"


def test_the_original_is_fenced_however_many_ticks_it_has() -> None:
    text = render(proposal("x", original="````\ncode\n````"))

    assert "# Original\n\n`````\n````\ncode\n````\n`````" in text


def test_a_change_is_listed_with_its_reason_and_tokens_and_whether_it_is_off() -> None:
    change = Change(id="c", kind="code", start=0, before="", after="x", reason="Why.", tokens=7, enabled=False)

    text = render(msgspec.structs.replace(proposal("x"), changes=(change,)))

    assert "- **code** (+7 tokens) (switched off): Why." in text


def test_a_plain_prompt_file_is_no_review() -> None:
    assert parse("---\ntitle: mine\n---\n\nWhat is this?\n") is None
    assert is_prompt_file("file:///w/ask.prompt.md")
    assert not is_prompt_file("file:///w/readme.md")
