"""What happened, counted on this machine only: one row per event, no prompt, no answer, no path but the project's.

Whether anything is counted (`telemetry.enabled`) is the caller's to ask.
"""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Iterable, Sequence
from typing import Literal

from optafly.domain import Stats, Tally
from optafly.storage import Database

Kind = Literal[
    "proposed",
    "discarded",
    "answered",
    "served",
    "offered",
    "offer_taken",
    "offer_refused",
    "wrong_report",
    "regenerated",
    "failed",
    "cancelled",
]

DAY_S = 86_400.0


async def record(
    database: Database,
    kind: Kind,
    project: str,
    *,
    cost_usd: float = 0.0,
    saved_usd: float = 0.0,
    saved_s: float = 0.0,
    latency_ms: float | None = None,
) -> None:
    """Count one event in `project`. Raises StorageError.

    An answer is one event: `answered` by the provider, `served` by the cache, or `offer_taken` by a person. `offered`
    is one proposal that showed at least one earlier answer; `offer_refused` is one of them that a person did not want.
    `wrong_report` and `regenerated` are a person's word on an answer from the cache, counted when it is given.
    """
    numbers = [number if math.isfinite(number) else 0.0 for number in (cost_usd, saved_usd, saved_s)]
    await database.run(
        lambda connection: connection.execute(
            """INSERT INTO event (at_s, kind, project, cost_usd, saved_usd, saved_s, latency_ms)
               VALUES (?, ?, ?, ?, ?, ?, ?)""",
            (time.time(), kind, project, *numbers, latency_ms),
        )
    )


async def stats(database: Database, days: int, project: str | None = None) -> Stats:
    """Add up the last `days` days, in one project or in all. `entries` counts the whole cache. Raises StorageError.

    An event belongs to the local day on which it was recorded: a wrong report to the day of the report, not to that of
    the answer. So every event is in exactly one day and one project, and both add up to the totals.
    """
    return await database.run(lambda connection: _stats(connection, days, project))


def _stats(connection: sqlite3.Connection, days: int, project: str | None) -> Stats:
    rows = connection.execute(
        """SELECT date(at_s, 'unixepoch', 'localtime') AS day, project, kind, count(*) AS n,
                  total(cost_usd) AS cost, total(saved_usd) AS usd, total(saved_s) AS s
           FROM event WHERE at_s >= :since AND (:project IS NULL OR project = :project) GROUP BY 1, 2, 3""",
        {"since": time.time() - days * DAY_S, "project": project},
    ).fetchall()
    total = _tally("", rows)
    by_project = (_tally(name, of) for name, of in _grouped(rows, "project").items())
    return Stats(
        days=days,
        answers=total.answers,
        hits=total.hits,
        offers_shown=total.offers_shown,
        offers_taken=total.offers_taken,
        offers_refused=_count(rows, "offer_refused"),
        hit_rate=total.hits / total.answers if total.answers else None,
        cost_usd=total.cost_usd,
        saved_usd=total.saved_usd,
        saved_s=total.saved_s,
        entries=connection.execute("SELECT count(*) FROM entry").fetchone()[0],
        proposals=_count(rows, "proposed"),
        discarded=_count(rows, "discarded"),
        wrong_reports=total.wrong_reports,
        by_day=tuple(_tally(day, of) for day, of in sorted(_grouped(rows, "day").items())),
        by_project=tuple(sorted(by_project, key=lambda each: (-each.answers, each.name))),
    )


def _grouped(rows: Iterable[sqlite3.Row], column: str) -> dict[str, list[sqlite3.Row]]:
    grouped: dict[str, list[sqlite3.Row]] = {}
    for row in rows:
        grouped.setdefault(row[column], []).append(row)
    return grouped


def _tally(name: str, rows: Sequence[sqlite3.Row]) -> Tally:
    hits = _count(rows, "served", "offer_taken")
    return Tally(
        name=name,
        answers=hits + _count(rows, "answered"),
        hits=hits,
        offers_shown=_count(rows, "offered"),
        offers_taken=_count(rows, "offer_taken"),
        wrong_reports=_count(rows, "wrong_report"),
        cost_usd=math.fsum(row["cost"] for row in rows),
        saved_usd=math.fsum(row["usd"] for row in rows),
        saved_s=math.fsum(row["s"] for row in rows),
    )


def _count(rows: Iterable[sqlite3.Row], *kinds: Kind) -> int:
    return sum(row["n"] for row in rows if row["kind"] in kinds)
