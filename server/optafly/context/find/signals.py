"""What speaks for each file, one array of scores per signal; how they are weighed together is `ranker`'s part.

Every signal was measured alone and in the mix (docs/decisions/094-finding.md); what did not help is not here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from optafly.context.find.corpus import Corpus, Held
from optafly.context.find.entry import Entry
from optafly.context.find.hunks import Commits, Hunks
from optafly.context.find.nearness import DIMENSIONS
from optafly.context.find.places import lines_named, mentioned
from optafly.context.find.postings import K1, B, Ids, Postings, Scores, greatest, rarity, to_one
from optafly.context.find.query import Query
from optafly.context.find.terms import hash_of, parts_of
from optafly.context.find.titles import Precedents

_BEST_CHUNKS = 3
_FEW_HOLD = 20
_TELLING = 60
_COMMON = 0.2  # a term that this share of all chunks has tells no file from another
_OF_ACTIVE = ("together", "imported", "importer", "calls", "called", "beside", "worded")


class Scored(msgspec.Struct, frozen=True):
    """The signals by name, each over the numbers of all files, and what each chunk says to the words.

    `chunks` compares a chunk with all others. `terms` is what each term of the prompt says to the chunks that hold it,
    their numbers ascending and its rarity left out. `precedents` are what earlier commits tell, `lines` those that
    the prompt names, by path; `hunks` what commits left in files, `commits` what these say to the question.
    """

    files: dict[str, Scores]
    chunks: Scores
    terms: tuple[tuple[Ids, Scores], ...]
    precedents: Precedents | None = None
    lines: Mapping[str, Collection[int]] = msgspec.field(default_factory=dict[str, Collection[int]])
    hunks: Hunks = msgspec.field(default_factory=Hunks)
    commits: Commits = Commits()


def scored(
    corpus: Corpus,
    query: Query,
    *,
    active: str | None = None,
    around: Mapping[str, float] | None = None,
    vector: NDArray[np.float32] | None = None,
) -> Scored:
    """Score every file for `query`, asked with the file `active` open and the person at those `around`.

    `vector` is the prompt's own, of length 1.
    """
    found = _by_words(corpus, query)
    files, size = found.files, corpus.capacity
    files["names"] = corpus.names.scores(query.words) + corpus.names.scores(query.pairs)
    files["path"] = corpus.paths.scores(query.words, saturated=True)
    files["stem"] = _stems(corpus, query)
    files["defines"] = _exact(corpus.defines, query.names or query.plain, size)
    files["uses"] = _exact(corpus.uses, query.names, size)
    files["mentioned"] = corpus.spread(mentioned(corpus, query).items())
    files["edited"] = corpus.spread((around or {}).items())
    like = corpus.history.alike(query.plain if not query.vague else ()) if corpus.history is not None else None
    _add_history(corpus, like, files)
    files["area"] = corpus.areas(query.title) if not query.vague else np.zeros(size, np.float32)
    told = corpus.precedents(vector) if vector is not None and not query.vague else None
    files["precedent"] = corpus.told(told) if told is not None else np.zeros(size, np.float32)
    held = corpus.get(active) if active else None
    _add_active(corpus, held, files)
    _add_meaning(corpus, held, vector, files)
    commits = _of_commits(corpus, like, active)
    return msgspec.structs.replace(
        found, precedents=told, lines=lines_named(corpus, query), hunks=corpus.hunks, commits=commits
    )


def _by_words(corpus: Corpus, query: Query) -> Scored:
    """Score chunks and whole files by the words of the prompt (BM25, each with its own lengths and rarities)."""
    size, of_chunk, postings = corpus.capacity, corpus.of_chunk, corpus.chunks
    chunks, words = np.zeros(postings.capacity, np.float32), np.zeros(size, np.float32)
    terms: list[tuple[Ids, Scores]] = []
    lengths = corpus.lengths
    scale = K1 * (1 - B + B * lengths / max(float(lengths.sum()) / max(len(corpus), 1), 1.0))
    for term, weight in query.words.items():
        docs, counts = postings.rows(term)
        if len(docs):
            said = weight * postings.weigh(docs, counts)
            chunks[docs] += postings.rarity(len(docs)) * said
            terms.append((docs, said))
            files, times = _per_file(of_chunk[docs], counts, size)
            words[files] += weight * rarity(len(corpus), len(files)) * times * (K1 + 1) / (times + scale[files])
    chunks += np.float32(0.5) * postings.scores(query.pairs)
    best = greatest(chunks, of_chunk, size)
    return Scored({"words": words, "chunk": best, "chunks": _best_few(best, chunks, of_chunk)}, chunks, tuple(terms))


def _per_file(files: Ids, counts: Scores, size: int) -> tuple[Ids, Scores]:
    total = np.bincount(files, weights=counts, minlength=size).astype(np.float32)
    numbers = np.flatnonzero(total).astype(np.int32)
    return numbers, total[numbers]


def _best_few(best: Scores, chunks: Scores, of_chunk: Ids) -> Scores:
    """Return the sum of the best few chunks of each file, the `best` of which is known."""
    numbers = np.flatnonzero(chunks > 0)
    files, left = of_chunk[numbers], chunks[numbers]  # those of a file have neighbouring numbers
    few = best.astype(np.float64)
    for _ in range(_BEST_CHUNKS - 1):
        at = np.flatnonzero(left == best[files])
        others = np.ones(len(left), np.bool_)
        others[at[np.flatnonzero(np.diff(files[at], prepend=-1))]] = False  # one of equal ones
        files, left = files[others], left[others]
        best = greatest(left, files, len(best))
        few += best
    return few.astype(np.float32)


def _exact(postings: Postings, names: Iterable[str], size: int) -> Scores:
    """Score files by names as they are written, each divided among the files that have it."""
    scores = np.zeros(size, np.float32)
    for name in names:
        docs, _ = postings.rows(hash_of(name))
        scores[docs] += 1.0 / max(len(docs), 1)
    return scores


def _stems(corpus: Corpus, query: Query) -> Scores:
    """Return for each file which share of its name's parts the prompt holds."""
    scores = np.zeros(corpus.capacity, np.float32)
    for part in {part for word in query.plain for part in parts_of(word)}:
        docs, _ = corpus.stems.rows(hash_of(part))
        scores[docs] += 1.0
    return (scores / np.maximum(corpus.stems.lengths, 1.0)).astype(np.float32)


def _add_history(corpus: Corpus, like: NDArray[np.float64] | None, files: dict[str, Scores]) -> None:
    size, history = corpus.capacity, corpus.history
    files["size"] = corpus.sizes
    files["recent"] = corpus.recent[:size]
    files["changes"] = np.log1p(corpus.changes[:size])
    found = history.told_by(like) if history is not None and like is not None else {}
    files["history"] = np.sqrt(corpus.spread(found.items()))


def _of_commits(corpus: Corpus, like: NDArray[np.float64] | None, active: str | None) -> Commits:
    history = corpus.history
    if history is None or like is None:
        return Commits()
    like = np.square(like / (like.max(initial=0.0) or 1.0))
    together = history.sharing(active) if active is not None else np.zeros_like(like)
    return Commits(like.astype(np.float32), together.astype(np.float32))


def _add_active(corpus: Corpus, active: Held | None, files: dict[str, Scores]) -> None:
    """Score files by how they belong to the open one: by commits, imports, shared names, folders and words."""
    files |= dict.fromkeys(_OF_ACTIVE, np.zeros(corpus.capacity, np.float32))
    if active is None:
        return
    path, terms = active.entry.path, active.entry.terms
    files["together"] = corpus.changed_with(path)
    if (graph := corpus.graph) is not None:
        files["imported"] = corpus.spread((other, 1.0) for other in graph.imports(path))
        files["importer"] = corpus.spread((other, 1.0) for other in graph.importers(path))
    files["calls"] = _linked(terms.uses.hashes, corpus.defines)
    files["called"] = _linked(terms.defines.hashes, corpus.uses)
    files["beside"] = corpus.folders.beside(path.rpartition("/")[0], corpus.capacity)
    files["worded"] = _worded(corpus, active.entry)
    for name in _OF_ACTIVE:
        files[name][active.number] = 0.0


def add_company(corpus: Corpus, files: dict[str, Scores], best: Sequence[int], weights: Sequence[float]) -> None:
    """Score files by what changed together with those that were found first, each of which speaks with its weight."""
    files["company"] = _changed_with(corpus, best, weights)


def add_witnesses(corpus: Corpus, files: dict[str, Scores], best: Sequence[int], weights: Sequence[float]) -> None:
    """Score files by the tests, pages and examples that speak to the question, each with its weight.

    `witnessed` is what changed together with these, `exercised` what they import.
    """
    files["witnessed"] = _changed_with(corpus, best, weights)
    files["exercised"] = exercised = np.zeros(corpus.capacity, np.float32)
    for number, weight in zip(best, weights, strict=True):
        if corpus.graph is not None and (imported := corpus.graph.imports(corpus.path(number))):
            share = weight / len(imported) ** 0.5
            exercised += corpus.spread((other, share) for other in imported)


def _changed_with(corpus: Corpus, files: Sequence[int], weights: Sequence[float]) -> Scores:
    """Return how much of the word of these files goes to what changed together with each."""
    total = np.zeros(corpus.capacity, np.float32)
    for number, weight in zip(files, weights, strict=True):
        total += np.float32(weight) * to_one(corpus.changed_with(corpus.path(number)))
    return total


def _linked(hashes: bytes, postings: Postings) -> Scores:
    """Score files by the names that they share with these, the rare ones most."""
    return np.log1p(postings.shared(np.frombuffer(hashes, "<u4"), _FEW_HOLD)).astype(np.float32)


def _add_meaning(
    corpus: Corpus, active: Held | None, vector: NDArray[np.float32] | None, files: dict[str, Scores]
) -> None:
    """Score files by how near their vectors are to that of the prompt, and to those of the open one."""
    own = b"" if active is None else active.entry.vectors or b""
    asked = np.empty((0, DIMENSIONS), np.float32) if vector is None else vector[None]
    near = corpus.nearness(np.concatenate([asked, np.frombuffer(own, "<f2").reshape(-1, DIMENSIONS)]))
    files["similar"] = near[: len(asked)].max(axis=0, initial=0.0)
    files["alike"] = near[len(asked) :].max(axis=0, initial=0.0)
    if active is not None:
        files["alike"][active.number] = 0.0


def _worded(corpus: Corpus, entry: Entry) -> Scores:
    """Return how much the best chunk of other files has of the terms that tell this file from others."""
    postings, held = corpus.chunks, entry.terms.chunks
    hashes, places = np.unique(np.frombuffer(held.hashes, "<u4"), return_inverse=True)
    counts = np.bincount(places, weights=np.frombuffer(held.counts, np.uint8), minlength=len(hashes))
    most = max(_COMMON * len(postings), _FEW_HOLD)
    holding = postings.holding(hashes)
    rarities = np.log(1 + (len(postings) - holding + 0.5) / (holding + 0.5))
    weights = np.where((holding > 1) & (holding < most), np.log1p(counts) * rarities, 0.0)
    telling = np.argsort(-weights, kind="stable")[:_TELLING]
    terms = {int(hashes[at]): float(weights[at]) for at in telling if weights[at] > 0}
    return greatest(postings.scores(terms), corpus.of_chunk, corpus.capacity)
