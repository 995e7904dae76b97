"""A place in the code, and how it is written in a prompt."""

from __future__ import annotations

import re

import msgspec

from optafly.domain import Piece
from optafly.refine.fences import span
from optafly.refine.lexicon import Wording

_NUMBER = re.compile(r"\d+")


class Place(msgspec.Struct, frozen=True):
    """A file, lines of it (1-based, inclusive; None for the whole file) and the symbol there, where one is known."""

    path: str
    first: int | None = None
    last: int | None = None
    symbol: str | None = None

    def covers(self, line: int) -> bool:
        """Whether a 1-based line lies inside."""
        return self.first is None or self.last is None or self.first <= line <= self.last

    def distance(self, line: int) -> int:
        """How many lines lie between a 1-based line and this place; 0 inside."""
        if self.first is None or self.last is None or self.covers(line):
            return 0
        return self.first - line if line < self.first else line - self.last


def place_of(piece: Piece) -> Place:
    """Return the place that a piece was taken from."""
    return Place(piece.path, piece.start_line, piece.end_line, piece.symbol)


def written(place: Place, wording: Wording | None, *, inside: bool = False) -> str:
    """Write a place as an insertion, in the words of a language or, without one, as `path:12-30`."""
    names = [span(place.symbol)] if place.symbol else []
    if wording is None:
        return f" ({', '.join([*names, span(short(place))])})"
    lines = _lines(place, wording)
    holder = wording.inside if inside else ""
    return f"{wording.opening}{holder}{wording.comma.join([*names, span(place.path)])}{lines}{wording.closing}"


def short(place: Place) -> str:
    """Write a place as `path:12-30`, `path:12` or `path`."""
    if place.first is None:
        return place.path
    return f"{place.path}:{place.first}" + (f"-{place.last}" if place.last not in (None, place.first) else "")


def place_names(text: str, piece: Piece) -> bool:
    """Say whether a written place is the place of a piece."""
    at = text.rfind(piece.path)
    if at < 0:
        return False
    lines = sorted({piece.start_line, piece.end_line})
    return [int(number) for number in _NUMBER.findall(text[at + len(piece.path) :])] == lines


def _lines(place: Place, wording: Wording) -> str:
    if place.first is None:
        return ""
    if place.last in (None, place.first):
        return wording.line.format(place.first)
    return wording.lines.format(place.first, place.last)
