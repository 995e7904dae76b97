"""The rows: what is live, what goes when there is no room, and what never crosses a namespace."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.answers import entry, key
from optafly.cache import store
from optafly.cache.normalise import normalise
from optafly.domain import CacheKey, Entry
from optafly.storage import connect

NOW = 1_000_000.0
DAY = 86_400.0


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = connect(tmp_path / "optafly.db")
    yield connection
    connection.close()


def keep(
    database: sqlite3.Connection,
    name: str,
    *,
    most: int = 10**6,
    most_bytes: int = 10**9,
    now_s: float = NOW,
    cost_usd: float | None = 0.01,
    latency_ms: float = 1000.0,
    answer: str = "An answer.",
    expires_at_s: float | None = None,
    pinned: bool = False,
) -> None:
    row = msgspec.structs.replace(
        entry(name, id=name, answer=answer),
        cost_usd=cost_usd,
        latency_ms=latency_ms,
        expires_at_s=expires_at_s,
        pinned=pinned,
    )
    store.insert(database, row, None, max_entries=most, max_bytes=most_bytes, now_s=now_s)


def left(database: sqlite3.Connection) -> set[str]:
    return {each.id for each in store.page(database, None, "", 10**6, 0)}


def live(database: sqlite3.Connection, name: str, now_s: float) -> bool:
    """Say whether a row is found, and that each way to find it agrees."""
    (seq,) = database.execute("SELECT seq FROM entry WHERE id = ?", (name,)).fetchone()
    asked = key(name)
    ways = {
        store.exact(database, asked, now_s) is not None,
        bool(store.same_text(database, asked, 5, now_s)),
        bool(store.by_seq(database, asked.namespace, [seq], now_s)),
    }
    (agreed,) = ways
    return agreed


def test_what_has_expired_is_not_found_and_a_pinned_answer_never_expires(database: sqlite3.Connection) -> None:
    keep(database, "why", expires_at_s=NOW + DAY)
    assert live(database, "why", NOW)
    assert not live(database, "why", NOW + DAY)
    assert store.pin(database, "why", True)
    assert live(database, "why", NOW + DAY)
    assert store.pin(database, "why", False)
    assert not live(database, "why", NOW + DAY)
    assert not store.pin(database, "nobody", True)


@pytest.mark.parametrize(
    ("cheap", "dear"),
    [
        ({"cost_usd": 0.001}, {"cost_usd": 0.1}),
        ({"cost_usd": None, "latency_ms": 100.0}, {"cost_usd": None, "latency_ms": 90_000.0}),
        ({"answer": "long " * 5_000}, {"answer": "short"}),
        ({"expires_at_s": NOW - 1, "cost_usd": 9.0}, {"cost_usd": 0.001}),
        ({"now_s": NOW - 400 * DAY}, {"now_s": NOW}),
    ],
    ids=["cost", "time", "size", "expired", "unused"],
)
def test_what_saves_least_for_its_size_goes_first(
    database: sqlite3.Connection, cheap: dict[str, float], dear: dict[str, float]
) -> None:
    keep(database, "dear", **dear)  # pyright: ignore[reportArgumentType]
    keep(database, "cheap", **cheap)  # pyright: ignore[reportArgumentType]
    keep(database, "newest", most=2)
    assert left(database) == {"dear", "newest"}


def test_rows_are_read_by_their_number_however_many_the_namespace_has(database: sqlite3.Connection) -> None:
    def steps() -> int:
        done = 0

        def count() -> None:
            nonlocal done
            done += 1

        database.set_progress_handler(count, 1)
        assert len(store.by_seq(database, key("").namespace, [1, 2, 3], NOW)) == 3
        database.set_progress_handler(None, 0)
        return done

    for name in range(5):
        keep(database, str(name))
    few = steps()
    for name in range(5, 300):
        keep(database, str(name))
    assert steps() == few


def test_what_is_used_often_stays(database: sqlite3.Connection) -> None:
    keep(database, "used")
    keep(database, "unused")
    for _ in range(3):
        store.hit(database, "used", NOW)
    keep(database, "newest", most=2)
    assert left(database) == {"used", "newest"}


def test_what_was_reported_wrong_goes_before_its_like(database: sqlite3.Connection) -> None:
    keep(database, "doubted")
    keep(database, "trusted")
    store.distrust(database, {"doubted": 2.0, "nobody": 1.0})
    keep(database, "newest", most=2)
    assert left(database) == {"trusted", "newest"}


def test_distrust_adds_up(database: sqlite3.Connection) -> None:
    keep(database, "why")
    store.distrust(database, {"why": 1.5})
    store.distrust(database, {"why": 0.25})
    found = store.get(database, "why")
    assert found is not None
    assert found.distrust == 1.75


def test_a_pinned_answer_is_never_let_go_however_little_it_saves(database: sqlite3.Connection) -> None:
    keep(database, "pinned", pinned=True, cost_usd=0.0, latency_ms=0.0, answer="long " * 5_000)
    for number in range(5):
        keep(database, str(number), most=2)
    assert left(database) == {"pinned", "4"}


def test_the_newest_stays_where_it_alone_is_too_large(database: sqlite3.Connection) -> None:
    keep(database, "old")
    keep(database, "huge", answer="long " * 5_000, most_bytes=1_000)
    assert left(database) == {"huge"}


def test_the_size_of_all_answers_is_kept_below_the_limit(database: sqlite3.Connection) -> None:
    for number in range(60):
        keep(database, str(number), answer="x" * 1_000, most_bytes=20_000)
        assert database.execute("SELECT sum(size_bytes) FROM entry").fetchone()[0] <= 20_000
    assert len(left(database)) >= 15


def test_a_clock_that_was_set_back_costs_nothing(database: sqlite3.Connection) -> None:
    keep(database, "tomorrow", now_s=NOW + 365 * DAY, expires_at_s=NOW + 400 * DAY)
    keep(database, "today", now_s=NOW, most=2)
    assert live(database, "tomorrow", NOW)
    store.hit(database, "tomorrow", NOW)
    keep(database, "newest", now_s=NOW, most=2)
    assert left(database) == {"tomorrow", "newest"}


NAMES = st.text(alphabet="ab'\"%_\x00é ", max_size=3)
ROWS = st.lists(st.tuples(NAMES, NAMES, NAMES), min_size=1, max_size=8)


@given(ROWS, st.tuples(NAMES, NAMES, NAMES))
def test_nothing_is_ever_found_in_another_namespace(
    rows: list[tuple[str, str, str]], asked: tuple[str, str, str]
) -> None:
    connection = connect_in_memory()
    there: dict[tuple[str, str, str], Entry] = {}
    for number, (namespace, code, intent) in enumerate(rows):
        row = entry(intent, id=str(number), code=code, namespace=namespace)
        store.insert(connection, row, None, max_entries=10**6, max_bytes=10**9, now_s=NOW)
        there[namespace, code, normalise(intent)] = row
    namespace, code, intent = asked
    wanted = CacheKey(namespace=namespace, fingerprint=code, intent=intent)
    assert store.exact(connection, wanted, NOW) == there.get((namespace, code, normalise(intent)))
    same = store.same_text(connection, wanted, 100, NOW)
    assert {each.id for each in same} == {
        row.id for (space, _, text), row in there.items() if (space, text) == (namespace, normalise(intent))
    }
    every = [int(row["seq"]) for row in connection.execute("SELECT seq FROM entry")]
    assert all(each.namespace == namespace for each in store.by_seq(connection, namespace, every, NOW).values())
    assert store.count(connection, namespace) == sum(space == namespace for space, _, _ in there)
    connection.close()


@cache
def template() -> sqlite3.Connection:
    """Return an empty database like any other, made once."""
    with tempfile.TemporaryDirectory() as folder, closing(connect(Path(folder) / "optafly.db")) as made:
        connection = sqlite3.connect(":memory:")
        made.backup(connection)
    return connection


def connect_in_memory() -> sqlite3.Connection:
    """Return a database like any other that never touches a disk."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    template().backup(connection)
    return connection
