"""Words of code and prose as the index counts them: identifiers whole and in parts, stemmed, as 32-bit hashes.

`parseHTTPHeaders` counts as `pars`, `http`, `header`, as each two neighbours of these and as the whole; so does
`parse_http_headers`. Among 200,000 terms about five share their hash with another, which no ranking notices; in return
no dictionary is kept.
"""

from __future__ import annotations

import importlib
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Protocol, cast

import msgspec
import numpy as np

from optafly.scripts import UNSPACED

VERSION = 3
"""Grows whenever the same text gives other terms: an index made with another version is made anew."""

_WORD = re.compile(r"[^\W\d]\w*|\d+")
_UNSPACED = re.compile(rf"[{UNSPACED}]")
_MIXED = re.compile(rf"[{UNSPACED}]+|[^\W\d{UNSPACED}][^\W{UNSPACED}]*|\d+")
PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_RUN = re.compile(r"[^\W\d_]+|\d+")
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_LONGEST = 64  # longer runs are data: hashes, base64
_MOST_COUNT = 255
_COMMON = """
    a about above after again all also am an and any are as at be because been before being below between both but
    by can could did do does doing done down during each few for from further get gets had has have having he her
    here hers him his how i if in into is it its itself just let like made make makes me more most my need needs
    no nor not now of off on once only or other our out over own please same she should so some such than that the
    their them then there these they this those through to too under until up use used uses using very was we were
    what when where which while who whom why will with would you your
"""
_ENGLISH = frozenset(_COMMON.split())


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...


class Terms(msgspec.Struct, frozen=True, array_like=True):
    """The distinct terms of one text or of several, one after the other, and how often each occurs (at most 255).

    `hashes` are uint32, `counts` uint8, `ends` uint32: where the terms of each text end. Little-endian.
    """

    hashes: bytes
    counts: bytes
    ends: bytes

    @property
    def texts(self) -> int:
        """How many texts there are."""
        return len(self.ends) // 4


def terms_of(*texts: str) -> Terms:
    """Count the terms of each text."""
    return counted(*(Counter(words_of(text)) for text in texts))


def counted(*texts: Mapping[str, int]) -> Terms:
    """Count the terms of texts whose words were counted already."""
    return _packed([_spread(words) for words in texts])


def exact(*texts: Mapping[str, int]) -> Terms:
    """Count names as they are written, not taken apart: case and all."""
    return _packed([{hash_of(word): times for word, times in words.items()} for words in texts])


def together(many: Sequence[Terms]) -> Terms:
    """Return the texts of all as those of one, in their order; for thousands at once."""
    ends = np.frombuffer(b"".join(each.ends for each in many), np.dtype("<u4")).astype(np.int64)
    lengths = np.diff(ends, prepend=0)
    texts = np.array([each.texts for each in many], np.int64)
    firsts = (np.cumsum(texts) - texts)[texts > 0]
    lengths[firsts] = ends[firsts]
    return Terms(
        b"".join(each.hashes for each in many),
        b"".join(each.counts for each in many),
        np.cumsum(lengths).astype(np.dtype("<u4")).tobytes(),
    )


def _spread(words: Mapping[str, int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for word, times in words.items():
        for each in hashes_of(word):
            found[each] = found.get(each, 0) + times
    return found


def _packed(texts: Sequence[Mapping[int, int]]) -> Terms:
    hashes = np.fromiter((each for text in texts for each in text), np.dtype("<u4"))
    counts = bytes(min(times, _MOST_COUNT) for text in texts for times in text.values())
    ends = np.cumsum([len(text) for text in texts], dtype=np.dtype("<u4"))
    return Terms(hashes.tobytes(), counts, ends.tobytes())


def words_of(text: str) -> list[str]:
    """Return identifiers, words and numbers of `text` in their order; those of several scripts are several."""
    word = _WORD if text.isascii() or _UNSPACED.search(text) is None else _MIXED
    return word.findall(text)


@lru_cache(maxsize=400_000)
def hashes_of(word: str) -> tuple[int, ...]:
    """Return the hashes of one identifier or word: of the whole, and of its parts where it has several."""
    return tuple(map(hash_of, spelt(word)))


def hash_of(term: str) -> int:
    """Return the hash of a term."""
    return zlib.crc32(term.encode("utf-8", "replace"))


def spelt(word: str) -> tuple[str, ...]:
    """Return the terms of one identifier or word, as text: its parts, each two neighbours, and the whole of three."""
    if len(word) > _LONGEST:
        return ()
    pieces = PART.findall(word) if word.isascii() else list(_foreign(word))
    parts = [stem(part.casefold()) for part in pieces]
    if len(parts) < 2:
        return tuple(parts)
    long = [part for part, piece in zip(parts, pieces, strict=True) if len(piece) > 1 or not piece.isascii()]
    return (*long, *map(pair, parts, parts[1:]), *(["".join(parts)] if len(parts) > 2 else ()))


def parts_of(word: str) -> tuple[str, ...]:
    """Return the stems of the parts of an identifier or word, in their order."""
    if len(word) > _LONGEST:
        return ()
    return tuple(stem(part.casefold()) for part in (PART.findall(word) if word.isascii() else _foreign(word)))


def pair(one: str, other: str) -> str:
    """Return the term of two stems that stand side by side: in `max_frame`, `maxFrame` or "max frame"."""
    return f"{one} {other}"


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


@cache
def _stemmer() -> _Stemmer:
    # Imported by name: the library has no type stubs.
    return cast("_Stemmer", importlib.import_module("snowballstemmer").stemmer("english"))
