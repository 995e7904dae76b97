"""How long does a lookup take in a warm server, with the real worker and a full cache?

    python tests/bench/cache_lookup.py [--rows 1000,10000,100000] [--times 300] [--data STREAM.jsonl.gz] [--json]

One table, a column per number of entries, all in one namespace: a whole lookup (SQLite, the pipe, embedding, search,
verdict) of a prompt that was never asked before, of about 12, of 64 and of 256 tokens, and of the lengths that prompts
have, up to 64 tokens (`written`: made by `verdict/generate/held_out`, or taken from `--data`; `tokens` are the median
and the 99th percentile of those); beside it, in the same run, embedding alone, the search alone, and a plain exact
search of the same vectors with numpy. Needs the embedding model (`optafly models install`). The database is a temporary
one; the newest of its prompts have their own vectors, so that each lookup finds prompts that are like it and must be
judged; the vectors of the others are random.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from sqlite3 import Connection

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.verdict.generate.build import Builder
from optafly.cache import store, wire
from optafly.cache.cache import Cache
from optafly.cache.fingerprint import namespace
from optafly.cache.index import Space
from optafly.cache.store import Vector
from optafly.config import ModelSettings
from optafly.domain import CacheKey, Completion, Entry, Usage
from optafly.evaluation.rows import Prompt, read
from optafly.models.install import installed
from optafly.models.installed import DIMENSIONS, InstalledModel
from optafly.paths import Paths, user_paths
from optafly.storage import Database
from optafly.workers.supervisor import Worker

HERE = namespace("/bench", "anthropic", "claude-sonnet-5-5", "1")
LENGTHS = {"short": 12, "64": 64, "256": 256}
VERBS = ("explain", "refactor", "test", "document", "simplify", "speed up", "review", "rename")
NOUNS = (
    "parser",
    "order",
    "date",
    "user",
    "total",
    "file",
    "index",
    "cache",
    "table",
    "row",
    "price",
    "cart",
    "list",
    "token",
    "request",
    "answer",
    "page",
    "model",
)
ADJECTIVES = (
    "first",
    "last",
    "nested",
    "empty",
    "broken",
    "slow",
    "remote",
    "shared",
    "private",
    "async",
    "typed",
    "old",
    "new",
    "large",
    "sorted",
    "unique",
)
WRITTEN_TOKENS = 64
EMBEDDED = 400  # rows with the vectors of their prompts, of made-up ones and of `written` ones
HELD_OUT = Path(__file__).parent / "verdict" / "generate" / "held_out"
ANSWER = "The answer explains what it does and shows the code. " * 40


def sentence(rng: random.Random) -> str:
    """Return a request that reads like one."""
    return (
        f"{rng.choice(VERBS)} the {rng.choice(ADJECTIVES)} {rng.choice(NOUNS)} that the {rng.choice(ADJECTIVES)}"
        f" {rng.choice(NOUNS)} of the {rng.choice(NOUNS)} needs"
    )


class Lengths:
    """Counts the word pieces of texts, and makes prompts of a length."""

    def __init__(self, model: InstalledModel) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(model.tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def of(self, text: str) -> int:
        """Return the word pieces of a text, its two marks included."""
        return len(self._tokenizer.encode(text).ids)

    def prompts(self, tokens: int, count: int) -> list[str]:
        """Return `count` different prompts of at most `tokens` word pieces, about."""
        rng = random.Random(tokens)
        made: list[str] = []
        while len(made) < count:
            words = f"{len(made)}: {sentence(rng)}".split()
            while tokens > 16 and self.of(" ".join(words)) < tokens:
                words += f"and {sentence(rng)}".split()
            while self.of(" ".join(words)) > tokens:
                words.pop()
            made.append(" ".join(words))
        return made

    def written(self, data: Path | None, count: int) -> list[str]:
        """Return `count` different prompts of at most `WRITTEN_TOKENS`, in the lengths that prompts have."""
        if data is None:
            said = [prompt for group in Builder(2, HELD_OUT).build(count) for prompt in group.prompts]
        else:
            said = [row.prompt for row in read(data, Prompt)]
        found = sorted({text for text in said if self.of(text) <= WRITTEN_TOKENS})
        if len(found) < count:
            raise SystemExit(f"{data} has only {len(found)} different prompts of up to {WRITTEN_TOKENS} tokens.")
        return random.Random(0).sample(found, count)


def texts(rows: int, written: list[str]) -> list[str]:
    """Return the prompts that are remembered; the last `EMBEDDED` of those that are made up, then the written ones."""
    rng = random.Random(0)
    return [f"{sentence(rng)} {number}" for number in range(rows - len(written))] + written


async def embedded(worker: Worker, asked: list[str]) -> NDArray[np.float32]:
    """Return the vectors of these prompts."""
    made = [await worker.call("embed", wire.Text(text=text), 60.0, result=wire.Embedded) for text in asked]
    return np.frombuffer(b"".join(each.vector for each in made), dtype="<f2").reshape(len(made), -1).astype(np.float32)


def fill(connection: Connection, embedder: str, remembered: list[str], vectors: NDArray[np.float32]) -> None:
    """Write a row per prompt and vector in one transaction."""
    with store.transaction(connection):
        for number, (text, vector) in enumerate(zip(remembered, vectors, strict=True)):
            row = Entry(
                id=str(number),
                namespace=HERE,
                fingerprint=str(number % 5_000),
                intent=text,
                prompt=text,
                answer=ANSWER,
                model="m",
                usage=Usage(),
                cost_usd=0.01,
                latency_ms=2000.0,
                created_at_s=time.time(),
            )
            data = vector.astype("<f2").tobytes()
            store.add(connection, row, Vector(embedder=embedder, data=data), now_s=time.time())


async def timed(work: Callable[[int], Awaitable[object]], times: int) -> list[float]:
    """Return the median and the 99th percentile in milliseconds."""
    took: list[float] = []
    for number in range(times):
        started = time.perf_counter()
        await work(number)
        took.append((time.perf_counter() - started) * 1000)
    return [round(float(value), 2) for value in np.percentile(took, [50, 99])]


async def searches(vectors: NDArray[np.float32], times: int) -> dict[str, object]:
    """Return what the search alone takes, and a plain one: numpy compares every float32 vector."""
    space = Space(DIMENSIONS)
    started = time.perf_counter()
    space.add((seq, str(seq % 5_000), vector.astype("<f2").tobytes()) for seq, vector in enumerate(vectors))
    built_s = time.perf_counter() - started

    async def ours(number: int) -> None:
        space.search(vectors[number], str(number), 8)

    async def plain(number: int) -> None:
        np.argpartition(-(vectors @ vectors[number]), 8)[:8]

    return {
        "search_ms": await timed(ours, times),
        "numpy_ms": await timed(plain, times),
        "build_s": round(built_s, 2),
        "vectors_mb": round(space.size_bytes / 1e6, 1),
    }


async def measure(folder: Path, rows: int, times: int, data: Path | None) -> dict[str, object]:
    """Fill a cache and look things up."""
    model = installed(user_paths())
    if model is None:
        raise SystemExit("The embedding model is not installed: run `optafly models install`.")
    lengths = Lengths(model)
    written = lengths.written(data, EMBEDDED + times)
    remembered = texts(rows, written[:EMBEDDED])
    asked = {name: lengths.prompts(tokens, times) for name, tokens in LENGTHS.items()}
    asked["written"] = written[EMBEDDED:]
    paths = Paths(data=folder, config=folder, log=folder)
    arguments = wire.arguments(ModelSettings(path=str(model.folder)), paths)
    vectors = np.random.default_rng(0).standard_normal((rows, DIMENSIONS)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    tokens = [round(float(each)) for each in np.percentile([lengths.of(text) for text in asked["written"]], [50, 99])]
    report: dict[str, object] = {"rows": rows, **await searches(vectors, times), "tokens_written": tokens}
    database = Database(paths.database)
    worker = Worker("models", wire.FACTORY, arguments, log=folder / "log")
    cache = Cache(database, worker, timeout_s=60)
    try:
        made = await worker.call("embed", wire.Text(text="x"), 60.0, result=wire.Embedded)
        before_mb = _mb(worker)
        vectors[-2 * EMBEDDED :] = await embedded(worker, remembered[-2 * EMBEDDED :])
        await database.run(lambda connection: fill(connection, made.embedder, remembered, vectors))
        report["ready_s"] = await ready(cache)
        for name, said in asked.items():
            report[f"embed_{name}_ms"] = await timed(lambda n, said=said: embed(worker, said[n]), times // 4)
            report[f"lookup_{name}_ms"] = await timed(lambda n, said=said: cache.lookup(key(said[n])), times)
        one = key("why is the total of the first order wrong")
        whole = Completion(text=ANSWER, model="m", usage=Usage(), stop_reason="end_turn")
        report["remember_ms"] = await timed(lambda n: cache.remember(one, "Why?", whole, 0.01, 1.0), times // 4)
        report["same_text_ms"] = await timed(lambda n: cache.lookup(one), times)
        report["worker_mb"] = [before_mb, _mb(worker)]
    finally:
        await cache.close()
        await worker.close()
        await database.close()
    return report


async def embed(worker: Worker, text: str) -> None:
    """Make one vector; the text is another than those looked up, for the worker keeps the latest."""
    await worker.call("embed", wire.Text(text=f"{text}!"), 60.0, result=wire.Embedded)


def key(intent: str) -> CacheKey:
    """Return a key about one piece of code."""
    return CacheKey(namespace=HERE, fingerprint="7", intent=intent)


def _mb(worker: Worker) -> float:
    return round((worker.rss_bytes or 0) / 1e6)


async def ready(cache: Cache) -> float:
    """Return for how many seconds a new worker answered the same text only."""
    started = time.perf_counter()
    while (  # noqa: ASYNC110  nobody is told, a lookup just finds more
        "still being read" in (await cache.lookup(key("a question"))).evidence
    ):
        await asyncio.sleep(0.05)
    return round(time.perf_counter() - started, 2)


def main() -> None:
    """Print what was measured."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rows", default="1000,10000,100000")
    arguments.add_argument("--times", type=int, default=300)
    arguments.add_argument("--data", type=Path, help="a prompt log to take the `written` prompts from")
    arguments.add_argument("--json", action="store_true")
    given = arguments.parse_args()
    reports: list[dict[str, object]] = []
    for rows in map(int, given.rows.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            reports.append(asyncio.run(measure(Path(folder), rows, given.times, given.data)))
    if given.json:
        print(json.dumps(reports))
        return
    for name in reports[0]:
        print(f"{name:20}", *(f"{report[name]!s:>20}" for report in reports))
    print("(pairs: median and 99th percentile; worker_mb: before and after)")


if __name__ == "__main__":
    main()
