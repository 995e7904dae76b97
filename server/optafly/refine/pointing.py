"""Where a prompt points at what is on the screen: "this function", "the bug", "here", "it"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

import msgspec

from optafly.refine.lexicon import Lexicon, Thing
from optafly.refine.phrases import Hit, Phrases, Word
from optafly.refine.prose import Prose
from optafly.refine.traces import of_a_message

# A word is not pointing but part of a name or a path where one of these touches it.
_TIES_BEFORE = set("._/\\-`@#$'’\x00")
_TIES_AFTER = set("_/\\(=[{`'’:\x00\"")
_BOUNDS = set(".-:")
_UNKNOWN = re.compile(rb"\x00+")
_INFLECTION = re.compile(r"[\u3040-\u309f]{1,2}")  # "され" of "計算される": two hiragana are seldom a noun
_NEAR = 100  # characters
_SENTENCE_ENDING = re.compile(r"\s*(?:[.?!…]+(?=\s|$)|[,;:](?=\s)|\n)")


class Pointing(msgspec.Struct, frozen=True):
    """Words that point at code: where they end, and what kind of thing they name (None for "it" or "here").

    `after` is where what they mean can be said without parting them from the words that follow. `all_here`: they are
    "the functions here", all that there are in the thing.
    """

    start: int
    end: int
    thing: Thing | None
    sentence_end: int | None = None
    all_here: bool = False

    @property
    def after(self) -> int:
        """The end of the words that point, or of their sentence where words follow that we do not know."""
        return self.end if self.sentence_end is None else self.sentence_end


class Numbered(msgspec.Struct, frozen=True):
    """Lines that a prompt names by number (1-based, inclusive), and where in the prompt that ends."""

    end: int
    first: int
    last: int


def pointing(prose: Prose, lexicon: Lexicon, on_screen: Callable[[str], bool], *, asked: bool) -> Pointing | None:
    """Return the first words that point at code in the editor, a named thing ("this loop") before a bare "it".

    `on_screen` says whether a word stands in the active file: "this widget" points there only if one does. `asked` says
    whether the prompt asks for something we know: in "do it", "it" is what was talked about before.
    """
    if prose.code:
        return None
    named = _spaced(prose, lexicon, on_screen) if lexicon.spaced else _unspaced(prose, lexicon)
    for found in named:
        if _stands_alone(prose, found.start, found.end, lexicon):
            return msgspec.structs.replace(found, all_here=_ends_here(prose, lexicon, found))
    bare = [*lexicon.here.find(prose.covered, prose.words)]
    pronouns = lexicon.pronouns.find(prose.covered, prose.words) if asked else ()
    bare += [hit for hit in pronouns if _means_the_screen(prose, lexicon, hit)]
    for hit in sorted(bare, key=lambda hit: hit.start):
        if _stands_alone(prose, hit.start, hit.end, lexicon):
            return _of_all(prose, lexicon, hit) or Pointing(hit.start, hit.end, None)
    return _behaving(prose, lexicon) or (_subject(prose, lexicon) if asked else None)


def _of_all(prose: Prose, lexicon: Lexicon, here: Hit) -> Pointing | None:
    """Return the "functions here" that a "here" is a part of: those of the whole file."""
    for thing in ("file", "class"):
        for hit in lexicon.things[thing].find(prose.covered, prose.words):
            if hit.start <= here.start and here.end <= hit.end and _stands_alone(prose, hit.start, hit.end, lexicon):
                return Pointing(hit.start, hit.end, thing, all_here=True)
    return None


def _ends_here(prose: Prose, lexicon: Lexicon, found: Pointing) -> bool:
    hits = lexicon.here.find(prose.covered, prose.words)
    return found.thing in ("file", "class") and any(found.start < hit.start < found.end for hit in hits)


def _behaving(prose: Prose, lexicon: Lexicon) -> Pointing | None:
    """Return the "this" of "this waits too long": what it does says that it is code, whatever is asked.

    "It" and "that" are so at the beginning of a sentence alone: in "a thread that loops" they are what was named.
    """
    subjects = {hit.start for hit in lexicon.subjects.find(prose.covered, prose.words)}
    for hit in sorted(lexicon.pronouns.find(prose.covered, prose.words), key=lambda hit: (hit.start, -hit.end)):
        does = _follows(prose, lexicon.behaves, hit, lexicon)
        if hit.start in subjects:
            does = does or _follows(prose, lexicon.should_behave, hit, lexicon)
        elif lexicon.spaced and hit.first and _touching(prose.covered, prose.words[hit.first - 1].end, hit.start):
            continue
        if (
            does
            and names_nothing(prose, lexicon, hit.start)
            and not _has(lexicon, prose, 0, hit.first)
            and _stands_alone(prose, hit.start, hit.end, lexicon)
        ):
            return Pointing(hit.start, hit.end, None, _sentence_end(prose, hit.end) if lexicon.spaced else None)
    return None


def _follows(prose: Prose, phrases: Phrases, hit: Hit, lexicon: Lexicon) -> bool:
    """Say whether one of the phrases comes right behind a hit."""
    if not lexicon.spaced:
        behind = prose.covered[hit.end : hit.end + _NEAR].lstrip(" ")
        return behind.startswith(phrases.all)
    words = prose.words
    return (
        hit.last < len(words)
        and _touching(prose.covered, hit.end, words[hit.last].start)
        and phrases.at(prose.covered, words, hit.last) is not None
    )


def _subject(prose: Prose, lexicon: Lexicon) -> Pointing | None:
    """Return the "this" of "why does this lose a cent?", which what follows it does not have to be known for."""
    for hit in lexicon.subjects.find(prose.covered, prose.words):
        if hit.first == 0 and lexicon.demonstratives.at(prose.covered, prose.words, 0) is not None:
            continue  # "this settings page crashes"
        if (
            names_nothing(prose, lexicon, hit.start)
            and not _has(lexicon, prose, 0, hit.first)
            and not _is_thing(lexicon, prose, hit.last)
            and _stands_alone(prose, hit.start, hit.end, lexicon)
        ):
            return Pointing(hit.start, hit.end, None, _sentence_end(prose, hit.end))
    return None


def _sentence_end(prose: Prose, start: int) -> int:
    """Return where the sentence that goes on at `start` ends, its punctuation left out."""
    ending = _SENTENCE_ENDING.search(prose.covered, start)
    return ending.start() if ending else len(prose.covered.rstrip())


def numbered(prose: Prose, lexicon: Lexicon, last_line: int) -> Numbered | None:
    """Return the first "line 17" or "lines 3-9" that a file of so many lines has, and that no message speaks of."""
    for match in _numbered(lexicon).finditer(prose.covered):
        numbers = [int(number) for number in match.groups() if number]
        if of_a_message(prose.covered[match.end() : match.end() + _NEAR]):
            continue
        if not prose.code and 0 < numbers[0] <= numbers[-1] <= last_line:
            return Numbered(match.end(), numbers[0], numbers[-1])
    return None


@cache
def _numbered(lexicon: Lexicon) -> re.Pattern[str]:
    """A person writes line numbers as we do."""
    templates = (lexicon.wording.lines, lexicon.wording.line)
    spelled = (r"(\d{1,6})".join(map(re.escape, each.split("{}"))) for each in templates)
    words = "|".join(each.lower().replace(r"\ ", r"\s*").replace(r"\-", r"\s*[-–]\s*") for each in spelled)
    return re.compile((r"(?<!\w)" if lexicon.spaced else "") + rf"(?:{words})(?![\d:])")


def names_nothing(prose: Prose, lexicon: Lexicon, end: int | None = None) -> bool:
    """Say whether everything up to `end` is common words: nothing there has a name of its own."""
    end = len(prose.text) if end is None else end
    if not lexicon.spaced:
        near = max((word.end for word in prose.words if word.start < min(end, _NEAR)), default=0)
        return all(unknown_words(prose, lexicon, each) == 0 for each in (min(near, end), end))
    known = 0
    for index, word in enumerate(prose.words):  # asked for often, and mostly answered by one of the first words
        if word.start >= end:
            break
        known = max(known, lexicon.known.at(prose.covered, prose.words, index) or 0)
        if index >= known:
            return False
    return "\x00" not in prose.covered[:end]


def unknown_words(prose: Prose, lexicon: Lexicon, end: int | None = None) -> int:
    """Count the words up to `end` that the language's tables do not hold; quoted and inline code counts as one."""
    end = len(prose.text) if end is None else end
    named = int("\x00" in prose.covered[:end])
    known = bytearray(len(prose.covered))
    words = tuple(word for word in prose.words if word.start < end)
    for hit in lexicon.known.find(prose.covered[:end], words):
        known[hit.start : hit.end] = b"\x01" * (hit.end - hit.start)
    return named + sum(_strange(word, known[word.start : word.end], lexicon) for word in words)


def own_words(prose: Prose, lexicon: Lexicon | None) -> tuple[Word, ...]:
    """Return the words that the language's tables do not hold, as they were written: what a prompt is about.

    In a script without spaces these are the runs of characters between those that the tables hold.
    """
    known = bytearray(len(prose.covered))
    for hit in lexicon.known.find(prose.covered, prose.words) if lexicon is not None else ():
        known[hit.start : hit.end] = b"\x01" * (hit.end - hit.start)
    return tuple(
        Word(prose.text[start:end], start, end)
        for word in prose.words
        if not word.text.isdecimal()  # "under 50 lines", "Python 3": a number names nothing
        for start, end in _runs(word, known, whole=lexicon is None or lexicon.spaced or word.text.isascii())
    )


def announced(prose: Prose, lexicon: Lexicon, own: tuple[Word, ...]) -> int:
    """Return how many of the person's `own` words stand before what they paste: "fix this error: TypeError: …"."""
    colon = min((at for mark in ":：" if (at := prose.covered.find(mark)) >= 0), default=-1)
    before = tuple(word for word in prose.words if word.start < colon)
    if lexicon.demonstratives.first(prose.covered[: max(colon, 0)], before) is None:
        return len(own)
    return sum(word.start < colon for word in own)


def _runs(word: Word, known: bytearray, *, whole: bool) -> Iterator[tuple[int, int]]:
    """Yield where the unknown parts of a word begin and end."""
    start, end = word.start, word.end
    if whole:
        if not all(known[start:end]):
            yield start, end
        return
    for match in _UNKNOWN.finditer(known, start, end):
        if not _INFLECTION.fullmatch(word.text, match.start() - start, match.end() - start):
            yield match.span()


def _strange(word: Word, known: bytearray, lexicon: Lexicon) -> int:
    if lexicon.spaced or word.text.isascii():
        return 0 if all(known) else 1
    return (known.count(0) + 1) // 2  # two characters make about one word


def _spaced(prose: Prose, lexicon: Lexicon, on_screen: Callable[[str], bool]) -> Iterator[Pointing]:
    text, words = prose.covered, prose.words
    mentioned: set[str] = set()
    for first in range(len(words)):
        for phrases in (lexicon.demonstratives, lexicon.possessives, lexicon.articles):
            after = phrases.at(text, words, first)
            if after is None or after >= len(words):
                continue
            if words[first].text in ("this", "that") and lexicon.behaves.at(text, words, after) is not None:
                continue  # "that loops for ever": a verb
            shows = phrases is lexicon.demonstratives and not _begins_clause(prose, first, after)
            seen = on_screen if shows else None
            noun, found = _noun(prose, lexicon, after, on_screen=seen)
            if found is None or noun in mentioned or _is_another(prose, lexicon, found):
                continue
            if phrases is lexicon.articles and not _plainly_definite(prose, lexicon, first, found):
                continue
            # "The tests" are all that there are, and seldom those in sight.
            if phrases is lexicon.articles and lexicon.test_things.at(text, words, after) and not on_screen(noun):
                continue
            if found.thing != "project":
                yield Pointing(words[first].start, found.end, found.thing)
        mentioned.add(words[first].text)


def _noun(
    prose: Prose, lexicon: Lexicon, at: int, *, on_screen: Callable[[str], bool] | None
) -> tuple[str, Pointing | None]:
    """Return the noun that begins at word `at`, up to two adjectives aside, with its thing."""
    text, words = prose.covered, prose.words
    for first in range(at, min(at + 3, len(words))):
        best: tuple[int, Thing] | None = None
        for thing, phrases in lexicon.things.items():
            last = phrases.at(text, words, first)
            if last is not None and (best is None or last > best[0]):
                best = (last, thing)
        if best is not None and _touching(text, words[at - 1].end, words[first].start):
            return words[first].text, Pointing(words[at].start, words[best[0] - 1].end, best[1])
        if lexicon.adjectives.at(text, words, first) is None:
            break
    word = words[at]
    if on_screen is not None and len(word.text) > 2 and _touching(text, words[at - 1].end, word.start):
        known = lexicon.known.at(text, words, at) is not None
        if not known and on_screen(word.text):
            return word.text, Pointing(word.start, word.end, "code")
    return "", None


def _is_another(prose: Prose, lexicon: Lexicon, found: Pointing) -> bool:
    """Say whether a word for a type is but the beginning of what is meant: "cette structure de dossiers"."""
    return found.thing == "class" and is_one(lexicon.types, found, prose) and not ends_phrase(prose, lexicon, found.end)


def is_one(nouns: Phrases, points: Pointing, prose: Prose) -> bool:
    """Say whether words that point are one of these nouns."""
    return any(points.start <= hit.start < points.end for hit in nouns.find(prose.covered, prose.words))


def _begins_clause(prose: Prose, first: int, after: int) -> bool:
    """Say whether a "that" rather begins a clause: in "test that load raises" it does not point at a load."""
    words = prose.words
    more = after + 1 < len(words) and _touching(prose.covered, words[after].end, words[after + 1].start)
    return more and words[first].text == "that"


def _touching(text: str, start: int, end: int) -> bool:
    """Say whether only words and white space lie between two words, no punctuation."""
    return not any(letter in ".,;:!?()\n\x00" for letter in text[start:end])


def _plainly_definite(prose: Prose, lexicon: Lexicon, first: int, noun: Pointing) -> bool:
    """Say whether "the bug" can only be the one on the screen: nothing is named before it or right after it."""
    return names_nothing(prose, lexicon, prose.words[first].start) and ends_phrase(prose, lexicon, noun.end)


def ends_phrase(prose: Prose, lexicon: Lexicon, end: int) -> bool:
    """Say whether no word goes on with the noun that ends there: "this type", not "this type hint" or "… of loop"."""
    if not lexicon.spaced:
        behind = prose.covered[end : end + _NEAR].lstrip(" ")
        more = behind[:1].isalnum() and not behind.startswith(lexicon.function_words.all)
        return not (more or behind.startswith(("\x00", *lexicon.of.all)))
    index = next((i for i, word in enumerate(prose.words) if word.start >= end), None)
    if index is None or not _touching(prose.covered, end, prose.words[index].start):
        return not prose.covered[end:].lstrip(" ").startswith("\x00")
    if lexicon.of.at(prose.covered, prose.words, index) is not None:
        return False
    return any(
        phrases.at(prose.covered, prose.words, index) is not None
        for phrases in (lexicon.function_words, lexicon.filler, lexicon.here, lexicon.pronouns)
    )


def _means_the_screen(prose: Prose, lexicon: Lexicon, hit: Hit) -> bool:
    if not names_nothing(prose, lexicon, hit.start):
        return False
    if not lexicon.spaced:
        return True
    words = prose.words
    if _has(lexicon, prose, 0, hit.first) or _begins_more(lexicon, prose, hit):
        return False
    if hit.last >= len(words) or not _touching(prose.covered, hit.end, words[hit.last].start):
        return True
    return any(phrases.at(prose.covered, words, hit.last) is not None for phrases in _followers(lexicon))


def _begins_more(lexicon: Lexicon, prose: Prose, hit: Hit) -> bool:
    """Say whether a pronoun is none: the "this" of "this error: …", the "that" of "check that a user …"."""
    at = (prose.covered, prose.words, hit.first)
    if (lexicon.function_words.at(*at) or 0) > hit.last:
        return True
    return lexicon.demonstratives.at(*at) is not None and _is_thing(lexicon, prose, hit.last)


def _followers(lexicon: Lexicon) -> tuple[Phrases, ...]:
    return (lexicon.function_words, lexicon.filler, lexicon.here, *lexicon.intents.values())


def _has(lexicon: Lexicon, prose: Prose, first: int, last: int) -> bool:
    """Say whether a thing was mentioned before: then "it" is that thing."""
    things = (phrases for thing, phrases in lexicon.things.items() if thing != "trouble")
    return any(phrases.at(prose.covered, prose.words, i) is not None for phrases in things for i in range(first, last))


def _is_thing(lexicon: Lexicon, prose: Prose, index: int) -> bool:
    """Say whether a noun follows: "this error: …" announces something, its "this" stands for nothing by itself."""
    if index >= len(prose.words) or not _touching(prose.covered, prose.words[index - 1].end, prose.words[index].start):
        return False
    return any(phrases.at(prose.covered, prose.words, index) is not None for phrases in lexicon.things.values())


def _unspaced(prose: Prose, lexicon: Lexicon) -> Iterator[Pointing]:
    text = prose.covered
    hits = sorted(lexicon.demonstratives.find(text, ()), key=lambda hit: (hit.start, -hit.end))
    for hit in hits:
        best: tuple[int, Thing] | None = None
        for thing, phrases in lexicon.things.items():
            for noun in phrases.all:
                end = hit.end + len(noun)
                if text.startswith(noun, hit.end) and (best is None or end > best[0]):
                    best = (end, thing)
        if best is not None and best[1] != "project":
            yield Pointing(hit.start, best[0], best[1])


def _stands_alone(prose: Prose, start: int, end: int, lexicon: Lexicon) -> bool:
    """Say whether words stand for themselves: no part of a name or path, and no announcement ("this error: …")."""
    text = prose.text
    after, next_after = text[end : end + 1], text[end + 1 : end + 2]
    if after in (":", "：") or text[end:].lstrip(" ").startswith(("(", "（", "`")):
        return False
    if not lexicon.spaced:
        return True
    if (start and text[start - 1] in _TIES_BEFORE) or after in _TIES_AFTER:
        return False
    return not (after in _BOUNDS and next_after and not next_after.isspace())
