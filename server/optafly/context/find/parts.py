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
from numpy.typing import NDArray

from optafly.context.find.corpus import Held
from optafly.context.find.entry import simple_name
from optafly.context.find.postings import Scores, greatest, softmax
from optafly.context.find.query import Query
from optafly.context.find.ranker import Way
from optafly.context.find.signals import Scored
from optafly.context.find.terms import hashes_of
from optafly.context.outline.model import Chunk, Outline
from optafly.domain import Part

FILES = 25
"""Of the files behind these nothing is taken but their path and their signatures."""

_MOST = 80  # of one file
_NAMED = np.float32(15.0)  # by hand: what the prompt names by its line comes before all else, in any file
_LEAST_SHARE = 1e-4  # of a file: what has less is hopeless in the same way

Signals = dict[str, Scores]
Lines = NDArray[np.int64]


class Alike(dict[str, float]):
    """Which share of the terms of a name the prompt has, for every name that is asked for; `plain` are its words."""

    def __init__(self, query: Query) -> None:
        super().__init__()
        self.plain = frozenset(query.plain)
        self._words = frozenset(query.words)

    def __missing__(self, name: str) -> float:
        terms = hashes_of(name)
        shared = 0 if self._words.isdisjoint(terms) else len(self._words.intersection(terms))
        found = self[name] = shared / max(len(terms), 1)
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
    best = best[:FILES]
    signals = signals_of(best, scored, alike, used)
    scores = np.zeros(sum(len(each.held.chunks) for each in best), np.float32)
    for name, weight in shipped()[way].items():
        scores += np.float32(weight) * signals[name]
    found: list[tuple[Part, ...]] = []
    end = 0
    for held, *_ in best:
        start, end = end, end + len(held.chunks)
        chunks, mine = held.entry.outline.chunks, scores[start:end]
        for line in scored.lines.get(held.entry.path, ()):
            mine += _NAMED * np.array([chunk.start_line <= line <= chunk.end_line for chunk in chunks], np.float32)
        found.append(tuple(_parts(chunks, mine)))
    return found


def _parts(chunks: Sequence[Chunk], scores: Scores) -> Iterator[Part]:
    order: list[int] = np.argsort(-scores, kind="stable")[:_MOST].tolist()
    rounded: list[float] = scores[order].astype(np.float64).round(4).tolist()
    for at, score in zip(order, rounded, strict=True):
        yield Part(start_line=chunks[at].start_line, end_line=chunks[at].end_line, score=score)


def signals_of(best: Sequence[Best], scored: Scored, alike: Alike, used: Collection[str]) -> Signals:
    """Return what is known of each chunk of these files, one file after the other, by the names of the weights."""
    files = [each.held for each in best]
    said = np.concatenate([scored.chunks[:0], *(scored.chunks[held.chunks.start : held.chunks.stop] for held in files)])
    shares = np.log(softmax(np.array([each.score for each in best], np.float32)) + _LEAST_SHARE)
    sizes = np.array([len(held.chunks) for held in files], int)
    of_file = np.repeat(np.arange(len(files)), sizes)
    return {
        "file": shares[of_file].astype(np.float32),
        "place": (1.0 / (1 + of_file)).astype(np.float32),
        "many": np.log1p(sizes)[of_file].astype(np.float32),
        **_by_words(said, within(scored, [held.chunks for held in files]), of_file),
        **_by_names(files, of_file, alike, used),
        **_by_commits(files, scored),
    }


def within(scored: Scored, files: Sequence[range]) -> Scores:
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
    return found


def names_used(active: Held | None) -> Collection[str]:
    """Return the names that the open file uses."""
    return active.entry.outline.references if active is not None else ()


def _by_words(said: Scores, inner: Scores, of_file: Lines) -> Signals:
    """Return what the words of the prompt say of chunks, and of those beside them in their file."""
    said = said / np.float32(said.max(initial=0.0) or 1.0)
    order = np.lexsort((-said, of_file))
    rank = np.empty(len(said), np.float32)
    rank[order] = np.arange(len(said)) - np.searchsorted(of_file, of_file)
    return {
        "said": np.sqrt(said),
        "inner": _to_one(inner, of_file),
        "rank": np.log(2 + rank),
        "beside": _beside(_to_one(said, of_file), of_file),
    }


def _to_one(values: Scores, of_file: Lines) -> Scores:
    """Return values as shares of the greatest of their file, or as they are where none is above 0."""
    most = greatest(values, of_file, int(of_file.max(initial=-1)) + 1)
    return values / np.where(most > 0, most, 1).astype(np.float32)[of_file]


def _beside(values: Scores, of_file: Lines) -> Scores:
    """Return the mean of the values right before and behind each in its file; 0 stands where there is none."""
    total = np.zeros(len(values), np.float32)
    same = of_file[1:] == of_file[:-1]
    total[1:] += np.where(same, values[:-1], np.float32(0))
    total[:-1] += np.where(same, values[1:], np.float32(0))
    return total / np.float32(2)


def _by_names(files: Sequence[Held], of_file: Lines, alike: Alike, used: Collection[str]) -> Signals:
    """Return how the prompt and the open file speak of what each chunk defines, or lies in; and how long it is."""
    outlines = [held.entry.outline for held in files]
    names = [simple_name(definition.name) for outline in outlines for definition in outline.definitions]
    said = np.zeros((4, len(names) + 1), np.float32)  # the last column is for chunks that lie in no definition
    said[0, :-1] = [alike[name] for name in names]
    said[1, :-1] = [name in alike.plain for name in names]
    if used:
        said[2, :-1] = [name in used for name in names]
    said[3, :-1] = 1.0
    inside: list[int] = []
    before = 0
    for outline in outlines:
        inside += [-1 if chunk.definition is None else before + chunk.definition for chunk in outline.chunks]
        before += len(outline.definitions)
    found = said[:, inside]
    found[3] = 0.0  # to lie in a definition is not to begin one
    starts = np.array([chunk.start_line for outline in outlines for chunk in outline.chunks], np.int64)
    ends = np.array([chunk.end_line for outline in outlines for chunk in outline.chunks], np.int64)
    begun = _beginning(outlines, starts, ends, of_file)
    known = np.flatnonzero(begun >= 0)
    for row, values in zip(found, said, strict=True):
        np.maximum.at(row, begun[known], values[known])
    return {
        "alike": found[0],
        "named": found[1],
        "used": found[2],
        "bare": 1.0 - found[3],
        "long": np.log((1 + ends - starts).astype(np.float32)),
    }


def _by_commits(files: Sequence[Held], scored: Scored) -> Signals:
    """Return what commits left of each chunk: those like the prompt, and those that changed the open file."""
    places = scored.hunks.places([(held.entry.path, held.entry.terms.marks, len(held.chunks)) for held in files])
    return {name: np.log1p(places.told(said)) for name, said in scored.commits._asdict().items()}


def _beginning(outlines: Sequence[Outline], starts: Lines, ends: Lines, of_file: Lines) -> Lines:
    """Return in which chunk each definition begins, -1 for none."""
    counts = [len(outline.definitions) for outline in outlines]
    of_definition = np.repeat(np.arange(len(outlines)), counts)
    lines = np.array([each.start_line for outline in outlines for each in outline.definitions], np.int64)
    apart = int(max(lines.max(initial=0), ends.max(initial=0))) + 1  # so that the lines of all files ascend
    at = np.searchsorted(ends + apart * of_file, lines + apart * of_definition)
    if not len(starts):
        return np.full(len(at), -1)
    last = np.minimum(at, len(starts) - 1)
    here = (at == last) & (of_file[last] == of_definition) & (starts[last] <= lines)
    return np.where(here, last, -1)
