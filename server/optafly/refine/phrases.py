"""Sets of phrases that are found in a prompt in one pass over its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import msgspec

_COVERED = re.compile("\x00{9,}")
_LOOSE = re.compile(r"[\s'’\-]*\Z")


class Word(msgspec.Struct, frozen=True):
    """One word in small letters, and where it stands."""

    text: str
    start: int
    end: int


class Hit(msgspec.Struct, frozen=True):
    """A phrase found in a text: its span there, and the words (first, last + 1) it covers."""

    start: int
    end: int
    first: int = 0
    last: int = 0


class Phrases:
    """A set of phrases in small letters, separated by `|`; a word that ends in `*` matches any ending.

    In a script without spaces (`spaced=False`) a phrase is any run of characters.
    """

    def __init__(self, text: str, *, spaced: bool = True) -> None:
        self._spaced = spaced
        self._exact: dict[str, list[tuple[str, ...]]] = {}
        self._stems: dict[str, list[tuple[str, ...]]] = {}
        self.all = tuple(dict.fromkeys(text.split("|"))) if text else ()
        if spaced:
            for phrase in self.all:
                words = tuple(phrase.split())
                first, where = (words[0][:-1], self._stems) if words[0][-1] == "*" else (words[0], self._exact)
                where.setdefault(first, []).append(words)
        self._lengths = sorted({len(stem) for stem in self._stems})

    def find(self, text: str, words: tuple[Word, ...]) -> Iterator[Hit]:
        """Yield every place of a phrase, by its start for spaced scripts; `text` is in small letters."""
        if self._spaced:
            for first, word in enumerate(words):
                # Most words begin no phrase: this loop is the hot one, so it asks before it calls.
                if word.text not in self._exact and not any(word.text[:size] in self._stems for size in self._lengths):
                    continue
                if (last := self.at(text, words, first)) is not None:
                    yield Hit(word.start, words[last - 1].end, first, last)
            return
        said = _COVERED.sub("\x00", text)  # what is covered may be long, and most phrases do not occur at all
        for phrase in self.all:
            start = text.find(phrase) if phrase in said else -1
            while start >= 0:
                yield Hit(start, start + len(phrase))
                start = text.find(phrase, start + 1)

    def first(self, text: str, words: tuple[Word, ...]) -> Hit | None:
        """Return the earliest place of a phrase, the longest one where several start there, or None."""
        return min(self.find(text, words), key=lambda hit: (hit.start, -hit.end), default=None)

    def at(self, text: str, words: tuple[Word, ...], first: int) -> int | None:
        """Return the index after the longest phrase that begins at word `first`, or None."""
        best: int | None = None
        for candidate in self._beginning(words[first].text):
            last = first + len(candidate)
            if last <= len(words) and (best is None or last > best) and _fits(text, words[first:last], candidate):
                best = last
        return best

    def _beginning(self, word: str) -> Iterator[tuple[str, ...]]:
        yield from self._exact.get(word, ())
        for length in self._lengths:
            if length <= len(word):
                yield from self._stems.get(word[:length], ())


def _fits(text: str, words: tuple[Word, ...], phrase: tuple[str, ...]) -> bool:
    for word, pattern in zip(words[1:], phrase[1:], strict=True):
        if word.text != pattern and not (pattern.endswith("*") and word.text.startswith(pattern[:-1])):
            return False
    return all(_LOOSE.match(text, left.end, right.start) for left, right in pairwise(words))
