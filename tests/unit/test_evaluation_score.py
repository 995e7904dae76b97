"""Scoring verdicts: what is counted as right, wrong and reusable, by formulas that can be checked by hand."""

from __future__ import annotations

from random import Random
from typing import Literal

import pytest

from optafly.errors import OptaflyError
from optafly.evaluation.bounds import at_most, upper_bound
from optafly.evaluation.curve import area, at_budgets
from optafly.evaluation.rows import Judged, Labelled
from optafly.evaluation.score import score

VERDICTS: tuple[Literal["serve", "offer", "miss"], ...] = ("serve", "offer", "miss")
# Two prompts of group a, two of b (whose loose key is a's), two of c.
STREAM = [
    Labelled(id=0, group="a", loose="x", source="shell"),
    Labelled(id=1, group="b", loose="x", source="shell"),
    Labelled(id=2, group="c", loose="y", source="sql"),
    Labelled(id=3, group="a", loose="x", source="shell"),
    Labelled(id=4, group="b", loose="x", source="shell"),
    Labelled(id=5, group="c", loose="y", source="sql"),
]


def verdicts(*rows: Judged) -> list[Judged]:
    given = {row.id: row for row in rows}
    return [given.get(prompt.id) or Judged(id=prompt.id, verdict="miss") for prompt in STREAM]


def test_a_serve_is_right_in_its_group_ambiguous_with_its_loose_key_and_wrong_elsewhere() -> None:
    scored = score(
        STREAM,
        verdicts(
            Judged(id=3, verdict="serve", match=0),
            Judged(id=4, verdict="serve", match=0),
            Judged(id=5, verdict="serve", match=1),
        ),
    ).all
    assert (scored.serves, scored.wrong_serves, scored.ambiguous_serves) == (2, 1, 1)
    assert (scored.reusable, scored.wrong_per_serve, scored.serve_recall) == (3, 0.5, pytest.approx(1 / 3))


def test_offers_count_for_reuse_but_not_for_serving() -> None:
    scored = score(
        STREAM,
        verdicts(
            Judged(id=3, verdict="serve", match=0),
            Judged(id=4, verdict="offer", match=1),
            Judged(id=5, verdict="offer", match=3),
        ),
    ).all
    assert (scored.serve_recall, scored.reuse_recall) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert (scored.offers, scored.offer_precision) == (2, 0.5)


def test_the_figures_are_those_of_a_scorer_that_somebody_else_wrote() -> None:
    random = Random(5)
    stream: list[Labelled] = []
    given: list[Judged] = []
    for number in range(60):
        group = random.randrange(12)
        stream.append(Labelled(id=number, group=f"g{group}", loose=f"l{group // 2}", source="ab"[number % 2]))
        kind = random.choice(VERDICTS) if number else "miss"
        same = [row.id for row in stream[:-1] if row.group == f"g{group}"]
        right = kind != "miss" and same and random.random() < 0.6
        match = None if kind == "miss" else random.choice(same) if right else random.randrange(number)
        given.append(Judged(id=number, verdict=kind, match=match, ms=float(random.randrange(100))))
    scored = score(stream, given)
    every, shell = scored.all, scored.by_source["a"]
    assert (every.reusable, every.serves, every.wrong_serves, every.offers) == (48, 17, 8, 18)
    assert [every.upper95, every.reuse_recall, every.offer_precision] == pytest.approx(
        [0.6892, 0.4167, 0.6111], abs=5e-5
    )
    assert [shell.upper95, shell.serve_recall, shell.offer_precision] == pytest.approx(
        [0.983, 0.0435, 0.8889], abs=5e-5
    )


def test_figures_are_given_by_source() -> None:
    scored = score(STREAM, verdicts(Judged(id=5, verdict="serve", match=2)))
    assert scored.by_source["sql"].serve_recall == 1.0
    assert scored.by_source["shell"].serve_recall == 0.0
    assert scored.by_source["shell"].wrong_per_serve is None


def test_verdicts_on_the_first_prompts_are_scored_on_those() -> None:
    assert score(STREAM, verdicts()[:4]).all.prompts == 4


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ([Judged(id=0, verdict="serve", match=3)], "no earlier prompt"),
        ([Judged(id=0, verdict="serve")], "names no match"),
        ([Judged(id=0, verdict="miss"), Judged(id=4, verdict="miss")], "There is none"),
        ([*verdicts(), Judged(id=99, verdict="miss")], "more of them"),
    ],
)
def test_verdicts_that_do_not_fit_the_stream_are_refused(given: list[Judged], why: str) -> None:
    with pytest.raises(OptaflyError, match=why):
        score(STREAM, given)


def test_the_first_of_a_group_can_have_the_id_zero() -> None:
    assert score(STREAM, verdicts(Judged(id=3, verdict="serve", match=0))).all.serves == 1


def test_latency_is_given_where_there_are_times() -> None:
    assert score(STREAM, verdicts()).latency is None
    timed = [Judged(id=row.id, verdict="miss", ms=float(number)) for number, row in enumerate(STREAM)]
    latency = score(STREAM, timed).latency
    assert latency is not None
    assert (latency.p50_ms, latency.max_ms) == (3.0, 5.0)


def test_the_curve_finds_the_most_that_an_error_budget_allows() -> None:
    scored = [(0.9, True)] * 19 + [(0.9, False)] + [(0.8, False)] * 5 + [(0.99, True)] * 10
    found = {each.budget: each for each in at_budgets(scored, reusable=40)}
    assert found[0.05].serves == 30
    assert found[0.05].serve_recall == 29 / 40
    assert found[0.05].threshold == 0.9
    assert (found[0.02].serves, found[0.02].threshold) == (10, 0.99)


def test_the_area_is_precision_over_the_share_of_prompts_that_are_answered() -> None:
    assert area([(0.9, True)] * 10, prompts=10) == pytest.approx(1.0)
    assert area([(0.9, True)] * 10, prompts=40) == pytest.approx(0.25)
    assert area([(0.9, True), (0.8, False)], prompts=2) == pytest.approx(0.5 * 1.0 + 0.5 * 0.5)


def test_what_a_veto_forbids_is_no_part_of_what_an_error_budget_allows() -> None:
    forbidden = Judged(id=3, verdict="offer", match=0, probability=0.9, servable=1, score=0.5)
    allowed = Judged(id=5, verdict="offer", match=2, probability=0.8, servable=2, score=2.0)
    stream = [*STREAM[:1], Labelled(id=1, group="b", loose="z", source="shell"), *STREAM[2:]]
    found = score(stream, verdicts(forbidden, allowed)).curve
    assert found is not None
    assert (found.at_budgets[0].serves, found.at_budgets[0].threshold) == (1, 2.0)
    assert found.p_chr_auc == pytest.approx(2 / 6)


def test_a_best_candidate_that_was_not_good_enough_counts_on_the_curve() -> None:
    with_best = verdicts(Judged(id=3, verdict="miss", best=0, probability=0.4))
    scored = score(STREAM, with_best)
    assert scored.curve is not None
    assert scored.curve.at_budgets[0].serve_recall == pytest.approx(1 / 3)
    assert scored.all.serve_recall == 0.0


def test_the_upper_bound_is_that_of_clopper_and_pearson() -> None:
    assert upper_bound(0, 100) == pytest.approx(1 - 0.05**0.01)  # known in closed form: (1 - p)^n = 0.05
    assert upper_bound(5, 100) == pytest.approx(0.10225, abs=1e-5)  # as in the tables
    assert upper_bound(3, 3) == 1.0
    assert upper_bound(0, 0) == 1.0


def test_a_bound_leaves_exactly_the_confidence_below_it() -> None:
    assert at_most(7, 60, upper_bound(7, 60, confidence=0.9)) == pytest.approx(0.1)
