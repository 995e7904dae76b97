"""Which parts of the files that were found speak most to the question: a linear model, as that of the files is.

A part's score is the sum of what is known of it and of its file, each times its weight. The weights are fitted by
tests/bench/finding/parts.py with the loss that the files' are fitted with; the target of a part is its share of all
lines that a commit changed. So e to the power of a score tells how much of a change lies in a part, up to one factor
that all parts of an answer share.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec
import numpy as np

from optafly.context.find.corpus import Held
from optafly.context.find.entry import simple_name
from optafly.context.find.postings import Scores, softmax, to_one
from optafly.context.find.query import Query
from optafly.context.find.ranker import Way
from optafly.context.find.signals import Scored
from optafly.context.find.terms import hashes_of
from optafly.context.outline.model import Chunk
from optafly.domain import Part

FILES = 25
"""Of the files behind these nothing is taken but their path and their signatures."""

_MOST = 80  # of one file
_NAMED = np.float32(15.0)  # by hand: what the prompt names by its line comes before all else, in any file
_LEAST_SHARE = 1e-4  # of a file: what has less is hopeless in the same way

Signals = dict[str, Scores]


class Alike(dict[str, float]):
    """Which share of the terms of a name the prompt has, for every name that is asked for; `plain` are its words."""

    def __init__(self, query: Query) -> None:
        super().__init__()
        self.plain = frozenset(query.plain)
        self._words = frozenset(query.words)

    def __missing__(self, name: str) -> float:
        terms = hashes_of(name)
        found = self[name] = len(self._words.intersection(terms)) / max(len(terms), 1)
        return found


class Best(NamedTuple):
    """A file that was found, its score, and its place in the ranking; None for the open one, which is in none."""

    held: Held
    score: float
    place: int | None


@cache
def shipped() -> dict[Way, dict[str, float]]:
    """Return the weights that are shipped, by the way of asking and the signal."""
    data = resources.files("optafly.context.find").joinpath("parts.json").read_bytes()
    return msgspec.json.decode(data, type=dict[Way, dict[str, float]])


def parts_of(
    best: Sequence[Best], scored: Scored, alike: Alike, used: Collection[str], way: Way
) -> list[tuple[Part, ...]]:
    """Return the parts of each of the first files, the best parts first; `used` are the names the open file uses."""
    found: list[tuple[Part, ...]] = []
    weights = shipped()[way]
    for each, signals in zip(best[:FILES], signals_of(best, scored, alike, used), strict=True):
        scores: Scores = np.stack([signals[name] for name in weights]).T @ np.array([*weights.values()], np.float32)
        chunks = each.held.entry.outline.chunks
        for line in scored.lines.get(each.held.entry.path, ()):
            scores += _NAMED * np.array([chunk.start_line <= line <= chunk.end_line for chunk in chunks], np.float32)
        found.append(tuple(_parts(chunks, scores)))
    return found


def _parts(chunks: Sequence[Chunk], scores: Scores) -> Iterator[Part]:
    order: list[int] = np.argsort(-scores, kind="stable")[:_MOST].tolist()
    for at in order:
        yield Part(start_line=chunks[at].start_line, end_line=chunks[at].end_line, score=round(float(scores[at]), 4))


def signals_of(best: Sequence[Best], scored: Scored, alike: Alike, used: Collection[str]) -> list[Signals]:
    """Return what is known of each chunk of each of the first files, by the names of the weights."""
    files = [each.held for each in best[:FILES]]
    values = [scored.chunks[held.chunks.start : held.chunks.stop] for held in files]
    most = max((float(each.max()) for each in values if len(each)), default=0.0) or 1.0
    shares = np.log(softmax(np.array([each.score for each in best[:FILES]], np.float32)) + _LEAST_SHARE)
    inner = within(scored, [held.chunks for held in files])
    return [
        {
            "file": np.full(len(each), shares[place], np.float32),
            "place": np.full(len(each), 1.0 / (1 + place), np.float32),
            **_by_words((each / most).astype(np.float32), inner[place]),
            **_by_names(held, alike, used),
            **_by_shape(held),
        }
        for place, (held, each) in enumerate(zip(files, values, strict=True))
    ]


def within(scored: Scored, files: Sequence[range]) -> list[Scores]:
    """Compare the chunks of each file by the words of the prompt with one another.

    A word that all chunks of a file have tells none of them apart, however rare it is elsewhere.
    """
    starts, stops = np.array([each.start for each in files], int), np.array([each.stop for each in files], int)
    sizes = stops - starts
    offsets = np.cumsum(sizes) - sizes
    found = np.zeros(int(sizes.sum()), np.float32)
    for docs, said in scored.terms:
        first = np.searchsorted(docs, starts)
        holding = np.searchsorted(docs, stops) - first
        rarities = np.log(1 + (sizes - holding + 0.5) / (holding + 0.5))
        rows = np.arange(int(holding.sum())) + np.repeat(first - (np.cumsum(holding) - holding), holding)
        found[docs[rows] + np.repeat(offsets - starts, holding)] += np.repeat(rarities, holding) * said[rows]
    return np.split(found, offsets[1:])


def names_used(active: Held | None) -> Collection[str]:
    """Return the names that the open file uses."""
    return active.entry.outline.references if active is not None else ()


def _by_words(said: Scores, inner: Scores) -> Signals:
    """Return what the words of the prompt say of the chunks of one file, and of those beside them."""
    rank = np.empty(len(said), np.float32)
    rank[np.argsort(-said, kind="stable")] = np.arange(len(said))
    return {
        "said": np.sqrt(said),
        "inner": to_one(inner),
        "rank": np.log(2 + rank),
        "beside": _beside(to_one(said)),
    }


def _beside(values: Scores) -> Scores:
    """Return the mean of the values right before and behind each; 0 stands where there is none."""
    total = np.zeros(len(values), np.float32)
    total[1:] += values[:-1]
    total[:-1] += values[1:]
    return total / np.float32(2)


def _by_names(held: Held, alike: Alike, used: Collection[str]) -> Signals:
    """Return how the prompt and the open file speak of what each chunk defines, or lies in."""
    definitions, chunks = held.entry.outline.definitions, held.entry.outline.chunks
    names = [simple_name(each.name) for each in definitions]
    said = np.zeros((4, len(names) + 1), np.float32)  # the last column is for chunks that lie in no definition
    said[0, :-1] = [alike[name] for name in names]
    said[1, :-1] = [name in alike.plain for name in names]
    if used:
        said[2, :-1] = [name in used for name in names]
    said[3, :-1] = 1.0
    found = said[:, [-1 if each.definition is None else each.definition for each in chunks]]
    found[3] = 0.0  # to lie in a definition is not to begin one
    starts = np.array([each.start_line for each in definitions], np.int32)
    at = np.searchsorted(np.array([each.end_line for each in chunks], np.int32), starts)
    inside = np.flatnonzero(at < len(chunks))
    inside = inside[np.array([each.start_line for each in chunks], np.int32)[at[inside]] <= starts[inside]]
    for row, values in zip(found, said, strict=True):
        np.maximum.at(row, at[inside], values[inside])
    return {"alike": found[0], "named": found[1], "used": found[2], "bare": 1.0 - found[3]}


def _by_shape(held: Held) -> Signals:
    chunks = held.entry.outline.chunks
    return {
        "many": np.full(len(chunks), np.log1p(len(chunks)), np.float32),
        "long": np.log(np.array([1 + each.end_line - each.start_line for each in chunks], np.float32)),
    }
