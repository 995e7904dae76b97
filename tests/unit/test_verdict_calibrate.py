"""What ships of the calibration comes from one command: the stream's rows, a person's word on them, and the budgets."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from bench.cache_risk import Row
from bench.verdict import calibrate
from optafly.cache.calibration import FILE, Calibration

STREAM = (
    {"id": 1, "prompt": "a", "group": "one"},
    {"id": 2, "prompt": "b", "group": "one"},
    {"id": 3, "prompt": "c", "group": "two"},
    {"id": 4, "prompt": "d", "group": "three"},
)
CANDIDATES = (
    {"id": 2, "match": 1, "similarity": 0.9, "score": 3.0, "veto": None},
    {"id": 3, "match": 1, "similarity": 0.9, "score": 2.0, "veto": None},
    {"id": 3, "match": 2, "similarity": 0.8, "score": 2.5, "veto": "`b` became `c`"},
    {"id": 4, "match": 1, "similarity": 0.9, "score": 1.0, "veto": None},
)


def written(path: Path, rows: object) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in msgspec.convert(rows, list[object])), encoding="utf-8")
    return path


def labelled(folder: Path, words: list[dict[str, object]]) -> tuple[list[tuple[float, bool]], list[Row]]:
    audit = folder / "audit.json"
    audit.write_text(json.dumps(words), encoding="utf-8")
    return calibrate.labelled(written(folder / "s.jsonl", STREAM), written(folder / "c.jsonl", CANDIDATES), audit)


def test_a_veto_keeps_a_pair_from_being_served_and_not_from_having_a_probability(tmp_path: Path) -> None:
    scores, rows = labelled(tmp_path, [])
    assert sorted(scores) == [(1.0, False), (2.5, False), (3.0, True)]
    assert sorted((row.score, row.right) for row in rows) == [(1.0, False), (2.0, False), (3.0, True)]


def test_what_a_person_read_counts_before_the_labels(tmp_path: Path) -> None:
    _, rows = labelled(tmp_path, [{"id": 3, "match": 1, "same": True}])
    assert sorted((row.score, row.right) for row in rows) == [(1.0, False), (2.0, True), (3.0, True)]


def test_a_budget_that_is_not_proved_is_not_written() -> None:
    few = [Row(cluster=number, score=1.0, right=True) for number in range(100)]
    many = [Row(cluster=number, score=float(number < 400), right=number < 400) for number in range(500)]
    scores = [(1.0, True), (0.0, False), (0.5, True), (0.5, False)]
    assert [budget for budget, _ in calibrate.calibration(few, scores)["budgets"]] == [0.03, 0.05, 0.1]
    found = msgspec.convert(calibrate.calibration(many, scores), Calibration)
    assert found.least_score(0.01) == 1.0
    assert found.slope > 0
    assert "not proved" in calibrate.table(calibrate.calibration(few, scores), few)


def test_what_ships_was_written_by_this_command() -> None:
    shipped = json.loads((Path(calibrate.fit.__file__).parents[3] / "server/optafly/cache" / FILE).read_bytes())
    report = shipped["report"]["calibration"]
    assert report["held_out"] == {"groups": calibrate.GROUPS, "seed": calibrate.GENERATED}
    assert report["method"] == calibrate.report([], [])["method"]
    assert {budget for budget, _ in shipped["calibration"]["budgets"]} <= set(calibrate.BUDGETS)
