"""A prompt as the verifier reads it: literals that must be equal, words that are weighed, and how each is bound."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from optafly.cache import lexicon
from optafly.cache.lexing import LONGEST
from optafly.cache.phrases import phrased
from optafly.cache.tokens import SLOTS, Token, tokens
from optafly.cache.tongue import english

SHORT = 400  # characters of a prompt of which many readings are held: mostly the same earlier ones are compared
HELD, HELD_LONG = 1_024, 64  # readings; at most 25 MB of them, usually five
NAMED = 2  # words before an `it` that may be what it stands for: a verb alone is not

_QUESTIONS = tuple(
    (name, re.compile(rule, re.IGNORECASE))
    for name, rule in (
        ("count", r"\bhow (?:many|much|often)\b|\b(?:the|total) number of\b|^\W*count\b"),
        ("why", r"\bwhy\b|\breasons?\b|\bcauses?\b"),
        ("meaning", r"\bmeans?\b|\bstands? for\b|\bmeaning\b|\bdefin|\bdifference\b"),
        ("when", r"^\W*when\b|\bwhat (?:time|date|day|year)\b"),
        ("where", r"^\W*where\b|\bwhere is\b"),
        ("who", r"^\W*who(?:m|se)?\b|\bwho is\b"),
        ("whether", r"^\W*(?:is|are|was|were|do|does|did|has|have|should|must)\b"),
    )
)


class Reading(NamedTuple):
    """A prompt read: its tokens in order and what is counted of them. Keys of `classes` are like `compare:more`.

    `sequence` has what is neither frame nor function, each once, in order; `ordered` has the literals of that. `spelt`
    gives how a key was first written.
    """

    tokens: tuple[Token, ...]
    literals: dict[str, int]
    content: dict[str, int]
    frame: dict[str, int]
    function: dict[str, int]
    classes: dict[str, int]
    kept: dict[str, int]
    pairs: dict[str, int]
    bounds: dict[str, frozenset[str]]
    sequence: tuple[str, ...]
    ordered: tuple[str, ...]
    spelt: dict[str, str]
    question: str
    flat: str
    english: bool


def read(prompt: str) -> Reading:
    """Return the reading of the first `LONGEST` characters of a prompt."""
    return _held(prompt) if len(prompt) <= SHORT else _held_long(prompt[:LONGEST])


def _read(prompt: str) -> Reading:
    text = unicodedata.normalize("NFC", prompt).replace("’", "'")
    found = phrased(tokens(text))
    kinds: dict[str, dict[str, int]] = {kind: {} for kind in ("literal", "content", "frame", "function", "class")}
    bounds: dict[str, set[str]] = {}
    for token in found:
        kind = "literal" if token.kind in SLOTS else token.kind
        kinds[kind][token.key] = kinds[kind].get(token.key, 0) + 1
        if kind in ("literal", "content"):
            bounds.setdefault(token.key, set()).add(token.bound)
    kept = [token.key for token in found if token.kind not in ("function", "frame")]
    return Reading(
        tokens=tuple(found),
        literals=kinds["literal"],
        content=kinds["content"],
        frame=kinds["frame"],
        function=kinds["function"],
        classes=kinds["class"],
        kept=_counted(kept),
        pairs=_counted(f"{a} {b}" for a, b in pairwise(kept)),
        bounds={key: frozenset(classes) for key, classes in bounds.items()},
        sequence=tuple(dict.fromkeys(kept)),
        ordered=tuple(dict.fromkeys(token.key for token in found if token.kind in SLOTS)),
        spelt={token.key: token.text for token in reversed(found)},
        question=next((name for name, rule in _QUESTIONS if rule.search(text)), ""),
        flat=" " + " ".join(token.text if token.kind == "content" else token.key for token in found) + " ",
        english=english(found),
    )


_held = lru_cache(maxsize=HELD)(_read)
_held_long = lru_cache(maxsize=HELD_LONG)(_read)


def _counted(keys: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    return counts


def points(reading: Reading) -> bool:
    """Return whether a prompt points at something outside itself: `fix this`, `why does it fail`.

    `it` and `them` point back where something was named before: `find the bug in f and fix it`.
    """
    named = 0
    for token in reading.tokens:
        word = token.text.casefold()
        if word in lexicon.POINTING or (word in lexicon.POINTING_BACK and named < NAMED):
            return True
        named += NAMED if token.kind in SLOTS else token.kind == "content"
    return False
