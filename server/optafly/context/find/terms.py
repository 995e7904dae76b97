"""Words of code and prose as the index counts them: identifiers whole and in parts, stemmed, as 32-bit hashes.

`parseHTTPHeaders` counts as itself and as `pars`, `http`, `header`; so does `parse_http_headers`. Among
200,000 terms about five share their hash with another, which no ranking notices; in return no dictionary is kept.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Protocol, cast

import msgspec
import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint32]
Counts = NDArray[np.uint8]

VERSION = 1
"""Grows whenever the same text gives other terms: an index made with another version is made anew."""

_WORD = re.compile(r"[^\W\d]\w*|\d+")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_RUN = re.compile(r"[^\W\d_]+|\d+")
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_LONGEST = 64  # longer runs are data: hashes, base64
_MOST_COUNT = 255
_COMMON = """a about above after again all also am an and any are as at be because been before being below between both but by
    can could did do does doing done down during each few for from further get gets had has have having he her here hers
    him his how i if in into is it its itself just let like made make makes me more most my need needs no nor not now of
    off on once only or other our out over own please same she should so some such than that the their them then there
    these they this those through to too under until up use used uses using very was we were what when where which while
    who whom why will with would you your"""
_ENGLISH = frozenset(_COMMON.split())


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...


class Terms(msgspec.Struct, frozen=True):
    """Distinct terms of a text and how often each occurs (at most 255), in no promised order."""

    hashes: bytes
    counts: bytes

    @property
    def length(self) -> int:
        """How many terms the text has, repeated ones included."""
        return sum(self.counts)


def terms_of(text: str) -> Terms:
    """Count the terms of `text`."""
    return counted(Counter(_WORD.findall(text)))


def counted(words: Mapping[str, int]) -> Terms:
    """Count the terms of words that were counted already."""
    found: dict[int, int] = {}
    for word, times in words.items():
        for each in hashes_of(word):
            found[each] = found.get(each, 0) + times
    hashes = np.fromiter(found.keys(), np.uint32, len(found))
    return Terms(hashes.tobytes(), bytes(min(times, _MOST_COUNT) for times in found.values()))


def words_of(text: str) -> list[str]:
    """Return identifiers, words and numbers of `text` in their order."""
    return _WORD.findall(text)


@lru_cache(maxsize=400_000)
def hashes_of(word: str) -> tuple[int, ...]:
    """Return the hashes of one identifier or word: of the whole, and of its parts where it has several."""
    return tuple(zlib.crc32(each.encode("utf-8", "replace")) for each in spelt(word))


def spelt(word: str) -> tuple[str, ...]:
    """Return the terms of one identifier or word, as text."""
    if len(word) > _LONGEST:
        return ()
    pieces = _PART.findall(word) if word.isascii() else list(_foreign(word))
    parts = tuple(stem(part.casefold()) for part in pieces if len(part) > 1 or len(pieces) == 1 or not part.isascii())
    return parts if len(pieces) < 2 or not word.isascii() else (word.replace("_", "").casefold(), *parts)


def _foreign(word: str) -> Iterator[str]:
    """Yield the runs of letters of a word that is not ASCII; Chinese and Japanese, written without spaces, by twos."""
    for run in _RUN.findall(word):
        if _IDEOGRAPHS.search(run) and len(run) > 2:
            yield from (run[n : n + 2] for n in range(len(run) - 1))
        else:
            yield run


@lru_cache(maxsize=200_000)
def stem(part: str) -> str:
    """Return the English stem of a lower-case word; other scripts stay as they are."""
    return _stemmer().stemWord(part) if part.isascii() and len(part) > 3 else part


def is_common(word: str) -> bool:
    """Tell whether a word is one that every English prompt may hold."""
    return word.casefold() in _ENGLISH


def joined(parts: Iterable[Terms]) -> Terms:
    """Count terms of several texts together."""
    found: Counter[int] = Counter()
    for each in parts:
        found.update(dict(zip(np.frombuffer(each.hashes, np.uint32).tolist(), each.counts, strict=True)))
    hashes = np.fromiter(found.keys(), np.uint32, len(found))
    return Terms(hashes.tobytes(), bytes(min(times, _MOST_COUNT) for times in found.values()))


@cache
def _stemmer() -> _Stemmer:
    import snowballstemmer

    return cast("_Stemmer", snowballstemmer.stemmer("english"))
