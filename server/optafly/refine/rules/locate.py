"""Name the place that "this", "here" or a bare "fix the bug" means."""

from __future__ import annotations

import re

from optafly.refine.place import Place, short, written
from optafly.refine.reading import Reading
from optafly.refine.rules.draft import Draft

_LOCATED = re.compile(r"[\w)\]]:\d+\b")
_ENDING = re.compile(r"[\s.?!。？！…,:;؟՞]*\Z")
_MOST_WORDS = 12


def locate(reading: Reading) -> list[Draft]:
    """Insert one place: after the words that point, the symbol that is named, or a short order on nothing."""
    if reading.prose.code or _LOCATED.search(reading.prose.text):
        return []
    at = _where(reading)
    if at is None:
        return []
    start, place, words = at
    text = written(place, reading.lexicon.wording if reading.lexicon else None, inside=_is_inside(reading))
    if reading.pointing is None and text.startswith("("):
        text = f" {text}"  # Korean ties it to the noun it explains; there is none here
    return [Draft(start, text, f"Adds where {words} is: {short(place)}.")]


def _where(reading: Reading) -> tuple[int, Place, str] | None:
    """Return where to insert, what, and the person's own words for it."""
    points, named, text = reading.pointing, reading.named, reading.prose.text
    if points is not None:
        place = reading.screen.place(points.thing)
        return None if place is None else (points.after, place, f"“{text[points.start : points.end]}”")
    if reading.lines is not None and reading.screen.active is not None and not reading.paths:
        return reading.lines.end, Place(reading.screen.active.path), "that line"
    if named is not None and not reading.paths and reading.screen.selection is None:
        place = Place(named.place.path, named.place.first, named.place.last)
        return named.end, place, "the symbol"
    if reading.unnamed and not reading.paths and _is_short_order(reading):
        place = reading.screen.place(None)
        return None if place is None else (_before_ending(text), place, "the code you mean")
    return None


def _is_short_order(reading: Reading) -> bool:
    """Whether the prompt is one line to which a place can be added, and no message was pasted after a colon."""
    text = reading.prose.text.strip()
    return len(reading.prose.words) <= _MOST_WORDS and not any(mark in text for mark in ("\n", ":", "："))


def _is_inside(reading: Reading) -> bool:
    """Whether what is meant only lies in the place that is named: a bug, a loop."""
    points, screen = reading.pointing, reading.screen
    parted = screen.selection is None and screen.beside is None  # "this type" is all of it
    return points is not None and points.thing in ("trouble", "part") and parted


def _before_ending(text: str) -> int:
    ending = _ENDING.search(text)
    return ending.start() if ending else len(text)
