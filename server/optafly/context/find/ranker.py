"""How the signals are weighed: a linear model whose weights are plain JSON, so that every score can be explained.

A file's score is the sum over signals of `value` times its share of the best file's signal, and of `rank` times
1 / (1 + how many files have more of it). Fitted by tests/bench/finding/fit.py with a listwise softmax loss (Cao et al.,
Learning to Rank: From Pairwise Approach to Listwise Approach, 2007) on commits of other repositories than it is
measured on.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from optafly.context.find.postings import Ids, Scores, to_one

Way = Literal["asked", "vague", "both"]


class Weight(msgspec.Struct, frozen=True, array_like=True):
    """What a signal counts: by its value, and by its rank."""

    value: float
    rank: float = 0.0


class Ranker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The weights by signal, and how they were found (see the file itself).

    `first` picks the files that speak for others; with what these say, one of `asked` (the prompt tells where to look),
    `vague` (only the open file does) and `both` orders all.
    """

    first: dict[str, Weight]
    asked: dict[str, Weight]
    vague: dict[str, Weight]
    both: dict[str, Weight]
    report: dict[str, Any] = msgspec.field(default_factory=dict[str, Any])  # for people; of any shape

    def weights(self, way: Way) -> dict[str, Weight]:
        """Return the weights for one way of asking."""
        return {"asked": self.asked, "vague": self.vague, "both": self.both}[way]


class Ranking(msgspec.Struct, frozen=True):
    """Files best first, and the score of each. `parts` are what the signals gave, as the files stood before `order`."""

    numbers: Ids
    scores: Scores
    order: NDArray[np.intp]
    parts: dict[str, Scores]

    def gave(self, place: int) -> dict[str, float]:
        """Return what each signal gave to the file in a place, those left out that gave nothing to any."""
        at = self.order[place]
        return {name: float(part[at]) for name, part in self.parts.items()}


# What lies between 0 and 1 by its nature; everything else counts as a share of the best.
ABSOLUTE = frozenset({"edited", "recent", "beside", "stem", "mentioned", "imported", "importer"})


@cache
def shipped() -> Ranker:
    """Return the weights that are shipped."""
    data = resources.files("optafly.context.find").joinpath("ranker.json").read_bytes()
    return msgspec.json.decode(data, type=Ranker)


class Compared:
    """The signals of the files `numbers` as they are weighed, by value and by rank; each is made once."""

    def __init__(self, signals: Mapping[str, Scores], numbers: Ids) -> None:
        self.numbers = numbers
        self._signals = signals
        self._values: dict[str, Scores] = {}
        self._shares: dict[str, Scores | None] = {}
        self._standings: dict[str, Scores] = {}

    def part(self, name: str, weight: Weight) -> Scores | None:
        """Return what a signal gives to each file; None where it says nothing of any."""
        if name not in self._shares:
            values = self._values[name] = self._signals[name][self.numbers]
            self._shares[name] = share(name, values) if values.any() else None
        if (shares := self._shares[name]) is None:
            return None
        part = np.float32(weight.value) * shares
        if weight.rank:
            if name not in self._standings:
                self._standings[name] = standing(self._values[name])
            part += np.float32(weight.rank) * self._standings[name]
        return part


def rank(compared: Compared, weights: Mapping[str, Weight], most: int | None = None) -> Ranking:
    """Order files by the weighted sum of their signals, or the first `most`; of equal ones the first comes first."""
    weighed = [(name, compared.part(name, weight)) for name, weight in weights.items() if weight.value or weight.rank]
    parts = {name: part for name, part in weighed if part is not None}
    total = np.zeros(len(compared.numbers), np.float32)
    for part in parts.values():
        total += part
    order = _greatest(total, len(total) if most is None else most)
    return Ranking(compared.numbers[order], total[order], order, parts)


def _greatest(values: Scores, most: int) -> NDArray[np.intp]:
    """Return where the greatest values stand, in order; of equal ones the first comes first."""
    among = np.arange(len(values))
    if most < len(values):
        among = np.flatnonzero(values >= np.partition(values, -most)[-most])
    return among[np.argsort(-values[among], kind="stable")][:most]


def share(name: str, values: Scores) -> Scores:
    """Return values as shares of the greatest, or as they are where they lie between 0 and 1 by nature."""
    return values if name in ABSOLUTE else to_one(values)


def standing(values: Scores) -> Scores:
    """Return 1 for the greatest value, 1/2 for the next, 1/3 …, the same for equal ones; 0 for what is not above 0."""
    found = np.zeros(len(values), np.float32)
    above = np.flatnonzero(values > 0)
    if len(above):
        order = above[np.argsort(-values[above])]
        ranked = values[order]
        new = np.concatenate([[True], ranked[1:] != ranked[:-1]])
        found[order] = 1 / (1 + np.maximum.accumulate(np.where(new, np.arange(len(ranked)), 0)))
    return found
