"""What `optafly stats` counts and how it is laid out."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from fakes.till import ASK, Till
from optafly.cli import exits
from optafly.cli.stats import shortened, table
from optafly.demo.server import MessagesApi
from optafly.domain import Stats, Tally
from optafly.paths import Paths

PROJECT = "/home/somebody/work/customers/a-customer-with-a-long-name/the-till"


@pytest.fixture
def till(tmp_path: Path, home: Paths) -> Iterator[Till]:
    with MessagesApi() as api:
        yield Till(tmp_path / "till", home.data.parent, api)


def tally(name: str, *, answers: int = 0, hits: int = 0, cost_usd: float = 0.0, saved_s: float = 0.0) -> Tally:
    return Tally(
        name=name,
        answers=answers,
        hits=hits,
        offers_shown=0,
        offers_taken=0,
        wrong_reports=0,
        cost_usd=cost_usd,
        saved_usd=0.0,
        saved_s=saved_s,
    )


def totals(*, answers: int, hits: int, cost_usd: float, saved_s: float) -> Stats:
    return Stats(
        days=30,
        answers=answers,
        hits=hits,
        offers_shown=0,
        offers_taken=0,
        hit_rate=hits / answers if answers else None,
        cost_usd=cost_usd,
        saved_usd=0.0,
        saved_s=saved_s,
        entries=0,
        proposals=0,
        discarded=0,
    )


def test_before_anything_was_asked_it_says_so_and_how_to_begin(till: Till) -> None:
    for by in ((), ("--by", "day"), ("--by", "project")):
        ran = till.run("stats", *by)
        assert ran.code == exits.OK
        assert "Nothing was asked in the last 30 days." in ran.out
        assert "optafly ask" in ran.out
    assert "in this project" in till.run("stats", "--here", "--days", "7").out


def test_every_number_of_a_process_is_traced_to_its_event(till: Till) -> None:
    till.run("ask", *ASK, "--yes")
    till.run("ask", *ASK, "--yes")
    with closing(sqlite3.connect(Path(till.environment["OPTAFLY_HOME"]) / "data" / "optafly.db")) as connection:
        (cost, took_ms), *_ = connection.execute("SELECT cost_usd, latency_ms FROM entry").fetchall()
    stats = json.loads(till.run("stats", "--json").out)
    (day,), (project,) = stats["byDay"], stats["byProject"]
    assert (day["name"], project["name"]) == (time.strftime("%Y-%m-%d"), str(till.folder))
    for counted in (stats, day, project):
        assert (counted["answers"], counted["hits"]) == (2, 1)
        assert (counted["costUsd"], counted["savedUsd"]) == (pytest.approx(cost), pytest.approx(cost))
        assert counted["savedS"] == pytest.approx(took_ms / 1000)


def test_by_day_and_by_project_are_tables_with_a_row_of_totals(till: Till) -> None:
    till.run("ask", *ASK, "--yes")
    till.run("ask", *ASK, "--yes")
    by_day = till.run("stats", "--by", "day").out
    assert [row.split()[:4] for row in by_day.splitlines()[2:5:2]] == [
        [time.strftime("%Y-%m-%d"), "2", "1", "50%"],
        ["total", "2", "1", "50%"],
    ]
    assert till.folder.name in till.run("stats", "--by", "project").out


def test_numbers_stand_right_and_under_their_heads() -> None:
    rows = (
        tally(PROJECT, answers=1234, hits=617, cost_usd=12.5, saved_s=98765.4),
        tally("", answers=1, cost_usd=0.0004),
    )
    lines = table("project", rows, totals(answers=1235, hits=617, cost_usd=12.5004, saved_s=98765.4))
    assert len({len(line) for line in lines}) == 1
    head, _, first, second, _, last = lines
    for number, word in (("1,234", "answers"), ("50%", "rate"), ("12.5000", "cost $"), ("98,765.4", "saved s")):
        assert first.index(number) + len(number) == head.index(word) + len(word)
    assert second.startswith("  (no folder)")
    assert last.split()[:2] == ["total", "1,235"]


@given(st.text(), st.integers(3, 60))
def test_a_long_path_loses_its_middle_and_a_short_one_nothing(path: str, width: int) -> None:
    short = shortened(path, width)
    assert cell_len(short) <= width
    if cell_len(path) <= width:
        assert short == path
    else:
        before, after = short.split("…") if "…" not in path else (short[0], short[-1])
        assert path.startswith(before)
        assert path.endswith(after)


def test_a_table_stays_straight_beside_names_in_wide_characters() -> None:
    rows = (tally("/home/ada/請求書", answers=3), tally("/home/ada/till", answers=1), tally("書" * 60, answers=1))
    lines = table("project", rows, totals(answers=5, hits=0, cost_usd=0.0, saved_s=0.0))
    assert len({cell_len(line) for line in lines}) == 1


def test_the_end_of_a_path_is_what_tells_projects_apart() -> None:
    assert shortened(PROJECT, 40) == "/home/somebod…-with-a-long-name/the-till"


@pytest.mark.parametrize("days", ["0", "-1", "4000", "many"])
def test_days_that_cannot_be_counted_are_a_usage_error(till: Till, days: str) -> None:
    ran = till.run("stats", f"--days={days}")
    assert ran.code == exits.USAGE
    assert "between 1 and 3,650" in ran.err
