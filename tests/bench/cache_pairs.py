"""How often does the cache's verdict serve a wrong answer, and how often a right one?

    python tests/bench/cache_pairs.py --data PAIRS.jsonl [--json]

Each row is {"a", "b", "same", "kind"}: an answer to `a` is remembered, `b` is asked about the same code, and the other
way round.
`same` says whether one answer serves both; where it does not, the row is a trap. Needs the embedding model
(`optafly models install`, in OPTAFLY_HOME where that is set).
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

import msgspec

from optafly.cache.judge import judge
from optafly.cache.terms import Terms
from optafly.cache.verdict import Neighbour, decide
from optafly.config import CacheSettings, ModelSettings
from optafly.domain import CacheKey, Entry, Usage
from optafly.models.embedding import Embedder, open_embedder
from optafly.paths import user_paths


class Pair(msgspec.Struct, frozen=True):
    """One row of the data."""

    a: str
    b: str
    same: bool
    kind: str


def outcomes(pairs: list[Pair], embedder: Embedder, settings: CacheSettings) -> list[tuple[Pair, str, float]]:
    """Return the verdict on each pair in both directions, with the cosine."""
    found: list[tuple[Pair, str, float]] = []
    for pair in pairs:
        first, second = embedder.embed([pair.a, pair.b])
        cosine = min(1.0, float(first @ second))
        for old, new in ((pair.a, pair.b), (pair.b, pair.a)):
            key = CacheKey(namespace="n", fingerprint="f", intent=new)
            terms = Terms()
            near = [Neighbour(entry=_entry(old), cosine=cosine, judgement=judge(old, new, cosine, terms))]
            found.append((pair, decide(key, None, near, settings, now_s=0.0).outcome, cosine))
    return found


def _entry(prompt: str) -> Entry:
    return Entry(
        id=prompt,
        namespace="n",
        fingerprint="f",
        intent=prompt,
        prompt=prompt,
        answer="answer",
        model="model",
        usage=Usage(),
        cost_usd=None,
        latency_ms=0.0,
        created_at_s=0.0,
    )


def main() -> None:
    """Print the counts."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--json", action="store_true")
    given = arguments.parse_args()
    rows = given.data.read_text(encoding="utf-8").splitlines()
    pairs = [msgspec.json.decode(row, type=Pair) for row in rows if row.strip()]
    settings = CacheSettings()
    found = outcomes(pairs, open_embedder(ModelSettings(), user_paths()), settings)
    counts = Counter((pair.same, outcome) for pair, outcome, _ in found)
    above = Counter(pair.same for pair, _, cosine in found if cosine >= 0.95)
    report = {
        "asked": len(found),
        "traps": sum(not pair.same for pair, _, _ in found),
        "traps_served": counts[False, "serve"],
        "traps_offered": counts[False, "offer"],
        "traps_served_by_cosine_alone": above[False],
        "paraphrases": sum(pair.same for pair, _, _ in found),
        "paraphrases_served": counts[True, "serve"],
        "paraphrases_offered": counts[True, "offer"],
        "paraphrases_served_by_cosine_alone": above[True],
        "trap_kinds_served": dict(Counter(pair.kind for pair, out, _ in found if not pair.same and out == "serve")),
    }
    print(json.dumps(report) if given.json else "\n".join(f"{name:36} {value}" for name, value in report.items()))


if __name__ == "__main__":
    main()
