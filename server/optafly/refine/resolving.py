"""Words that mean a definition without naming it: "the config loader" is `load_config` where nothing else can be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from optafly.domain import Change, Choice, FileHit, Snapshot, SymbolHit
from optafly.refine.language import detect
from optafly.refine.lexicon import Lexicon
from optafly.refine.marks import refined_already
from optafly.refine.place import Place, written
from optafly.refine.prose import Prose, read
from optafly.tokens import estimate_tokens

MOST_PHRASES = 2
LOCATED = "locate-at-"  # and where the words begin: what such a change is called
_MOST_WORDS = 3
_MOST_CANDIDATES = 5
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+|\d+")
_CODE_LIKE = re.compile(r"_|[a-z][A-Z]|\d")
_ENDINGS = ("ations", "ation", "ators", "ator", "ings", "ing", "ions", "ion", "ers", "er", "ors", "or", "ed", "es", "s")
_LEAST_STEM, _LEAST_PREFIX = 3, 5
# "The reloader restarts" may be a sentence; "the process" is none.
_PERHAPS_VERB = re.compile(r"[^s]s$")
# After one of these the last word may be the verb, too: "how does the connection pool evict idle connections?"
_AUXILIARIES = frozenset({"do", "does", "did", "can", "could", "will", "would", "should", "must", "may"})
# What stands for no part of a name: "the retry logic" is about retrying.
_BARE = frozenset({"logic", "code", "routine", "implementation", "part", "stuff", "thing"})
_GROUPS = frozenset({"class", "interface", "struct", "trait", "module", "enum", "object", "impl"})


class Phrase(msgspec.Struct, frozen=True):
    """Words of a prompt (`text`, from `start` to `end`) that may mean a definition, and what its name may hold of them.

    `certain`: they are enough to tell one definition from others; else only its whole name is. `clause`: the last of
    them is rather what it does.
    """

    text: str
    start: int
    end: int
    words: tuple[str, ...]
    certain: bool
    clause: bool = False


def phrases(snapshot: Snapshot) -> tuple[tuple[Phrase, ...], ...]:
    """Return the first definite phrases of a prompt that have words of their own; none in a prompt with code in it.

    Of each, the longest reading comes first: in "the config loader never stops" not every word belongs to it.
    """
    prose = read(snapshot.prompt)
    lexicon = detect(prose)
    if lexicon is None or not lexicon.spaced or prose.code or refined_already(prose.unfenced, snapshot):
        return ()
    known = _known(prose, lexicon)
    found: dict[str, tuple[Phrase, ...]] = {}
    at = 0
    while at < len(prose.words) and len(found) < MOST_PHRASES:
        after = _definite(prose, lexicon, at)
        if after is None or _begins_clause(prose, lexicon, at):
            at += 1
            continue
        readings, at = _phrase(prose, lexicon, known, at, after)
        if readings:
            found.setdefault(readings[-1].text.lower(), readings)  # what it means is said once
    return tuple(found.values())


def resolved(
    readings: Iterable[Phrase], hits: Sequence[FileHit], pinned: Sequence[str] = ()
) -> tuple[Phrase, tuple[FileHit, ...]] | None:
    """Return the first reading that means something, with what it may mean; see `meant`.

    Nobody is asked what a `clause` means.
    """
    meanings = ((phrase, meant(phrase, hits, pinned)) for phrase in readings)
    return next((each for each in meanings if len(each[1]) == 1 or (each[1] and not each[0].clause)), None)


def meant(phrase: Phrase, hits: Iterable[FileHit], pinned: Sequence[str] = ()) -> tuple[FileHit, ...]:
    """Return the definitions that a phrase may mean, each in a hit of its own: one where it is clear, none where not.

    Every word must stand in the definition's name, or in those around it, and one at least in its own; only one whose
    name says no more than the words is clear. What a person `pinned` (`path#Symbol`) is what they mean.
    """
    matches: dict[tuple[str, str], tuple[tuple[int, int], FileHit]] = {}
    for hit in hits:
        for symbol in hit.symbols:
            fit = _fit(phrase, hit, symbol)
            if fit is not None and not _inside_another(symbol, hit, phrase):
                one = msgspec.structs.replace(hit, symbols=(symbol,), parts=())
                matches.setdefault((hit.path, symbol.name), (fit, one))
    chosen = [one for (path, name), (_, one) in matches.items() if f"{path}#{name}" in pinned]
    if len(chosen) == 1:
        return (chosen[0],)
    ranked = sorted(matches.values(), key=lambda each: (each[0], -each[1].score))
    best = [(fit, one) for fit, one in ranked if fit == ranked[0][0]]
    if len(best) == 1 and best[0][0][1] == 0 and (phrase.certain or (len(ranked) == 1 and best[0][0] == (0, 0))):
        return (best[0][1],)
    return tuple(one for _, one in ranked) if 1 < len(ranked) <= _MOST_CANDIDATES else ()


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


def _known(prose: Prose, lexicon: Lexicon) -> bytearray:
    known = bytearray(len(prose.covered))
    for hit in lexicon.known.find(prose.covered, prose.words):
        several = hit.last - hit.first > 1  # "add retry logic" says what to write, "the retry logic" what there is
        if not (several and hit.first and _definite(prose, lexicon, hit.first - 1) == hit.first):
            known[hit.start : hit.end] = b"\x01" * (hit.end - hit.start)
    return known


def _definite(prose: Prose, lexicon: Lexicon, at: int) -> int | None:
    """Return the index behind an article or "that" at word `at`."""
    for table in (lexicon.articles, lexicon.demonstratives, lexicon.possessives):
        after = table.at(prose.covered, prose.words, at)
        if after is not None and after < len(prose.words):
            return after
    return None


def _begins_clause(prose: Prose, lexicon: Lexicon, at: int) -> bool:
    """Say whether what is like an article goes on from a noun: in "a function that parses dates" it points at none."""
    if at == 0 or not _touching(prose, at):
        return False
    before = range(max(0, at - _MOST_WORDS), at)
    return any(each.at(prose.covered, prose.words, n) == at for each in lexicon.things.values() for n in before)


def _phrase(prose: Prose, lexicon: Lexicon, known: bytearray, at: int, after: int) -> tuple[tuple[Phrase, ...], int]:
    """Return the phrases that go on at word `after`, the longest first, and the index behind them."""
    last = after
    while last < len(prose.words) and last - after < _MOST_WORDS and not known[prose.words[last].start]:
        if last > after and not _touching(prose, last):
            break
        last += 1
    found = [
        phrase
        for end in range(last, after, -1)
        if (phrase := _one(prose, lexicon, prose.words[at].start, after, end, whole=end == last)) is not None
    ]
    return tuple(found), max(last, at + 1)


def _one(prose: Prose, lexicon: Lexicon, start: int, after: int, last: int, *, whole: bool) -> Phrase | None:
    """Return the phrase of the words from `after` to `last`, with the noun behind them that says what they are."""
    own = [prose.text[word.start : word.end] for word in prose.words[after:last]]
    words = [word for word in own if word.lower() not in _BARE]
    end = last
    if last < len(prose.words) and _touching(prose, last):
        nouns = (each for thing, each in lexicon.things.items() if thing in ("code", "part", "class", "file"))
        nouns = (*nouns, lexicon.test_things)
        end = next((n for each in nouns if (n := each.at(prose.covered, prose.words, last)) is not None), last)
        end += end == last and prose.words[last].text in _BARE
        words += ["test"] if lexicon.test_things.at(prose.covered, prose.words, last) is not None else []
    stop = prose.words[end - 1].end
    if not words or any(_CODE_LIKE.search(word) for word in words) or not _alone(prose, stop):
        return None
    if len(words) == 1 and end == last and len(own) == 1:
        return None
    asked = whole and end == last and after > 1
    clause = asked and len(words) > 1 and prose.words[after - 2].text in _AUXILIARIES
    doubtful = clause or (end == last and _PERHAPS_VERB.search(words[-1]))
    certain = len(words) > 1 and not doubtful
    return Phrase(prose.text[start:stop], start, stop, tuple(words), certain, clause)


def _touching(prose: Prose, index: int) -> bool:
    between = prose.covered[prose.words[index - 1].end : prose.words[index].start]
    return between.strip(" -") == "" and "\n" not in between


def _alone(prose: Prose, end: int) -> bool:
    """Say whether nothing follows that names the thing already: a place in brackets, a name in ticks."""
    return not prose.text[end:].lstrip(" ").startswith(("(", "`", "_", "/"))


def _fit(phrase: Phrase, hit: FileHit, symbol: SymbolHit) -> tuple[int, int] | None:
    """Return how badly a definition fits: words that are not in its own name, and parts of that which are no words.

    One that is called just so fits whatever its parts are: "the multipart parser" may be `MultiPartParser`.
    """
    *outer, name = re.split(r"\.|::", symbol.name)
    if name.replace("_", "").lower() == "".join(phrase.words).lower():
        return 0, 0
    parts = _parts(name)
    words = [_stem(word.lower()) for word in phrase.words]
    missing = [word for word in words if not any(_alike(word, part) for part in parts)]
    around = [part for each in (*outer, hit.path.rpartition("/")[2].partition(".")[0]) for part in _parts(each)]
    if len(missing) == len(words) or not all(any(_alike(word, part) for part in around) for word in missing):
        return None
    return len(missing), sum(not any(_alike(word, part) for word in words) for part in parts)


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
