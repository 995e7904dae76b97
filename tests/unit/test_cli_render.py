"""What a person reads in the terminal."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from optafly.cli.render import cost_words, diff_text, is_plain, money, open_console, quality_words, seconds
from optafly.cli.streams import printable
from optafly.domain import DiffPart, Estimate, Quality, QualityFeature

PARTS = st.lists(
    st.builds(DiffPart, op=st.sampled_from(["equal", "insert", "delete"]), text=st.text()), max_size=8
).map(tuple)


@given(PARTS)
def test_a_styled_diff_holds_every_word_and_nothing_else(parts: tuple[DiffPart, ...]) -> None:
    joined = "".join(part.text for part in parts)
    if "\r" not in joined:  # a line end may be split between two parts
        assert diff_text(parts, marked=False).plain == printable(joined)


def test_without_styles_words_are_marked_and_neighbours_share_a_mark() -> None:
    parts = (
        DiffPart(op="equal", text="why "),
        DiffPart(op="insert", text="does "),
        DiffPart(op="insert", text="it "),
        DiffPart(op="delete", text="this "),
        DiffPart(op="equal", text="fail"),
    )
    assert diff_text(parts, marked=True).plain == "why {+does it +}[-this -]fail"


def test_inserted_code_is_green_without_lines_under_it() -> None:
    text = diff_text((DiffPart(op="insert", text="look:\n```python\nx = 1\n```\nthere"),), marked=False)
    styles = {text.plain[span.start : span.end]: str(span.style) for span in text.spans}
    assert styles["x = 1\n"] == "green"
    assert styles["look:\n"] == styles["there"] == "green underline"


def test_text_in_square_brackets_and_colons_is_shown_as_it_is() -> None:
    stream = io.StringIO()
    open_console(stream).print("[bold]list[int] :smile:[/bold]")
    assert stream.getvalue() == "[bold]list[int] :smile:[/bold]\n"


@pytest.mark.parametrize(
    ("usd", "words"),
    [(None, "no price known"), (0.0, "$0.00"), (12.5, "$12.50"), (0.0421, "$0.0421"), (0.000012, "$0.000012")],
)
def test_a_small_amount_of_money_keeps_its_digits(usd: float | None, words: str) -> None:
    assert money(usd) == words


@pytest.mark.parametrize(("latency_ms", "words"), [(0.42, "0.4 ms"), (31.4, "31 ms"), (2345.0, "2.3 s")])
def test_a_latency_has_a_unit_that_fits(latency_ms: float, words: str) -> None:
    assert seconds(latency_ms) == words


def test_an_unknown_price_is_said_and_not_guessed() -> None:
    estimate = Estimate(
        input_tokens=3, max_output_tokens=9, input_cost_usd=None, max_cost_usd=None, method="m", prices_as_of=None
    )
    assert "no price" in cost_words(estimate)


def test_quality_names_the_features_that_moved_with_their_weights() -> None:
    def quality(value: float) -> Quality:
        moved = QualityFeature(name="location", value=value, weight=0.2, meaning="")
        still = QualityFeature(name="goal", value=1.0, weight=0.8, meaning="")
        return Quality(score=0.8 + value * 0.2, features=(moved, still))

    assert quality_words(quality(0.0), quality(1.0)) == "0.80 → 1.00 · location 0.0 → 1.0 (×0.20)"


def test_a_pipe_and_a_dumb_terminal_get_marks_instead_of_styles() -> None:
    assert is_plain(Console(file=io.StringIO()))
    assert is_plain(Console(file=io.StringIO(), force_terminal=True, _environ={"TERM": "dumb"}))
    assert not is_plain(Console(file=io.StringIO(), force_terminal=True, _environ={"TERM": "xterm"}))
