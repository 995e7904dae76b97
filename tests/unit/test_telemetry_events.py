"""Counts and savings that can be traced to events."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fakes.answers import completion, key
from optafly.cache.cache import Cache
from optafly.storage import Database
from optafly.telemetry.events import DAY_S, record, stats


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(tmp_path / "optafly.db")
    yield database
    await database.close()


async def test_before_the_first_answer_there_is_no_hit_rate(database: Database) -> None:
    counted = await stats(database, 30)
    assert (counted.answers, counted.hit_rate, counted.saved_usd) == (0, None, 0.0)


async def test_every_kind_is_counted_where_it_belongs(database: Database) -> None:
    for kind in ("proposed", "proposed", "proposed", "discarded", "offered", "offered", "failed", "cancelled"):
        await record(database, kind, "shop")
    await record(database, "answered", "shop", cost_usd=0.5, latency_ms=900.0)
    await record(database, "answered", "shop", cost_usd=0.25)
    await record(database, "served", "shop", saved_usd=0.5, saved_s=3.0)
    await record(database, "offer_taken", "shop", saved_usd=0.25, saved_s=1.5)
    counted = await stats(database, 30)
    assert (counted.answers, counted.hits, counted.hit_rate) == (4, 2, 0.5)
    assert (counted.offers_shown, counted.offers_taken) == (2, 1)
    assert (counted.proposals, counted.discarded) == (3, 1)
    assert (counted.cost_usd, counted.saved_usd, counted.saved_s) == (0.75, 0.75, 4.5)


async def test_only_the_asked_days_and_project_count(database: Database) -> None:
    await record(database, "answered", "shop")
    await record(database, "answered", "other")
    await record(database, "served", "shop")
    await database.run(lambda c: c.execute("UPDATE event SET at_s = at_s - ? WHERE kind = 'served'", (2 * DAY_S,)))
    assert (await stats(database, 1)).answers == 2
    assert (await stats(database, 3)).answers == 3
    assert (await stats(database, 3, "shop")).answers == 2
    assert (await stats(database, 3, "nowhere")).hit_rate is None


async def test_the_entries_of_the_cache_are_counted_too(database: Database) -> None:
    await Cache(database).remember(key("Why?"), "Why?", completion(), None, 1.0)
    assert (await stats(database, 30)).entries == 1


async def test_a_number_that_is_none_spoils_no_sum(database: Database) -> None:
    await record(database, "answered", "shop", cost_usd=math.nan, saved_s=math.inf, latency_ms=math.nan)
    await record(database, "answered", "shop", cost_usd=0.5)
    counted = await stats(database, 30)
    assert (counted.cost_usd, counted.saved_s) == (0.5, 0.0)
