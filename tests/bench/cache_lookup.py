"""How long does a lookup take, warm, with the real worker and a filled cache?

    python tests/bench/cache_lookup.py [--rows 1000] [--json]

Needs the embedding model (`optafly models install`, in OPTAFLY_HOME where that is set); the database is a temporary
one, filled with rows whose vectors are random.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from sqlite3 import Connection

import numpy as np

from optafly.cache import store, wire
from optafly.cache.cache import Cache
from optafly.cache.fingerprint import namespace
from optafly.config import ModelSettings
from optafly.domain import CacheKey, Completion, Usage
from optafly.models.installed import DIMENSIONS
from optafly.paths import Paths, user_paths
from optafly.storage import Database
from optafly.workers.supervisor import Worker

HERE = namespace("/bench", "anthropic", "claude-sonnet-5-5", "1")
ASKED = "Why does the function that parses the order dates return None for {} of them?"
WORDS = ("the first", "the last", "some", "many", "half", "most", "none", "all", "two", "few")


def key(intent: str) -> CacheKey:
    """Return a key about one piece of code."""
    return CacheKey(namespace=HERE, fingerprint="code", intent=intent)


async def fill(database: Database, embedder: str, rows: int) -> None:
    """Write `rows` rows in one transaction."""
    vectors = np.random.default_rng(0).standard_normal((rows, DIMENSIONS)).astype("<f4")

    columns = "id, namespace, fingerprint, intent, normalised, prompt, answer, model, usage, latency_ms"
    entry = f"INSERT INTO entry ({columns}, created_at_s, used_at_s, embedder, vector) VALUES ({','.join('?' * 14)})"

    def write(connection: Connection) -> None:
        with store.transaction(connection):
            for n, vector in enumerate(vectors):
                text = f"bench row {n}"
                usage = b"{}"
                connection.execute(
                    entry,
                    (
                        text,
                        HERE,
                        str(n),
                        text,
                        text,
                        text,
                        text * 100,
                        "m",
                        usage,
                        1.0,
                        n,
                        n,
                        embedder,
                        vector.tobytes(),
                    ),
                )

    await database.run(write)


async def timed(work: Callable[[int], Awaitable[object]], times: int) -> dict[str, float]:
    """Return the median and the 99th percentile in milliseconds."""
    took: list[float] = []
    for n in range(times):
        started = time.perf_counter()
        await work(n)
        took.append((time.perf_counter() - started) * 1000)
    return {"p50_ms": round(statistics.median(took), 2), "p99_ms": round(sorted(took)[int(times * 0.99)], 2)}


async def measure(folder: Path, rows: int) -> dict[str, object]:
    """Fill a cache and look things up."""
    paths = Paths(data=folder, config=folder, log=folder)
    settings = ModelSettings(path=str(model_folder()))
    database = Database(paths.database)
    worker = Worker("models", wire.FACTORY, wire.arguments(settings, paths), log=folder / "log")
    cache = Cache(database, worker, timeout_s=60)
    report: dict[str, object] = {"rows": rows}
    started = time.perf_counter()
    made = await worker.call("embed", wire.Text(text="x"), 60.0, result=wire.Embedded)
    report["worker_start_ms"] = round((time.perf_counter() - started) * 1000)
    await fill(database, made.embedder, rows)
    started = time.perf_counter()
    await cache.lookup(key("the first question"))
    report["first_lookup_ms"] = round((time.perf_counter() - started) * 1000, 1)
    asked = key("Why?")
    await cache.remember(
        asked, "Why?", Completion(text="a", model="m", usage=Usage(), stop_reason="end_turn"), 0.0, 1.0
    )
    report["exact"] = await timed(lambda n: cache.lookup(asked), 500)
    report["meaning"] = await timed(lambda n: cache.lookup(key(f"{ASKED.format(WORDS[n % 10])} {n}")), 500)
    report["remember"] = await timed(
        lambda n: cache.remember(
            key(f"{ASKED.format(WORDS[n % 10])} {n}"),
            "Why?",
            Completion(text="answer " * 300, model="m", usage=Usage(), stop_reason="end_turn"),
            0.0,
            1.0,
        ),
        100,
    )
    rss = worker.rss_bytes
    report["models_rss_mb"] = round(rss / 1e6) if rss else None
    await cache.close()
    await worker.close()
    await database.close()
    return report


def model_folder() -> Path:
    """Return the folder of the installed model."""
    from optafly.models.install import installed

    model = installed(user_paths())
    if model is None:
        raise SystemExit("The embedding model is not installed: run `optafly models install`.")
    return model.folder


def main() -> None:
    """Print what was measured."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rows", type=int, default=1000)
    arguments.add_argument("--json", action="store_true")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = asyncio.run(measure(Path(folder), given.rows))
    print(json.dumps(report) if given.json else "\n".join(f"{name:18} {value}" for name, value in report.items()))


if __name__ == "__main__":
    main()
