"""The words of a commit message, or of a prompt that is held against them."""

from __future__ import annotations

import re
from functools import lru_cache

from optafly.privacy.masking import mask

_MOST_CHARACTERS = 2_000
_MOST_OF_LINE = 500
_MOST_OF_TITLE = 200
_MOST_WORDS = 80
_TRAILER = re.compile(
    r"^(?:[A-Z][A-Za-z-]*-by|Change-Id|Cc|git-svn-id|PR-URL|Reviewed-on|Bug|Test)[:#].*$", re.MULTILINE | re.IGNORECASE
)
_NOISE = re.compile(r"https?://\S+|<[^<>@\s]+@[^<>\s]+>|\b[0-9a-f]{7,40}\b")
_REFERENCE = re.compile(r"\((?:[A-Za-z]+[-/])?#?\d+\)")
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[^\W\d_a-zA-Z]+")
_ENDINGS = ("ations", "ation", "ings", "ing", "edly", "ies", "ied", "ers", "ed", "es", "er", "s", "ly")
_SAY_NOTHING = """
a about after all also an and any are as at be because been before but by can do does for from get had has have he her
his how if in into is it its just like make may more must no not now of off on only or other our out over same should so
some such than that the their them then there these they this those to up use used uses using via was we were what when
where which while will with would you your
"""
_STOP = frozenset(_SAY_NOTHING.split())


def words_of(text: str) -> tuple[str, ...]:
    """Return the different words of a text: lower-case, identifiers taken apart, endings off, in order of appearance.

    Trailers ("Signed-off-by: …"), addresses, hashes and words that say nothing are left out; at most 80 words.
    """
    text = _NOISE.sub(" ", _TRAILER.sub(" ", text[:_MOST_CHARACTERS]))
    found: dict[str, None] = {}
    for match in _WORD.finditer(text):
        if word := _reduced(match[0]):
            found[word] = None
            if len(found) == _MOST_WORDS:
                break
    return tuple(found)


def title_of(text: str) -> str:
    """Return the first line of a commit message, at most 200 characters, without addresses, hashes and "(#123)".

    It is shown to a person: secrets are masked, and there are no signs in it that cannot be seen.
    """
    first = text[:_MOST_CHARACTERS].strip().partition("\n")[0][:_MOST_OF_LINE]
    plain = " ".join(_REFERENCE.sub(" ", _NOISE.sub(" ", mask(first, "")[0])).split())
    return "".join(filter(str.isprintable, plain))[:_MOST_OF_TITLE].strip()


@lru_cache(maxsize=2**15)
def _reduced(word: str) -> str:
    """Cut one ending off, so that "caches", "cached" and "caching" are one word; "" for a word that says nothing."""
    word = word.lower()
    if len(word) < 2 or word in _STOP:
        return ""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word[: -len(ending)]
    return word[:-1] if word.endswith("e") and len(word) > 3 else word
