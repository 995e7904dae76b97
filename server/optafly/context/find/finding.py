"""From a prompt and what the editor shows to files, best first, each with its reasons, its symbols and its lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from optafly.context.find.corpus import Corpus, Held
from optafly.context.find.entry import simple_name
from optafly.context.find.hits import file_hit, symbol_hit
from optafly.context.find.postings import Ids, Scores
from optafly.context.find.query import Query
from optafly.context.find.ranker import Ranker, Ranking, Way, rank, shipped
from optafly.context.find.reasons import Reasons
from optafly.context.find.signals import add_company, scored
from optafly.context.find.terms import hashes_of, stem
from optafly.context.outline.model import Definition, FileKind
from optafly.domain import FileHit, Part, SymbolHit

_SPEAKING = 5
_WHATEVER_IS_ASKED = frozenset({"recent", "changes", "size", "beside"})
_BY_MEANING = ("similar", "alike")
_SAME_SUBJECT = 0.4  # the least cosine that is said to a person
_LEAST = {"similar": 0.2, "alike": 0.2}  # texts that have nothing to do with each other are a little alike
_MOST_SYMBOLS = 6
_MOST_PARTS = 40
_DETAILED = 30  # of the files behind these only their paths are shown
_TELLING_PARTS = 5
_ASKED_FOR: dict[FileKind, frozenset[str]] = {
    "test": frozenset({"test", "spec", "pytest", "unittest", "fixtur", "mock"}),
    "docs": frozenset({"doc", "document", "readm", "changelog", "tutori"}),
    "example": frozenset({"exampl", "demo", "sampl"}),
    "config": frozenset({"config", "configur", "ci", "workflow", "depend", "packag", "docker", "build", "lint"}),
}


def find(
    root: str,
    corpus: Corpus,
    query: Query,
    *,
    active: str | None = None,
    around: Mapping[str, float] | None = None,
    vector: NDArray[np.float32] | None = None,
    limit: int = 20,
    ranker: Ranker | None = None,
) -> tuple[FileHit, ...]:
    """Return at most `limit` files of `corpus` for `query`, best first.

    `active` is the path of the open file: what belongs to it is found even for a prompt that says nothing, and it
    comes first itself where the prompt does not say otherwise. `around` are further files that the person is at, edited
    of late or open, with how much that says (0 to 1). `vector` is that of the prompt. Only source files are
    found, but for kinds that the prompt or the open file speaks of, and files that are mentioned.
    """
    found = scored(corpus, query, active=active, around=around, vector=vector)
    held = corpus.get(active) if active else None
    numbers = corpus.numbers(_kinds(query, held))
    mentioned = np.flatnonzero(found.files["mentioned"]).astype(np.int32)
    numbers = np.union1d(numbers, mentioned).astype(np.int32)
    if not _speaks(found.files, numbers):
        numbers = numbers[:0]
    way: Way = "asked" if held is None else "vague" if query.vague else "both"
    ranking = ordered(corpus, found.files, numbers, ranker or shipped(), way)
    reasons = Reasons(corpus, query, active)
    hits: list[FileHit] = []
    for at, number in enumerate(ranking.numbers[: limit + 1].tolist()):
        each = corpus.get(corpus.path(number))
        assert each
        hit = file_hit(root, each, float(ranking.scores[at]))
        if at < _DETAILED:
            gave = {name: float(part[at]) for name, part in ranking.parts.items()}
            gave |= {name: 0.0 for name in _BY_MEANING if found.files[name][number] < _SAME_SUBJECT}
            hit = _detailed(hit, each, query, found.chunks, reasons.of(each, gave), held)
        hits.append(hit)
    if held is not None and query.vague:
        why = ("it is open in the editor",)
        hits = _first(hits, _detailed(file_hit(root, held, 0.0), held, query, found.chunks, why, None))
    return tuple(hits[:limit])


def _speaks(signals: dict[str, Scores], numbers: Ids) -> bool:
    """Tell whether anything speaks for any file, beside what is true of it whatever is asked."""
    return any(
        bool((values[numbers] > _LEAST.get(name, 0.0)).any())
        for name, values in signals.items()
        if name not in _WHATEVER_IS_ASKED
    )


def ordered(corpus: Corpus, signals: dict[str, Scores], numbers: Ids, ranker: Ranker, way: Way) -> Ranking:
    """Order files by their signals, in two steps: those that are found first speak for what belongs to them."""
    first = rank(signals, numbers, ranker.first)
    best = first.scores[:_SPEAKING]
    weights = np.exp(best - best.max()) if len(best) else best
    weights = weights / max(float(weights.sum()), 1e-9)
    add_company(corpus, signals, first.numbers[: len(best)].tolist(), weights.tolist())
    return rank(signals, numbers, ranker.weights(way))


def _first(hits: Sequence[FileHit], hit: FileHit) -> list[FileHit]:
    best = max((each.score for each in hits), default=0.0)
    others = [each for each in hits if each.path != hit.path]
    return [msgspec.structs.replace(hit, score=best), *others]


def _kinds(query: Query, active: Held | None) -> set[FileKind]:
    kinds: set[FileKind] = {"source", "other"}
    words = {stem(word.casefold()) for word in query.plain}
    kinds.update(kind for kind, asking in _ASKED_FOR.items() if words & asking)
    if active is not None:
        kinds.add(active.entry.kind)
    return kinds


def _detailed(
    hit: FileHit, held: Held, query: Query, chunks: Scores, reasons: tuple[str, ...], active: Held | None
) -> FileHit:
    values = chunks[held.chunks.start : held.chunks.stop]
    parts = [
        Part(start_line=chunk.start_line, end_line=chunk.end_line, score=float(value))
        for chunk, value in zip(held.entry.outline.chunks, values.tolist(), strict=True)
        if value > 0
    ]
    parts.sort(key=lambda part: -part.score)
    symbols = _symbols(held, query, parts[:_TELLING_PARTS], active)
    return msgspec.structs.replace(hit, reasons=reasons, symbols=symbols, parts=tuple(parts[:_MOST_PARTS]))


def _symbols(held: Held, query: Query, parts: Sequence[Part], active: Held | None) -> tuple[SymbolHit, ...]:
    """Return the definitions that matter: those that the prompt names, then those around its best lines."""
    named = set(query.names) | set(query.plain)
    words = {term for word in query.plain for term in hashes_of(word)}
    used = active.entry.outline.references if active is not None and active.number != held.number else {}
    best = parts[0].score if parts else 1.0
    scores: list[tuple[float, int, Definition]] = []
    for at, definition in enumerate(held.entry.outline.definitions):
        name = simple_name(definition.name)
        score = 3.0 * (name in named) + 1.0 * (name in used)
        terms = hashes_of(name)
        score += len(words.intersection(terms)) / max(len(terms), 1)
        first, last = definition.start_line, definition.end_line
        score += next((p.score / best for p in parts if p.start_line <= last and p.end_line >= first), 0.0)
        if score > 0:
            scores.append((score, at, definition))
    scores.sort(key=lambda each: (-each[0], each[1]))
    return tuple(symbol_hit(definition) for _, _, definition in scores[:_MOST_SYMBOLS])
