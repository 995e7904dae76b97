"""From a verifier's score to a probability of being right, and to the least score at which an error budget holds.

What ships was measured on labelled prompts that the verifier was not fitted on (`verifier.json` says which). The least
scores come from fixed-sequence testing on clusters of prompts (Learn Then Test, Angelopoulos et al. 2021, arXiv
2110.01052): several looks at the data and prompts that are right or wrong together are part of the bound.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from importlib import resources

import msgspec

from optafly.domain import Record

FILE = "verifier.json"
PRIOR_SD = 1.5  # of a namespace's shift, in logits: about five labels of one kind move it by one
STEPS = 30
FARTHEST = 6.0  # logits that labels may move a namespace


class Calibration(Record, frozen=True):
    """Platt's line from score to log-odds, and for some error budgets the least score that may be served."""

    slope: float
    offset: float
    budgets: tuple[tuple[float, float], ...]

    def probability(self, score: float) -> float:
        """Return the probability (0..1) that an answer with this score is right; rises with the score."""
        return _logistic(self.slope * score + self.offset)

    def least_score(self, error_budget: float) -> float:
        """Return the least score that may be served at a share of wrong serves; infinity where none may."""
        return min((score for budget, score in self.budgets if budget <= error_budget), default=math.inf)


class _File(msgspec.Struct, frozen=True):
    """What is needed of a verifier's file here; the rest is left alone."""

    calibration: Calibration


def parse(data: bytes) -> Calibration:
    """Return the calibration in a verifier's file. Raises msgspec.DecodeError."""
    return msgspec.json.decode(data, type=_File).calibration


@cache
def _shipped() -> Calibration:
    return parse((resources.files("optafly.cache") / FILE).read_bytes())


SHIPPED = _shipped()


def moved(calibration: Calibration, labels: Iterable[tuple[float, bool]]) -> Calibration:
    """Return `calibration` as the labels (score, right) of a namespace move it.

    The log-odds move by the most probable shift, with a normal prior around none. Where people say that answers were
    wrong, more is asked of what is served; where they say that they were right, the probabilities rise, but a promise
    that was measured on more prompts than one person's is not loosened.
    """
    seen = [(calibration.slope * score + calibration.offset, right) for score, right in labels if math.isfinite(score)]
    if not seen:
        return calibration
    shift = _shift(seen)
    stricter = max(0.0, -shift) / calibration.slope
    return Calibration(
        slope=calibration.slope,
        offset=calibration.offset + shift,
        budgets=tuple((budget, score + stricter) for budget, score in calibration.budgets),
    )


def _shift(seen: list[tuple[float, bool]]) -> float:
    """Return the shift of greatest posterior probability, by Newton's method on a concave function."""
    shift = 0.0
    for _ in range(STEPS):
        expected = [_logistic(odds + shift) for odds, _ in seen]
        slope = sum(right - p for (_, right), p in zip(seen, expected, strict=True)) - shift / PRIOR_SD**2
        curvature = sum(p * (1 - p) for p in expected) + 1 / PRIOR_SD**2
        shift = max(-FARTHEST, min(FARTHEST, shift + slope / curvature))
    return shift


def _logistic(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-500.0, min(500.0, odds))))
