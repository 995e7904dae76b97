"""Counts and savings that can be traced to events."""

from __future__ import annotations

import asyncio
import math
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.answers import completion, key
from optafly.cache.cache import Cache
from optafly.domain import Stats
from optafly.storage import Database
from optafly.telemetry.events import DAY_S, Kind, record, stats

# Half an hour and a whole day that clocks skipped, half hours off, and both hemispheres: rules as POSIX writes them.
ZONES = (
    "UTC0",
    "CET-1CEST,M3.5.0,M10.5.0/3",
    "EST5EDT,M3.2.0,M11.1.0",
    "LHST-10:30LHDT-11,M10.1.0,M4.1.0",
    "NPT-5:45",
    "Pacific/Apia",
)
YEAR_S = 365 * DAY_S


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


async def test_refused_offers_and_wrong_reports_are_counted_and_are_no_answers(database: Database) -> None:
    for kind in ("offered", "offer_refused", "offer_refused", "served", "wrong_report", "regenerated"):
        await record(database, kind, "shop")
    counted = await stats(database, 30)
    assert (counted.offers_shown, counted.offers_refused, counted.wrong_reports) == (1, 2, 1)
    assert (counted.answers, counted.hits) == (1, 1)


async def test_days_come_oldest_first_and_the_project_with_the_most_answers_leads(database: Database) -> None:
    await record(database, "answered", "few", cost_usd=0.5)
    await database.run(lambda c: c.execute("UPDATE event SET at_s = at_s - ?", (3 * DAY_S,)))
    for _ in range(2):
        await record(database, "served", "many", saved_usd=0.25, saved_s=2.0)
    counted = await stats(database, 30)
    today = time.strftime("%Y-%m-%d")
    earlier = time.strftime("%Y-%m-%d", time.localtime(time.time() - 3 * DAY_S))
    assert [(day.name, day.answers) for day in counted.by_day] == [(earlier, 1), (today, 2)]
    assert [(each.name, each.answers) for each in counted.by_project] == [("many", 2), ("few", 1)]
    assert (counted.by_day[1].saved_usd, counted.by_day[1].saved_s, counted.by_day[0].cost_usd) == (0.5, 4.0, 0.5)


async def test_a_wrong_report_belongs_to_the_day_on_which_it_was_made(database: Database) -> None:
    await record(database, "served", "shop", saved_usd=0.5)
    await database.run(lambda c: c.execute("UPDATE event SET at_s = at_s - ?", (5 * DAY_S,)))
    await record(database, "wrong_report", "shop")
    counted = await stats(database, 30)
    assert [(day.hits, day.wrong_reports) for day in counted.by_day] == [(1, 0), (0, 1)]


class Event(NamedTuple):
    """One row of the table, written with the clock at `at_s`."""

    at_s: float
    kind: str
    project: str
    cost_usd: float
    saved_usd: float
    saved_s: float


NUMBERS = st.floats(min_value=0, max_value=1e6)
EVENTS = st.lists(
    st.builds(
        Event,
        at_s=st.floats(min_value=-YEAR_S, max_value=2 * YEAR_S).map(lambda ahead: time.time() + ahead),
        kind=st.sampled_from(get_args(Kind)),
        project=st.sampled_from(["", "/work/shop", "/work/till"]),
        cost_usd=NUMBERS,
        saved_usd=NUMBERS,
        saved_s=NUMBERS,
    ),
    max_size=40,
)


@given(EVENTS, st.sampled_from(ZONES), st.sampled_from([None, "/work/shop"]))
def test_days_and_projects_add_up_to_the_totals_whatever_the_clock_and_the_zone_did(
    events: list[Event], zone: str, project: str | None
) -> None:
    with zoned(zone):
        counted = asyncio.run(stats_of(events, 200, project))
        meant = [each for each in events if each.at_s >= time.time() - 200 * DAY_S and project in (None, each.project)]
        days = [time.strftime("%Y-%m-%d", time.localtime(each.at_s)) for each in meant]
    assert [day.name for day in counted.by_day] == sorted(set(days))
    assert {each.name for each in counted.by_project} == {each.project for each in meant}
    for parts in (counted.by_day, counted.by_project):
        for name in ("answers", "hits", "offers_shown", "offers_taken", "wrong_reports"):
            assert sum(getattr(part, name) for part in parts) == getattr(counted, name)
        for name in ("cost_usd", "saved_usd", "saved_s"):
            assert math.fsum(getattr(part, name) for part in parts) == pytest.approx(getattr(counted, name))
    assert counted.wrong_reports == sum(each.kind == "wrong_report" for each in meant)


@contextmanager
def zoned(zone: str) -> Generator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        yield
    time.tzset()


async def stats_of(events: Sequence[Event], days: int, project: str | None) -> Stats:
    def write(connection: sqlite3.Connection) -> None:
        connection.executemany(
            "INSERT INTO event (at_s, kind, project, cost_usd, saved_usd, saved_s) VALUES (?, ?, ?, ?, ?, ?)", events
        )

    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder, "optafly.db"))
        try:
            await database.run(write)
            return await stats(database, days, project)
        finally:
            await database.close()
