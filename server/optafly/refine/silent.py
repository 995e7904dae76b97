"""A prompt without the words that say nothing in its language: what is left is worth searching code for.

`die` ends a shell script, `on` is in every event handler and `comment` in every parser: to a German, a French question
they are "the", "one" and "how". English has none of these here: the index knows its small words itself.
"""

from __future__ import annotations

import re
from functools import cache

from optafly.refine.language import LEXICON_OF, UNKNOWN, without_names
from optafly.refine.languages.others import OTHERS, SMALL
from optafly.refine.phrases import Hit, Phrases, Word
from optafly.refine.prose import Prose

_LEAST = 2  # words that English lacks: one alone may be a name
_CODE_BEFORE = re.compile(r"(?:[.@#$~_]|--)\Z")
_CODE_AFTER = re.compile(r"[(\[{=_]|[.:]\w")
# Said to mean what they are in code as often as what they are in their language.
_NAMES = frozenset({"dir", "io", "simple", "vite"})


def silent(prose: Prose, language: str) -> tuple[Hit, ...]:
    """Return where a prompt has words that say nothing in its language; nowhere, where that is English or unknown.

    What is quoted, a path, or written as code says something: `die`, die.sh, die(), DIE.
    """
    if language in (UNKNOWN, "en"):
        return ()
    prose = without_names(prose)
    lexicon = LEXICON_OF.get(language)
    if lexicon is not None and not lexicon.spaced:
        return tuple(_phrases(language).find(prose.covered, prose.words))
    words = [word for word in prose.words if word.text in _small_words(language) and not _is_code(prose.text, word)]
    telling = {word.text for word in words} - _small_words("en")
    if len(telling) < _LEAST and all(map(str.isascii, telling)):
        return ()
    return tuple(Hit(word.start, word.end) for word in words)


def without_silent(prose: Prose, language: str) -> str:
    """Return the text of a prompt with spaces in the place of what says nothing in its language."""
    hits = silent(prose, language)
    if not hits:
        return prose.text
    letters = list(prose.text)
    for hit in hits:
        letters[hit.start : hit.end] = " " * (hit.end - hit.start)
    return "".join(letters)


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
