"""Runs inside GPTCache's environment, which has no OptaFly: `replay VECTORS` or `latency VECTORS MODEL`, data on stdin.

GPTCache as its own examples set it up: SQLite and faiss, `SearchDistanceEvaluation`, the default threshold (0.8). Only
its limit of 1,000 entries is lifted. While a cache is filled or replayed, nothing waits for the disk.
"""

from __future__ import annotations

import importlib
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

NEVER = 10**9


def load(name: str) -> Any:  # Any: what is imported here is installed in another environment than the type checker's
    """Import a module of this environment."""
    return importlib.import_module(name)


def no_waiting() -> None:
    """Let SQLite return before the disk has what was written."""

    def connected(connection: Any, _: object) -> None:  # Any: SQLAlchemy's
        connection.execute("PRAGMA synchronous=OFF")

    load("sqlalchemy").event.listen(load("sqlalchemy.engine").Engine, "connect", connected)


def opened(folder: str, dimensions: int, embed: Callable[..., object]) -> Any:  # Any: GPTCache's own class
    """Return a GPTCache with its usual parts."""
    gptcache = load("gptcache")
    manager = load("gptcache.manager").manager_factory(
        "sqlite,faiss",
        data_dir=folder,
        vector_params={"dimension": dimensions},
        eviction_params={"max_size": NEVER},
    )
    cache = gptcache.Cache()
    cache.init(
        pre_embedding_func=load("gptcache.processor.pre").get_prompt,
        embedding_func=embed,
        data_manager=manager,
        similarity_evaluation=load("gptcache.similarity_evaluation").SearchDistanceEvaluation(),
        config=gptcache.Config(auto_flush=NEVER),
    )
    return cache


def replay(vectors: Any, folder: str) -> None:  # Any: an array
    """Ask each prompt, remember it where it was not served, and print one verdict a line."""
    prompts: list[tuple[object, str]] = json.load(sys.stdin)
    by_text = {text: vectors[row] for row, (_, text) in enumerate(prompts)}

    def embed(text: str, **_: object) -> Any:  # Any: an array
        return by_text[text]

    cache = opened(folder, vectors.shape[1], embed)
    api = load("gptcache.adapter.api")
    for row, (prompt_id, text) in enumerate(prompts):
        started = time.perf_counter()
        answer = api.get(text, cache_obj=cache)
        ms = (time.perf_counter() - started) * 1000
        if answer is None:
            api.put(text, str(row), cache_obj=cache)
        match = None if answer is None else prompts[int(answer)][0]
        print(json.dumps({"id": prompt_id, "verdict": "miss" if answer is None else "serve", "match": match, "ms": ms}))


def embedder(model: Path) -> Callable[..., Any]:  # Any: an array
    """Return OptaFly's embedding, with the same files and as many threads."""
    runtime = load("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    manifest = json.loads((model / "manifest.json").read_text(encoding="utf-8"))
    onnx = str(model / manifest["onnx_file"])
    session = runtime.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])
    tokenizer = load("tokenizers").Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)

    def embed(text: str, **_: object) -> Any:  # Any: an array
        ids = np.array([tokenizer.encode(text).ids], dtype=np.int64)
        return session.run(["vector"], {"input_ids": ids})[0][0]

    return embed


def latency(vectors: Any, folder: str, model: Path) -> None:  # Any: an array
    """Fill, ask each prompt once, and print what a lookup took."""
    texts, asked = json.load(sys.stdin)
    embed = embedder(model)
    cache = opened(folder, vectors.shape[1], embed)
    for start in range(0, len(texts), 1000):
        part = slice(start, start + 1000)
        cache.data_manager.import_data(texts[part], texts[part], list(vectors[part]), [None] * len(texts[part]))
    api = load("gptcache.adapter.api")
    api.get("warm up", cache_obj=cache)
    whole = sorted(timed(lambda text: api.get(text, cache_obj=cache), asked))
    report = {
        "rows": len(texts),
        "p50_ms": statistics.median(whole),
        "p99_ms": whole[int(len(whole) * 0.99)],
        "embed_p50_ms": statistics.median(timed(embed, asked)),
    }
    print(json.dumps(report))


def timed(work: Callable[[str], object], asked: list[str]) -> list[float]:
    """Return the milliseconds that `work` takes for each."""
    took: list[float] = []
    for text in asked:
        started = time.perf_counter()
        work(text)
        took.append((time.perf_counter() - started) * 1000)
    return took


def main() -> None:
    """Do what the parent asks."""
    no_waiting()
    vectors = np.load(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        if sys.argv[1] == "replay":
            replay(vectors, folder)
        else:
            latency(vectors, folder, Path(sys.argv[3]))


if __name__ == "__main__":
    main()
