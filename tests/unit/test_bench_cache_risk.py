"""The bench of the promised risk: whole clusters on one side, broken promises counted, baselines that do as told."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.cache_risk import Row, fixed_sequence, from_replay, independent, measure, plain, served_clusters


def rows(count: int, *, score: float, wrong: int = 0, size: int = 1, first: int = 0) -> list[Row]:
    """Return clusters of `size` rows; the rows of the first `wrong` of them are wrong."""
    return [Row(cluster=first + n // size, score=score, right=n // size >= wrong) for n in range(count)]


def everything(known: Sequence[Row], budget: float) -> float:
    return -math.inf


def nothing(known: Sequence[Row], budget: float) -> float:
    return math.inf


def test_a_cluster_never_stands_on_both_sides() -> None:
    halves: list[set[object]] = []

    def seen(known: Sequence[Row], budget: float) -> float:
        halves.append({row.cluster for row in known})
        assert all(sum(row.cluster == cluster for row in known) == 5 for cluster in halves[-1])
        return 0.0

    measure("seen", seen, rows(100, score=1.0, size=5), 0.01, splits=20)
    assert len(halves) == 20
    assert all(len(half) == 10 for half in halves)
    assert len({frozenset(half) for half in halves}) > 1


def test_a_calibrator_that_serves_everything_exceeds_the_budget_wherever_too_much_is_wrong() -> None:
    outcome = measure("all", everything, rows(1000, score=1.0, wrong=100), 0.05)
    assert (outcome.exceeded, outcome.served_nothing, outcome.recall) == (1.0, 0.0, 1.0)
    assert outcome.mean_wrong == pytest.approx(0.1, abs=0.01)


def test_a_calibrator_that_serves_nothing_keeps_every_promise() -> None:
    outcome = measure("none", nothing, rows(1000, score=1.0, wrong=100), 0.05)
    assert (outcome.exceeded, outcome.served_nothing, outcome.recall, outcome.mean_wrong) == (0.0, 1.0, 0.0, None)


def test_both_serve_what_is_always_right() -> None:
    good = rows(2000, score=1.0)
    assert plain(good, 0.05) == fixed_sequence(good, 0.05) == 1.0


def test_neither_serves_what_is_wrong_too_often() -> None:
    bad = rows(2000, score=1.0, wrong=200)
    assert plain(bad, 0.05) == fixed_sequence(bad, 0.05) == math.inf


def test_the_fixed_sequence_ends_at_the_first_threshold_that_fails() -> None:
    bad_on_top = [*rows(200, score=2.0, wrong=40), *rows(4000, score=1.0, first=1000)]
    assert plain(bad_on_top, 0.05) == 1.0
    assert fixed_sequence(bad_on_top, 0.05) == math.inf


def test_a_cluster_counts_once_and_where_any_of_it_is_served() -> None:
    served = [row for n in range(400) for row in (Row(n, 2.0, True), Row(n, 2.0, True), Row(n, 0.0, False))]
    assert served_clusters(served, 0.01) == 2.0
    assert served_clusters(served[:600], 0.01) == math.inf


def test_wrong_clusters_are_found_whichever_rows_were_drawn() -> None:
    bad = [*rows(3000, score=1.0, size=10), *rows(300, score=2.0, wrong=30, size=10, first=1000)]
    assert served_clusters(bad, 0.05) == math.inf
    assert served_clusters(rows(3000, score=1.0, size=10), 0.01) == 1.0


def test_rows_of_a_cluster_prove_no_more_than_one() -> None:
    assert independent([(0, 1)] * 50) == pytest.approx(50)
    assert independent([(0, 10)] * 50) == pytest.approx(50, rel=0.1)
    assert independent([(10, 10)] * 10 + [(0, 10)] * 90) == pytest.approx(100, rel=0.1)
    assert fixed_sequence(rows(400, score=1.0), 0.01) == 1.0
    assert fixed_sequence(rows(400, score=1.0, size=4), 0.01) == math.inf


def test_a_replay_gives_the_best_candidate_without_a_veto(tmp_path: Path) -> None:
    groups = ("a", "b", "a", "c", "d")
    loose = ("x", "x", "x", "y", "y")
    stream, candidates = tmp_path / "stream.jsonl", tmp_path / "candidates.jsonl"
    stream.write_text(
        "".join(json.dumps({"id": n, "group": group, "loose": loose[n]}) + "\n" for n, group in enumerate(groups))
    )
    compared = [(1, 0, 0.5, None), (2, 1, 0.9, None), (2, 0, 0.8, None), (3, 0, 0.7, "no"), (3, 1, 0.6, None)]
    compared += [(4, 3, 0.9, None)]
    candidates.write_text(
        "".join(
            json.dumps({"id": asked, "match": match, "similarity": 0.5, "score": score, "veto": veto}) + "\n"
            for asked, match, score, veto in compared
        )
    )
    found = from_replay(stream, candidates)  # 1, 2 and 4 are ambiguous with their best candidates
    assert [(row.score, row.right) for row in found] == [(0.6, False)]


def test_groups_that_share_a_loose_key_are_one_cluster(tmp_path: Path) -> None:
    stream, candidates = tmp_path / "stream.jsonl", tmp_path / "candidates.jsonl"
    given = [("a", "x"), ("a", "x"), ("b", "x"), ("b", "y"), ("c", "z"), ("c", "z")]
    stream.write_text(
        "".join(json.dumps({"id": n, "group": group, "loose": loose}) + "\n" for n, (group, loose) in enumerate(given))
    )
    pairs = [(1, 0), (3, 2), (5, 4)]
    candidates.write_text(
        "".join(
            json.dumps({"id": asked, "match": match, "similarity": 0.5, "score": 1.0, "veto": None}) + "\n"
            for asked, match in pairs
        )
    )
    first, second, third = (row.cluster for row in from_replay(stream, candidates))
    assert first == second != third
