"""The cache's rows: every query on the table `entry`. Each function is one transaction on a connection it is given."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager, suppress

import msgspec

from optafly.cache.eviction import make_room
from optafly.cache.normalise import normalise
from optafly.domain import CacheKey, Entry, Record
from optafly.storage import checksum

log = logging.getLogger(__name__)

FIELDS = (
    "id, namespace, fingerprint, intent, prompt, answer, model, usage, cost_usd, latency_ms, created_at_s, hits,"
    " intent_kind, sources, expires_at_s, pinned, distrust, checksum"
)
INSERT = f"""INSERT INTO entry ({FIELDS}, normalised, used_at_s, embedder, vector, size_bytes)
    VALUES ({", ".join("?" * 23)})"""  # noqa: S608  column names of this module only
TEXTS = ("id", "namespace", "fingerprint", "intent", "prompt", "answer", "model")
NAMES = {field.name: field.encode_name for field in msgspec.structs.fields(Entry)}
LIVE = "(pinned OR expires_at_s IS NULL OR expires_at_s > :now_s)"


class Vector(Record, frozen=True):
    """The vector of an intent as little-endian float16, and the name of the embedder that made it."""

    embedder: str
    data: bytes


@contextmanager
def transaction(connection: sqlite3.Connection) -> Generator[None]:
    """Write all or nothing; what was written is on the disk when this returns."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk ends it by itself
            connection.execute("ROLLBACK")
        raise


def insert(
    connection: sqlite3.Connection,
    entry: Entry,
    vector: Vector | None,
    *,
    max_entries: int,
    max_bytes: int,
    now_s: float,
) -> None:
    """Add `entry` in place of an older answer to the same key; where that is too much, those that save least go.

    Pinned entries and `entry` itself stay (see `cache.eviction`).
    """
    with transaction(connection):
        seq = add(connection, entry, vector, now_s=now_s)
        make_room(connection, newest=seq, max_entries=max_entries, max_bytes=max_bytes, now_s=now_s)


def settle(connection: sqlite3.Connection) -> None:
    """Bring what was committed from the log into the database itself, as far as nobody is reading from the log.

    A flipped byte in the log costs all that was written behind it. What has settled stands in two places.
    """
    with suppress(sqlite3.Error):  # it is safe in the log, and stays there until the next time
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()


def add(connection: sqlite3.Connection, entry: Entry, vector: Vector | None, *, now_s: float) -> int:
    """Add `entry` in place of an older answer to the same key and return its seq; within the caller's transaction."""
    normalised = normalise(entry.intent)
    connection.execute(
        "DELETE FROM entry WHERE namespace = ? AND fingerprint = ? AND normalised = ?",
        (entry.namespace, entry.fingerprint, normalised),
    )
    return _insert(connection, entry, normalised, now_s, vector)


def add_new(connection: sqlite3.Connection, entry: Entry) -> bool:
    """Add `entry` unless its id or its key is there; return whether it was added. Within the caller's transaction."""
    normalised = normalise(entry.intent)
    there = connection.execute(
        "SELECT 1 FROM entry WHERE id = ? OR (namespace = ? AND fingerprint = ? AND normalised = ?)",
        (entry.id, entry.namespace, entry.fingerprint, normalised),
    ).fetchone()
    if there is None:
        _insert(connection, entry, normalised, entry.created_at_s, None)
    return there is None


def _insert(
    connection: sqlite3.Connection, entry: Entry, normalised: str, used_at_s: float, vector: Vector | None
) -> int:
    usage, sources = msgspec.json.encode(entry.usage), msgspec.json.encode(entry.sources)
    written = connection.execute(
        INSERT,
        (
            entry.id,
            entry.namespace,
            entry.fingerprint,
            entry.intent,
            entry.prompt,
            entry.answer,
            entry.model,
            usage,
            entry.cost_usd,
            entry.latency_ms,
            entry.created_at_s,
            entry.hits,
            entry.intent_kind,
            sources,
            entry.expires_at_s,
            entry.pinned,
            entry.distrust,
            checksum(*(getattr(entry, name) for name in TEXTS), usage, sources),
            normalised,
            used_at_s,
            vector and vector.embedder,
            vector and vector.data,
            _size(entry) + len(vector.data if vector else b""),
        ),
    )
    assert written.lastrowid is not None
    return written.lastrowid


def exact(connection: sqlite3.Connection, key: CacheKey, now_s: float) -> Entry | None:
    """Return the newest live answer to the same normalised text in the same namespace with the same fingerprint."""
    row = connection.execute(
        f"""SELECT {FIELDS} FROM entry
            WHERE namespace = :namespace AND fingerprint = :fingerprint AND normalised = :normalised AND {LIVE}
            ORDER BY seq DESC LIMIT 1""",  # noqa: S608  column names of this module only
        {**_where(key, now_s), "fingerprint": key.fingerprint},
    ).fetchone()
    return row and _entry(row)


def same_text(connection: sqlite3.Connection, key: CacheKey, limit: int, now_s: float) -> list[Entry]:
    """Return the newest live answers to the same normalised text in the same namespace, whatever the fingerprint."""
    rows = connection.execute(
        f"""SELECT {FIELDS} FROM entry WHERE namespace = :namespace AND normalised = :normalised AND {LIVE}
            ORDER BY seq DESC LIMIT :limit""",  # noqa: S608  column names of this module only
        {**_where(key, now_s), "limit": limit},
    )
    return list(_whole(rows))


def _where(key: CacheKey, now_s: float) -> dict[str, object]:
    return {"namespace": key.namespace, "normalised": normalise(key.intent), "now_s": now_s}


def by_seq(connection: sqlite3.Connection, namespace: str, seqs: Sequence[int], now_s: float) -> dict[int, Entry]:
    """Return those of the rows `seqs` that are still there, live, and in `namespace`."""
    rows = connection.execute(
        f"""SELECT seq, {FIELDS} FROM entry
            WHERE +namespace = :namespace AND seq IN ({",".join(str(int(seq)) for seq in seqs)}) AND {LIVE}""",  # noqa: S608  whole numbers only
        {"namespace": namespace, "now_s": now_s},
    )
    found = ((int(row["seq"]), _entry(row)) for row in rows)
    return {seq: entry for seq, entry in found if entry is not None}


def following(connection: sqlite3.Connection, seq: int, limit: int) -> tuple[list[Entry], int | None]:
    """Return the entries among the first `limit` rows above `seq`, oldest first, and the last of these rows' seq."""
    rows = connection.execute(
        f"SELECT seq, {FIELDS} FROM entry WHERE seq > ? ORDER BY seq LIMIT ?",  # noqa: S608  column names of this module only
        (seq, limit),
    ).fetchall()
    return list(_whole(rows)), int(rows[-1]["seq"]) if rows else None


def damaged(connection: sqlite3.Connection) -> int:
    """Return how many entries changed on the disk; reads all of them."""
    rows = connection.execute(f"SELECT {FIELDS} FROM entry")  # noqa: S608  column names of this module only
    return sum(_entry(row) is None for row in rows)


def get(connection: sqlite3.Connection, entry_id: str) -> Entry | None:
    """Return the entry with that id, or None."""
    row = connection.execute(f"SELECT {FIELDS} FROM entry WHERE id = ?", (entry_id,)).fetchone()  # noqa: S608  column names of this module only
    return row and _entry(row)


def page(
    connection: sqlite3.Connection, namespace: str | None, search: str, limit: int, offset: int
) -> tuple[Entry, ...]:
    """Return entries, newest first, whose prompt or answer contains `search` (ASCII case does not matter)."""
    escaped = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    rows = connection.execute(
        f"""SELECT {FIELDS} FROM entry
            WHERE (:namespace IS NULL OR namespace = :namespace)
              AND (:search = '' OR prompt LIKE :like ESCAPE '\\' OR answer LIKE :like ESCAPE '\\')
            ORDER BY seq DESC LIMIT :limit OFFSET :offset""",  # noqa: S608  column names of this module only
        {"namespace": namespace, "search": search, "like": f"%{escaped}%", "limit": limit, "offset": offset},
    )
    return tuple(_whole(rows))


def hit(connection: sqlite3.Connection, entry_id: str, now_s: float) -> bool:
    """Count one more use; return whether the entry is still there."""
    changed = connection.execute("UPDATE entry SET hits = hits + 1, used_at_s = ? WHERE id = ?", (now_s, entry_id))
    return changed.rowcount == 1


def forget(connection: sqlite3.Connection, entry_id: str) -> bool:
    """Delete one entry; return whether it was there."""
    return connection.execute("DELETE FROM entry WHERE id = ?", (entry_id,)).rowcount == 1


def pin(connection: sqlite3.Connection, entry_id: str, pinned: bool) -> bool:
    """Keep an entry for ever, or no longer; return whether it was there."""
    return connection.execute("UPDATE entry SET pinned = ? WHERE id = ?", (pinned, entry_id)).rowcount == 1


def distrust(connection: sqlite3.Connection, amounts: Mapping[str, float]) -> None:
    """Add to the distrust of the entries with these ids, in units of logit."""
    with transaction(connection):
        connection.executemany(
            "UPDATE entry SET distrust = distrust + ? WHERE id = ?",
            [(amount, entry_id) for entry_id, amount in amounts.items()],
        )


def forget_expired(connection: sqlite3.Connection, now_s: float) -> int:
    """Delete what has expired and is not pinned; return how many entries."""
    return connection.execute("DELETE FROM entry WHERE NOT pinned AND expires_at_s <= ?", (now_s,)).rowcount


def clear(connection: sqlite3.Connection, namespace: str | None) -> int:
    """Delete every entry, or those of one namespace; return how many."""
    return connection.execute(
        "DELETE FROM entry WHERE :namespace IS NULL OR namespace = :namespace", {"namespace": namespace}
    ).rowcount


def count(connection: sqlite3.Connection, namespace: str | None = None) -> int:
    """Return how many entries there are."""
    if namespace is None:
        return int(connection.execute("SELECT count(*) FROM entry").fetchone()[0])
    return int(connection.execute("SELECT count(*) FROM entry WHERE namespace = ?", (namespace,)).fetchone()[0])


def _whole(rows: Iterable[sqlite3.Row]) -> Generator[Entry]:
    return (entry for entry in map(_entry, rows) if entry is not None)


def _entry(row: sqlite3.Row) -> Entry | None:
    """Return the entry in a row, or None where the disk changed it: half an answer is worse than none."""
    values = dict(row)
    values.pop("seq", None)
    expected = values.pop("checksum")
    try:
        if expected != checksum(*(values[name] for name in (*TEXTS, "usage", "sources"))):
            raise ValueError("a bit changed")
        values["usage"] = msgspec.json.decode(values["usage"])
        values["sources"] = msgspec.json.decode(values["sources"])
        values["pinned"] = bool(values["pinned"])
        return msgspec.convert({NAMES[name]: value for name, value in values.items()}, Entry)
    except (ValueError, TypeError, AttributeError):  # msgspec's errors are ValueErrors
        log.warning("a remembered answer is damaged on the disk and is not used")
        return None


def _size(entry: Entry) -> int:
    """Return the bytes that an entry takes, about: its texts."""
    texts = (entry.intent, entry.prompt, entry.answer, *(source.text for source in entry.sources))
    return sum(len(text.encode()) for text in texts)


def without_vector(connection: sqlite3.Connection, embedder: str, below: int | None) -> tuple[int, str] | None:
    """Return `seq` and intent of the newest row under `below` that has no vector of `embedder`, or None."""
    # The index says soon that there is none at all, which the rows themselves say when every answer was read.
    some = connection.execute(
        "SELECT 1 FROM entry INDEXED BY entry_vector WHERE embedder IS NOT ? LIMIT 1", (embedder,)
    )
    if some.fetchone() is None:
        return None
    row = connection.execute(
        """SELECT seq, intent FROM entry WHERE (:below IS NULL OR seq < :below) AND embedder IS NOT :embedder
           ORDER BY seq DESC LIMIT 1""",
        {"below": below, "embedder": embedder},
    ).fetchone()
    return row and (int(row["seq"]), str(row["intent"]))


def set_vector(connection: sqlite3.Connection, seq: int, vector: Vector) -> None:
    """Give a row its vector and a new `seq`, so that whoever follows the table sees it."""
    with transaction(connection):
        connection.execute("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'entry'")
        connection.execute(
            """UPDATE entry SET embedder = ?, vector = ?, seq = (SELECT seq FROM sqlite_sequence WHERE name = 'entry')
               WHERE seq = ?""",
            (vector.embedder, vector.data, seq),
        )
