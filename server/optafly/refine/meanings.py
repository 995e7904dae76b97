"""Which definitions the words of a prompt mean, and how that is told: clear, or a choice, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from optafly.domain import Change, Choice, FileHit, Snapshot, SymbolHit
from optafly.refine.language import detect
from optafly.refine.place import Place, written
from optafly.refine.prose import read
from optafly.refine.resolving import Phrase
from optafly.tokens import estimate_tokens

LOCATED = "locate-at-"  # and where the words begin: what such a change is called
_MOST_CANDIDATES = 5
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+|\d+")
_ENDINGS = ("ations", "ation", "ators", "ator", "ings", "ing", "ions", "ion", "ers", "er", "ors", "or", "ed", "es", "s")
_LEAST_STEM, _LEAST_PREFIX = 3, 5
_GROUPS = frozenset({"class", "interface", "struct", "trait", "module", "enum", "object", "impl", "record"})
_REFERENCES = "&*"  # before the type of an `impl`
_FUNCTIONS = frozenset({"function", "method"})


def resolved(
    readings: Iterable[Phrase], hits: Sequence[FileHit], pinned: Sequence[str] = ()
) -> tuple[Phrase, tuple[FileHit, ...]] | None:
    """Return the first reading that means something, with what it may mean; see `meant`.

    Nobody is asked what a `clause` means, nor what a reading does that may have a word too many, where one with fewer
    is clear.
    """
    meanings = [(phrase, meant(phrase, hits, pinned)) for phrase in readings]
    first = next((each for each in meanings if len(each[1]) == 1 or (each[1] and not each[0].clause)), None)
    if first is None or len(first[1]) == 1 or first[0].certain:
        return first
    return next((each for each in meanings if len(each[1]) == 1), first)


def meant(phrase: Phrase, hits: Iterable[FileHit], pinned: Sequence[str] = ()) -> tuple[FileHit, ...]:
    """Return the definitions that a phrase may mean, each in a hit of its own: one where it is clear, none where not.

    Every word must stand in the definition's name, or in those around it, and one at least in its own; only one whose
    name says no more than the words is clear. Of those with the same name, types come before functions and these before
    all else, and what stands in nothing before what does. What a person `pinned` (`path#Symbol`) is what they mean.
    """
    matches: dict[tuple[str, str], tuple[tuple[int, int], FileHit]] = {}
    for hit in hits:
        for symbol in hit.symbols:
            fit = _fit(phrase, hit, symbol)
            of_the_kind = symbol.kind in _GROUPS or not phrase.of_a_class
            if fit is not None and of_the_kind and not _inside_another(symbol, hit, phrase):
                one = msgspec.structs.replace(hit, symbols=(symbol,), parts=())
                matches.setdefault((hit.path, symbol.name.lstrip(_REFERENCES)), (fit, one))
    chosen = [one for (path, name), (_, one) in matches.items() if f"{path}#{name}" in pinned]
    if len(chosen) == 1:
        return (chosen[0],)
    ranked = sorted(matches.values(), key=lambda each: (each[0], -each[1].score))
    missing, more = ranked[0][0] if ranked else (0, 0)
    if (missing, more) != (0, 0) and len(phrase.words) > 1 and not phrase.certain:
        return ()  # "when the config changes": rather what it does than a `ChangedConfig`
    found = [one for _, one in ranked]
    name = "".join(phrase.words).lower()
    best = _foremost([one for fit, one in ranked if fit == ranked[0][0]], name)
    so_called = len(phrase.words) > 1 and len(best) == 1 and _own(best[0]) == name
    sure = phrase.certain or ((missing, more) == (0, 0) and (phrase.of_a_class or len(found) == 1 or so_called))
    if len(best) == 1 and more == 0 and sure:
        return (best[0],)
    if len(best) > 1 and (missing, more) == (0, 0):
        found = best
    return tuple(found) if 1 < len(found) <= _MOST_CANDIDATES else ()


def _foremost(hits: Sequence[FileHit], name: str) -> list[FileHit]:
    """Return the hits without those that others of their name come before; a type of that `name` alone where one is."""
    best: dict[str, tuple[int, bool]] = {}
    for hit in hits:
        own, place = _own(hit), _place(hit)
        best[own] = min(place, best.get(own, place))
    foremost = [hit for hit in hits if _place(hit) == best[_own(hit)]]
    return [hit for hit in foremost if _own(hit) == name and _place(hit)[0] == 0] or foremost


def _own(hit: FileHit) -> str:
    return _bare(re.split(r"\.|::", hit.symbols[0].name)[-1])


def _bare(name: str) -> str:
    return name.lstrip(_REFERENCES).replace("_", "").lower()


def _place(hit: FileHit) -> tuple[int, bool]:
    symbol = hit.symbols[0]
    kind = 1 if symbol.kind == "impl" else 0 if symbol.kind in _GROUPS else 2 if symbol.kind in _FUNCTIONS else 3
    return kind, re.search(r"\.|::", symbol.name) is not None


def located(phrase: Phrase, hit: FileHit, lexicon_of: Snapshot) -> Change:
    """Return the change that says which definition a phrase means."""
    lexicon = detect(read(lexicon_of.prompt))
    symbol = hit.symbols[0].name
    text = written(Place(hit.path, symbol=symbol), lexicon.wording if lexicon else None)
    return Change(
        id=f"{LOCATED}{phrase.start}",
        kind="locate",
        start=phrase.end,
        before="",
        after=text,
        reason=f"Adds what “{phrase.text}” is: {symbol} in {hit.path}.",
        tokens=estimate_tokens(text),
    )


def unclear(phrase: Phrase, hits: tuple[FileHit, ...]) -> Choice:
    """Return the question which of several definitions a phrase means."""
    return Choice(words=phrase.text, start=phrase.start, candidates=hits)


def _fit(phrase: Phrase, hit: FileHit, symbol: SymbolHit) -> tuple[int, int] | None:
    """Return how badly a definition fits: words that are not in its own name, and parts of that which are no words.

    One that is called just so fits whatever its parts are: "the multipart parser" may be `MultiPartParser`.
    """
    *outer, name = re.split(r"\.|::", symbol.name)
    if _bare(name) == "".join(phrase.words).lower():
        return 0, 0
    parts = _parts(name)
    words = [_stem(word.lower()) for word in phrase.words]
    missing = [word for word in words if not any(_alike(word, part) for part in parts)]
    around = [part for each in (*outer, hit.path.rpartition("/")[2].partition(".")[0]) for part in _parts(each)]
    if len(missing) == len(words) or not all(any(_alike(word, part) for part in around) for word in missing):
        return None
    head = words[-1] in missing  # "the lsp runtime" is rather a runtime
    return len(missing) + head, sum(not any(_alike(word, part) for word in words) for part in parts)


def _inside_another(symbol: SymbolHit, hit: FileHit, phrase: Phrase) -> bool:
    """Say whether a definition lies in one that fits as well: the class is meant, not its methods."""
    outer, dot, _ = symbol.name.rpartition(".")
    holder = next((each for each in hit.symbols if each.name == outer), None) if dot else None
    return holder is not None and holder.kind in _GROUPS and (_fit(phrase, hit, holder) or (1, 0))[0] == 0


def _parts(name: str) -> list[str]:
    return [_stem(part.lower()) for part in _PART.findall(name)]


def _stem(word: str) -> str:
    if word.endswith("ies") and len(word) > _LEAST_STEM + 2:
        return f"{word[:-3]}y"
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word.removesuffix(ending)
    return word.removesuffix("e") if len(word) > _LEAST_STEM else word


def _alike(word: str, part: str) -> bool:
    short, long = sorted((word, part), key=len)
    return short == long or (len(short) >= _LEAST_PREFIX and long.startswith(short))
