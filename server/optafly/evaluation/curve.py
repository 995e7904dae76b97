"""What another threshold would have done, read off the verdicts of one replay.

Each threshold answers the prompts whose candidate reaches it; ambiguous ones are left out. The area is P-CHR AUC:
precision over the cache-hit ratio (Baral et al. 2026, arXiv 2606.19719), here as a sum over the distinct thresholds,
each step with the precision at its end; where no candidate is named any more it counts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from optafly.domain import Record

BUDGETS = (0.005, 0.01, 0.02, 0.05)


class AtBudget(Record, frozen=True):
    """The most that a threshold could have served with at most `budget` wrong per serve.

    Chosen with the outcomes known: what is possible, not what is promised.
    """

    budget: float
    serve_recall: float
    serves: int
    threshold: float | None


class Curve(Record, frozen=True):
    """The whole range of thresholds in a few figures; see the module.

    The area is over the probability of each prompt's best candidate, whether or not it may be served. The budgets are
    over the score of the best one that may be; over the probability, where the verdicts hold no scores.
    """

    p_chr_auc: float
    at_budgets: tuple[AtBudget, ...]


class Step(Record, frozen=True):
    """A threshold and the right and wrong answers at or above it."""

    threshold: float
    right: int
    wrong: int


def steps(scored: Iterable[tuple[float, bool]]) -> list[Step]:
    """Return one step per distinct threshold, the highest first, of (score, right)."""
    found: list[Step] = []
    right = wrong = 0
    for threshold, ties in groupby(sorted(scored, key=lambda each: -each[0]), key=lambda each: each[0]):
        outcomes = [good for _, good in ties]
        right, wrong = right + sum(outcomes), wrong + len(outcomes) - sum(outcomes)
        found.append(Step(threshold=threshold, right=right, wrong=wrong))
    return found


def area(scored: Iterable[tuple[float, bool]], prompts: int) -> float:
    """Return P-CHR AUC of (probability, right) among so many prompts."""
    total = 0.0
    before = 0
    for step in steps(scored):
        answered = step.right + step.wrong
        total += (answered - before) / prompts * (step.right / answered)
        before = answered
    return total


def at_budgets(scored: Iterable[tuple[float, bool]], reusable: int) -> tuple[AtBudget, ...]:
    """Return the most that each of `BUDGETS` allows of (score, right), where so many prompts were reusable."""
    found = steps(scored)
    return tuple(_at(budget, found, reusable) for budget in BUDGETS)


def _at(budget: float, found: Sequence[Step], reusable: int) -> AtBudget:
    within = [step for step in found if step.wrong <= budget * (step.right + step.wrong)]
    if not within or not reusable:
        return AtBudget(budget=budget, serve_recall=0.0, serves=0, threshold=None)
    best = within[-1]  # right answers only grow from step to step
    return AtBudget(
        budget=budget,
        serve_recall=best.right / reusable,
        serves=best.right + best.wrong,
        threshold=best.threshold,
    )
