"""Complaints that ask for nothing: what "this" does says that it is the code at the cursor."""

from __future__ import annotations

import pytest

from fakes.screen import PATH, SYMBOL, empty_screen, snapshot
from optafly.config import RefineSettings
from optafly.domain import Refinement
from optafly.refine.refinement import refine


def refined(prompt: str) -> Refinement:
    return refine(snapshot(prompt), (SYMBOL,), RefineSettings())


@pytest.mark.parametrize(
    "prompt",
    [
        "this waits far too short between tries",
        "this one leaks",
        "that loops for ever",
        "it hangs here",
        "it waits too long between tries",
        "and this drops the last row",
        "this never stops",
        "this should wait longer between tries",
        "this doesn't wait long enough",
        "this blocks the event loop",
        "das wartet viel zu kurz zwischen den Versuchen",
        "das hier läuft ewig",
        "ça attend trop peu entre les essais",
        "esto espera muy poco entre intentos",
        "isto espera muito pouco",
        "questo aspetta troppo poco",
        "это ждёт слишком мало",
        "これは待ち時間が短すぎる",
        "这个等待时间太短",
        "이거 너무 짧게 기다려",
    ],
)
def test_what_it_does_says_that_it_is_the_code_at_the_cursor(prompt: str) -> None:
    result = refined(prompt)

    assert "`parse_config`" in result.refined
    assert SYMBOL.text in result.refined
    assert result.quality_after.score > result.quality_before.score


def test_the_place_does_not_part_the_sentence() -> None:
    prompt = "this waits far too short between tries, why?"

    assert refined(prompt).refined.startswith(
        f"this waits far too short between tries (`parse_config`, `{PATH}` lines 14-19), why?"
    )


@pytest.mark.parametrize(
    "prompt",
    [
        "it works now, thanks",
        "that is all",
        "this is a test of the system",
        "that should do, thanks",
        "this settings page crashes",
        "we need something that loops over files",
        "I want a thread that waits",
        "this waits for docker",
        "es gibt nichts mehr",
        "das macht nichts",
        "これはテストです",
    ],
)
def test_what_may_mean_something_else_is_not_resolved(prompt: str) -> None:
    assert "`parse_config`" not in refined(prompt).refined


def test_where_nothing_is_open_nothing_is_said_and_nobody_is_asked() -> None:
    result = refine(empty_screen("this waits far too short between tries"), (), RefineSettings())

    assert (result.changes, result.question) == ((), None)
