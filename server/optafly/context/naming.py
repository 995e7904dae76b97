"""Which lines of a document define something that a prompt names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from optafly.context.lines import DocumentLines

_WORD = re.compile(r"[^\W\d]\w*")
_SHORTEST_NAME = 3
_MOST_NAMES = 40
_MOST_MENTIONS = 40
_NEAR_BYTES = 400
_WORD_BYTE = rb"[\w\x80-\xff]"
# What stands before a name that is defined, and what follows one that is, on a line that opens a block.
_BEFORE = re.compile(
    rb"\b(?:def|class|func|fn|function|const|let|var|type|interface|struct|enum|trait|record|impl)\*?[ \t]+"
    rb"(?:\([^)\n]*\)[ \t]*)?$"
)
_AFTER = re.compile(rb"[ \t]*(?:\([^;{}\n]*\)[^;{}\n]*\{|[:=][ \t]*(?:async\b|function\b|\())")
_GOES_ON_BEFORE = re.compile(rb"(?:" + _WORD_BYTE + rb"|\.)$")
_GOES_ON_AFTER = re.compile(_WORD_BYTE)


def defining_lines(prompt: str, lines: DocumentLines) -> tuple[tuple[str, int], ...]:
    """Return the names of `prompt` and the 0-based lines that may define them, in the order of the prompt.

    A first look by text alone, and generous: whether a symbol of that name begins there is for the parser to say.
    """
    names = [name for name in dict.fromkeys(_WORD.findall(prompt)) if len(name) >= _SHORTEST_NAME][:_MOST_NAMES]
    return tuple((name, line) for name in names for line in _defining(name.encode(), lines))


def _defining(name: bytes, lines: DocumentLines) -> Iterator[int]:
    at = lines.data.find(name)
    for _ in range(_MOST_MENTIONS):
        if at < 0:
            return
        line = lines.line_at(at)
        column = at - lines.starts[line]
        start, end = max(column - _NEAR_BYTES, 0), column + len(name)
        before, after = lines.raw[line][start:column], lines.raw[line][end : end + _NEAR_BYTES]
        whole = not _GOES_ON_BEFORE.search(before) and not _GOES_ON_AFTER.match(after)
        if whole and (_BEFORE.search(before) or _AFTER.match(after)):
            yield line
        at = lines.data.find(name, at + len(name))
