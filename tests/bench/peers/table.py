"""OptaFly's cache beside plain cosine, GPTCache and the rule of vCache: the same prompts, the same vectors, one run.

    python tests/bench/peers/table.py --data STREAM.jsonl[.gz] [--limit N] [--rows 1000 10000 100000] [--json]

The stream needs a `group` for each prompt (docs/how-to/evaluate.md). Needs the embedding model (`optafly models
install`). GPTCache is installed with pip in an environment of its own under the user's cache folder; where that fails,
its line says why. The numbers of `--rows` are the sizes of the caches in which a lookup is timed; none skips that.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}  # before numpy is there
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import msgspec

from bench.peers import gptcache_env, latency, rules
from bench.peers.data import Stream, load
from bench.peers.gptcache_env import Measured, Unavailable
from optafly.evaluation.rows import Judged
from optafly.evaluation.score import Figures, score

T = TypeVar("T")


class Line(msgspec.Struct):
    """One rule: its figures and its latencies, or why there are none."""

    rule: str
    figures: Figures | None = None
    latency: list[Measured] = msgspec.field(default_factory=list[Measured])
    note: str = ""


def lines(stream: Stream, sizes: list[int]) -> list[Line]:
    """Return every rule's line."""
    found = [
        _line("OptaFly, error budget 1 %", stream, lambda: asyncio.run(rules.ours(stream, 0.01))),
        _line("OptaFly, error budget 5 %", stream, lambda: asyncio.run(rules.ours(stream, 0.05))),
        _line("cosine ≥ 0.85", stream, lambda: rules.cosine(stream, 0.85)),
        _line("cosine ≥ 0.95", stream, lambda: rules.cosine(stream, 0.95)),
        _line("vCache's rule, delta 1 %", stream, lambda: rules.verified(stream, 0.01)),
        _line("vCache's rule, delta 5 %", stream, lambda: rules.verified(stream, 0.05)),
    ]
    found[0].latency = [_told(f"OptaFly, {rows:,} rows", lambda r=rows: latency.ours(stream, r)) for rows in sizes]
    found[2].latency = [_told(f"cosine, {rows:,} rows", lambda r=rows: latency.cosine(stream, r)) for rows in sizes]
    return [*found, _gptcache(stream, sizes)]


def _gptcache(stream: Stream, sizes: list[int]) -> Line:
    name = "GPTCache 0.1.44, defaults"
    try:
        interpreter = gptcache_env.python()
        line = _line(name, stream, lambda: gptcache_env.replay(interpreter, stream))
        for rows in sizes:
            line.latency.append(
                _told(f"{name}, {rows:,} rows", lambda r=rows: latency.gptcache(stream, r, interpreter))
            )
    except Unavailable as error:
        print(f"SKIPPED: GPTCache: {error}", file=sys.stderr, flush=True)
        return Line(name, note=f"SKIPPED: {error}")
    return line


def _line(name: str, stream: Stream, replay: Callable[[], list[Judged]]) -> Line:
    return Line(name, score(stream.labelled, _told(name, replay)).all)


def _told(what: str, work: Callable[[], T]) -> T:
    print(f"  {what}", file=sys.stderr, flush=True)
    return work()


def table(found: list[Line], sizes: list[int]) -> str:
    """Return the lines as a table."""
    heads = ["serves", "wrong", "≤ (95 %)", "recall", "reuse", *(f"{rows:,} rows p50/p99" for rows in sizes)]
    rows = [f"{'rule':<28}" + "".join(f"{head:>{max(10, len(head) + 2)}}" for head in heads)]
    for line in found:
        cells = [line.note]
        if (figures := line.figures) is not None:
            shares = (figures.wrong_per_serve, figures.upper95, figures.serve_recall, figures.reuse_recall)
            cells = [f"{figures.serves:,}", *("-" if share is None else f"{share:.1%}" for share in shares)]
            cells += [f"{each.p50_ms:.1f}/{each.p99_ms:.1f} ms" for each in line.latency]
        widths = [max(10, len(head) + 2) for head in heads]
        rows.append(
            f"{line.rule:<28}" + "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=False))
        )
    return "\n".join(rows)


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--limit", type=int)
    arguments.add_argument("--rows", type=int, nargs="*", default=[1_000, 10_000])
    arguments.add_argument("--json", action="store_true")
    given = arguments.parse_args()
    stream = load(given.data, given.limit)
    found = lines(stream, given.rows)
    if given.json:
        print(msgspec.json.encode(found).decode())
        return
    load_now, processors = os.getloadavg()[0], os.cpu_count() or 1
    print(f"{len(stream.prompts):,} prompts; {processors} processors, load {load_now:.1f}; one thread each")
    print(table(found, given.rows))
    if given.rows:
        print(f"A lookup includes its embedding (median {found[0].latency[0].embed_p50_ms:.1f} ms).")
        print("The machine is busy: the times say little." if load_now > processors else "")


if __name__ == "__main__":
    main()
