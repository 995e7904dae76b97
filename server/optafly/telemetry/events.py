"""What happened, counted on this machine only: one row per event, no prompt, no answer, no path but the project's.

Whether anything is counted (`telemetry.enabled`) is the caller's to ask.
"""

from __future__ import annotations

import math
import sqlite3
import time
from typing import Literal

from optafly.domain import Stats
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
    """Add up the last `days` days, in one project or in all. `entries` counts the whole cache. Raises StorageError."""
    return await database.run(lambda connection: _stats(connection, days, project))


def _stats(connection: sqlite3.Connection, days: int, project: str | None) -> Stats:
    rows = connection.execute(
        """SELECT kind, count(*) AS n, total(cost_usd) AS cost, total(saved_usd) AS usd, total(saved_s) AS s
           FROM event WHERE at_s >= :since AND (:project IS NULL OR project = :project) GROUP BY kind""",
        {"since": time.time() - days * DAY_S, "project": project},
    ).fetchall()
    counts: dict[str, int] = {row["kind"]: row["n"] for row in rows}
    hits = counts.get("served", 0) + counts.get("offer_taken", 0)
    answers = hits + counts.get("answered", 0)
    return Stats(
        days=days,
        answers=answers,
        hits=hits,
        offers_shown=counts.get("offered", 0),
        offers_taken=counts.get("offer_taken", 0),
        hit_rate=hits / answers if answers else None,
        cost_usd=sum(row["cost"] for row in rows),
        saved_usd=sum(row["usd"] for row in rows),
        saved_s=sum(row["s"] for row in rows),
        entries=connection.execute("SELECT count(*) FROM entry").fetchone()[0],
        proposals=counts.get("proposed", 0),
        discarded=counts.get("discarded", 0),
    )
