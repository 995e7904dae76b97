"""Fenced code in Markdown, read and written."""

from __future__ import annotations

import re

import msgspec

_EDGE = re.compile(r"^[ ]{0,3}(`{3,}|~{3,})(.*)$", re.MULTILINE)
_TICKS = re.compile(r"`+")


class Fence(msgspec.Struct, frozen=True):
    """A fenced block of a text, its edges included; `closed` is False where it runs to the end of the text."""

    start: int
    end: int
    closed: bool


def fences(text: str) -> tuple[Fence, ...]:
    """Return the fenced blocks of a text as CommonMark reads them: closed by a run as long as the opening one."""
    found: list[Fence] = []
    opened: re.Match[str] | None = None
    for edge in _EDGE.finditer(text):
        run, rest = edge.group(1), edge.group(2)
        if opened is None:
            if "`" not in rest or run[0] == "~":
                opened = edge
        elif run[0] == opened.group(1)[0] and len(run) >= len(opened.group(1)) and not rest.strip():
            found.append(Fence(opened.start(), edge.end(), closed=True))
            opened = None
    if opened is not None:
        found.append(Fence(opened.start(), len(text), closed=False))
    return tuple(found)


def fenced(code: str, language: str) -> str:
    """Return `code` as a fenced block: its fence is longer than any run of backticks in the code."""
    fence = "`" * max(3, 1 + max((len(run) for run in _TICKS.findall(code)), default=0))
    return f"{fence}{language}\n{code}{'' if code.endswith(chr(10)) else chr(10)}{fence}"


def span(text: str) -> str:
    """Return `text` as inline code; backticks in it get a longer run around them."""
    text = " ".join(text.split())
    runs = [len(run) for run in _TICKS.findall(text)]
    if not runs:
        return f"`{text}`"
    ticks = "`" * (1 + max(runs))
    return f"{ticks} {text} {ticks}"
