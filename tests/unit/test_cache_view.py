"""A namespace too large to be read at once is read in the background, and nobody waits for it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from sqlite3 import Connection

import msgspec
import pytest

from fakes.answers import HERE, entry, key
from fakes.vectors import Here, WordEmbedder
from optafly.cache import store, view
from optafly.cache.cache import Cache
from optafly.cache.rows import Rows
from optafly.cache.service import Service
from optafly.cache.store import Vector
from optafly.cache.wire import Ask, Found
from optafly.config import CacheSettings
from optafly.errors import StorageError
from optafly.storage import Database, connect

ROWS = view.AT_ONCE + view.STEP + 1
LOW = CacheSettings(offer_probability=0.05)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Connection]:
    connection = connect(tmp_path / "optafly.db")
    yield connection
    connection.close()


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(WordEmbedder(), tmp_path / "optafly.db")


def fill(database: Connection, count: int, namespace: str = HERE) -> None:
    """Write all rows in one transaction, as an import does."""
    vector = WordEmbedder().embed(["sort it"])[0].astype("<f2").tobytes()
    with store.transaction(database):
        for number in range(count):
            row = entry(f"sort it {number}", id=f"{namespace} {number}", code=str(number), namespace=namespace)
            row = msgspec.structs.replace(row, created_at_s=time.time())
            store.add(database, row, Vector(embedder="words", data=vector), now_s=1000.0)


def ask(service: Service, namespace: str = HERE) -> Found:
    return service.lookup(Ask(namespace=namespace, fingerprint="7", text="sort it", k=3))


def finish(service: Service) -> None:
    for loading in service.loading():
        loading.wait(60)


def test_a_large_namespace_is_found_in_once_it_has_been_read(database: Connection, service: Service) -> None:
    fill(database, ROWS)
    first = ask(service)
    assert (first.hits, first.read < 1) == ((), True)
    finish(service)
    found = ask(service)
    assert found.read == 1
    assert 8 in [hit.seq for hit in found.hits]  # the row about the same code, of so many that are as near
    assert service.held().vectors == ROWS


def test_others_do_not_wait_for_a_large_namespace(database: Connection, service: Service) -> None:
    fill(database, ROWS)
    fill(database, 2, "small")
    assert ask(service).read < 1
    assert len(ask(service, "small").hits) == 2
    finish(service)


def test_many_rows_of_another_process_are_read_in_the_background_too(database: Connection, service: Service) -> None:
    fill(database, 2)
    assert len(ask(service).hits) == 2
    database.execute("DELETE FROM entry")
    fill(database, ROWS)
    assert ask(service).read < 1
    finish(service)
    assert len(ask(service).hits) > 2


def test_after_many_were_deleted_the_rest_is_found(database: Connection, service: Service) -> None:
    fill(database, ROWS)
    ask(service)
    finish(service)
    database.execute("DELETE FROM entry WHERE seq NOT IN (700, 800)")
    assert {hit.seq for hit in ask(service).hits} == {700, 800}
    assert service.held().vectors == 2


def test_the_nearest_that_have_expired_hide_nobody(database: Connection, service: Service) -> None:
    fill(database, 40)
    database.execute("UPDATE entry SET expires_at_s = 2000.0 WHERE seq <= 39")
    assert [hit.seq for hit in ask(service).hits] == [40]


def test_a_database_set_aside_in_the_middle_of_reading_is_let_go(
    database: Connection, service: Service, tmp_path: Path
) -> None:
    fill(database, ROWS)
    assert ask(service).read < 1
    (tmp_path / "optafly.db").rename(tmp_path / "damaged")
    assert ask(service) == Found(embedder="words", vector=ask(service).vector, hits=())


async def test_meanwhile_the_same_text_is_answered_and_the_evidence_says_how_far_it_is(
    database: Connection, tmp_path: Path
) -> None:
    fill(database, ROWS)
    store_ = Database(tmp_path / "optafly.db")
    worker = Here(tmp_path / "optafly.db")
    cache = Cache(store_, worker)
    assert (await cache.lookup(key("sort it 7", code="7"), LOW)).outcome == "serve"
    other = await cache.lookup(key("sort it now"), LOW)
    assert "meanings of earlier prompts are still being read" in other.evidence
    finish(worker.service)
    assert "still being read" not in (await cache.lookup(key("sort it now"), LOW)).evidence
    await cache.close()
    await store_.close()


def test_a_database_that_cannot_be_opened_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "optafly.db").mkdir()
    with pytest.raises(StorageError, match="cannot be read"):
        Rows(tmp_path / "optafly.db", "words").replaced()
