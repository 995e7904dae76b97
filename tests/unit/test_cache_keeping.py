"""What is never remembered, one test per rule, and for how long the rest may be used."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from fakes.answers import completion, entry, key
from optafly.cache.cache import Cache
from optafly.cache.keeping import DAY_S, expires_at_s, outlived, why_not
from optafly.config import CacheSettings
from optafly.domain import StopReason
from optafly.errors import CacheError
from optafly.storage import Database

ORDINARY = CacheSettings()


@pytest.fixture
async def cache(tmp_path: Path) -> AsyncIterator[Cache]:
    database = Database(tmp_path / "optafly.db")
    yield Cache(database)
    await database.close()


@pytest.mark.parametrize("reason", ["end_turn", "stop_sequence"])
def test_an_answer_that_ended_by_itself_is_remembered(reason: StopReason) -> None:
    assert why_not(completion("Because.", reason), ORDINARY, masked=False) is None


@pytest.mark.parametrize("reason", ["max_tokens", "model_context_window_exceeded"])
def test_an_answer_that_was_cut_off_is_not(reason: StopReason) -> None:
    assert why_not(completion("Because", reason), ORDINARY, masked=False)


def test_a_refusal_is_not() -> None:
    assert why_not(completion("I cannot.", "refusal"), ORDINARY, masked=False)


@pytest.mark.parametrize("reason", ["tool_use", "pause_turn"])
def test_an_answer_with_a_tool_call_still_open_is_not(reason: StopReason) -> None:
    assert why_not(completion("Let me look.", reason), ORDINARY, masked=False)


def test_nothing_said_is_not() -> None:
    assert why_not(completion(" \n"), ORDINARY, masked=False)


def test_what_was_asked_with_a_masked_secret_is_not_unless_the_person_allowed_it() -> None:
    assert why_not(completion(), ORDINARY, masked=True)
    assert why_not(completion(), CacheSettings(remember_masked=True), masked=True) is None


def test_nothing_is_in_a_private_project_or_with_the_cache_off() -> None:
    assert why_not(completion(), CacheSettings(private=True), masked=False)
    assert why_not(completion(), CacheSettings(enabled=False), masked=False)


async def test_the_cache_itself_refuses_what_is_never_remembered(cache: Cache) -> None:
    with pytest.raises(CacheError, match="private"):
        await cache.remember(key("Why?"), "Why?", completion(), None, 1.0, CacheSettings(private=True))
    with pytest.raises(CacheError, match="masked"):
        await cache.remember(key("Why?"), "Why?", completion(), None, 1.0, masked=True)
    assert await cache.count() == 0


async def test_a_private_project_is_not_looked_up(cache: Cache) -> None:
    await cache.remember(key("Why?"), "Why?", completion(), None, 1.0)
    private = CacheSettings(private=True)
    verdict = await cache.lookup(key("Why?"), private)
    assert verdict.outcome == "miss"
    assert "private" in verdict.evidence
    assert await cache.exact(key("Why?"), private) is None
    assert (await cache.explain(key("Why?"), private)).candidates == ()


def test_answers_about_errors_are_kept_for_less_long() -> None:
    settings = CacheSettings(keep_days=90, keep_debug_days=14)
    assert expires_at_s("explain", 0.0, settings) == 90 * DAY_S
    assert expires_at_s("debug", 0.0, settings) == 14 * DAY_S
    assert expires_at_s("debug", 0.0, CacheSettings(keep_days=7, keep_debug_days=14)) == 7 * DAY_S


async def test_an_answer_goes_when_its_time_is_over_unless_it_is_pinned(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = msgspec.structs.replace(key("Why?"), intent_kind="debug")
    kept = await cache.remember(asked, "Why?", completion(), None, 1.0)
    now_s = time.time()
    monkeypatch.setattr(time, "time", lambda: now_s + 13.9 * DAY_S)
    assert (await cache.lookup(asked)).entry_id == kept.id
    monkeypatch.setattr(time, "time", lambda: now_s + 14.1 * DAY_S)
    assert (await cache.lookup(asked)).outcome == "miss"
    assert await cache.pin(kept.id)
    assert (await cache.lookup(asked)).entry_id == kept.id
    assert await cache.pin(kept.id, pinned=False)
    assert (await cache.lookup(asked)).outcome == "miss"


async def test_settings_that_were_lowered_hold_for_what_is_kept_already(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cache.remember(key("Why?"), "Why?", completion(), None, 1.0)
    now_s = time.time()
    monkeypatch.setattr(time, "time", lambda: now_s + 2 * DAY_S)
    assert (await cache.lookup(key("Why?"))).outcome == "serve"
    assert (await cache.lookup(key("Why?"), CacheSettings(keep_days=1))).outcome == "miss"


def test_a_clock_that_was_set_back_retires_nothing() -> None:
    assert not outlived(entry("Why?"), 1000.0 - 365 * DAY_S, ORDINARY)
