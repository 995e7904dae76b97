"""How long a lookup takes, embedding included, in caches of several sizes that hold the stream's own prompts."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from sqlite3 import Connection

import numpy as np

from bench.peers import gptcache_env
from bench.peers.data import Stream, Vectors
from bench.peers.gptcache_env import Measured
from bench.peers.rules import Space
from optafly.cache import store, wire
from optafly.cache.cache import Cache
from optafly.cache.fingerprint import namespace
from optafly.config import ModelSettings
from optafly.domain import CacheKey, Entry, Usage
from optafly.models.embedding import open_embedder
from optafly.models.install import installed
from optafly.paths import Paths, user_paths
from optafly.storage import Database
from optafly.workers.supervisor import Worker

HERE = namespace("/bench", "anthropic", "claude-sonnet-5-5", "1")
ANSWER = "answer " * 300
ASKED = 400  # the last prompts of the stream, each once
NEAR = 0.02  # noise on each number of a vector that is used again, so that no two rows are the same


def filling(stream: Stream, rows: int) -> tuple[list[str], Vectors]:
    """Return so many texts and vectors: the stream's prompts, again and again with a number behind them."""
    known = stream.prompts[:-ASKED] or stream.prompts
    texts = [
        known[row % len(known)].prompt + (f" #{row // len(known)}" if row >= len(known) else "") for row in range(rows)
    ]
    vectors = stream.vectors[np.arange(rows) % len(known)].copy()
    again = slice(len(known), None)
    vectors[again] += np.random.default_rng(0).standard_normal(vectors[again].shape).astype(np.float32) * NEAR
    return texts, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def asked(stream: Stream) -> list[str]:
    """Return the prompts that are looked up."""
    return [prompt.prompt for prompt in stream.prompts[-ASKED:]]


def ours(stream: Stream, rows: int) -> Measured:
    """Measure OptaFly's cache with the models worker in a process of its own, as a server has it."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_ours(Path(folder), stream, rows))


def _key(intent: str) -> CacheKey:
    return CacheKey(namespace=HERE, fingerprint="code", intent=intent)


def _model() -> Path:
    model = installed(user_paths())
    if model is None:
        raise SystemExit("The embedding model is not installed: run `optafly models install`.")
    return model.folder


async def _fill(database: Database, embedder: str, texts: list[str], vectors: Vectors) -> None:
    """Write one row for each text and vector, in one transaction."""

    def write(connection: Connection) -> None:
        with store.transaction(connection):
            for n, (text, vector) in enumerate(zip(texts, map(bytes, vectors.astype("<f2")), strict=True)):
                row = Entry(
                    id=str(n),
                    namespace=HERE,
                    fingerprint=f"code {n}",
                    intent=text,
                    prompt=text,
                    answer=ANSWER,
                    model="m",
                    usage=Usage(),
                    cost_usd=None,
                    latency_ms=1.0,
                    created_at_s=time.time(),
                )
                store.add(connection, row, store.Vector(embedder=embedder, data=vector), now_s=time.time())

    await database.run(write)


async def _ours(folder: Path, stream: Stream, rows: int) -> Measured:
    paths = Paths(data=folder, config=folder, log=folder)
    settings = ModelSettings(path=str(_model()))
    database = Database(paths.database)
    worker = Worker("models", wire.FACTORY, wire.arguments(settings, paths), log=folder / "log")
    cache = Cache(database, worker, timeout_s=60)
    try:
        made = await worker.call("embed", wire.Text(text="x"), 60.0, result=wire.Embedded)
        await _fill(database, made.embedder, *filling(stream, rows))
        while "still being read" in (await cache.lookup(_key("warm up"))).evidence:  # noqa: ASYNC110  nobody tells
            await asyncio.sleep(0.05)
        whole: list[float] = []
        embedding: list[float] = []
        for text in asked(stream):
            started = time.perf_counter()
            await cache.lookup(_key(text))
            whole.append((time.perf_counter() - started) * 1000)
        for text in asked(stream):
            started = time.perf_counter()
            await worker.call("embed", wire.Text(text=f"{text}."), 60.0, result=wire.Embedded)
            embedding.append((time.perf_counter() - started) * 1000)
    finally:
        await cache.close()
        await worker.close()
        await database.close()
    return _measured(rows, whole, embedding)


def cosine(stream: Stream, rows: int) -> Measured:
    """Measure a cosine threshold: the embedding and one matrix product, in this process."""
    embedder = open_embedder(ModelSettings(), user_paths())
    _, vectors = filling(stream, rows)
    space = Space(vectors)
    for row, vector in enumerate(vectors):
        space.add(row, vector)
    whole: list[float] = []
    embedding: list[float] = []
    for text in asked(stream):
        started = time.perf_counter()
        vector = embedder.embed([text])[0]
        embedding.append((time.perf_counter() - started) * 1000)
        space.nearest(vector)
        whole.append((time.perf_counter() - started) * 1000)
    return _measured(rows, whole, embedding)


def gptcache(stream: Stream, rows: int, interpreter: Path) -> Measured:
    """Measure GPTCache in its own environment, with the same model files."""
    return gptcache_env.latency(interpreter, *filling(stream, rows), asked(stream), _model())


def _measured(rows: int, whole: list[float], embedding: list[float]) -> Measured:
    return Measured(
        rows=rows,
        p50_ms=statistics.median(whole),
        p99_ms=sorted(whole)[int(len(whole) * 0.99)],
        embed_p50_ms=statistics.median(embedding),
    )
