"""What code is searched for, where a prompt is not in English.

`die` ends a shell script, `on` is in every event handler and `comment` in every parser: to a German, a French question
they are "the", "one" and "how". What names something is also looked for by the word that code has for it:
"Konfiguration" by `config`. English needs neither: the index knows its small words itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

import msgspec

from optafly.refine.language import LEXICON_OF, UNKNOWN, without_names
from optafly.refine.languages.concepts import CONCEPTS
from optafly.refine.languages.others import OTHERS, SMALL
from optafly.refine.phrases import Hit, Phrases, Word
from optafly.refine.prose import Prose

_MOST_CHARACTERS = 16_000  # of a prompt: finding reads no more of it
_EVERYDAY = "?"  # behind the words of code in a table
_LEAST = 2  # words that English lacks, or everyday words of code: one alone may be a name, or of the world
_CODE_BEFORE = re.compile(r"(?:[.@#$~_]|--)\Z")
_CODE_AFTER = re.compile(r"[(\[{=_]|[.:]\w")
# Said to mean what they are in code as often as what they are in their language.
_NAMES = frozenset({"dir", "io", "simple", "vite"})


class Sought(msgspec.Struct, frozen=True):
    """What is searched for: `prompt` without what is `silent`, with what code calls its `concepts`.

    They are `everyday` where there is one alone, which is said of the world as often as of code.
    """

    prompt: str
    silent: tuple[Hit, ...] = ()
    concepts: tuple[tuple[Hit, str], ...] = ()
    everyday: bool = False

    @property
    def of_code(self) -> Sought:
        """The same where only its own words say that a prompt is about code: without what is `everyday`."""
        return Sought(self.prompt, self.silent) if self.everyday else self

    @property
    def text(self) -> str:
        """The words, in the lines that they stand in."""
        if not self.silent and not self.concepts:
            return self.prompt  # which may be long
        letters = list(self.prompt)
        for hit in self.silent:
            letters[hit.start : hit.end] = " " * (hit.end - hit.start)
        for hit, names in self.concepts:
            letters[hit.end - 1] += f" {names} "
        return "".join(letters)


def sought(prose: Prose, language: str) -> Sought:
    """Return what is searched for: all of the prompt, where its language is English or cannot be told.

    What is quoted, a path, or written as code is always: `die`, die.sh, die(), DIE.
    """
    if language in (UNKNOWN, "en"):
        return Sought(prose.text)
    prose = without_names(_beginning(prose))
    silent, concepts = _silent(prose, language), _concepts(prose, language)
    sure = silent or not all(prose.covered[hit.start : hit.end].isascii() for hit, _ in concepts)
    if not sure:
        return Sought(prose.text, silent)
    lone = len({names for _, names in concepts}) < _LEAST
    everyday = lone and any(_is_everyday(_said(prose, hit), language) for hit, _ in concepts)
    return Sought(prose.text, silent, tuple(concepts), everyday)


def _beginning(prose: Prose) -> Prose:
    if len(prose.text) <= _MOST_CHARACTERS:
        return prose
    words = tuple(word for word in prose.words if word.end <= _MOST_CHARACTERS)
    text, covered = prose.text[:_MOST_CHARACTERS], prose.covered[:_MOST_CHARACTERS]
    return msgspec.structs.replace(prose, text=text, covered=covered, words=words)


def _silent(prose: Prose, language: str) -> tuple[Hit, ...]:
    if not _spaced(language):
        return tuple(_phrases(language).find(prose.covered, prose.words))
    words = [word for word in prose.words if word.text in _small_words(language) and not _is_code(prose.text, word)]
    telling = {word.text for word in words} - _small_words("en")
    if len(telling) < _LEAST and all(map(str.isascii, telling)):
        return ()
    return tuple(Hit(word.start, word.end) for word in words)


def _concepts(prose: Prose, language: str) -> list[tuple[Hit, str]]:
    found: list[tuple[Hit, str]] = []
    for hit in _known(language).find(prose.covered, prose.words):
        words = prose.words[hit.first : hit.last]
        names = _names_of(_said(prose, hit), language)
        if names and not any(_is_code(prose.text, word) for word in words):
            found.append((hit, names))
    return found


def _said(prose: Prose, hit: Hit) -> str:
    words = prose.words[hit.first : hit.last]
    return " ".join(word.text for word in words) or prose.covered[hit.start : hit.end]


def _spaced(language: str) -> bool:
    return language not in LEXICON_OF or LEXICON_OF[language].spaced


def _is_code(text: str, word: Word) -> bool:
    written = text[word.start : word.end]
    before, after = text[max(word.start - 2, 0) : word.start], text[word.end : word.end + 2]
    return (len(written) > 1 and written.isupper()) or bool(_CODE_BEFORE.search(before) or _CODE_AFTER.match(after))


@cache
def _small_words(language: str) -> frozenset[str]:
    lexicon = LEXICON_OF.get(language)
    if lexicon is not None:
        return lexicon.typical.union(lexicon.small.all) - _NAMES
    return frozenset(f"{OTHERS[language]} {SMALL.get(language, '')}".split())


@cache
def _phrases(language: str) -> Phrases:
    """Return what says nothing in a script without spaces; one character alone is a part of other words too."""
    return Phrases("|".join(word for word in LEXICON_OF[language].typical if len(word) > 1), spaced=False)


@cache
def _table(language: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the words of code, each with the phrases that mean it."""
    entries = (entry.partition("=") for entry in CONCEPTS.get(language, "").split(";") if entry.strip())
    return tuple((" ".join(names.split()), tuple(phrases.strip().split("|"))) for names, _, phrases in entries)


@cache
def _known(language: str) -> Phrases:
    return Phrases("|".join(each for _, phrases in _table(language) for each in phrases), spaced=_spaced(language))


@lru_cache(maxsize=4096)
def _names_of(said: str, language: str) -> str:
    """Return what code calls what was said, without what was said itself."""
    names = (name.rstrip(_EVERYDAY) for name in _entries_of(said, language))
    return " ".join(word for word in dict.fromkeys(" ".join(names).split()) if word != said)


@lru_cache(maxsize=4096)
def _is_everyday(said: str, language: str) -> bool:
    return all(name.endswith(_EVERYDAY) for name in _entries_of(said, language))


def _entries_of(said: str, language: str) -> Iterator[str]:
    """Yield the words of code of each entry that holds what was said, as the table has them."""
    return (name for name, phrases in _table(language) if any(_is_meant(said, phrase) for phrase in phrases))


def _is_meant(said: str, phrase: str) -> bool:
    return said == phrase or (phrase.endswith("*") and said.startswith(phrase[:-1]))
