"""From a prompt and what the editor shows to files, best first, each with its reasons, its symbols and its lines."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from optafly.context.find.corpus import Corpus, Held
from optafly.context.find.entry import simple_name
from optafly.context.find.hits import file_hit, symbol_hit
from optafly.context.find.parts import Alike, Best, names_used, parts_of
from optafly.context.find.postings import Ids, Scores, softmax
from optafly.context.find.query import Query
from optafly.context.find.ranker import Compared, Ranker, Ranking, Way, rank, shipped
from optafly.context.find.reasons import Reasons
from optafly.context.find.signals import Scored, add_company, add_witnesses, scored
from optafly.context.find.terms import stem
from optafly.context.outline.model import Definition, FileKind
from optafly.domain import FileHit, Part, SymbolHit

_FIRST = 5
_WITNESSES = 10
_SPEAK_FOR_CODE: tuple[FileKind, ...] = ("test", "docs", "example")
_WHATEVER_IS_ASKED = frozenset({"recent", "changes", "size", "beside", "company"})
_BY_MEANING = ("similar", "alike", "precedent")
_SAME_SUBJECT = 0.4  # the least cosine that is said to a person
# Texts that have nothing to do with each other are a little alike.
_LEAST = {"similar": 0.2, "alike": 0.2, "precedent": 0.4}
_MOST_SYMBOLS = 6
_DETAILED = 30  # of the files behind these only their paths are shown
_TELLING_PARTS = 5
_OPEN = "it is open in the editor"
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
    numbers = np.union1d(numbers, mentioned).astype(np.int32) if len(mentioned) else numbers
    way = _way(query, held)
    ranking = ordered(corpus, found.files, numbers, ranker or shipped(), way, limit + 1)
    if not _speaks(found.files, numbers):
        ranking = msgspec.structs.replace(ranking, numbers=numbers[:0], scores=ranking.scores[:0])
    best = in_order(corpus, ranking, held if way == "vague" else None, limit)
    reasons, alike, used = Reasons(corpus, query, active, found), Alike(query), names_used(held)
    named = alike.plain.union(query.names)
    parts = parts_of(_by_content(best, found, ranking), found, alike, used, way)
    hits: list[FileHit] = []
    for at, (each, score, place) in enumerate(best):
        hit = file_hit(root, each, score)
        if at < _DETAILED:
            gave = ranking.gave(place) if place is not None else {}
            gave |= {name: 0.0 for name in _BY_MEANING if found.files[name][each.number] < _SAME_SUBJECT}
            hit = msgspec.structs.replace(
                hit,
                reasons=reasons.of(each, gave) if place is not None else (_OPEN,),
                symbols=_symbols(each, named, alike, found.chunks, used if each is not held else ()),
                parts=parts[at] if at < len(parts) else (),
            )
        hits.append(hit)
    return tuple(hits)


def parts_in(
    path: str, corpus: Corpus, query: Query, *, active: str | None = None, around: Mapping[str, float] | None = None
) -> tuple[Part, ...]:
    """Return the parts of one file, found or not, those first that speak most to `query`; none where nothing does."""
    held, opened = corpus.get(path), corpus.get(active) if active else None
    if held is None:
        return ()
    found = scored(corpus, query, active=active, around=around)
    if not found.chunks[held.chunks.start : held.chunks.stop].any() and path not in found.lines:
        return ()
    return parts_of([Best(held, 0.0, None)], found, Alike(query), names_used(opened), _way(query, opened))[0]


def _way(query: Query, opened: Held | None) -> Way:
    return "asked" if opened is None else "vague" if query.vague else "both"


def _by_content(best: Sequence[Best], found: Scored, ranking: Ranking) -> list[Best]:
    """Return the files as they would score had the prompt named none of their lines: it means these, not all others."""
    return [
        each._replace(score=each.score - ranking.gave(each.place).get("mentioned", 0.0))
        if each.place is not None and each.held.entry.path in found.lines
        else each
        for each in best
    ]


def _speaks(signals: dict[str, Scores], numbers: Ids) -> bool:
    """Tell whether anything speaks for any file, beside what is true of it whatever is asked."""
    return any(
        bool((values[numbers] > _LEAST.get(name, 0.0)).any())
        for name, values in signals.items()
        if name not in _WHATEVER_IS_ASKED
    )


def ordered(
    corpus: Corpus, signals: dict[str, Scores], numbers: Ids, ranker: Ranker, way: Way, most: int | None = None
) -> Ranking:
    """Order files by their signals, in two steps: those that are found first speak for what belongs to them.

    So do the files that are not asked for: a test tells in words what the code that it imports does.
    """
    compared = Compared(signals, numbers)
    add_company(corpus, signals, *_speaking(rank(compared, ranker.first, _FIRST)))
    others = np.setdiff1d(corpus.numbers(_SPEAK_FOR_CODE), numbers, assume_unique=True).astype(np.int32)
    others = others if _speaks(signals, others) else others[:0]
    add_witnesses(corpus, signals, *_speaking(rank(Compared(signals, others), ranker.first, _WITNESSES)))
    return rank(compared, ranker.weights(way), most)


def _speaking(ranking: Ranking) -> tuple[list[int], list[float]]:
    """Return files, and the share of the word that each has."""
    shares: list[float] = softmax(ranking.scores).tolist()
    first: list[int] = ranking.numbers.tolist()
    return first, shares


def in_order(corpus: Corpus, ranking: Ranking, opened: Held | None, limit: int) -> list[Best]:
    """Return at most `limit` of the files that were found, best first; one that is `opened` comes before all."""
    numbers, scores = ranking.numbers[: limit + 1].tolist(), ranking.scores[: limit + 1].tolist()
    found = [
        Best(held, score, place)
        for place, (number, score) in enumerate(zip(numbers, scores, strict=True))
        if (held := corpus.get(corpus.path(number))) is not None
    ]
    if opened is None:
        return found[:limit]
    best = max((each.score for each in found), default=0.0)
    return [Best(opened, best, None), *(each for each in found if each.held.number != opened.number)][:limit]


def _kinds(query: Query, active: Held | None) -> set[FileKind]:
    kinds: set[FileKind] = {"source", "other"}
    words = {stem(word.casefold()) for word in query.plain}
    kinds.update(kind for kind, asking in _ASKED_FOR.items() if words & asking)
    if active is not None:
        kinds.add(active.entry.kind)
    return kinds


def _symbols(
    held: Held, named: Collection[str], alike: Alike, chunks: Scores, used: Collection[str]
) -> tuple[SymbolHit, ...]:
    """Return the definitions that matter: those that are `named` in the prompt, then those around its best lines."""
    said = chunks[held.chunks.start : held.chunks.stop]
    outlined = held.entry.outline.chunks
    order: list[int] = np.argsort(-said, kind="stable")[:_TELLING_PARTS].tolist()
    best = float(said[order[0]]) if order else 0.0
    telling = [(outlined[at].start_line, outlined[at].end_line, float(said[at]) / best) for at in order if said[at] > 0]
    scores: list[tuple[float, int, Definition]] = []
    for at, definition in enumerate(held.entry.outline.definitions):
        name = simple_name(definition.name)
        score = 3.0 * (name in named) + 1.0 * (name in used) + alike[name]
        first, last = definition.start_line, definition.end_line
        for start, end, says in telling:
            if start <= last and end >= first:
                score += says
                break
        if score > 0:
            scores.append((score, at, definition))
    scores.sort(key=lambda each: (-each[0], each[1]))
    return tuple(symbol_hit(definition) for _, _, definition in scores[:_MOST_SYMBOLS])
