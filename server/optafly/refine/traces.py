"""Stack traces as they are pasted, also in one line: a browser's input box turns their line breaks into spaces."""

from __future__ import annotations

import re

_FILE_LINE = r'\bfile\ "[^"\n]*",\ line\ \d+'
# The name of what was raised ends a trace of Python: the message behind it, and what a person adds, are words.
_OF_PYTHON = rf"{_FILE_LINE}(?:[^\n]*{_FILE_LINE})?(?:[^\n]*?(?=\b\w+(?:error|exception|warning)\b)|[^\n]*)"
_OF_OTHERS = (
    r"\bat\ (?:(?:async\ |new\ )?[^\s()]{1,200}\ ?(?:\[as\ [^\]\s]{1,200}\]\ ?)?\([^()\s]{1,500}:\d+\)"
    r"|[^\s()]{1,500}:\d+:\d+)"
)
FRAMES = f"(?:{_OF_PYTHON}|{_OF_OTHERS})"
"""A verbose pattern, for text in small letters, of the frames of a trace with what stands between them."""

_FRAME = re.compile(rf"^\ *at\ [^\n]*:\d|{_FILE_LINE}|{_OF_OTHERS}", re.VERBOSE | re.MULTILINE | re.IGNORECASE)
_FILE = re.compile(r"(?<![\w$@~+./\\-])[\w$@~+./\\-]*[\w$]\.[A-Za-z][A-Za-z0-9]{0,9}(?![\w(])")
_NO_FILES = frozenset({"e.g", "i.e", "z.b", "d.h", "p.ej", "u.a"})
_MOST_READ = 16_000  # of a long text, at each end
_OF_A_MESSAGE = re.compile(r"[\s,:(]*(?:col(?:umn)?|char)\b|,\s+in\s+(?!(?:the|this|that|my|our|an?)\b)[<\w]")


def frames(text: str) -> int:
    """Return how many frames of a trace a text holds."""
    return sum(1 for _ in _FRAME.finditer(_ends(text)))


def files(text: str) -> tuple[str, ...]:
    """Return what looks like the name of a file in a text; it may as well be `self.items`."""
    return tuple(found[0] for found in _FILE.finditer(_ends(text)) if found[0].lower() not in _NO_FILES)


def of_a_message(behind: str) -> bool:
    """Say whether a line's number is one that a message gives, by the text behind it: "line 1 column 1 (char 0)"."""
    return _OF_A_MESSAGE.match(behind) is not None


def _ends(text: str) -> str:
    return text if len(text) <= 2 * _MOST_READ else f"{text[:_MOST_READ]}\n{text[-_MOST_READ:]}"
