"""Ranges of lines: what is left of one, and which belong together."""

from __future__ import annotations

from collections.abc import Iterable

from optafly.context.pack.reader import File

Lines = tuple[int, int]
"""First and last, 1-based and inclusive."""

_MOST_BLANK = 3


def without(lines: Lines, taken: Iterable[Lines]) -> list[Lines]:
    """Return what is left of `lines`, in order."""
    left = [lines]
    for first, last in taken:
        parts = [part for start, end in left for part in ((start, min(end, first - 1)), (max(start, last + 1), end))]
        left = [part for part in parts if part[0] <= part[1]]
    return sorted(set(left))


def trimmed(file: File, lines: Lines) -> Lines | None:
    """Return `lines` without blank ones around, None where all are."""
    first, last = max(lines[0], 1), min(lines[1], len(file.raw))
    while first <= last and file.raw.blank(first - 1):
        first += 1
    while last > first and file.raw.blank(last - 1):
        last -= 1
    return (first, last) if first <= last else None


def roomy(file: File, lines: Lines) -> Lines:
    """Return `lines` with the blank ones behind: they cost next to nothing, and show where something can be added."""
    last = lines[1]
    while last < min(len(file.raw) - 1, lines[1] + _MOST_BLANK) and file.raw.blank(last):
        last += 1
    return lines[0], last


def touches(chosen: Iterable[Lines], lines: Lines, file: File) -> bool:
    """Say whether only blank lines lie between `lines` and one of those that were chosen."""
    return any(
        all(file.raw.blank(number - 1) for number in range(min(last, lines[1]) + 1, max(first, lines[0])))
        for first, last in chosen
    )


def joined(lines: Iterable[Lines], file: File) -> list[Lines]:
    """Return `lines` in order, those joined that touch."""
    found: list[Lines] = []
    for each in sorted(lines):
        if found and touches(found[-1:], each, file):
            found[-1] = (found[-1][0], max(found[-1][1], each[1]))
        else:
            found.append(each)
    return found
