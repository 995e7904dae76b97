"""Which lines of a document define something that a prompt names."""

from __future__ import annotations

import re

from optafly.context.lines import DocumentLines

_WORD = re.compile(r"[^\W\d]\w*")
_SHORTEST_NAME = 3
_MOST_NAMES = 40
_MOST_LINES = 24
_KEYWORDS = "def|class|func|fn|function|const|let|var|type|interface|struct|enum|trait|record|impl"


def defining_lines(prompt: str, lines: DocumentLines) -> tuple[tuple[str, int], ...]:
    """Return the names of `prompt` and the 0-based lines that may define them, in the document's order.

    A first look by text alone, and generous: whether a symbol of that name begins there is for the parser to say.
    """
    names = [name for name in dict.fromkeys(_WORD.findall(prompt)) if len(name) >= _SHORTEST_NAME][:_MOST_NAMES]
    if not names:
        return ()
    found: list[tuple[str, int]] = []
    for match in _definitions(names).finditer(lines.data):
        found.append(((match["after"] or match["before"]).decode(), lines.line_at(match.start())))
        if len(found) == _MOST_LINES:
            break
    return tuple(found)


def _definitions(names: list[str]) -> re.Pattern[bytes]:
    """Match a name after a defining keyword, or before its parameters on a line that ends by opening a block."""
    any_of = "|".join(re.escape(name) for name in names)
    return re.compile(
        rf"\b(?:{_KEYWORDS})\*?[ \t]+(?:\([^)\n]*\)[ \t]*)?(?P<after>{any_of})(?![\w\x80-\xff])"
        rf"|(?<![\w\x80-\xff.])(?P<before>{any_of})[ \t]*"
        rf"(?:\([^;{{}}\n]*\)[^;{{}}\n]*\{{|[:=][ \t]*(?:async\b|function\b|\())".encode()
    )
