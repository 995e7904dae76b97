"""Does the promised risk hold? Half of the clusters calibrates, the other half is served, and that 200 times.

    python tests/bench/cache_risk.py [--rows ROWS.jsonl] [--calibrator MODULE:FUNCTION] [--splits 200] [--json]
    python tests/bench/cache_risk.py --data STREAM.jsonl[.gz] --candidates FILE [--write ROWS.jsonl]

A row is one prompt and its best candidate: {"cluster", "score", "right", "similarity"}. Prompts of one cluster are
asked alike and are right or wrong together. Rows come from a file; or from a stream with groups and what `optafly eval
cache --candidates` wrote on it (the best candidate without a veto; a cluster is what shares a group or a loose key); or
are made up: then templates are right or wrong together, as they are in real logs.

A calibrator takes rows and an error budget, and returns the least score that may be served (infinity: none). For each
budget the table has the share of splits in which the wrong answers among those served to the other half were more than
the budget; how many that were on average; and how much of what could be right was served. A promise at 95 % is kept
where the first is at most 5 %.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from random import Random

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from optafly.evaluation.bounds import at_most
from optafly.evaluation.rows import Id, Labelled, read

BUDGETS = (0.01, 0.02, 0.05)
SPLITS = 200
UNSURE = 0.05  # the promise may fail so often
LOOKS = 60  # thresholds that are looked at, evenly over the rows
NOTHING: Mapping[tuple[Id, Id], bool] = {}


class Row(msgspec.Struct, frozen=True):
    """One prompt, the score of its best candidate, and whether that answer is right."""

    cluster: Id
    score: float
    right: bool
    similarity: float = 0.0


class Outcome(msgspec.Struct, frozen=True):
    """What a calibrator's thresholds did over all splits."""

    calibrator: str
    budget: float
    exceeded: float
    worst_wrong: float
    mean_wrong: float | None
    recall: float
    served_nothing: float


Calibrate = Callable[[Sequence[Row], float], float]


def plain(rows: Sequence[Row], budget: float) -> float:
    """Return the least score whose Clopper-Pearson bound is within the budget, whichever of all that are looked at.

    Takes rows for independent and every look for the only one: what not to do.
    """
    found = math.inf
    for threshold, clusters in _looks(rows):
        wrong, served = (sum(each) for each in zip(*clusters, strict=True))
        if _proved(wrong, served, budget):
            found = threshold
    return found


def fixed_sequence(rows: Sequence[Row], budget: float) -> float:
    """Return the last of the thresholds, the highest first, up to which each was proved to be within the budget.

    Fixed-sequence testing (Learn Then Test, Angelopoulos et al. 2021, arXiv 2110.01052) spends nothing on looking more
    than once, for it ends at the first that fails. Thresholds stand at fixed shares of the rows, whatever their labels,
    and begin where so few rows could prove anything at all. Rows of a cluster count as fewer independent ones.
    """
    found = math.inf
    for threshold, clusters in _looks(rows):
        wrong, served = (sum(each) for each in zip(*clusters, strict=True))
        kish = served**2 / sum(size**2 for _, size in clusters)
        if not _proved(0, math.floor(kish), budget):
            continue
        alone = independent(clusters)
        if not _proved(math.ceil(wrong / served * alone), math.floor(alone), budget):
            break
        found = threshold
    return found


def served_clusters(rows: Sequence[Row], budget: float) -> float:
    """Return what `fixed_sequence` does, with one row of each cluster that has any served at a threshold.

    Which row counts is drawn afresh at each threshold, without looking at its label. So clusters are independent, none
    counts more than another however often it was asked, and a cluster of which something is served is never lost
    because a row was drawn that is not.
    """
    found = math.inf
    for threshold, drawn in _drawn(rows):
        wrong = sum(not right for _, right in drawn)
        if not _proved(0, len(drawn), budget):
            continue
        if not _proved(wrong, len(drawn), budget):
            break
        found = threshold
    return found


def _drawn(rows: Sequence[Row]) -> Iterable[tuple[float, list[tuple[float, bool]]]]:
    """Yield thresholds, the highest first, with (lot, right) of the row that stands for each cluster."""
    chance = Random(0)
    lots = {id(row): chance.random() for row in rows}
    first: dict[Id, tuple[float, bool]] = {}
    for threshold, new in _steps(rows):
        for row in new:
            lot = (lots[id(row)], row.right)
            first[row.cluster] = min(lot, first.get(row.cluster, lot))
        yield threshold, list(first.values())


def independent(clusters: Sequence[tuple[int, int]]) -> float:
    """Return how many independent rows tell as much about the share of wrong ones as clusters of (wrong, served) do.

    From the variance between clusters (as Korn and Graubard 1998), to which one more cluster of the usual size, all of
    it wrong, is added: where nothing was wrong yet, a cluster counts as one row (Kish 1965).
    """
    served = sum(size for _, size in clusters)
    usual = sum(size**2 for _, size in clusters) / served
    share = (sum(wrong for wrong, _ in clusters) + usual) / (served + usual)
    spread = sum((wrong - share * size) ** 2 for wrong, size in clusters) + (usual * (1 - share)) ** 2
    return min(served, share * (1 - share) * (served + usual) ** 2 / spread) if spread else served


def _proved(wrong: int, served: int, budget: float) -> bool:
    return served > 0 and wrong <= budget * served and at_most(wrong, served, budget) <= UNSURE


def _looks(rows: Sequence[Row]) -> Iterable[tuple[float, list[tuple[int, int]]]]:
    """Yield thresholds, the highest first, with (wrong, served) of each cluster that has anything served."""
    counts: dict[Id, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for threshold, new in _steps(rows):
        for row in new:
            wrong, served = counts[row.cluster]
            counts[row.cluster] = (wrong + (not row.right), served + 1)
        yield threshold, list(counts.values())


def _steps(rows: Sequence[Row]) -> Iterable[tuple[float, list[Row]]]:
    """Yield thresholds at fixed shares of the rows, the highest first, with the rows that each adds to those before."""
    ordered = sorted(rows, key=lambda row: -row.score)
    start = 0
    for look in range(1, LOOKS + 1):
        at = max(start, math.ceil(len(ordered) * look / LOOKS))
        while start < at < len(ordered) and ordered[at].score == ordered[at - 1].score:
            at += 1
        if at > start:
            yield ordered[at - 1].score, ordered[start:at]
            start = at


def measure(name: str, calibrate: Calibrate, rows: Sequence[Row], budget: float, splits: int = SPLITS) -> Outcome:
    """Return what `calibrate` promises and what comes of it, over so many splits of the clusters."""
    by_cluster: dict[Id, list[Row]] = defaultdict(list)
    for row in rows:
        by_cluster[row.cluster].append(row)
    shares: list[float] = []
    recalls: list[float] = []
    random = Random(0)
    clusters = sorted(by_cluster, key=str)
    for _ in range(splits):
        random.shuffle(clusters)
        half = len(clusters) // 2
        known, unknown = (
            [row for each in part for row in by_cluster[each]] for part in (clusters[:half], clusters[half:])
        )
        threshold = calibrate(known, budget)
        served = [row.right for row in unknown if row.score >= threshold]
        recalls.append(sum(served) / max(1, sum(row.right for row in unknown)))
        if served:
            shares.append(1 - sum(served) / len(served))
    return Outcome(
        calibrator=name,
        budget=budget,
        exceeded=sum(share > budget for share in shares) / splits,
        worst_wrong=max(shares, default=0.0),
        mean_wrong=sum(shares) / len(shares) if shares else None,
        recall=sum(recalls) / splits,
        served_nothing=1 - len(shares) / splits,
    )


def made_up(clusters: int = 3000) -> list[Row]:
    """Return rows of templates of uneven size, each of them mostly right or mostly wrong, scored with some noise."""
    random = Random(0)
    rows: list[Row] = []
    for cluster in range(clusters):
        good = random.random() < 0.5
        for _ in range(min(20, int(random.paretovariate(1.5)))):
            score = random.gauss(4.0 if good else -1.0, 1.5)
            rows.append(Row(cluster=cluster, score=score, right=good and random.random() < 0.999))
    return rows


def from_replay(stream: Path, candidates: Path, said: Mapping[tuple[Id, Id], bool] = NOTHING) -> list[Row]:
    """Return one row per prompt of a replay that has a candidate without a veto; ambiguous ones are left out.

    `said` is a person's word on (prompt, match), which counts before the labels.
    """
    known = {row.id: row for row in read(stream, Labelled)}
    best: dict[Id, Compared] = {}
    for line in candidates.read_bytes().splitlines():
        each = msgspec.json.decode(line, type=Compared)
        if each.veto is None and (each.id not in best or each.score > best[each.id].score):
            best[each.id] = each
    cluster_of = _clusters(known.values())
    rows: list[Row] = []
    for each in best.values():
        asked, match = known[each.id], known[each.match]
        right = said.get((each.id, each.match), asked.group == match.group)
        if right or asked.loose is None or asked.loose != match.loose:
            rows.append(Row(cluster=cluster_of[asked.group], score=each.score, right=right, similarity=each.similarity))
    return rows


class Compared(msgspec.Struct, frozen=True):
    """A line of `optafly eval cache --candidates`."""

    id: Id
    match: Id
    similarity: float
    score: float
    veto: str | None


def _clusters(rows: Iterable[Labelled]) -> dict[Id, Id]:
    """Return for each group the name of all groups that are linked to it by loose keys."""
    above: dict[tuple[str, Id], tuple[str, Id]] = {}

    def root(node: tuple[str, Id]) -> tuple[str, Id]:
        while (higher := above.setdefault(node, node)) != node:
            above[node] = above[higher]
            node = higher
        return node

    groups = {row.group for row in rows if root(("group", row.group))}
    for row in rows:
        if row.loose is not None:
            above[root(("group", row.group))] = root(("loose", row.loose))
    return {group: ":".join(map(str, root(("group", group)))) for group in groups}


def named(calibrator: str) -> Calibrate:
    """Return the function that MODULE:FUNCTION names; modules under tests/ are found as well."""
    module, _, function = calibrator.partition(":")
    return getattr(importlib.import_module(module), function)


def table(outcomes: Iterable[Outcome]) -> str:
    """Return the outcomes as a table."""
    heads = ("calibrator", "budget", "exceeded", "mean wrong", "worst", "recall", "served nothing")
    lines = [f"{heads[0]:<28}" + "".join(f"{head:>16}" for head in heads[1:])]
    for each in outcomes:
        wrong = "-" if each.mean_wrong is None else f"{each.mean_wrong:.2%}"
        cells = (f"{each.budget:.0%}", f"{each.exceeded:.1%}", wrong, f"{each.worst_wrong:.1%}")
        cells = (*cells, f"{each.recall:.1%}", f"{each.served_nothing:.0%}")
        lines.append(f"{each.calibrator:<28}" + "".join(f"{cell:>16}" for cell in cells))
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rows", type=Path)
    arguments.add_argument("--data", type=Path)
    arguments.add_argument("--candidates", type=Path)
    arguments.add_argument("--write", type=Path)
    arguments.add_argument("--calibrator", action="append", default=[], metavar="MODULE:FUNCTION")
    arguments.add_argument("--splits", type=int, default=SPLITS)
    arguments.add_argument("--json", action="store_true")
    given = arguments.parse_args()
    if (given.data is None) != (given.candidates is None):
        arguments.error("--data and --candidates go together")
    if given.rows:
        rows = [msgspec.json.decode(line, type=Row) for line in given.rows.read_bytes().splitlines()]
    else:
        rows = from_replay(given.data, given.candidates) if given.data else made_up()
    if given.write:
        given.write.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    calibrators: dict[str, Calibrate] = {"Clopper-Pearson, rows": plain, "fixed sequence, clusters": fixed_sequence}
    calibrators["one served row of each"] = served_clusters
    calibrators |= {name: named(name) for name in given.calibrator}
    outcomes = [
        measure(name, calibrate, rows, budget, given.splits)
        for name, calibrate in calibrators.items()
        for budget in BUDGETS
    ]
    if given.json:
        print(json.dumps(msgspec.to_builtins(outcomes)))
        return
    clusters = len({row.cluster for row in rows})
    right = sum(row.right for row in rows)
    origin = "made-up rows" if not (given.rows or given.data) else "rows"
    print(f"{len(rows):,} {origin} in {clusters:,} clusters, {right:,} right; {given.splits} splits")
    print(table(outcomes))


if __name__ == "__main__":
    main()
