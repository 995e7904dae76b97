"""Vectors in memory: exact, by namespace, following the database."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from sqlite3 import Connection

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from fakes.answers import HERE, entry
from fakes.vectors import DIMENSIONS, WordEmbedder
from optafly.cache import index, store
from optafly.cache.calibration import SHIPPED
from optafly.cache.index import Space
from optafly.cache.service import Service
from optafly.cache.store import Vector
from optafly.cache.verifier import Verifier
from optafly.cache.wire import Ask, Found, Text
from optafly.errors import ModelFileError
from optafly.storage import connect

SIZE = 24


@pytest.fixture
def database(home: object, tmp_path: Path) -> Iterator[Connection]:
    connection = connect(tmp_path / "optafly.db")
    yield connection
    connection.close()


def packed(vector: NDArray[np.float32]) -> bytes:
    return vector.astype("<f2").tobytes()


def remember(database: Connection, intent: str, *, code: str = "code", namespace: str = HERE, by: str = "words") -> int:
    vector = Vector(embedder=by, data=packed(WordEmbedder().embed([intent])[0]))
    store.insert(
        database,
        entry(intent, id=f"{namespace} {code} {intent}", code=code, namespace=namespace),
        vector,
        max_entries=10**6,
        max_bytes=10**9,
        now_s=1000.0,
    )
    return int(database.execute("SELECT max(seq) FROM entry").fetchone()[0])


def ask(service: Service, text: str, *, code: str = "code", k: int = 3) -> Found:
    return service.lookup(Ask(namespace=HERE, fingerprint=code, text=text, k=k))


def seqs(found: Found) -> list[int]:
    return [hit.seq for hit in found.hits]


@pytest.mark.parametrize("count", [1, 7, 500])
def test_the_nearest_are_found_exactly(count: int) -> None:
    rng = np.random.default_rng(1)
    stored = rng.standard_normal((count, SIZE)).astype(np.float32)
    space = Space(SIZE)
    space.add((seq, "", packed(stored[seq])) for seq in range(count))
    for seq in range(0, count, 3):
        space.drop([seq])
    left = [seq for seq in range(count) if seq % 3]
    for asked in rng.standard_normal((20, SIZE)).astype(np.float32):
        cosines = stored @ asked / np.linalg.norm(stored, axis=1) / np.linalg.norm(asked)
        best = sorted(left, key=lambda seq: -cosines[seq])[:5]
        hits = space.search(asked / np.linalg.norm(asked), "none", 5)
        assert [hit.seq for hit in hits] == best
        assert all(math.isclose(hit.cosine, cosines[hit.seq], abs_tol=2e-3) for hit in hits)


VECTORS = st.lists(st.lists(st.integers(-9, 9), min_size=SIZE, max_size=SIZE).filter(any), min_size=1, max_size=40).map(
    lambda rows: np.array(rows, dtype=np.float32)
)


@given(VECTORS, VECTORS, st.data())
def test_it_finds_what_comparing_every_row_finds(
    stored: NDArray[np.float32], asked: NDArray[np.float32], data: st.DataObject
) -> None:
    space = Space(SIZE)
    at = data.draw(st.integers(0, len(stored)))
    for part in (range(at), range(at, len(stored))):
        space.add((seq, "", packed(stored[seq])) for seq in part)
    gone = data.draw(st.sets(st.sampled_from(range(len(stored)))))
    if data.draw(st.booleans()):
        space.drop(gone)
    else:
        space.keep(set(range(len(stored))) - gone)
    left = [seq for seq in range(len(stored)) if seq not in gone]
    k = data.draw(st.integers(1, 10))
    for each in asked:
        cosines = stored @ each / np.linalg.norm(stored, axis=1) / np.linalg.norm(each)
        hits = space.search(each, "none", k)
        assert len(hits) == min(k, len(left))
        best = sorted((cosines[seq] for seq in left), reverse=True)[:k]
        assert np.allclose([hit.cosine for hit in hits], best, atol=2e-3)
        assert all(math.isclose(hit.cosine, cosines[hit.seq], abs_tol=2e-3) for hit in hits)


def test_above_some_thousand_rows_the_nearest_are_found_as_well() -> None:
    rng = np.random.default_rng(2)
    dimensions = 384
    themes = rng.standard_normal((60, dimensions)).astype(np.float32)
    count = index.PREFILTER_FROM + 500
    stored = themes[rng.integers(0, 60, count)] + rng.standard_normal((count, dimensions)).astype(np.float32)
    stored /= np.linalg.norm(stored, axis=1, keepdims=True)
    space = Space(dimensions)
    space.add((seq, str(seq), packed(stored[seq])) for seq in range(count))
    space.drop(range(0, count, 50))
    found = 0
    for seq in range(1, 1000, 20):
        cosines = stored @ stored[seq]
        cosines[::50] = -1
        best = np.argsort(-cosines)[:8]
        hits = [hit.seq for hit in space.search(stored[seq], "none", 8)]
        assert hits[0] == seq
        found += len(set(best.tolist()) & set(hits))
    assert found >= 0.98 * 8 * 50
    assert (count - 10 in [hit.seq for hit in space.search(stored[1], str(count - 10), 8)]) == (bool((count - 10) % 50))


def test_a_vector_that_would_rank_first_for_everything_is_refused() -> None:
    space = Space(SIZE)
    nan, zero = np.full(SIZE, np.nan, np.float32), np.zeros(SIZE, np.float32)
    short = np.ones(SIZE - 1, np.float32)
    space.add((seq, "", packed(vector)) for seq, vector in enumerate((nan, zero, short, nan * 0 + np.inf)))
    assert space.search(np.ones(SIZE, np.float32), "", 4) == []


def test_rows_about_the_same_code_are_found_behind_any_number_of_nearer_ones(
    database: Connection, tmp_path: Path
) -> None:
    mine = remember(database, "explain the thing", code="mine")
    others = [remember(database, "explain this thing", code=str(n)) for n in range(50)]
    found = ask(Service(WordEmbedder(), tmp_path / "optafly.db"), "explain this thing", code="mine", k=3)
    assert mine in seqs(found)
    assert set(seqs(found)) - {mine} <= set(others)


def test_it_follows_what_is_written_and_what_is_deleted(database: Connection, tmp_path: Path) -> None:
    service = Service(WordEmbedder(), tmp_path / "optafly.db")
    assert seqs(ask(service, "sort it")) == []
    first, second = remember(database, "sort it"), remember(database, "sort it now")
    assert seqs(ask(service, "sort it")) == [first, second]
    store.clear(database, None)
    assert seqs(ask(service, "sort it")) == []
    third = remember(database, "sort it")
    assert seqs(ask(service, "sort it")) == [third]


def test_of_prompts_that_are_not_alike_only_the_nearest_is_judged(database: Connection, tmp_path: Path) -> None:
    for thing in ("lists", "dates", "files"):
        remember(database, f"explain {thing}")
    near = remember(database, "count the lines of it")
    also = remember(database, "count the lines of this")
    service = Service(WordEmbedder(), tmp_path / "optafly.db")
    assert seqs(ask(service, "count the lines of it")) == [near, also]
    assert len(seqs(ask(service, "rename foo to bar"))) == 1


def test_rows_of_other_namespaces_and_embedders_are_not_there(database: Connection, tmp_path: Path) -> None:
    remember(database, "sort it", namespace="other")
    remember(database, "sort it", by="another embedder")
    assert seqs(ask(Service(WordEmbedder(), tmp_path / "optafly.db"), "sort it")) == []


def test_a_row_that_gets_its_vector_later_is_seen(database: Connection, tmp_path: Path) -> None:
    service = Service(WordEmbedder(), tmp_path / "optafly.db")
    store.insert(database, entry("sort it"), None, max_entries=10, max_bytes=10**6, now_s=1000.0)
    remember(database, "sort it now")
    assert len(seqs(ask(service, "sort it"))) == 1
    row = store.without_vector(database, "words", None)
    assert row is not None
    made = service.embed(Text(text=row[1]))
    store.set_vector(database, row[0], Vector(embedder=made.embedder, data=made.vector))
    assert len(seqs(ask(service, "sort it"))) == 2
    assert store.without_vector(database, "words", None) is None


def test_a_database_that_was_set_aside_is_let_go(database: Connection, tmp_path: Path) -> None:
    service = Service(WordEmbedder(), tmp_path / "optafly.db")
    remember(database, "sort it")
    assert len(seqs(ask(service, "sort it"))) == 1
    (tmp_path / "optafly.db").rename(tmp_path / "damaged")
    assert seqs(ask(service, "sort it")) == []
    with_new = connect(tmp_path / "optafly.db")
    seq = remember(with_new, "sort them")
    assert seqs(ask(service, "sort it")) == [seq]
    with_new.close()


def test_a_lookup_brings_the_vector_of_its_text(database: Connection, tmp_path: Path) -> None:
    service = Service(WordEmbedder(), tmp_path / "optafly.db")
    found = ask(service, "sort it")
    assert found.vector == service.embed(Text(text="sort it")).vector
    assert len(found.vector) == 2 * DIMENSIONS


def test_a_prompt_that_cannot_be_judged_costs_no_other(
    database: Connection, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Picky(WordEmbedder):
        def sees_whole(self, text: str) -> bool:
            if "bluebird" in text:
                raise RuntimeError(text)
            return True

    good = remember(database, "sort the list")
    remember(database, "sort the bluebird")
    service = Service(Picky(), tmp_path / "optafly.db")
    assert seqs(ask(service, "sort the list")) == [good]
    assert "RuntimeError" in caplog.text
    assert "bluebird" not in caplog.text


def test_a_score_that_is_no_number_is_no_score(database: Connection, tmp_path: Path) -> None:
    remember(database, "sort the list")
    verifier = Verifier(format=1, features=(), trees=(((-1, math.nan, 0, 0),),), calibration=SHIPPED, report={})
    assert seqs(ask(Service(WordEmbedder(), tmp_path / "optafly.db", verifier), "sort the rows")) == []


def test_an_embedder_that_gives_no_numbers_is_a_clear_error(tmp_path: Path) -> None:
    class Broken(WordEmbedder):
        def embed(self, texts: object) -> NDArray[np.float32]:
            return np.full((1, DIMENSIONS), np.nan, np.float32)

    with pytest.raises(ModelFileError):
        ask(Service(Broken(), tmp_path / "optafly.db"), "sort it")
