"""Code without the macros that a parser, which does not expand them, takes for something else.

In C and C++ they stand before a declaration, in Rust around whole items: `cfg_unix! { pub fn open() … }`.
"""

from __future__ import annotations

import re
from bisect import bisect_left

_LANGUAGES = ("c", "cpp")
_MACRO = rb"([A-Z][A-Z0-9]*_[A-Z0-9_]+(?:\([^()\n]{0,200}\))?)"
# `UV_EXTERN int uv_run(uv_loop_t* loop)`: before a declaration that has a type already.
_BEFORE_A_DECLARATION = re.compile(
    rb"^[ \t]*(?:(?:extern|static|inline)[ \t]+)?"
    + _MACRO
    + rb"(?=[ \t\r\n]+[A-Za-z_][\w:<>]*[ \t*&]+[A-Za-z_~][\w:]*[ \t]*[(\[;=*])",
    re.MULTILINE,
)
# `class LLVM_ABI Node : public Base {`
_BEFORE_A_NAME = re.compile(
    rb"\b(?:class|struct|union|enum)[ \t]+" + _MACRO + rb"(?=[ \t]+\w+[ \t\r\n]*(?:final[ \t\r\n]*)?[:{])"
)


# A macro that opens on one line, and what its first line says beside comments and attributes: an item.
_AROUND_ITEMS = re.compile(
    rb"^([ \t]*)(\w+![ \t]*\{)[ \t]*\n(?=(?:[ \t]*(?:(?://|#!?\[)[^\n]*)?\n)*"
    rb"[ \t]*(?:pub(?:\([^()\n]*\))?[ \t]+)?(?:(?:async|unsafe|const|default|extern[ \t]+\"\w+\")[ \t]+)*"
    rb"(?:fn|struct|enum|trait|impl|mod|use|type|union|macro_rules!)[ \t<])",
    re.MULTILINE,
)
_CLOSING = re.compile(rb"\n([ \t]*)\}")
_DEEPEST = 6  # macros around macros around items
_MOST_IN_A_ROW = 2  # before one declaration


def without_macros(data: bytes, language: str) -> bytes:
    """Return C, C++ or Rust with spaces where such macros stood; other languages stay as they are."""
    if language == "rust":
        return _without_cases(data)
    if language not in _LANGUAGES:
        return data
    for _ in range(_MOST_IN_A_ROW):
        before = data
        for pattern in (_BEFORE_A_DECLARATION, _BEFORE_A_NAME):
            data = pattern.sub(_blanked, data)
        if data == before:
            break
    return data


def _without_cases(data: bytes) -> bytes:
    """Return Rust with spaces where a macro was around items: its name and braces, each brace on a line of its own."""
    for _ in range(_DEEPEST):
        opened = list(_AROUND_ITEMS.finditer(data))
        if not opened:
            break
        closing, at, parts = _closing(data), 0, list[bytes]()
        for found in opened:
            places = closing.get(found[1], ())
            after = bisect_left(places, found.end(2))
            if found.start() < at or after == len(places):
                continue
            close = places[after]
            parts += [data[at : found.start(2)], b" " * len(found[2]), data[found.end(2) : close], b" "]
            at = close + 1
        if not parts:
            break
        data = b"".join((*parts, data[at:]))
    return data


def _closing(data: bytes) -> dict[bytes, list[int]]:
    """Return where lines begin with a closing brace, by what they are indented with.

    Read once for all macros: looked for from each of them, those that never close would read the file again and again.
    """
    places: dict[bytes, list[int]] = {}
    for found in _CLOSING.finditer(data):
        places.setdefault(found[1], []).append(found.end() - 1)
    return places


def _blanked(found: re.Match[bytes]) -> bytes:
    start, end = (place - found.start() for place in found.span(1))
    return found[0][:start] + b" " * (end - start) + found[0][end:]
