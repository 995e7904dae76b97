"""Definitions in files without a grammar: headings of prose, and lines that say `function`, `class` or their like."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from optafly.context.lines import DocumentLines, indentation
from optafly.context.mending import last_line
from optafly.context.outline.heads import LONGEST_SIGNATURE, comment_in
from optafly.context.outline.model import Definition, Import

_PROSE = {"markdown", "restructuredtext", "latex"}
_DATA = {"json", "yaml", "toml", "ini", "xml", "plaintext", "html", "css", "less", "go.sum"}
_MOST_DEFINITIONS = 4_000
_MOST_NAMES = 4_000
_LONGEST_NAME = 80
_LONGEST_HEADING = 100
_LONGEST_LINE = 500
_LONGEST_LINES = 2_000
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t#]*$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_BEFORE = (
    "export|default|public|private|protected|internal|fileprivate|static|final|open|override|async|abstract|virtual"
    "|inline|local|pub|case|sealed|implicit|lazy|mutating|indirect|extend|data"
)
_WORDS = (
    "func|fun|function|fn|def|defp|defmodule|defmacro|sub|class|struct|enum|trait|interface|protocol|extension|object"
    "|module|namespace|type|record|mixin|message|service|rpc|macro|procedure|proc|input|actor|contract|library|event"
)
_DEFINED = re.compile(rf"^\s*(?:@\w+\s+)*(?:(?:{_BEFORE})\s+)*({_WORDS})\s+(?!=|:=)([A-Za-z_][\w.:$!?]*)")
_SHELL = re.compile(r"^\s*()([\w:-]+)\s*\(\)\s*[{(]?\s*$")
_SQL = re.compile(
    r"^\s*create\s+(?:or\s+replace\s+)?(?:temp\w*\s+)?(table|view|function|procedure|trigger|type|index)\s+"
    r"(?:if\s+not\s+exists\s+)?([\w.\"`]+)",
    re.IGNORECASE,
)
_TERRAFORM = re.compile(r'^(resource|data|module|variable|output|provider)\s+"([^"]+)"(?:\s+"([^"]+)")?')
_PATTERNS = {"shellscript": (_SHELL, _DEFINED), "sql": (_SQL,), "terraform": (_TERRAFORM,)}
_KINDS = {
    **dict.fromkeys(("func", "fun", "fn", "def", "defp", "sub", "proc", "procedure", ""), "function"),
    "defmodule": "module",
    "defmacro": "macro",
}
_IMPORT = re.compile(
    r"""^\s*(?:@use|@import|@forward|source|\.|import|require|include|load|use)(?:\s|\()\s*(?:url\()?["']([^"'\n]+)["']"""
)
_CALLED = re.compile(r"\b([A-Za-z_]\w+)\s*\(|\b([A-Z]\w*[a-z]\w*)\b")


def definitions_in(lines: DocumentLines, language: str) -> list[Definition]:
    """Return what a file defines, in order of its start, outer before inner; nothing in a file that only holds data."""
    if language in _DATA:
        return []
    if language in _PROSE:
        return list(_headings(lines))
    return list(_by_words(lines, _PATTERNS.get(language, (_DEFINED,))))


def imports_in(lines: DocumentLines, language: str) -> tuple[Import, ...]:
    """Return the files that a file says it takes in, as they are written in quotes."""
    if language in _PROSE or language in _DATA - {"css", "less"}:
        return ()
    found = ((number, _IMPORT.match(text)) for number, text in _texts(lines))
    return tuple(Import(module=match[1], line=number + 1) for number, match in found if match)


def references_in(lines: DocumentLines, language: str, found: Sequence[Definition]) -> dict[str, int]:
    """Count the names that are called or begin in upper case and are not defined here; nothing for prose and data."""
    if language in _PROSE or language in _DATA:
        return {}
    counts = Counter(name for _, text in _texts(lines) for pair in _CALLED.findall(text) for name in pair if name)
    own = {definition.name for definition in found}
    kept = ((name, count) for name, count in counts.most_common(_MOST_NAMES) if len(name) <= _LONGEST_NAME)
    return {name: count for name, count in kept if name not in own}


def _texts(lines: DocumentLines) -> Iterator[tuple[int, str]]:
    return ((n, raw[:_LONGEST_LINE].decode("utf-8", "replace").rstrip()) for n, raw in enumerate(lines.raw))


def _headings(lines: DocumentLines) -> Iterator[Definition]:
    """Yield the headings of Markdown, each with all that is below it."""
    found: list[tuple[int, int, str]] = []
    fenced = False
    for number, text in _texts(lines):
        if _FENCE.match(text):
            fenced = not fenced
        elif not fenced and (match := _HEADING.match(text)):
            found.append((number, len(match[1]), match[2][:_LONGEST_HEADING]))
    levels: list[int] = []
    ends = _section_ends([level for _, level, _ in found], [number for number, _, _ in found], len(lines))
    for (number, level, title), end in zip(found[:_MOST_DEFINITIONS], ends, strict=False):
        while levels and levels[-1] >= level:
            levels.pop()
        yield Definition(
            title, "heading", number + 1, max(end, number + 1), number + 1, depth=len(levels), signature=title
        )
        levels.append(level)


def _section_ends(levels: Sequence[int], starts: Sequence[int], count: int) -> list[int]:
    """Return the line (1-based) before the next heading of the same or a higher level, for each heading."""
    ends = [count] * len(levels)
    open_: list[int] = []
    for index, level in enumerate(levels):
        while open_ and levels[open_[-1]] >= level:
            ends[open_.pop()] = starts[index]
        open_.append(index)
    return ends


def _by_words(lines: DocumentLines, patterns: Sequence[re.Pattern[str]]) -> Iterator[Definition]:
    """Yield the lines that a pattern knows, each with what is indented below it or in its braces."""
    around: list[int] = []
    said = ((number, text, _first_match(patterns, text)) for number, text in _texts(lines))
    for number, text, match in islice((each for each in said if each[2]), _MOST_DEFINITIONS):
        assert match is not None
        while around and around[-1] < number:
            around.pop()
        last = _last(lines, number)
        first = _comment_above(lines, number)
        name = ".".join(part for part in match.groups()[1:] if part).strip('"`')
        signature = " ".join(text.split())[:LONGEST_SIGNATURE].rstrip(" {:")
        kind = _KINDS.get(match[1].lower(), match[1].lower())
        yield Definition(
            name, kind, first + 1, last + 1, number + 1, len(around), signature, comment_in(lines, first, number)
        )
        around.append(last)


def _first_match(patterns: Sequence[re.Pattern[str]], text: str) -> re.Match[str] | None:
    return next((match for pattern in patterns if (match := pattern.match(text))), None)


def _last(lines: DocumentLines, number: int) -> int:
    last = last_line(lines, number, min(len(lines) - 1, number + _LONGEST_LINES))
    after = lines.raw[last + 1] if last + 1 < len(lines) else b""
    closes = after.strip().rstrip(b",;)").lower() in (b"end", b"fi", b"done")
    return last + 1 if closes and indentation(after) == indentation(lines.raw[number]) else last


def _comment_above(lines: DocumentLines, number: int) -> int:
    first = number
    while first > 0 and lines.raw[first - 1].lstrip().startswith((b"//", b"--", b"#", b"*", b"/*", b"@", b"%%")):
        first -= 1
    return first
