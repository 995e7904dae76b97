"""Numbers on the command line: what is none, or too small or too large, is refused with those that are allowed."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def whole(least: int, most: int | None = None) -> Callable[[str], int]:
    """Return what reads a whole number from `least` to `most` (None: without end), for an argument's `type`."""
    allowed = f"from {least:,} on" if most is None else f"between {least:,} and {most:,}"

    def number(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= (most if most is not None else int(text)):
            raise argparse.ArgumentTypeError(f"{text} is no number {allowed}")
        return int(text)

    return number


def line(text: str) -> int:
    """Read the number of a line, from 1. Raises argparse.ArgumentTypeError."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no line: lines count from 1")
    return int(text)


def lines(text: str) -> tuple[int, int]:
    """Read the first and the last of some lines, `4:12` or `4`. Raises argparse.ArgumentTypeError."""
    first, _, last = text.partition(":")
    found = line(first), line(last or first)
    if found[0] > found[1]:
        raise argparse.ArgumentTypeError(f"{text} ends before it begins")
    return found
