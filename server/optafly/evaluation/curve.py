"""What another threshold on the probability would have done, read off the verdicts of one replay.

Each threshold answers the prompts whose best candidate has at least that probability. Ambiguous ones are left out. The
area is P-CHR AUC: precision over the cache-hit ratio (Baral et al. 2026, arXiv 2606.19719), here as a sum over the
distinct thresholds, each step with the precision at its end; where no candidate is named any more it counts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from optafly.domain import Record

BUDGETS = (0.005, 0.01, 0.02, 0.05)


class AtBudget(Record, frozen=True):
    """The most that a threshold could have served with at most `budget` wrong per serve.

    `probability` is that threshold. Chosen with the outcomes known: what is possible, not what is promised.
    """

    budget: float
    serve_recall: float
    serves: int
    probability: float | None


class Curve(Record, frozen=True):
    """The whole range of thresholds in a few figures; see the module."""

    p_chr_auc: float
    at_budgets: tuple[AtBudget, ...]


class Step(Record, frozen=True):
    """A threshold and the right and wrong answers at or above it."""

    probability: float
    right: int
    wrong: int


def steps(scored: Iterable[tuple[float, bool]]) -> list[Step]:
    """Return one step per distinct probability, the highest first, of (probability, right)."""
    found: list[Step] = []
    right = wrong = 0
    for probability, ties in groupby(sorted(scored, key=lambda each: -each[0]), key=lambda each: each[0]):
        outcomes = [good for _, good in ties]
        right, wrong = right + sum(outcomes), wrong + len(outcomes) - sum(outcomes)
        found.append(Step(probability=probability, right=right, wrong=wrong))
    return found


def curve(scored: Iterable[tuple[float, bool]], prompts: int, reusable: int) -> Curve:
    """Return the curve of (probability, right) of the best candidates, among so many prompts and reusable ones."""
    found = steps(scored)
    area = 0.0
    before = 0
    for step in found:
        answered = step.right + step.wrong
        area += (answered - before) / prompts * (step.right / answered)
        before = answered
    return Curve(p_chr_auc=area, at_budgets=tuple(_at(budget, found, reusable) for budget in BUDGETS))


def _at(budget: float, found: Sequence[Step], reusable: int) -> AtBudget:
    within = [step for step in found if step.wrong <= budget * (step.right + step.wrong)]
    if not within or not reusable:
        return AtBudget(budget=budget, serve_recall=0.0, serves=0, probability=None)
    best = within[-1]  # right answers only grow from step to step
    return AtBudget(
        budget=budget,
        serve_recall=best.right / reusable,
        serves=best.right + best.wrong,
        probability=best.probability,
    )
