"""Calibrate a fitted verifier: from scores to probabilities, and for each error budget the least score to serve.

    optafly eval cache STREAM.jsonl.gz --error-budget 0 --model VERIFIER.json --out VERDICTS.jsonl --candidates FILE
    python tests/bench/verdict/calibrate.py --data STREAM.jsonl.gz --candidates FILE --model VERIFIER.json [--check]

With `server/optafly/cache/verifier.json` for the model this writes the calibration that ships; `--check` writes nothing
and says whether it is that already. The replay's budget is 0, so that what is compared does not hang on an earlier
calibration: at another one, prompts that are served are not remembered.

The stream must not be what the verifier was fitted on. Its labels say which prompts deserve one answer; where they are
known to be wrong, `audit.json` has a person's word on a pair ({"id", "match", "same"}), which counts instead. Beside it
stand prompts of templates that the verifier never saw (`generate/held_out`, made here), so that there are enough
templates to prove a small budget on; each family of templates is a cluster.

The probabilities are Platt's (1999) on the best candidate of each prompt of the stream. The least scores are those of
`cache_risk.served_clusters`: a template that many prompts share counts once. Both are written into the model's file,
with a report.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench import cache_risk
from bench.cache_floor import AUDIT, Word
from bench.cache_risk import Compared, Row
from bench.verdict import fit
from bench.verdict.generate import build
from optafly.cache.judge import judge
from optafly.cache.terms import Terms
from optafly.cache.verifier import load
from optafly.evaluation.rows import Id, Labelled, read

BUDGETS = (0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1)
STEPS = 50
HELD_OUT = Path(__file__).parent / "generate" / "held_out"
GROUPS, GENERATED = 4_000, 5  # groups of held-out prompts, and the seed that they are made with
LIMIT, ORDER = 12_000, 3  # held-out prompts that are compared, and the seed of their order


def best_candidates(candidates: Path) -> dict[Id, Compared]:
    """Return the candidate with the highest score of each prompt, vetoed ones included."""
    best: dict[Id, Compared] = {}
    for line in candidates.read_bytes().splitlines():
        each = msgspec.json.decode(line, type=Compared)
        if each.id not in best or each.score > best[each.id].score:
            best[each.id] = each
    return best


def platt(rows: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Return slope and offset of the log-odds over the score, by Newton's method on smoothed labels (Platt 1999)."""
    right = sum(label for _, label in rows)
    high, low = (right + 1) / (right + 2), 1 / (len(rows) - right + 2)
    slope, offset = 1.0, 0.0
    for _ in range(STEPS):
        a = b = aa = ab = bb = 0.0
        for score, label in rows:
            p = 1 / (1 + math.exp(-max(-500.0, min(500.0, slope * score + offset))))
            error, weight = (high if label else low) - p, p * (1 - p) + 1e-9
            a, b = a + error * score, b + error
            aa, ab, bb = aa + weight * score * score, ab + weight * score, bb + weight
        determinant = aa * bb - ab * ab
        slope, offset = slope + (bb * a - ab * b) / determinant, offset + (aa * b - ab * a) / determinant
    return slope, offset


def labelled(stream: Path, candidates: Path, audit: Path) -> tuple[list[tuple[float, bool]], list[Row]]:
    """Return (score, right) of each prompt's best candidate, and the rows that may be served."""
    known = {row.id: row for row in read(stream, Labelled)}
    words = msgspec.json.decode(audit.read_bytes(), type=list[Word])
    said = {(each.id, each.match): each.same for each in words}
    scores: list[tuple[float, bool]] = []
    for each in best_candidates(candidates).values():
        asked, match = known[each.id], known[each.match]
        right = said.get((each.id, each.match), asked.group == match.group)
        if right or asked.loose is None or asked.loose != match.loose:
            scores.append((each.score, right))
    return scores, cache_risk.from_replay(stream, candidates, said)


def held_out(model: Path, cache: Path, groups: int = GROUPS) -> list[Row]:
    """Return the servable rows of generated prompts, clustered by the family whose templates worded them.

    Two groups count as different only inside one block of families: others may overlap in meaning.
    """
    made = list(build.rows(build.Builder(GENERATED, HELD_OUT).build(groups)))
    family = {str(row["group"]): str(row["family"]) for row in made}
    data = fit.rows(msgspec.convert(made, list[fit.Row]), LIMIT, ORDER)
    verifier, terms, added = load(model), Terms(), 0
    best: dict[int, tuple[float, int]] = {}
    for asked, earlier, cosine in fit.nearest(fit.vectors([row.prompt for row in data], cache)):
        terms.add(row.prompt for row in data[added:asked])
        added = asked
        found = judge(data[earlier].prompt, data[asked].prompt, cosine, terms, verifier=verifier)
        if found.veto is None and (asked not in best or found.score > best[asked][0]):
            best[asked] = (found.score, earlier)
    rows: list[Row] = []
    for asked, (score, earlier) in best.items():
        one, other = data[asked].group, data[earlier].group
        if one == other or family[one].partition(".")[0] == family[other].partition(".")[0]:
            rows.append(Row(cluster=family[one], score=score, right=one == other))
    return rows


def calibration(rows: Sequence[Row], scores: Sequence[tuple[float, bool]]) -> dict[str, Any]:
    """Return what `optafly.cache.calibration` reads."""
    slope, offset = platt(scores)
    budgets = [(budget, cache_risk.served_clusters(rows, budget)) for budget in BUDGETS]
    return {
        "slope": round(slope, 4),
        "offset": round(offset, 4),
        "budgets": [[budget, round(score, 4)] for budget, score in budgets if math.isfinite(score)],
    }


def report(rows: Sequence[Row], scores: Sequence[tuple[float, bool]]) -> dict[str, Any]:
    """Return what the calibration stands on, for people."""
    return {
        "prompts": len(scores),
        "servable": len(rows),
        "clusters": len({row.cluster for row in rows}),
        "held_out": {"groups": GROUPS, "seed": GENERATED},
        "method": "Platt 1999; fixed-sequence testing on clusters (arXiv 2110.01052), one-sided 95 %",
    }


def table(found: dict[str, Any], rows: Sequence[Row]) -> str:
    """Return the probabilities in a line, and a line for each budget."""
    lines = [f"log-odds = {found['slope']} × score + {found['offset']}"]
    least = dict(found["budgets"])
    for budget in BUDGETS:
        served = [row for row in rows if row.score >= least.get(budget, math.inf)]
        clusters = len({row.cluster for row in served})
        wrong = sum(not row.right for row in served)
        at = f"score >= {least[budget]} serves" if budget in least else "not proved:"
        lines.append(f"budget {budget:.1%}: {at} {len(served):,} rows of {clusters:,} clusters, {wrong} wrong")
    return "\n".join(lines)


def main() -> None:
    """Calibrate, and write or compare."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--candidates", type=Path, required=True)
    arguments.add_argument("--audit", type=Path, default=AUDIT)
    arguments.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "optafly-bench")
    arguments.add_argument("--write", type=Path, help="the rows that the budgets were proved on, for cache_risk.py")
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--check", action="store_true", help="write nothing; fail where the model's file is another")
    given = arguments.parse_args()
    scores, rows = labelled(given.data, given.candidates, given.audit)
    rows += held_out(given.model, given.cache)
    if given.write:
        given.write.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    model: dict[str, Any] = json.loads(given.model.read_bytes())
    before = json.dumps(model)
    model["calibration"] = calibration(rows, scores)
    model["report"]["calibration"] = report(rows, scores)
    print(table(model["calibration"], rows))
    if not given.check:
        given.model.write_text(json.dumps(model, separators=(",", ":")) + "\n", encoding="utf-8")
    elif json.dumps(model) != before:
        sys.exit(f"{given.model} says something else.")


if __name__ == "__main__":
    main()
