"""C and C++ without the macros that a parser, which does not expand them, takes for types."""

from __future__ import annotations

import re

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


def without_macros(data: bytes, language: str) -> bytes:
    """Return C or C++ with spaces where such macros stood; other languages stay as they are."""
    if language not in _LANGUAGES:
        return data
    for pattern in (_BEFORE_A_DECLARATION, _BEFORE_A_NAME):
        data = pattern.sub(_blanked, data)
    return data


def _blanked(found: re.Match[bytes]) -> bytes:
    start, end = (place - found.start() for place in found.span(1))
    return found[0][:start] + b" " * (end - start) + found[0][end:]
