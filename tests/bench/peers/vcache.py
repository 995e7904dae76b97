"""The decision rule of vCache: each remembered prompt learns its own threshold from labels, and explores until it may.

From "vCache: Verified Semantic Prompt Caching" (Schroeder et al. 2025, arXiv 2502.03771), in our own words:

- Each entry keeps (similarity, was its answer right) of the prompts that it was the nearest for, and begins with two
  labels: (0, wrong) and (1, right). Below six labels it is never used.
- A logistic curve is fitted to the labels: P(right | s) = 1 / (1 + exp(-gamma * (s - t))). Its threshold t is unsure.
- With confidence 1 - e, t is at most t'. Then the answer is right with at least (1 - e) * P(right | s, t'). With a
  promised error rate of delta, asking the model with probability tau = 1 - delta / (1 - that) keeps the promise. The
  smallest tau over all e counts; a random number up to it asks the model, and one above it serves the entry.
- After asking, the entry gets a label, and the prompt becomes an entry of its own where the entry's answer was wrong.

Where a threshold separates the labels, the fit says nothing of the uncertainty of t. The authors use a simulated table
there, whose values are about 0.2 / labels; so does this.
"""

from __future__ import annotations

import math
from random import Random
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LEAST_LABELS = 6
FITTED = 1e-8  # largest gradient at which the fit ends
ROUNDS = 100
SEPARABLE = 0.2  # variance of t times labels, where a threshold separates them
UNSURE = tuple(np.linspace(1e-6, 1 - 1e-6, 50))
QUANTILES = tuple(NormalDist().inv_cdf(1 - e) for e in UNSURE)


class Fit(NamedTuple):
    """The curve of one entry and the variance of its threshold."""

    threshold: float
    slope: float
    variance: float


class Labels:
    """What was learned of one entry."""

    def __init__(self) -> None:
        self._seen: list[tuple[float, bool]] = [(0.0, False), (1.0, True)]
        self._fit: Fit | None = None

    def __len__(self) -> int:
        return len(self._seen)

    def add(self, similarity: float, *, right: bool) -> None:
        """Learn whether the answer was right for a prompt at that similarity."""
        self._seen.append((similarity, right))
        self._fit = None

    def fit(self) -> Fit:
        """Return the curve through all labels."""
        if self._fit is None:
            self._fit = fit(self._seen)
        return self._fit


def serves(labels: Labels, similarity: float, delta: float, random: Random) -> bool:
    """Return whether an entry answers a prompt at that similarity; `delta` is the promised error rate."""
    if len(labels) < LEAST_LABELS:
        return False
    return random.random() > asking(labels.fit(), similarity, delta)


def asking(fitted: Fit, similarity: float, delta: float) -> float:
    """Return tau: the probability with which the model must be asked."""
    spread = math.sqrt(fitted.variance)
    least = 1.0
    for unsure, quantile in zip(UNSURE, QUANTILES, strict=True):
        latest = min(1.0, max(0.0, fitted.threshold + quantile * spread))
        right = (1 - unsure) * _logistic(fitted.slope * (similarity - latest))
        least = min(least, 1 - delta / max(1 - right, 1e-12))
    return least


def fit(seen: list[tuple[float, bool]]) -> Fit:
    """Return the most likely curve, by Newton's method."""
    given = np.array([(1.0, similarity) for similarity, _ in seen])
    right = np.array([float(good) for _, good in seen])
    weights = np.zeros(2)
    for _ in range(ROUNDS):
        share = _shares(given @ weights)
        gradient = given.T @ (right - share)
        if np.abs(gradient).max() < FITTED:
            break
        weights += np.linalg.solve(_curvature(given, share), gradient)
    offset, slope = float(weights[0]), max(float(weights[1]), 1e-6)
    lowest, highest = min(s for s, good in seen if good), max(s for s, good in seen if not good)
    if lowest > highest:
        variance = SEPARABLE / len(seen)
    else:
        towards = np.array([-1.0 / slope, offset / slope**2])
        variance = float(towards @ np.linalg.inv(_curvature(given, _shares(given @ weights))) @ towards)
    return Fit(min(1.0, max(0.0, -offset / slope)), slope, max(0.0, variance))


def _shares(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-np.clip(logits, -500, 500)))


def _curvature(given: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    return given.T @ (given * (share * (1 - share))[:, None]) + 1e-9 * np.eye(2)


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-min(500.0, max(-500.0, value))))
