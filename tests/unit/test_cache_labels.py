"""A person's word is kept, counts at once and for its own namespace only, and holds no text."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fakes.answers import completion, key
from fakes.vectors import Here
from optafly.cache import labels, store
from optafly.cache.cache import WRONG_COSTS, Cache
from optafly.cache.labels import LATEST, PASSED_WEIGHT, Kind, Label
from optafly.config import CacheSettings
from optafly.domain import CacheKey, Entry
from optafly.errors import WorkerDied
from optafly.storage import Database

ANYTHING = CacheSettings(error_budget=0.2, offer_probability=0.05)
ASKED = "Please explain the function that parses dates"
ANSWERED = "Explain this function that parses dates"


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


async def remember(cache: Cache, asked: CacheKey) -> Entry:
    return await cache.remember(asked, asked.intent, completion(), 0.02, 1500.0)


async def found(cache: Cache, asked: CacheKey) -> list[str | None]:
    verdict = await cache.lookup(asked, ANYTHING)
    return [verdict.entry_id] if verdict.entry_id else [offer.entry_id for offer in verdict.offers]


async def test_what_was_wrong_for_a_prompt_is_neither_served_nor_offered_for_it_again(cache: Cache) -> None:
    entry = await remember(cache, key(ANSWERED))
    assert await found(cache, key(ASKED)) == [entry.id]
    await cache.feedback(key(ASKED), entry.id, "wrong")
    assert await found(cache, key(ASKED)) == []
    assert await found(cache, key(f"  {ASKED}.")) == []  # however it is spelled
    assert (await cache.lookup(key(ANSWERED))).entry_id == entry.id


async def test_nor_is_a_later_answer_to_that_other_prompt_nor_the_other_way_round(cache: Cache) -> None:
    first = await remember(cache, key(ANSWERED))
    await cache.feedback(key(ASKED), first.id, "wrong")
    await remember(cache, key(ANSWERED))
    assert await found(cache, key(ASKED)) == []
    await cache.clear()
    back = await remember(cache, key(ASKED))
    assert await found(cache, key(ANSWERED)) == [back.id]  # clearing forgets what was said as well
    await cache.feedback(key(ANSWERED), back.id, "wrong")
    assert await found(cache, key(ANSWERED)) == []
    other = await remember(cache, key(ANSWERED))
    assert (await cache.lookup(key(ASKED))).entry_id == back.id
    await cache.forget(back.id)
    assert other.id not in await found(cache, key(ASKED))


async def test_a_person_may_say_later_that_it_is_right_after_all(cache: Cache) -> None:
    entry = await remember(cache, key(ANSWERED))
    await cache.feedback(key(ASKED), entry.id, "wrong")
    await cache.feedback(key(ASKED), entry.id, "right")
    assert await found(cache, key(ASKED)) == [entry.id]


async def test_the_wrong_answer_to_this_very_prompt_is_forgotten(cache: Cache) -> None:
    entry = await remember(cache, key(ANSWERED))
    await cache.feedback(key(ANSWERED), entry.id, "wrong")
    assert await cache.get(entry.id) is None
    again = await remember(cache, key(ANSWERED))
    assert (await cache.lookup(key(ANSWERED))).entry_id == again.id


async def test_what_was_not_wanted_is_not_served_by_itself(cache: Cache) -> None:
    entry = await remember(cache, key(ANSWERED))
    assert (await cache.lookup(key(ASKED), ANYTHING)).outcome == "serve"
    await cache.feedback(key(ASKED), entry.id, "refused")
    assert (await cache.lookup(key(ASKED), ANYTHING)).outcome != "serve"


async def test_a_report_lowers_trust_in_the_entry_and_its_neighbours_once(cache: Cache) -> None:
    entry = await remember(cache, key(ANSWERED))
    near = await remember(cache, key("Explain the function that parses dates"))
    far = await remember(cache, key("Why is the build of the docs so slow on Mondays?"))
    for _ in range(2):
        await cache.feedback(key("Could you explain the function that parses dates"), entry.id, "wrong")
    distrust = {each.id: each.distrust for each in await cache.entries()}
    assert distrust[entry.id] == WRONG_COSTS
    assert 0 < distrust[near.id] <= WRONG_COSTS
    assert distrust[far.id] == 0


async def test_without_the_worker_a_report_still_counts(cache: Cache, worker: Here) -> None:
    entry = await remember(cache, key(ANSWERED))
    worker.fault = WorkerDied("It ended.")
    await cache.feedback(key(ASKED), entry.id, "wrong")
    worker.fault = None
    assert await found(cache, key(ASKED)) == []


async def test_regenerating_forgets_the_answer_but_not_one_pinned_for_another_prompt(cache: Cache) -> None:
    entry, pinned = await remember(cache, key(ANSWERED)), await remember(cache, key("Explain dates"))
    assert await cache.pin(pinned.id)
    await cache.feedback(key(ASKED), entry.id, "regenerate")
    await cache.feedback(key(ASKED), pinned.id, "regenerate")
    assert await cache.get(entry.id) is None
    assert await cache.get(pinned.id) is not None
    await cache.feedback(key("Explain dates"), pinned.id, "regenerate")
    assert await cache.get(pinned.id) is None


async def test_a_word_never_crosses_a_namespace(cache: Cache, database: Database) -> None:
    entry = await remember(cache, key(ANSWERED))
    await cache.feedback(key(ASKED, namespace="other"), entry.id, "wrong")
    assert await found(cache, key(ASKED)) == [entry.id]
    assert await database.run(lambda c: labels.of(c, "other")) == []


async def test_one_word_is_one_on_a_score(cache: Cache, database: Database) -> None:
    entry = await remember(cache, key(ANSWERED))
    await cache.lookup(key(ASKED), ANYTHING)
    await cache.feedback(key(ASKED), entry.id, "right")
    await cache.noticed(key(ASKED), entry.id, taken=True)
    await cache.feedback(key(ASKED), entry.id, "refused")
    await cache.feedback(key("Nobody looked this up"), entry.id, "right")
    scores = await database.run(lambda c: labels.of(c, key(ASKED).namespace))
    assert [right for _, right in scores] == [True, True, False]
    assert len({score for score, _ in scores}) == 1


def label(kind: Kind, asked: str = "a", *, score: float | None = 1.0) -> Label:
    return Label(
        namespace="n",
        kind=kind,
        asked=asked,
        answered="b",
        asked_fingerprint="f",
        answered_fingerprint="f",
        score=score,
    )


async def test_offers_that_were_passed_over_weigh_less_than_one_that_was_refused(database: Database) -> None:
    for number in range(2 * PASSED_WEIGHT):
        await database.run(lambda c, n=number: labels.record(c, label("passed", f"{n}"), 1.0))
    assert await database.run(lambda c: labels.of(c, "n")) == [(1.0, False)] * 2
    assert (await database.run(lambda c: labels.learned(c, "n"))).unwanted == frozenset()


async def test_only_the_latest_words_move_a_calibration_but_what_was_wrong_stays_wrong(database: Database) -> None:
    def record(connection: sqlite3.Connection) -> None:
        labels.record(connection, label("wrong", "first"), 1.0)
        with store.transaction(connection):
            for number in range(LATEST + 5):
                labels.record(connection, label("taken", f"{number}"), 1.0)

    await database.run(record)
    assert await database.run(lambda c: labels.of(c, "n")) == [(1.0, True)] * LATEST
    assert len((await database.run(lambda c: labels.learned(c, "n"))).wrong) == 1


async def test_no_text_of_a_prompt_is_kept_with_a_word(cache: Cache, database: Database) -> None:
    entry = await remember(cache, key("BLUEBIRD what"))
    await cache.feedback(key("BLUEBIRD why"), entry.id, "wrong")
    await cache.forget(entry.id)
    await database.run(lambda c: c.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
    assert b"BLUEBIRD" not in database.path.read_bytes()
