"""A file in parts of 10 to 60 lines along its definitions: what is compared with a prompt, and shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from optafly.context.lines import DocumentLines, indentation
from optafly.context.outline.model import Chunk, Definition

MOST_LINES = 60
_FEWEST_LINES = 10
_MERGED_LINES = 40
_COARSE_LINES = 200


class _Segment(msgspec.Struct):
    """Lines `first` to `last` of the definition `owner`; `scope` is the long definition around it."""

    first: int
    last: int
    owner: int | None
    scope: int | None


def chunks(lines: DocumentLines, found: Sequence[Definition]) -> tuple[Chunk, ...]:
    """Cut a document along its definitions, which come in order of their start, outer before inner.

    Every line that is not blank lies in exactly one chunk.
    """
    blank = [not raw.strip() for raw in lines.raw]
    parts: list[_Segment] = []
    for segment in _segments(len(lines), found):
        parts += _split(segment, lines, blank, MOST_LINES)
    return tuple(_chunk(part) for part in _merged(parts))


def coarse(lines: DocumentLines) -> tuple[Chunk, ...]:
    """Cut a document every two hundred lines or so: for what no one reads part by part."""
    blank = [not raw.strip() for raw in lines.raw]
    return tuple(_chunk(part) for part in _split(_Segment(0, len(lines) - 1, None, None), lines, blank, _COARSE_LINES))


def _chunk(part: _Segment) -> Chunk:
    return Chunk(start_line=part.first + 1, end_line=part.last + 1, definition=part.owner)


def _segments(count: int, found: Sequence[Definition]) -> Iterator[_Segment]:
    """Yield every line once, in order: short definitions whole, what stands around and between them as it comes."""
    cursor = 0
    long: list[tuple[int, int]] = []  # the definitions too long for one chunk that are open: end (exclusive) and index

    def up_to(end: int) -> Iterator[_Segment]:
        nonlocal cursor
        if end > cursor:
            owner = long[-1][1] if long else None
            yield _Segment(cursor, end - 1, owner, owner)
            cursor = end

    for index, definition in enumerate(found):
        first, end = definition.start_line - 1, definition.end_line
        while long and long[-1][0] <= first:
            yield from up_to(long[-1][0])
            long.pop()
        if end <= cursor:  # inside one that was taken whole
            continue
        yield from up_to(first)
        if end - cursor > MOST_LINES:
            long.append((end, index))
            continue
        yield _Segment(cursor, end - 1, index, long[-1][1] if long else None)
        cursor = end
    while long:
        yield from up_to(long[-1][0])
        long.pop()
    yield from up_to(count)


def _split(segment: _Segment, lines: DocumentLines, blank: Sequence[bool], most: int) -> Iterator[_Segment]:
    """Yield a segment in parts of at most `most` lines without the blank lines around them; nothing of a blank one."""
    first, last = segment.first, segment.last
    while first <= last:
        while first <= last and blank[first]:
            first += 1
        while last >= first and blank[last]:
            last -= 1
        if first > last:
            return
        end = last if last - first < most else _cut(lines, blank, first, most)
        tail = end
        while blank[tail]:
            tail -= 1
        yield _Segment(first, tail, segment.owner, segment.scope)
        first = end + 1


def _cut(lines: DocumentLines, blank: Sequence[bool], first: int, most: int) -> int:
    """Return the last line of a part: before the least indented line, best after a blank one, in its second half."""
    best, found = (True, 1 << 30, 0), first + most - 1
    for line in range(first + most // 2, first + most):
        if blank[line]:
            continue
        worth = (not blank[line - 1], indentation(lines.raw[line]), -line)
        if worth < best:
            best, found = worth, line - 1
    return found


def _merged(parts: Sequence[_Segment]) -> list[_Segment]:
    """Join small neighbours of one scope; what holds several definitions belongs to the one around them."""
    merged: list[_Segment] = []
    for part in parts:
        before = merged[-1] if merged else None
        small = before is not None and (_length(before) < _FEWEST_LINES or _length(part) < _FEWEST_LINES)
        if before and small and before.scope == part.scope and part.last - before.first < _MERGED_LINES:
            owner = before.owner if before.owner == part.owner else part.scope
            merged[-1] = _Segment(before.first, part.last, owner, part.scope)
        else:
            merged.append(part)
    return merged


def _length(part: _Segment) -> int:
    return part.last - part.first + 1
