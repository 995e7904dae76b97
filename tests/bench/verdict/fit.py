"""Fit the verifier on labelled groups of prompts and write it as plain JSON, with a report of what it was fitted on.

    python tests/bench/verdict/fit.py --data NAME=FILE.jsonl[:WEIGHT] … --out server/optafly/cache/verifier.json

Each row of a file is {"group", "prompt"} and may have "near": groups that look alike and deserve another answer.
Prompts of one group deserve the same answer. The rows of a file are replayed in a random order as one namespace: each
prompt is compared with the nearest earlier ones, as the cache would, so that the verifier learns from the pairs that it
will meet. `generate/` writes such a file; `sources/` makes them from public sets whose licences allow shipping what was
fitted.

Needs lightgbm beside the project's own packages (`pip install lightgbm==4.6.0`), and the embedding model.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from optafly.cache.features import features
from optafly.cache.reading import read
from optafly.cache.terms import Terms
from optafly.config import ModelSettings
from optafly.models.embedding import open_embedder
from optafly.paths import user_paths

NEAREST = 12
LEAST_COSINE = 0.5
DOUBTFUL_COSINE = 0.75  # two groups nearer than this that nobody called different are left out
RISES_WITH = frozenset(("cosine", "literals_shared", "pairs", "words", "length_ratio"))
EITHER_WAY = frozenset(("length", "known"))
UNCALIBRATED: dict[str, Any] = {"slope": 1.0, "offset": 0.0, "budgets": []}  # until calibrate.py has run: serve nothing


class Near(msgspec.Struct, frozen=True):
    """A group that looks alike and deserves another answer."""

    group: str


class Row(msgspec.Struct, frozen=True):
    """One labelled prompt."""

    group: str
    prompt: str
    near: tuple[Near | str, ...] | None = None

    @property
    def traps(self) -> tuple[str, ...]:
        """The names of the groups that are near."""
        return tuple(each if isinstance(each, str) else each.group for each in self.near or ())


class Pairs(msgspec.Struct, frozen=True):
    """The pairs of one file: features by column, whether one answer serves both, and each pair's weight."""

    name: str
    prompts: int
    features: Any  # Any: numpy arrays, which msgspec does not check
    same: Any
    weight: float


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a file."""
    return [msgspec.json.decode(line, type=Row) for line in path.read_text(encoding="utf-8").splitlines()]


def rows(data: Iterable[Row], limit: int, seed: int) -> list[Row]:
    """Return up to `limit` rows: whole groups with those that are near them, in a random order."""
    found: dict[str, list[Row]] = {}
    for row in data:
        found.setdefault(row.group, []).append(row)
    order = list(found)
    chance = random.Random(seed)
    chance.shuffle(order)
    taken: dict[str, list[Row]] = {}
    count = 0
    for group in order:
        for each in (group, *found[group][0].traps):
            if each in found and each not in taken and count < limit:
                taken[each] = found[each]
                count += len(found[each])
    kept = [row for group in taken.values() for row in group]
    chance.shuffle(kept)
    return kept


def vectors(prompts: list[str], cache: Path) -> NDArray[np.float32]:
    """Return a vector per prompt; what was embedded before is read from `cache`."""
    embedder = open_embedder(ModelSettings(), user_paths())
    name = hashlib.sha256("\0".join((embedder.name, *prompts)).encode()).hexdigest()[:24]
    kept = cache / f"{name}.npy"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        np.save(kept, np.concatenate([embedder.embed([prompt]) for prompt in prompts]))
    return np.load(kept)


def nearest(vectors: NDArray[np.float32]) -> Iterator[tuple[int, int, float]]:
    """Yield (asked, earlier, cosine) for the nearest earlier prompts of each."""
    for asked in range(1, len(vectors)):
        cosines = vectors[:asked] @ vectors[asked]
        for earlier in np.argsort(-cosines)[:NEAREST]:
            if cosines[earlier] >= LEAST_COSINE:
                yield asked, int(earlier), float(cosines[earlier])


def pairs(name: str, data: list[Row], weight: float, cache: Path) -> Pairs:
    """Replay `data` as one namespace and return the labelled pairs that a lookup would have judged."""
    terms = Terms()
    known = 0
    columns: list[list[float]] = []
    same: list[bool] = []
    readings = [read(row.prompt) for row in data]
    for asked, earlier, cosine in nearest(vectors([row.prompt for row in data], cache)):
        terms.add(row.prompt for row in data[known:asked])
        known = asked
        one, other = data[asked], data[earlier]
        alike = one.group == other.group
        if not alike and cosine > DOUBTFUL_COSINE and one.traps and other.group not in one.traps:
            continue
        columns.append(list(features(readings[earlier], readings[asked], cosine, terms).values()))
        same.append(alike)
    print(f"{name}: {len(data):,} prompts, {len(same):,} pairs, {sum(same):,} of them the same")
    return Pairs(
        name=name,
        prompts=len(data),
        features=np.array(columns, np.float32),
        same=np.array(same),
        weight=weight,
    )


def fit(found: list[Pairs], seed: int) -> tuple[Any, list[str]]:  # Any: lightgbm has no types
    """Return the boosted trees and the names of their features. More difference never raises the score."""
    lightgbm: Any = importlib.import_module("lightgbm")  # not one of the project's packages

    names = list(features(read("a"), read("b"), 0.0, Terms()))
    directions = [1 if name in RISES_WITH else 0 if name in EITHER_WAY else -1 for name in names]
    model = lightgbm.LGBMClassifier(
        n_estimators=100,
        learning_rate=0.08,
        num_leaves=8,
        min_child_samples=60,
        reg_lambda=10.0,
        colsample_bytree=0.5,
        subsample=0.7,
        subsample_freq=1,
        monotone_constraints=directions,
        random_state=seed,
        deterministic=True,
        force_row_wise=True,
        n_jobs=2,
        verbose=-1,
    )
    model.fit(
        np.concatenate([each.features for each in found]),
        np.concatenate([each.same for each in found]),
        sample_weight=np.concatenate([np.full(len(each.same), each.weight) for each in found]),
    )
    return model.booster_, names


def tree(node: dict[str, Any], into: list[list[float]]) -> int:
    """Append a tree's nodes to `into`, the root first, and return the index of `node`.

    A node is [feature, threshold, left, right], and a value up to the threshold goes left; a leaf is [-1, value, 0, 0].
    """
    at = len(into)
    if "leaf_value" in node:
        into.append([-1, round(node["leaf_value"], 6), 0, 0])
        return at
    into.append([])
    left = tree(node["left_child"], into)
    right = tree(node["right_child"], into)
    into[at] = [node["split_feature"], round(node["threshold"], 6), left, right]
    return at


def main() -> None:
    """Fit and write."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", action="append", required=True, metavar="NAME=FILE[:WEIGHT]")
    arguments.add_argument("--licence", action="append", default=[], metavar="NAME=LICENCE")
    arguments.add_argument("--limit", type=int, default=12_000, help="prompts of each file (default: 12,000)")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "optafly-bench")
    arguments.add_argument("--out", type=Path, required=True)
    given = arguments.parse_args()
    found: list[Pairs] = []
    for each in given.data:
        name, _, rest = each.partition("=")
        file, _, weight = rest.partition(":")
        found.append(pairs(name, rows(read_rows(Path(file)), given.limit, given.seed), float(weight or 1), given.cache))
    booster, names = fit(found, given.seed)
    trees: list[list[list[float]]] = []
    for each in booster.dump_model()["tree_info"]:
        trees.append([])
        tree(each["tree_structure"], trees[-1])
    licences = dict(each.split("=", 1) for each in given.licence)
    gains = booster.feature_importance("gain")
    report = {
        "data": [
            {
                "name": each.name,
                "licence": licences.get(each.name, "the project's own"),
                "prompts": each.prompts,
                "pairs": len(each.same),
                "same": int(each.same.sum()),
                "weight": each.weight,
            }
            for each in found
        ],
        "seed": given.seed,
        "gains": {name: round(float(gain)) for gain, name in sorted(zip(gains, names, strict=True), reverse=True)},
    }
    model = {"format": 1, "features": names, "calibration": UNCALIBRATED, "report": report, "trees": trees}
    given.out.write_text(json.dumps(model, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"wrote {given.out} ({given.out.stat().st_size / 1024:.0f} KiB, {len(trees)} trees)")


if __name__ == "__main__":
    main()
