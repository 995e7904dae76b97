"""Which texts hold a term, and how often: an inverted index in arrays that grows and shrinks while it is asked.

Scores are Okapi BM25: Robertson & Zaragoza, The Probabilistic Relevance Framework (2009).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Sized
from itertools import chain
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from optafly.context.find.terms import Terms

Ids = NDArray[np.int32]
Scores = NDArray[np.float32]
T = TypeVar("T", bound=np.generic)

K1 = 1.2
B = 0.75
_FEW = 512  # texts that came since the arrays were made; more are sorted into them


class Postings:
    """Texts by number; each is added once and may be removed. A number is never used again."""

    def __init__(self) -> None:
        self._terms: NDArray[np.uint32] = np.empty(0, np.uint32)  # sorted, each once
        self._starts: NDArray[np.int64] = np.zeros(1, np.int64)
        self._docs: Ids = np.empty(0, np.int32)
        self._counts: NDArray[np.uint8] = np.empty(0, np.uint8)
        self._new: list[tuple[Ids, NDArray[np.uint32], NDArray[np.uint8]]] = []
        self._waiting = 0
        self._tail: dict[int, list[tuple[int, int]]] = {}
        self._in_tail = 0  # how many of `_new` the tail holds
        self._gone: list[NDArray[np.uint32]] = []  # the terms of texts that were removed, and whose rows still stand
        self._lengths: Scores = np.zeros(0, np.float32)
        self._alive: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._number = 0
        self._live = 0
        self._total = 0.0

    def __len__(self) -> int:
        return self._live

    @property
    def capacity(self) -> int:
        """One more than the highest number."""
        return self._number

    @property
    def lengths(self) -> Scores:
        """How many terms each text has; 0 for one that was removed."""
        return np.where(self.alive, self._lengths[: self._number], np.float32(0))

    @property
    def alive(self) -> NDArray[np.bool_]:
        """Which texts have not been removed."""
        return self._alive[: self._number]

    def add(self, terms: Terms) -> range:
        """Take texts and return their numbers."""
        numbers = range(self._number, self._number + terms.texts)
        if numbers.stop > len(self._lengths):
            room = max(1024, 2 * numbers.stop)
            self._lengths = _grown(self._lengths, room)
            self._alive = _grown(self._alive, room)
        hashes, counts = np.frombuffer(terms.hashes, "<u4"), np.frombuffer(terms.counts, np.uint8)
        ends = np.frombuffer(terms.ends, "<u4")
        docs = np.repeat(np.arange(numbers.start, numbers.stop, dtype=np.int32), np.diff(ends, prepend=np.uint32(0)))
        lengths = np.bincount(docs - numbers.start, weights=counts, minlength=len(numbers))
        self._new.append((docs, hashes, counts))
        self._waiting += len(numbers)
        self._lengths[numbers.start : numbers.stop] = lengths
        self._alive[numbers.start : numbers.stop] = True
        self._number = numbers.stop
        self._live += len(numbers)
        self._total += float(lengths.sum())
        return numbers

    def remove(self, numbers: range, terms: Terms | None = None) -> None:
        """Forget texts that were added together; with their `terms`, `holding` goes on being right."""
        if terms is not None:
            self._gone.append(np.frombuffer(terms.hashes, "<u4"))
        self._alive[numbers.start : numbers.stop] = False
        self._live -= len(numbers)
        self._total -= float(self._lengths[numbers.start : numbers.stop].sum())

    def rows(self, term: int) -> tuple[Ids, Scores]:
        """Return the texts that hold a term, and how often each does."""
        self.settle()
        at = int(np.searchsorted(self._terms, np.uint32(term)))
        if at < len(self._terms) and self._terms[at] == term:
            first, last = int(self._starts[at]), int(self._starts[at + 1])
            docs, counts = self._docs[first:last], self._counts[first:last].astype(np.float32)
        else:
            docs, counts = np.empty(0, np.int32), np.empty(0, np.float32)
        if tail := self._tail.get(term):
            docs = np.concatenate([docs, np.array([number for number, _ in tail], np.int32)])
            counts = np.concatenate([counts, np.array([times for _, times in tail], np.float32)])
        if self._live < self._number:
            alive = self._alive[docs]
            docs, counts = docs[alive], counts[alive]
        return docs, counts

    def shared(self, terms: NDArray[np.uint32], most: int) -> NDArray[np.float64]:
        """Return for each text the sum, over those of `terms` that it holds, of 1 / how many texts hold the term.

        A term that more than `most` texts hold says nothing.
        """
        self.settle()
        scores = np.zeros(self._number)
        if len(self._terms):
            at = np.minimum(np.searchsorted(self._terms, terms), len(self._terms) - 1)
            at = at[self._terms[at] == terms]
            starts, holding = self._starts[at], self._starts[at + 1] - self._starts[at]
            few = holding <= most
            starts, holding = starts[few], holding[few]
            before = np.cumsum(holding) - holding
            rows = np.arange(int(holding.sum())) + np.repeat(starts - before, holding)
            scores += np.bincount(self._docs[rows], weights=np.repeat(1 / holding, holding), minlength=self._number)
        for term in self._tail.keys() & set(terms.tolist()) if self._tail else ():
            tail = self._tail[term]
            if len(tail) <= most:
                scores[[number for number, _ in tail]] += 1 / len(tail)
        return np.where(self.alive, scores, 0.0)

    def holding(self, terms: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Return how many texts hold each of `terms`, where all that were removed were so with theirs."""
        self.settle()
        found = np.zeros(len(terms), np.int64)
        if len(self._terms):
            at = np.minimum(np.searchsorted(self._terms, terms), len(self._terms) - 1)
            found = np.where(self._terms[at] == terms, self._starts[at + 1] - self._starts[at], 0)
        if self._tail:
            found = found + np.array([len(self._tail.get(term, ())) for term in terms.tolist()], np.int64)
        if self._gone:
            self._gone = [np.sort(np.concatenate(self._gone))]
            (gone,) = self._gone
            found = found - (np.searchsorted(gone, terms, "right") - np.searchsorted(gone, terms))
        return found

    def weigh(self, docs: Ids, counts: Scores, b: float = B) -> Scores:
        """Return what one term adds to the score of each of `docs`, its rarity left out."""
        average = self._total / max(self._live, 1) or 1.0
        weights = counts * (K1 + 1) / (counts + K1 * (1 - b + b * self._lengths[docs] / average))
        return weights.astype(np.float32)

    def scores(self, terms: Mapping[int, float], *, saturated: bool = False) -> Scores:
        """Return what `terms` with their weights say to each text; `saturated`: however often it holds them."""
        scores = np.zeros(self._number, np.float32)
        held = [(weight, *self.rows(term)) for term, weight in terms.items()]
        if held:
            factors = [weight * self.rarity(len(docs)) for weight, docs, _ in held]
            said = np.repeat(np.array(factors, np.float32), [len(docs) for _, docs, _ in held])
            docs, counts = (np.concatenate(each) for each in list(zip(*held, strict=True))[1:])
            np.add.at(scores, docs, said if saturated else said * self.weigh(docs, counts))
        return scores

    def rarity(self, holding: int) -> float:
        """Return the inverse document frequency of a term that `holding` texts hold; always above 0."""
        return rarity(self._live, holding)

    def settle(self) -> None:
        """Make what was added since the last question findable; each question does."""
        if self._waiting > max(_FEW, self._number // 16):
            self._sort_in()
            return
        for docs, hashes, counts in self._new[self._in_tail :]:
            for number, term, times in zip(docs.tolist(), hashes.tolist(), counts.tolist(), strict=True):
                self._tail.setdefault(term, []).append((number, times))
        self._in_tail = len(self._new)

    def _sort_in(self) -> None:
        terms = np.concatenate([np.repeat(self._terms, np.diff(self._starts)), *(each for _, each, _ in self._new)])
        docs = np.concatenate([self._docs, *(each for each, _, _ in self._new)])
        counts = np.concatenate([self._counts, *(each for _, _, each in self._new)])
        if self._live < self._number:
            alive = self._alive[docs]
            terms, docs, counts = terms[alive], docs[alive], counts[alive]
        order = np.argsort(terms, kind="stable")
        terms = terms[order]
        firsts = np.flatnonzero(np.concatenate([[True], terms[1:] != terms[:-1]])) if len(terms) else np.empty(0, int)
        self._terms = terms[firsts]
        self._starts = np.append(firsts, len(terms)).astype(np.int64)
        self._docs, self._counts = docs[order], counts[order]
        self._new, self._tail, self._in_tail, self._waiting, self._gone = [], {}, 0, 0, []


def rarity(texts: int, holding: int) -> float:
    """Return the inverse document frequency of a term that `holding` of `texts` hold; always above 0."""
    return float(np.log(1 + (texts - holding + 0.5) / (holding + 0.5)))


def to_one(scores: Scores) -> Scores:
    """Return scores as shares of the greatest, or as they are where none is above 0."""
    best = float(scores.max()) if len(scores) else 0.0
    return scores / np.float32(best) if best > 0 else scores


def greatest(values: Scores, owners: NDArray[np.integer], size: int) -> Scores:
    """Return for each of `size` owners the greatest of its values that is above 0, else 0."""
    found = np.zeros(size, np.float32)
    np.maximum.at(found, owners, values)
    return found


def flat(rows: Sequence[Collection[int]]) -> tuple[Ids, Ids]:
    """Return what stands in the rows, one after the other, and beside each the number of its row."""
    return np.array([*chain.from_iterable(rows)], np.int32), owners_of(rows)


def owners_of(rows: Sequence[Sized]) -> Ids:
    """Return for each thing in the rows, one row after the other, the number of its row."""
    return np.repeat(np.arange(len(rows), dtype=np.int32), [len(row) for row in rows])


def softmax(scores: Scores) -> Scores:
    """Return the share of each where e to the power of its score counts."""
    powers = np.exp(scores - scores.max()) if len(scores) else scores
    return powers / max(float(powers.sum()), 1e-9)


def _grown(array: NDArray[T], room: int) -> NDArray[T]:
    grown: NDArray[T] = np.zeros(room, array.dtype)
    grown[: len(array)] = array
    return grown
