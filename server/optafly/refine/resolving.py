"""Words of a prompt that may mean a definition without naming it: "the config loader", "that login test"."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from optafly.domain import Snapshot
from optafly.refine.language import detect
from optafly.refine.lexicon import Lexicon
from optafly.refine.marks import refined_already
from optafly.refine.prose import Prose, read

MOST_PHRASES = 2
_MOST_WORDS = 3
_CODE_LIKE = re.compile(r"_|[a-z][A-Z]|\d")
# "The reloader restarts" may be a sentence, and "is the result cached?" is one; "the process" is none.
_PERHAPS_VERB = re.compile(r"[^s]s$|[^e]ed$")
# After one of these the last word may be the verb, too: "how does the connection pool evict idle connections?"
_AUXILIARIES = frozenset({"do", "does", "did", "can", "could", "will", "would", "should", "must", "may"})
# What stands for no part of a name: "the retry logic" is about retrying.
_BARE = frozenset({"logic", "code", "routine", "implementation", "part", "stuff", "thing"})


class Phrase(msgspec.Struct, frozen=True):
    """Words of a prompt (`text`, from `start` to `end`) that may mean a definition, and what its name may hold of them.

    `certain`: they are enough to tell one definition from others; else only its whole name is. `clause`: the last of
    them is rather what it does. `of_a_class`: the noun behind them says that it is one.
    """

    text: str
    start: int
    end: int
    words: tuple[str, ...]
    certain: bool
    clause: bool = False
    of_a_class: bool = False


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


def names_of(readings: Iterable[Phrase]) -> tuple[str, ...]:
    """Return how a definition would be written that is called by all words of a reading; its case does not matter.

    What is found for words alone may lack it: in a long file much else has the same words.
    """
    words = [phrase.words for phrase in readings if len(phrase.words) > 1 or phrase.of_a_class]
    return tuple(dict.fromkeys(name for each in words for name in ("".join(each), "_".join(each))))


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
    of_a_class = end > last and lexicon.things["class"].at(prose.covered, prose.words, last) is not None
    return Phrase(prose.text[start:stop], start, stop, tuple(words), certain, clause, of_a_class)


def _touching(prose: Prose, index: int) -> bool:
    between = prose.covered[prose.words[index - 1].end : prose.words[index].start]
    return between.strip(" -") == "" and "\n" not in between


def _alone(prose: Prose, end: int) -> bool:
    """Say whether nothing follows that names the thing already: a place in brackets, a name in ticks."""
    return not prose.text[end:].lstrip(" ").startswith(("(", "`", "_", "/"))
