"""What is remembered, in numbers."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from optafly import salvage
from optafly.cache import store
from optafly.domain import Count, Record

COLUMNS = """count(*) AS entries, coalesce(sum(size_bytes), 0) AS size_bytes, coalesce(sum(hits), 0) AS hits,
    coalesce(sum(hits * coalesce(cost_usd, 0)), 0.0) AS saved_usd,
    coalesce(sum(hits * latency_ms), 0.0) / 1000 AS saved_s,
    count(*) FILTER (WHERE pinned) AS pinned,
    count(*) FILTER (WHERE NOT pinned AND expires_at_s <= :now_s) AS expired,
    count(*) FILTER (WHERE vector IS NULL) AS without_vector,
    count(*) FILTER (WHERE created_at_s > :now_s) AS dated_ahead,
    min(created_at_s) AS oldest_s, max(created_at_s) AS newest_s"""


class Part(Record, frozen=True):
    """The entries of one namespace, or of all. `saved_usd` and `saved_s` are what their hits would have cost again.

    `dated_ahead` were made at a time that the clock has not reached (it was set back); they are used all the same.
    """

    namespace: str
    entries: Count
    size_bytes: Count
    hits: Count
    saved_usd: float
    saved_s: float
    pinned: Count
    expired: Count
    without_vector: Count
    dated_ahead: Count
    oldest_s: float | None
    newest_s: float | None


class Summary(Record, frozen=True):
    """The whole cache, by namespace (the largest first), with its file and what was set aside.

    `damaged` entries changed on the disk: they are never used. `set_aside` are sentences.
    """

    file: str
    file_bytes: Count
    whole: Part
    damaged: Count
    namespaces: tuple[Part, ...]
    set_aside: tuple[str, ...]


def summary(connection: sqlite3.Connection, path: Path, now_s: float) -> Summary:
    """Count what is remembered; reads every entry."""
    values = {"now_s": now_s}
    whole = connection.execute(f"SELECT '' AS namespace, {COLUMNS} FROM entry", values).fetchone()  # noqa: S608  constants of this module only
    parts = connection.execute(
        f"SELECT namespace, {COLUMNS} FROM entry GROUP BY namespace ORDER BY size_bytes DESC",  # noqa: S608  as above
        values,
    )
    files = [path, path.with_name(f"{path.name}-wal")]
    return Summary(
        file=str(path),
        file_bytes=sum(file.stat().st_size for file in files if file.exists()),
        whole=_part(whole),
        damaged=store.damaged(connection),
        namespaces=tuple(map(_part, parts)),
        set_aside=tuple(map(str, salvage.set_aside(path))),
    )


def _part(row: sqlite3.Row) -> Part:
    return Part(**dict(row))
