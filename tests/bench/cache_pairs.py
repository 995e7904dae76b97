"""How often does the cache serve or offer an answer to another question, and how often the right one, by kind?

    python tests/bench/cache_pairs.py --data PAIRS.jsonl [--model FILE] [--error-budget 0.01] [--json]

Each row is {"a", "b", "same", "kind"}: an answer to `a` is remembered, `b` is asked about the same code, and the other
way round, each in a cache that holds nothing else. `same` says whether one answer serves both; where it does not, the
row is a trap, and `kind` says what differs. Beside it stands what cosine thresholds would serve. Exits with 1 where a
trap of a kind that must never be served was. Needs the embedding model (`optafly models install`, in OPTAFLY_HOME
where that is set).
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from optafly.config import CacheSettings, ModelSettings
from optafly.domain import CacheKey, Completion, Usage, Verdict
from optafly.evaluation.replay import open_cache
from optafly.models.embedding import Embedder, open_embedder
from optafly.paths import user_paths

NEVER = frozenset(("number", "version", "function", "file", "line", "quoted", "negation", "direction", "long_tail"))
ANSWER = Completion(text="an answer", model="bench", usage=Usage(), stop_reason="end_turn")


class Pair(msgspec.Struct, frozen=True):
    """One row of the data."""

    a: str
    b: str
    same: bool
    kind: str


class Asked(msgspec.Struct, frozen=True):
    """One direction of a pair: what the cache said, and the cosine."""

    pair: Pair
    before: str
    after: str
    verdict: Verdict
    cosine: float


class Count(msgspec.Struct, frozen=True):
    """The outcomes of one kind."""

    kind: str
    same: bool
    asked: int
    served: int
    offered: int
    cosine_85: int
    cosine_95: int


async def ask(pairs: Sequence[Pair], embedder: Embedder, settings: CacheSettings, model: Path | None) -> list[Asked]:
    """Return the cache's word on each pair in both directions."""
    found: list[Asked] = []
    with tempfile.TemporaryDirectory() as folder:
        async with open_cache(Path(folder) / "pairs.db", embedder, model) as (_, cache, vectors):
            for pair in pairs:
                first, second = embedder.embed([pair.a, pair.b])
                for before, after in ((pair.a, pair.b), (pair.b, pair.a)):
                    here = f"pair {len(found)}"
                    old, new = (CacheKey(namespace=here, fingerprint="code", intent=text) for text in (before, after))
                    await cache.remember(old, before, ANSWER, None, 0.0, settings)
                    verdict = await cache.lookup(new, settings)
                    if vectors.fault is not None:
                        raise vectors.fault
                    found.append(Asked(pair, before, after, verdict, float(first @ second)))
    return found


def count(kind: str, asked: Sequence[Asked]) -> Count:
    """Return the outcomes of `asked`, which are all traps or all paraphrases."""

    def those(which: Callable[[Asked], bool]) -> int:
        return sum(map(which, asked))

    return Count(
        kind=kind,
        same=asked[0].pair.same,
        asked=len(asked),
        served=those(lambda each: each.verdict.outcome == "serve"),
        offered=those(lambda each: each.verdict.outcome == "offer"),
        cosine_85=those(lambda each: each.cosine >= 0.85),
        cosine_95=those(lambda each: each.cosine >= 0.95),
    )


def counts(asked: Sequence[Asked]) -> list[Count]:
    """Return the outcomes of paraphrases and traps, and of each kind of trap, the usual kinds first."""
    found: list[Count] = []
    for same, name in ((True, "ALL PARAPHRASES"), (False, "ALL TRAPS")):
        these = [each for each in asked if each.pair.same is same]
        kinds = sorted({each.pair.kind for each in these}, key=lambda kind: (kind not in NEVER, kind))
        found += [count(name, these)] if these else []
        found += [count(kind, [each for each in these if each.pair.kind == kind]) for kind in kinds if len(kinds) > 1]
    return found


def table(found: Sequence[Count]) -> str:
    """Return the counts as a table."""
    heads = ("kind", "asked", "served", "offered", "cosine ≥ 0.85", "cosine ≥ 0.95")
    lines = [f"{heads[0]:<18}" + "".join(f"{head:>16}" for head in heads[1:])]
    for each in found:
        shares = (
            f"{part} ({part / each.asked:.0%})" for part in (each.served, each.offered, each.cosine_85, each.cosine_95)
        )
        mark = "  MUST BE 0" if broken(each) else ""
        lines.append(f"{each.kind:<18}{each.asked:>16}" + "".join(f"{share:>16}" for share in shares) + mark)
    return "\n".join(lines)


def broken(each: Count) -> bool:
    """Return whether a trap was served that must never be."""
    return not each.same and each.kind in NEVER and each.served > 0


def main() -> None:
    """Print the counts, and the traps that were served."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--model", type=Path)
    arguments.add_argument("--error-budget", type=float, default=CacheSettings().error_budget)
    arguments.add_argument("--json", action="store_true")
    given = arguments.parse_args()
    rows = given.data.read_text(encoding="utf-8").splitlines()
    pairs = [msgspec.json.decode(row, type=Pair) for row in rows if row.strip()]
    settings = CacheSettings(error_budget=given.error_budget)
    asked = asyncio.run(ask(pairs, open_embedder(ModelSettings(), user_paths()), settings, given.model))
    found = counts(asked)
    print(msgspec.json.encode(found).decode() if given.json else table(found))
    for each in asked:
        if not each.pair.same and each.verdict.outcome == "serve":
            print(f"served: {each.pair.kind}: {each.before!r} for {each.after!r}", file=sys.stderr)
    sys.exit(any(map(broken, found)))


if __name__ == "__main__":
    main()
