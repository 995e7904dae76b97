"""What a person reads in the terminal."""

from __future__ import annotations

import io

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from fakes.drafts import draft, with_proposal
from fakes.screen import piece
from optafly.cli.figures import age, money, odds, seconds
from optafly.cli.layout import diff_text, is_plain, open_console
from optafly.cli.offers import excerpt, show_offers
from optafly.cli.render import (
    answer_words,
    cost_words,
    quality_words,
    reuse_words,
    show_left_out,
    show_pieces,
    show_proposal,
)
from optafly.cli.streams import printable
from optafly.domain import (
    Answer,
    Choice,
    CodeChange,
    DiffPart,
    Estimate,
    FileHit,
    LeftOut,
    Quality,
    QualityFeature,
    ReuseCandidate,
    SymbolHit,
    Usage,
)
from optafly.refine.worddiff import word_diff

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


class Gone(io.StringIO):
    """A pipe whose reader went away."""

    def write(self, s: str, /) -> int:
        raise BrokenPipeError


def test_a_reader_that_went_away_is_no_failure_of_ours() -> None:
    with pytest.raises(BrokenPipeError):
        open_console(Gone()).print("there")


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


def printed_offers(*offers: ReuseCandidate) -> str:
    stream = io.StringIO()
    show_offers(open_console(stream), with_proposal(draft(), reuse=offers).proposal)
    return stream.getvalue()


def offer(before: str, after: str, *, probability: float = 0.8, code: tuple[CodeChange, ...] = ()) -> ReuseCandidate:
    return ReuseCandidate(
        entry_id="e1",
        prompt=before,
        answer_preview="Set it\nto 30.",
        cosine=0.9,
        age_s=3 * 86_400.0,
        saved_usd=0.0123,
        saved_s=5.14,
        evidence="Alike, but `30` became `60`.",
        diff=word_diff(before, after),
        probability=probability,
        code=code,
    )


def test_an_offer_shows_all_that_tells_whether_it_will_do() -> None:
    shown = printed_offers(offer("set the timeout to 30 s", "set the timeout to 60 s"))
    assert [line.strip() for line in shown.splitlines()] == [
        "r       an earlier answer, 3 days old · right in about 8 of 10 such cases · saves $0.0123 and 5.1 s",
        "Alike, but `30` became `60`.",
        "it answered: set the timeout to 30 s",
        "you ask now: set the timeout to [-30-]{+60+} s",
        "it says: Set it to 30.",
    ]


def test_an_offer_for_the_same_words_repeats_no_words() -> None:
    assert "you ask now" not in printed_offers(offer("why?", "why?"))


def test_several_offers_are_told_apart_by_their_numbers() -> None:
    shown = printed_offers(offer("a", "b"), offer("c", "b"))
    assert shown.index("  r 1 ") < shown.index("  r 2 ")


def test_an_offer_about_code_that_changed_shows_what_changed_in_it() -> None:
    before = "def wait():\n    a = 1\n    b = 2\n    sleep(30)\n    c = 3\n    return a\n"
    changes = (
        CodeChange(path="a.py", symbol="wait", kind="changed", diff=word_diff(before, before.replace("30", "60"))),
        CodeChange(path="b.py", symbol=None, kind="gone"),
        CodeChange(path="c.py", symbol=None, kind="new"),
    )
    shown = [line.strip() for line in printed_offers(offer("why?", "why?", code=changes)).splitlines()]
    first = shown.index("a.py wait has changed since")
    assert shown[first + 1 : first + 6] == ["…", "b = 2", "sleep([-30-]{+60+})", "c = 3", "…"]
    assert "right in about 8 of 10 such cases, had the code stayed the same" in "\n".join(shown)
    assert "b.py went along with the old prompt and does not now" in shown
    assert "c.py goes along now and did not with the old prompt" in shown


@given(st.text(alphabet="ab\n ", max_size=60), st.text(alphabet="ab\n ", max_size=60))
def test_an_excerpt_of_changed_code_holds_every_change(before: str, after: str) -> None:
    diff = word_diff(before, after)
    shown = excerpt(diff)
    for op in ("insert", "delete"):
        kept = "".join(part.text for line in shown for part in line if part.op == op)
        assert kept == "".join(part.text for part in diff if part.op == op).replace("\n", "")
    if not any(part.op != "equal" and part.text.strip("\n") for part in diff):
        assert shown == []


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.001, "in hardly any such case"),
        (0.06, "in about 1 of 10 such cases"),
        (0.34, "in about 3 of 10 such cases"),
        (0.949, "in about 9 of 10 such cases"),
        (0.97, "in about 97 of 100 such cases"),
        (0.9949, "in about 99 of 100 such cases"),
        (1.0, "in more than 99 of 100 such cases"),
    ],
)
def test_a_probability_is_said_as_a_frequency_and_never_as_certain(probability: float, words: str) -> None:
    assert odds(probability) == words


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_probability_never_reads_lower(one: float, other: float) -> None:
    def share(probability: float) -> float:
        words = odds(min(max(probability, 0.0), 1.0)).split()
        return 0.0 if "hardly" in words else int(words[-5]) / int(words[-3])

    assert share(min(one, other)) <= share(max(one, other))


@pytest.mark.parametrize(
    ("age_s", "words"), [(1.0, "just now"), (600.0, "10 minutes old"), (7_200.0, "2 hours old"), (2e5, "2 days old")]
)
def test_an_age_is_in_a_unit_that_fits(age_s: float, words: str) -> None:
    assert age(age_s) == words


def test_a_reuse_probability_is_told_for_both_prompts_or_once() -> None:
    assert "1 of 10 such cases for your words, in about 8 of 10" in reuse_words(0.1, 0.8)
    assert reuse_words(0.0, 0.01) == "no earlier answer is likely to do, refined or not"
    assert reuse_words(0.801, 0.802) == "an earlier answer is right in about 8 of 10 such cases, refined or not"


@pytest.mark.parametrize("known", [True, False])
def test_the_header_tells_the_reuse_probability_where_it_is_known(known: bool) -> None:
    stream = io.StringIO()
    shares = {"reuse_before": 0.1, "reuse_after": 0.8} if known else {}
    show_proposal(open_console(stream), with_proposal(draft(), **shares).proposal)
    assert ("in about 8 of 10 such cases for the refined prompt" in stream.getvalue()) is known


def test_an_answer_from_the_cache_says_so_with_its_age_and_what_it_saved() -> None:
    answer = Answer(
        trace_id="t",
        proposal_id="p",
        text="",
        source="cache",
        model="m",
        usage=Usage(),
        cost_usd=0.0,
        saved_usd=0.5,
        saved_s=4.0,
        latency_ms=9.0,
        first_token_ms=None,
        stop_reason="end_turn",
        evidence="The same text.",
        age_s=3 * 3_600.0,
    )
    words = "from the cache, 3 hours old · saved $0.5000 and 4.0 s · 9.0 ms · The same text."
    assert answer_words(answer) == words


def test_code_that_goes_along_is_left_out_or_unclear_is_told_in_a_line_each() -> None:
    skeleton = msgspec.structs.replace(piece("skeleton", 1, 40, None), tokens=12, pinned=True)
    left = tuple(LeftOut(path=f"src/{name}.py", tokens=9, reason="there was no room") for name in "abcde")
    hits = (
        FileHit(
            root="/w",
            path="a b.py",
            language="python",
            score=1,
            symbols=(SymbolHit(name="total", kind="function", start_line=1, end_line=2),),
        ),
        FileHit(root="/w", path="total.py", language="python", score=1),
    )
    choice = Choice(words="the total", start=0, candidates=hits)
    shown = with_proposal(draft(), pieces=(skeleton,), left_out=left, choices=(choice,)).proposal
    console = Console(file=io.StringIO(), width=200, markup=False, emoji=False, highlight=False)
    show_proposal(console, shown)
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert "src/config.py, signatures only · the function around the cursor · about 12 tokens · pinned" in text
    assert "src/a.py, src/b.py, src/c.py and 2 more (`optafly context` names them) · there was no room" in text
    assert '“the total” may be #"a b.py"#total or #total.py' in text


def test_one_reason_for_several_pieces_of_a_file_is_given_once() -> None:
    stream = io.StringIO()
    first, second = piece("lines", 1, 3, None), piece("lines", 9, 12, None)
    show_pieces(open_console(stream), "code", (first, second, msgspec.structs.replace(second, path="other.py")))
    assert [line.count(first.reason) for line in stream.getvalue().splitlines()] == [1, 0, 1]


def test_what_matters_most_is_listed_first_each_files_together() -> None:
    stream = io.StringIO()
    first, other, last = (
        msgspec.structs.replace(piece("lines", line, line, None), path=path, uri=f"file:///{path}", rank=rank)
        for path, line, rank in (("a.py", 1, 2), ("b.py", 5, 1), ("a.py", 9, 0))
    )
    show_pieces(open_console(stream), "code", (first, other, last))
    assert [line.split()[1] for line in stream.getvalue().splitlines()] == ["a.py:1-1", "a.py:9-9", "b.py:5-5"]


def printed_left_out(*left_out: LeftOut, most: int | None = None) -> list[str]:
    stream = io.StringIO()
    show_left_out(open_console(stream), left_out, most)
    return stream.getvalue().splitlines()


GONE = (
    LeftOut(path="", symbol="Bill.sum", tokens=0, reason="It is not there."),
    LeftOut(path="gone.py", tokens=0, reason="It is not there."),
)
FULL = (
    LeftOut(path="bill.py", symbol="shares", tokens=40, reason="No room."),
    LeftOut(path="bill.py", symbol="total", tokens=9, reason="No room."),
)


def test_what_is_not_there_is_told_apart_from_what_had_no_room() -> None:
    assert printed_left_out(*GONE, *FULL, most=3) == [
        "  not     @Bill.sum, gone.py · It is not there.",
        "  not     bill.py · No room.",
    ]


def test_all_that_is_left_out_stands_below_its_reason() -> None:
    assert printed_left_out(*GONE[:1], *FULL) == [
        "  not     @Bill.sum · It is not there.",
        "  not     No room.",
        "            bill.py shares · about 40 tokens",
        "            bill.py total · about 9 tokens",
    ]
