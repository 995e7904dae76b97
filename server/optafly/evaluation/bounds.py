"""How wrong a share may really be, when only some of it was counted."""

from __future__ import annotations

import math

HALVINGS = 60  # of an interval of width 1: further than a float can tell apart


def at_most(count: int, trials: int, share: float) -> float:
    """Return the probability of `count` or fewer successes in `trials`, each of probability `share`."""
    if share <= 0.0:
        return 1.0
    if share >= 1.0:
        return float(count >= trials)
    odds = math.log(share), math.log1p(-share)
    ways = math.lgamma(trials + 1)
    logs = (
        ways - math.lgamma(k + 1) - math.lgamma(trials - k + 1) + k * odds[0] + (trials - k) * odds[1]
        for k in range(min(count, trials) + 1)
    )
    return min(1.0, math.fsum(math.exp(each) for each in logs))


def upper_bound(count: int, trials: int, confidence: float = 0.95) -> float:
    """Return the one-sided upper bound of Clopper and Pearson (1934) on the share behind `count` of `trials`.

    It is 1 where nothing was tried.
    """
    if count >= trials:
        return 1.0
    low, high = count / trials, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if at_most(count, trials, middle) > 1.0 - confidence:
            low = middle
        else:
            high = middle
    return high
