"""Places in a document, from an editor's units to code points and back.

LSP counts characters in UTF-16 units unless client and server agree on UTF-8 or UTF-32; everything past the language
server counts Unicode code points. Lines end at LF, CRLF or CR only (LSP 3.17), unlike `str.splitlines`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, cast

from optafly.domain import Position, Range

Encoding = Literal["utf-8", "utf-16", "utf-32"]

_LINE_END = re.compile(r"\r\n|\n|\r")


def choose_encoding(offered: Sequence[object]) -> Encoding:
    """Return the client's first choice that we know; UTF-16 where it says nothing."""
    known = (each for each in offered if each in ("utf-8", "utf-16", "utf-32"))
    return cast("Encoding", next(known, "utf-16"))


def _units(character: str, encoding: Encoding) -> int:
    point = ord(character)
    if encoding == "utf-16":
        return 1 if point < 0x10000 else 2
    return 1 if point < 0x80 else 2 if point < 0x800 else 3 if point < 0x10000 else 4


def _length(text: str, encoding: Encoding) -> int:
    if encoding == "utf-32" or text.isascii():
        return len(text)
    return sum(_units(character, encoding) for character in text)


class Lines:
    """The lines of one text, for converting places in it. Places outside the text are moved to its nearest place."""

    def __init__(self, text: str, encoding: Encoding) -> None:
        self._text = text
        self._encoding: Encoding = encoding
        self._starts = [0]
        self._ends: list[int] = []  # without the line break
        for match in _LINE_END.finditer(text):
            self._ends.append(match.start())
            self._starts.append(match.end())
        self._ends.append(len(text))

    def __len__(self) -> int:
        return len(self._starts)

    def line(self, number: int) -> str:
        """Return a line by its 0-based number, without its line break."""
        return self._text[self._starts[number] : self._ends[number]]

    def from_wire(self, place: Position) -> Position:
        """Convert the editor's place to code points; a place inside a character moves to its start."""
        if place.line >= len(self._starts):
            last = len(self._starts) - 1
            return Position(line=last, character=self._ends[last] - self._starts[last])
        line = self.line(place.line)
        if self._encoding == "utf-32" or line.isascii():
            return Position(line=place.line, character=min(place.character, len(line)))
        left = place.character
        for index, character in enumerate(line):
            left -= _units(character, self._encoding)
            if left < 0:
                return Position(line=place.line, character=index)
        return Position(line=place.line, character=len(line))

    def to_wire(self, place: Position) -> Position:
        """Convert a place in code points to the editor's units."""
        number = min(place.line, len(self._starts) - 1)
        line = self.line(number)
        character = len(line) if place.line > number else min(place.character, len(line))
        return Position(line=number, character=_length(line[:character], self._encoding))

    def range_from_wire(self, span: Range) -> Range:
        """Convert a range to code points."""
        return Range(start=self.from_wire(span.start), end=self.from_wire(span.end))

    def range_to_wire(self, span: Range) -> Range:
        """Convert a range to the editor's units."""
        return Range(start=self.to_wire(span.start), end=self.to_wire(span.end))

    def offset(self, place: Position) -> int:
        """Return the index into the text of a place in code points."""
        number = min(place.line, len(self._starts) - 1)
        return min(self._starts[number] + place.character, self._ends[number])

    def place(self, offset: int) -> Position:
        """Return the place in code points of an index into the text."""
        number = bisect_right(self._starts, offset) - 1
        return Position(line=number, character=offset - self._starts[number])


def offsets_of(text: str, span: Range, encoding: Encoding) -> tuple[int, int]:
    """Return where the editor's range begins and ends in a text, as `Lines` would, looking at its own lines alone."""
    first, count = span.start.line, span.end.line - span.start.line + 1
    parts = text.split("\n", first)
    if count < 1 or len(parts) <= first or ("\r" in text and text.count("\r") != text.count("\r\n")):
        lines, before = Lines(text, encoding), 0  # backwards, past the end, or with line ends of the old kind
    else:
        tail = parts[-1]
        rest = tail.split("\n", count)
        before = len(text) - len(tail)
        lines = Lines(tail[: len(tail) - len(rest[-1])] if len(rest) > count else tail, encoding)
        span = Range(
            start=Position(line=0, character=span.start.character),
            end=Position(line=count - 1, character=span.end.character),
        )
    return before + lines.offset(lines.from_wire(span.start)), before + lines.offset(lines.from_wire(span.end))


@lru_cache(maxsize=4)
def lines_of(text: str, encoding: Encoding) -> Lines:
    """Return the lines of a text; those of the latest texts are kept, for one request asks for them several times."""
    return Lines(text, encoding)
