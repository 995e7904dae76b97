"""The text of a review document can be read back, whatever the prompt holds."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from fakes.drafts import draft
from optafly.domain import (
    Answer,
    Change,
    CodeChange,
    DiffPart,
    IndexStatus,
    Proposal,
    ReuseCandidate,
    RootStatus,
    Usage,
)
from optafly.lsp.offers import answer_words, offer_words
from optafly.lsp.review import Review, edited, is_prompt_file, parse, render
from optafly.lsp.words import ago, diff_block, how_often, lower_first, saving, unsearched

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


OFFER = ReuseCandidate(
    entry_id="e1",
    prompt="Wait\n30 s",
    answer_preview="One.\n\nTwo.",
    cosine=0.9,
    age_s=3 * 86_400.0,
    saved_usd=0.004,
    saved_s=2.1,
    evidence="Alike, but `30` became `60`.",
    diff=(
        DiffPart(op="equal", text="Wait\n"),
        DiffPart(op="delete", text="30"),
        DiffPart(op="insert", text="60"),
        DiffPart(op="equal", text=" s"),
    ),
    probability=0.84,
    code=(
        CodeChange(
            path="a.py",
            symbol="f",
            kind="changed",
            diff=(
                DiffPart(op="equal", text="1\n2\n3\n4\n"),
                DiffPart(op="delete", text="5\n"),
                DiffPart(op="insert", text="```\n"),
                DiffPart(op="equal", text="6\n"),
            ),
        ),
        CodeChange(path="b.py", symbol=None, kind="gone"),
    ),
)


def test_an_offer_says_how_sure_it_is_why_and_what_differs_in_prompt_and_code() -> None:
    assert offer_words(OFFER) == (
        "## “Wait 30 s”, 3 days ago\n\n"
        "Alike, but `30` became `60`. About 8 in 10 such answers were right where the code was the same. "
        "Reusing it saves $0.0040 and 2.1 s.\n\n"
        "```diff\n Wait\n-30 s\n+60 s\n```\n\n"
        "a.py `f` has changed since:\n\n"
        "````diff\n…\n 3\n 4\n-5\n+```\n 6\n````\n\n"
        "b.py went along then and does not now.\n\n"
        "> One.\n>\n> Two."
    )


def test_offers_are_shown_while_one_can_be_taken() -> None:
    shown = msgspec.structs.replace(proposal("x"), reuse=(OFFER,))

    assert "# Earlier answers\n\n## “Wait 30 s”" in render(shown)
    assert "Earlier answers" not in render(msgspec.structs.replace(shown, state="answered"))


def test_the_chance_of_reuse_is_there_where_it_was_measured() -> None:
    measured = msgspec.structs.replace(proposal("x"), reuse_before=0.12, reuse_after=0.84)

    assert "- Reuse: 12% before, 84% after (how likely" in render(measured)
    assert "- Reuse" not in render(msgspec.structs.replace(measured, reuse_before=None))


def test_an_answer_from_the_cache_says_so_first_and_one_that_was_paid_for_last() -> None:
    paid = Answer(
        trace_id="t",
        proposal_id="p",
        text="Words.",
        source="provider",
        model="claude-x",
        usage=Usage(),
        cost_usd=0.001,
        saved_usd=0.004,
        saved_s=2.1,
        latency_ms=900,
        first_token_ms=None,
        stop_reason="end_turn",
        evidence="The same text about the same code.",
    )
    served = msgspec.structs.replace(paid, source="cache", cost_usd=0.0, age_s=3 * 86_400.0)

    assert answer_words(paid).startswith("Words.\n\n_From claude-x in 900 ms, $0.0010. ")
    assert answer_words(served) == (
        "_From the cache: the same text about the same code. Asked 3 days ago. Saved $0.0040 and 2.1 s._\n\nWords."
    )


def test_words_for_numbers() -> None:
    assert [ago(5), ago(60), ago(7300), ago(200_000)] == ["just now", "1 minute ago", "2 hours ago", "2 days ago"]
    assert [saving(None, 0.04), saving(0.5, 12)] == ["0.0 s", "$0.5000 and 12.0 s"]
    assert [how_often(each).split(" in 10")[0] for each in (0.02, 0.31, 0.95)] == [
        "fewer than 1",
        "about 3",
        "more than 9",
    ]
    assert [lower_first("You chose."), lower_first("`Foo` became."), lower_first("GPT is.")] == [
        "you chose.",
        "`Foo` became.",
        "GPT is.",
    ]
    assert diff_block((DiffPart(op="equal", text="same"),)) == ""


def test_what_is_not_searched_is_the_workspace_or_the_one_folder_of_it_that_failed() -> None:
    fine = RootStatus(root="/w/till", state="ready")
    gone = RootStatus(root="/w/mobile", state="failed", message="It is gone.")

    assert unsearched(IndexStatus(roots=(fine,))) is None
    assert unsearched(IndexStatus(roots=(gone,))) == "the workspace is not searched. It is gone."
    assert unsearched(IndexStatus(roots=(fine, gone))) == "the folder mobile is not searched. It is gone."
