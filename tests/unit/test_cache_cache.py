"""What the pipeline may rely on: found again, never half, never elsewhere, and never in the way."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.answers import HERE, completion, key
from fakes.vectors import Here, WordEmbedder
from optafly.cache.cache import Cache
from optafly.config import CacheSettings
from optafly.domain import CacheKey, Entry, StopReason
from optafly.errors import CacheError, ModelFileError, StorageError, WorkerDied
from optafly.storage import Database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(tmp_path / "optafly.db")
    yield database
    await database.close()


@pytest.fixture
async def worker(tmp_path: Path) -> Here:
    return Here(tmp_path / "optafly.db")


@pytest.fixture
async def cache(database: Database, worker: Here) -> AsyncIterator[Cache]:
    cache = Cache(database, worker)
    yield cache
    await cache.close()


async def remember(cache: Cache, asked: CacheKey, text: str = "An answer.", *, most: int = 100) -> Entry:
    return await cache.remember(asked, asked.intent, completion(text), 0.02, 1500.0, CacheSettings(max_entries=most))


async def test_an_answer_is_found_again_by_the_same_text_without_a_worker(database: Database) -> None:
    cache = Cache(database)
    entry = await remember(cache, key("Why does this fail?"))
    verdict = await cache.lookup(key("why does this  fail"))
    assert (verdict.outcome, verdict.entry_id) == ("serve", entry.id)
    assert await cache.get(entry.id) == entry


async def test_the_same_text_never_waits_for_the_worker(cache: Cache, worker: Here) -> None:
    await remember(cache, key("Why does this fail?"))
    worker.fault = WorkerDied("It ended.")
    assert (await cache.lookup(key("Why does this fail?"))).outcome == "serve"


async def test_other_words_are_served_and_another_meaning_is_offered(cache: Cache) -> None:
    entry = await remember(cache, key("Explain this function that parses dates"))
    low = CacheSettings(error_budget=0.2, offer_probability=0.05)
    same = await cache.lookup(key("Please explain the function that parses dates"), low)
    other = await cache.lookup(key("Explain this function that parses dates 2"), low)
    assert (same.outcome, same.entry_id) == ("serve", entry.id)
    assert (other.outcome, other.offers[0].entry_id) == ("offer", entry.id)
    assert "`2` was added" in other.evidence


@pytest.mark.parametrize("reason", ["max_tokens", "tool_use", "pause_turn", "refusal", "model_context_window_exceeded"])
async def test_an_answer_that_did_not_end_is_never_remembered(cache: Cache, reason: StopReason) -> None:
    with pytest.raises(CacheError, match="not complete"):
        await cache.remember(key("Why?"), "Why?", completion(stop_reason=reason), None, 1.0)
    assert await cache.count() == 0


async def test_an_empty_answer_is_never_remembered(cache: Cache) -> None:
    with pytest.raises(CacheError):
        await cache.remember(key("Why?"), "Why?", completion(" \n"), None, 1.0)
    assert await cache.count() == 0


async def test_a_new_answer_takes_the_place_of_the_old_one(cache: Cache) -> None:
    old = await remember(cache, key("Why?"), "Old.")
    new = await remember(cache, key("why"), "New.")
    assert (await cache.lookup(key("Why?"))).entry_id == new.id
    assert await cache.get(old.id) is None
    assert await cache.count() == 1


async def test_remembering_after_a_lookup_embeds_nothing_a_second_time(cache: Cache, worker: Here) -> None:
    await cache.lookup(key("Why does this fail?"))
    await remember(cache, key("Why does this fail?"))
    assert worker.embedder.embedded.count("Why does this fail?") == 1


@pytest.mark.parametrize("fault", [WorkerDied("It ended."), ModelFileError("There is no embedding model.")])
async def test_without_the_worker_only_the_same_text_is_found_and_the_evidence_says_so(
    cache: Cache, worker: Here, fault: WorkerDied | ModelFileError
) -> None:
    worker.fault = fault
    await remember(cache, key("Why does this fail?"))
    assert (await cache.lookup(key("Why does this fail?"))).outcome == "serve"
    miss = await cache.lookup(key("Why does it fail?"))
    assert miss.outcome == "miss"
    assert "only the same text was looked for" in miss.evidence
    elsewhere = await cache.lookup(key("Why does this fail?", code="other"))
    assert elsewhere.outcome == "offer"
    assert "not the same" in elsewhere.evidence


async def test_answers_remembered_without_the_worker_get_their_vectors_once_it_is_back(
    cache: Cache, worker: Here, database: Database
) -> None:
    worker.fault = WorkerDied("It ended.")
    entry = await remember(cache, key("one two three four five six seven eight"))
    worker.fault = None
    await cache.lookup(key("anything"))
    async with asyncio.timeout(20):
        while not (await cache.lookup(key("one two three four five six seven nine"))).offers:
            continue
    assert await cache.get(entry.id) == entry


async def test_an_answer_of_the_worker_that_cannot_be_used_is_as_good_as_none(cache: Cache, worker: Here) -> None:
    await remember(cache, key("Why does this fail?"))
    worker.embedder = WordEmbedder("another")
    worker.service = Here(Path("/nowhere/optafly.db"), worker.embedder).service
    assert (await cache.lookup(key("Why does it fail?"))).outcome == "miss"


async def test_a_cache_that_is_off_finds_nothing(cache: Cache) -> None:
    await remember(cache, key("Why?"))
    assert (await cache.lookup(key("Why?"), CacheSettings(enabled=False))).outcome == "miss"


async def test_with_meaning_switched_off_the_worker_is_not_asked(cache: Cache, worker: Here) -> None:
    before = list(worker.embedder.embedded)
    await cache.lookup(key("Why?"), CacheSettings(semantic=False))
    await cache.remember(key("Why?"), "Why?", completion(), None, 1.0, CacheSettings(semantic=False))
    assert worker.embedder.embedded == before


async def test_a_database_that_cannot_be_read_is_a_miss(tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    database = Database(tmp_path / "folder.db")
    verdict = await Cache(database).lookup(key("Why?"))
    assert verdict.outcome == "miss"
    assert "cannot be read" in verdict.evidence
    with pytest.raises(StorageError):
        await remember(Cache(database), key("Why?"))
    await database.close()


async def test_the_longest_unused_go_first(cache: Cache) -> None:
    first, second, third = [await remember(cache, key(f"Why {n}?"), most=3) for n in range(3)]
    await cache.hit(first.id)
    fourth = await remember(cache, key("Why 4?"), most=3)
    left = {entry.id for entry in await cache.entries()}
    assert left == {first.id, third.id, fourth.id}
    assert second.id not in left


async def test_a_full_cache_of_one_keeps_the_newest(cache: Cache) -> None:
    await remember(cache, key("Why 1?"), most=1)
    newest = await remember(cache, key("Why 2?"), most=1)
    assert [entry.id for entry in await cache.entries()] == [newest.id]


async def test_a_hit_is_counted(cache: Cache) -> None:
    entry = await remember(cache, key("Why?"))
    assert await cache.hit(entry.id)
    assert not await cache.hit("nobody")
    kept = await cache.get(entry.id)
    assert kept is not None
    assert kept.hits == 1


async def test_entries_come_newest_first_page_by_page(cache: Cache) -> None:
    ids = [(await remember(cache, key(f"Why {n}?"))).id for n in range(5)]
    first, second = await cache.entries(limit=3), await cache.entries(limit=3, offset=3)
    assert [entry.id for entry in (*first, *second)] == ids[::-1]


async def test_entries_are_searched_by_prompt_and_answer_literally(cache: Cache) -> None:
    percent = await remember(cache, key("100% sure_thing"))
    other = await remember(cache, key("Why?"), "Because of SQLite")
    assert [entry.id for entry in await cache.entries(search="0%")] == [percent.id]
    assert [entry.id for entry in await cache.entries(search="sqlite")] == [other.id]
    assert await cache.entries(search="e%i") == ()


async def test_what_was_forgotten_is_not_found_again(cache: Cache) -> None:
    entry = await remember(cache, key("one two three four"))
    assert (await cache.lookup(key("one two three four 5"), CacheSettings(offer_probability=0.05))).offers
    assert await cache.forget(entry.id)
    assert not await cache.forget(entry.id)
    verdict = await cache.lookup(key("one two three four 5"), CacheSettings(offer_probability=0.05))
    assert (verdict.outcome, verdict.offers) == ("miss", ())


async def test_one_namespace_can_be_cleared_alone(cache: Cache) -> None:
    await remember(cache, key("Why?"))
    await remember(cache, key("Why?", namespace="other"))
    assert await cache.clear("other") == 1
    assert (await cache.count(), await cache.count("other"), await cache.count(HERE)) == (1, 0, 1)
    assert await cache.clear() == 1


NAMESPACES = st.text(max_size=4)
INTENTS = st.lists(st.sampled_from(["sort", "it", "not", "30", "60"]), min_size=1, max_size=4).map(" ".join)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(NAMESPACES, INTENTS, st.sampled_from(["a", "b"])), min_size=1, max_size=6), st.data())
def test_a_lookup_never_crosses_a_namespace(rows: list[tuple[str, str, str]], data: st.DataObject) -> None:
    asked_in = data.draw(NAMESPACES | st.sampled_from([row[0] for row in rows]))
    asked = CacheKey(namespace=asked_in, fingerprint="a", intent=data.draw(INTENTS))
    anything = CacheSettings(error_budget=0.2, offer_probability=0.05)

    async def walk(folder: Path) -> None:
        database = Database(folder / "optafly.db")
        cache = Cache(database, Here(folder / "optafly.db"))
        owners: dict[str, str] = {}
        for space, intent, code in rows:
            owners[(await remember(cache, key(intent, code=code, namespace=space))).id] = space
        verdict = await cache.lookup(asked, anything)
        found = [offer.entry_id for offer in verdict.offers] + ([verdict.entry_id] if verdict.entry_id else [])
        assert all(owners[each] == asked_in for each in found)
        await cache.close()
        await database.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(walk(Path(folder)))


async def test_an_entry_is_kept_as_it_was_given(cache: Cache) -> None:
    asked = key('a "quoted"\n漢字 ' + "\U0001f600")
    entry = await remember(cache, asked, "An answer\nof two lines.")
    kept = await cache.get(entry.id)
    assert msgspec.json.encode(kept) == msgspec.json.encode(entry)
