"""Several processes on one database, and what is left when one is killed in the middle."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from pathlib import Path

import pytest

from fakes.answers import completion, key
from fakes.remembering import WHOLE
from fakes.vectors import Here
from optafly.cache import wire
from optafly.cache.cache import Cache
from optafly.config import CacheSettings, ModelSettings
from optafly.paths import Paths
from optafly.storage import Database
from optafly.workers.supervisor import Worker

KILLS = 24
TESTS = Path(__file__).parents[1]


async def writer(database: Path, run: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "fakes.remembering",
        str(database),
        str(run),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
    )


async def some(process: asyncio.subprocess.Process, count: int) -> list[str]:
    assert process.stdout
    async with asyncio.timeout(60):
        return [(await process.stdout.readline()).decode().strip() for _ in range(count)]


async def killed(process: asyncio.subprocess.Process) -> list[str]:
    """Kill a writer and return the whole lines it still said."""
    assert process.stdout
    process.kill()
    left = await process.stdout.read()
    await process.wait()
    return [line.decode() for line in left.split(b"\n")[:-1]]


async def test_what_one_process_remembers_another_finds_at_once(tmp_path: Path) -> None:
    path = tmp_path / "optafly.db"
    mine = Cache(Database(path), Here(path))
    asked, alike = key("run 0 question 0"), key("run 0 question 0 again")
    low = CacheSettings(offer_probability=0.05)
    assert (await mine.lookup(alike, low)).outcome == "miss"
    process = await writer(path, 0)
    (first,) = await some(process, 1)
    assert (await mine.lookup(asked, low)).entry_id == first
    assert first in [offer.entry_id for offer in (await mine.lookup(alike, low)).offers]
    await killed(process)
    await mine.close()


async def test_killed_while_remembering_nothing_acknowledged_is_lost_and_nothing_unfinished_kept(
    tmp_path: Path,
) -> None:
    path = tmp_path / "optafly.db"
    acknowledged: list[str] = []
    for run in range(KILLS):
        process = await writer(path, run)
        acknowledged += await some(process, 1 + run % 4)
        acknowledged += await killed(process)
    database = Database(path)
    kept = await Cache(database).entries(limit=10**6)
    assert set(acknowledged) <= {entry.id for entry in kept}
    assert len(kept) <= len(acknowledged) + KILLS  # one per kill may be on the disk and not yet acknowledged
    assert all(entry.answer == WHOLE for entry in kept)
    vectors = await database.run(lambda c: c.execute("SELECT length(vector), embedder FROM entry").fetchall())
    assert {tuple(row) for row in vectors} == {(128, "words")}
    assert await database.run(lambda c: c.execute("PRAGMA integrity_check").fetchone()[0]) == "ok"
    await database.close()


async def test_a_flipped_byte_in_the_log_of_a_killed_process_costs_no_acknowledged_answer(tmp_path: Path) -> None:
    path = tmp_path / "optafly.db"
    process = await writer(path, 0)
    acknowledged = await some(process, 12)
    acknowledged += await killed(process)
    log = (tmp_path / "optafly.db-wal").read_bytes()
    for at in range(0, len(log), len(log) // 20):
        home = tmp_path / str(at)
        home.mkdir()
        shutil.copyfile(path, home / "optafly.db")
        (home / "optafly.db-wal").write_bytes(log[:at] + bytes([log[at] ^ 1]) + log[at + 1 :])
        database = Database(home / "optafly.db")
        kept = {entry.id for entry in await Cache(database).entries(limit=10**6)}
        await database.close()
        assert kept >= set(acknowledged[:-1]), f"byte {at} of {len(log)}"  # the last was perhaps about to settle


@pytest.mark.embedder
async def test_with_the_real_worker_other_words_are_known_again(home_with_model: Paths) -> None:
    database = Database(home_with_model.database)
    worker = Worker(
        "models", wire.FACTORY, wire.arguments(ModelSettings(), home_with_model), log=home_with_model.log / "models.log"
    )
    cache = Cache(database, worker, timeout_s=60)
    asked = key("Explain what this function does with the list of users")
    assert (await cache.lookup(asked)).outcome == "miss"
    entry = await cache.remember(asked, asked.intent, completion(), 0.01, 900.0)
    other = await cache.lookup(key("Please explain what the function does with the list of users"))
    assert (other.outcome, other.entry_id) == ("serve", entry.id)
    negated = await cache.lookup(key("Explain what this function does not do with the list of users"))
    assert negated.outcome != "serve"
    await cache.close()
    await worker.close()
    await database.close()


@pytest.mark.embedder
async def test_a_killed_worker_costs_a_lookup_its_meaning_and_nothing_else(home_with_model: Paths) -> None:
    database = Database(home_with_model.database)
    worker = Worker(
        "models", wire.FACTORY, wire.arguments(ModelSettings(), home_with_model), log=home_with_model.log / "models.log"
    )
    cache = Cache(database, worker, timeout_s=60)
    asked = key("Explain what this function does with the list of users")
    await cache.lookup(asked)
    entry = await cache.remember(asked, asked.intent, completion(), 0.01, 900.0)
    assert worker.pid
    os.kill(worker.pid, 9)
    assert (await cache.lookup(asked)).entry_id == entry.id
    await cache.lookup(key("Please explain what the function does with the list of users"))  # while it comes back
    again = await cache.lookup(key("Please explain what the function does with the list of users"))
    assert again.entry_id == entry.id
    await cache.close()
    await worker.close()
    await database.close()
