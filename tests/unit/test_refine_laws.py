"""What holds for every prompt: only additions, nothing invented, nothing twice, and never a worse prompt."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.screen import SELECTION, SYMBOL, SYNTAX, UNDEFINED, UNUSED, diagnostic, empty_screen, piece, snapshot
from optafly.config import RefineSettings
from optafly.domain import Change, Piece, Refinement, Snapshot
from optafly.refine import refinement
from optafly.refine.compose import compose, parts, used_pieces
from optafly.refine.languages import LEXICONS
from optafly.refine.quality import quality
from optafly.refine.refinement import refine
from optafly.refine.worddiff import word_diff

SETTINGS = RefineSettings()
ORDERS = (
    "fix this bug", "fix it", "explain", "explain this code", "what does this function do?", "add tests", "refactor it",
    "why is this slow", "review this class", "document this file", "make it faster", "what is a monad?", "this", "here",
    "behebe diesen Fehler", "was macht das hier?", "corrige ce bug", "que fait cette fonction ?", "arréglalo",
    "explica esto", "corrija este erro", "spiegalo", "correggi questo errore", "исправь это", "напиши тесты",
    "修复这个错误", "解释一下", "このバグを修正して", "テストを書いて", "이 버그를 고쳐줘", "설명해줘",
    "los deze bug op",
    "why does parse_config fail", "what does `load` return", "look at src/config.py", "don't change parse_config",
    "it should return {} instead of None", 'the message is "this is not fine"', "timeout 30 not 60", "İstanbul ß",
)  # fmt: skip
WORDS = st.text(st.characters(exclude_characters="`~", exclude_categories=("Cs",)), max_size=12)
PASTED = st.sampled_from(
    (
        "```python\nthis.x = 1\n```",
        "see ```python\nthis.x = 1\n```",
        "    indented = this",
        "> this is quoted",
        'File "src/config.py", line 3',
        "```\nopen",
    )
)
CHUNKS = st.lists(st.one_of(st.sampled_from(ORDERS), st.sampled_from(ORDERS), WORDS, PASTED), min_size=1, max_size=4)
PROMPTS = st.builds(str.join, st.sampled_from((" ", "\n", ". ", ", ", "\n\n")), CHUNKS)
TICKED = piece("symbol", 14, 19, "Reader.read", text="x = '''\n```python\n````\n'''\n")
PIECES = st.sampled_from(((), (SYMBOL,), (SELECTION, SYMBOL), (TICKED,), (piece("lines", 1, 9, None),), (SELECTION,)))
MULTI = diagnostic(18, "Type `A` is not\n  assignable to ```B```" + " very" * 200)
DIAGNOSTICS = st.sampled_from(
    ((), (UNDEFINED,), (UNDEFINED, SYNTAX, UNUSED), (MULTI, diagnostic(3, "", "hint")), (UNUSED,) * 9)
)


@st.composite
def screens(draw: st.DrawFn, prompts: st.SearchStrategy[str] = PROMPTS) -> tuple[Snapshot, tuple[Piece, ...]]:
    """A prompt in front of some screen, and the pieces collected from it."""
    prompt, pieces = draw(prompts), draw(PIECES)
    if not pieces and draw(st.booleans()):
        return empty_screen(prompt, diagnostics=draw(DIAGNOSTICS)), ()
    selected = any(each.kind == "selection" for each in pieces)
    return snapshot(prompt, selected=selected, diagnostics=draw(DIAGNOSTICS)), pieces


def again(result_text: str, screen: tuple[Snapshot, tuple[Piece, ...]]) -> Refinement:
    return refine(msgspec.structs.replace(screen[0], prompt=result_text), screen[1], SETTINGS)


def some_of(changes: Iterable[Change], switches: list[bool]) -> tuple[Change, ...]:
    return tuple(
        msgspec.structs.replace(change, enabled=on)
        for change, on in zip(changes, [*switches, *[True] * 9], strict=False)
    )


@given(screens())
def test_the_original_is_only_ever_added_to(screen: tuple[Snapshot, tuple[Piece, ...]]) -> None:
    result = refine(*screen, SETTINGS)
    original = screen[0].prompt

    assert all(change.before == "" and change.after for change in result.changes)
    assert compose(original, result.changes) == result.refined
    assert compose(original, [msgspec.structs.replace(each, enabled=False) for each in result.changes]) == original
    exact = parts(original, result.changes)
    assert "".join(part.text for part in exact if part.op != "insert") == original
    assert "".join(part.text for part in exact if part.op != "delete") == result.refined


# Identifiers, paths, numbers, negations and quoted strings: each must come out whole and in order.
NAMES = re.compile(r"\"[^\"\n]*\"|[A-Za-z0-9_$@/\\.'-]*[A-Za-z0-9_]")


@given(screens())
def test_every_name_number_and_quotation_comes_out_whole_and_in_order(
    screen: tuple[Snapshot, tuple[Piece, ...]],
) -> None:
    result = refine(*screen, SETTINGS)

    after = iter(NAMES.findall(result.refined))
    assert all(name in after for name in NAMES.findall(screen[0].prompt))


@given(screens())
def test_nothing_is_named_that_is_not_there(screen: tuple[Snapshot, tuple[Piece, ...]]) -> None:
    before, pieces = screen
    result = refine(before, pieces, SETTINGS)

    known = [before.prompt, *(each.text for each in pieces), *(each.symbol or "" for each in pieces)]
    known += [each.message for each in before.diagnostics] + [each.path for each in before.diagnostics]
    known += [each.path for each in pieces] + ([before.active.text, before.active.path] if before.active else [])
    for change in result.changes:
        if change.kind in ("locate", "goal"):
            for name in re.findall(r"`([^`\n]+)`", change.after):
                bare = re.sub(r":\d+(-\d+)?$", "", name)
                assert any(bare in text for text in known), name
        if change.kind == "code":
            assert any(
                each.text in change.after and f"`{each.path}:{each.start_line}-{each.end_line}`:" in change.after
                for each in pieces
            )
        if change.kind == "error":
            assert change.after.count("\n- ") <= 5


@given(screens(), st.lists(st.booleans(), max_size=5))
def test_refining_a_refined_prompt_adds_nothing_even_in_part(
    screen: tuple[Snapshot, tuple[Piece, ...]], switches: list[bool]
) -> None:
    result = refine(*screen, SETTINGS)
    kept = some_of(result.changes, switches)
    text = compose(screen[0].prompt, kept)

    twice = again(text, screen)

    if any(change.enabled for change in kept):
        assert (twice.changes, twice.question) == ((), None)


@given(screens(), WORDS, WORDS, st.sampled_from(ORDERS))
def test_refining_adds_nothing_after_the_person_edited_the_refined_text(
    screen: tuple[Snapshot, tuple[Piece, ...]], first: str, last: str, order: str
) -> None:
    result = refine(*screen, SETTINGS)

    if result.changes and not result.refined.lstrip().startswith("`"):
        for edited in (f"{order} {first} {result.refined}", f"{result.refined}\n{last} {order}"):
            assert again(edited, screen).changes == ()


@given(screens(), st.lists(st.booleans(), max_size=5))
def test_no_change_makes_a_prompt_worse(screen: tuple[Snapshot, tuple[Piece, ...]], switches: list[bool]) -> None:
    before, pieces = screen
    result = refine(before, pieces, SETTINGS)
    partly = compose(before.prompt, some_of(result.changes, switches))

    assert quality(partly, before, pieces).score >= result.quality_before.score
    assert result.quality_after == quality(result.refined, before, pieces)


@given(screens())
def test_our_own_words_are_in_the_language_of_the_prompt(screen: tuple[Snapshot, tuple[Piece, ...]]) -> None:
    result = refine(*screen, SETTINGS)

    goals = [change for change in result.changes if change.kind == "goal"]
    own = [
        goal.text
        for each in LEXICONS
        if each.code == result.language
        for goals_ in each.goals.values()
        for goal in goals_
    ]
    assert all(any(text in change.after for text in own) for change in goals)


@given(screens())
def test_a_refined_prompt_goes_through_the_word_diff_and_back(screen: tuple[Snapshot, tuple[Piece, ...]]) -> None:
    original, refined = screen[0].prompt, refine(*screen, SETTINGS).refined

    diff = word_diff(original, refined)

    assert "".join(part.text for part in diff if part.op != "insert") == original
    assert "".join(part.text for part in diff if part.op != "delete") == refined


@given(screens())
def test_a_change_says_why_and_what_it_costs(screen: tuple[Snapshot, tuple[Piece, ...]]) -> None:
    changes = refine(*screen, SETTINGS).changes

    assert len({change.id for change in changes}) == len(changes)
    assert all(change.reason.endswith(".") and change.tokens > 0 and change.enabled for change in changes)
    assert all(change.id.startswith(f"{change.kind}-") for change in changes)


def test_an_identifier_in_the_middle_of_a_list_of_changes_keeps_its_id_when_others_are_off() -> None:
    on = refine(snapshot("Fix this bug"), (SYMBOL,), SETTINGS)
    off = refine(snapshot("Fix this bug"), (SYMBOL,), RefineSettings(disabled_rules=("locate", "goal")))

    assert [change.id for change in on.changes] == ["locate-1", "goal-1", "error-1", "code-1"]
    assert [change.id for change in off.changes] == ["error-1", "code-1"]


def test_nothing_changes_when_refining_is_off() -> None:
    result = refine(empty_screen("fix it"), (), RefineSettings(enabled=False))

    assert (result.refined, result.changes, result.question) == ("fix it", (), None)


def test_a_failing_rule_is_logged_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object) -> list[object]:
        raise RuntimeError("boom")

    monkeypatch.setitem(refinement.RULES, "goal", broken)

    result = refine(snapshot("Fix this bug"), (SYMBOL,), SETTINGS)

    assert [change.kind for change in result.changes] == ["locate", "error", "code"]
    assert "The rule goal failed" in caplog.text


def test_the_pieces_of_a_proposal_are_those_that_enabled_changes_use() -> None:
    result = refine(snapshot("Fix this bug", selected=True), (SELECTION, SYMBOL), SETTINGS)
    none = [msgspec.structs.replace(change, enabled=False) for change in result.changes]
    located = [msgspec.structs.replace(change, enabled=change.kind == "locate") for change in result.changes]

    assert used_pieces(result.changes, (SELECTION, SYMBOL)) == (SELECTION,)
    assert used_pieces(located, (SELECTION, SYMBOL)) == (SELECTION,)
    assert used_pieces(none, (SELECTION, SYMBOL)) == ()


LONG = """
import sys
from optafly.config import RefineSettings
from optafly.context.find.query import understood
from optafly.domain import Snapshot
from optafly.refine.refinement import refine
from optafly.refine.scope import scope_of
for run in ("a", "a_", "a.", "a/", "#a/b.py ", "the loop stops and "):
    asked = Snapshot(prompt=(run * 110_000)[:110_000])
    refine(asked, (), RefineSettings())
    scope_of(asked, ())
    understood(asked.prompt)
"""


def test_a_prompt_of_any_length_is_read_in_time_that_grows_with_it_alone() -> None:
    """It took minutes: runs of letters were tried from each of them, and each "the" read all that stands before it."""
    subprocess.run([sys.executable, "-c", LONG], timeout=60, check=True)
