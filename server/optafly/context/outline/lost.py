"""Definitions where code does not parse: while it is being written, or beyond what a grammar knows of its language.

A macro, a string of a newer kind or one open bracket can cost a parser a whole class. What was given up is read by its
lines; what is parsed stays as it is, and takes the name of the class around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from optafly.context.lines import DocumentLines, indentation
from optafly.context.mending import last_line
from optafly.context.outline.heads import LONGEST_SIGNATURE, comment_in
from optafly.context.outline.model import Definition

_LONGEST_LINE = 500
_LONGEST_LINES = 5_000
_CLASSES = {"class", "interface", "enum", "record", "struct", "trait", "union", "object"}
_BEFORE = (
    "export|default|declare|public|private|protected|internal|static|final|open|override|async|abstract|virtual|inline"
    "|pub|sealed|data|inner|value|annotation|suspend|operator|infix|tailrec|external|expect|actual|partial|readonly"
    "|unsafe|const|extern|new|synchronized"
)
_NO_NAMES = frozenset(_BEFORE.split("|")) - {"data", "value", "inner", "operator", "new", "open", "default", "record"}
_MODIFIERS = rf"^\s*(?:@\w+(?:\([^()]*\))?\s+)*(?:(?:{_BEFORE})\s+)*"
_WORDS = re.compile(_MODIFIERS + r"(class|interface|enum|trait|struct|fn|function|def|module)\s+([A-Za-z_]\w*)")
_KOTLIN = re.compile(
    _MODIFIERS + r"(?:fun\s+)?(?:enum\s+)?(class|interface|object|fun)\s+(?:<[^>]*>\s*)?"
    r"((?:[\w<>?*, ]+\.)?(?:`[^`]+`|\w+))"
)
_TYPE = re.compile(_MODIFIERS + r"(class|interface|enum|struct|record)\s+(\w[\w.]*)")
_METHOD = re.compile(rf"^\s*(?:(?:{_BEFORE})\s+)+()(?:<[^>]*>\s+)?[\w.<>\[\],? ]+\s+(\w+)\s*(?:<[^>]*>)?\s*\([^;]*$")
_C_TYPE = re.compile(
    r"^\s*(?:template\s*<.*>\s*)?(?:typedef\s+)?(class|struct|union|enum)\s+(?:class\s+)?(?:[A-Z][A-Z0-9_]*\s+)?(\w+)"
    r"\s*(?:final\s*)?(?::[^:;(][^;(]*)?\{?\s*$"
)
_C_FUNCTION = re.compile(
    r"^(?!else\b|return\b|typedef\b|using\b|case\b|if\b|do\b|while\b|for\b|switch\b|goto\b|new\b|delete\b|throw\b)"
    r"()(?:[A-Za-z_][\w:<>,]*[\s*&]+)+(~?[A-Za-z_]\w*(?:::~?\w+)*)\s*\([^;=]*$"
)
_PATTERNS: dict[str, tuple[re.Pattern[str], ...]] = {
    "kotlin": (_KOTLIN,),
    "java": (_TYPE, _METHOD),
    "csharp": (_TYPE, _METHOD),
    "c": (_C_TYPE, _C_FUNCTION),
    "cpp": (_C_TYPE, _C_FUNCTION),
}
_KINDS: dict[str, str] = {"fn": "function", "fun": "function", "def": "function", "": "function"}
# Several blanks in a row can be shared out between the parts of a pattern in more ways than there is time for.
_BLANKS = re.compile(r"\s+")
_ARGUMENTS = re.compile(r"<[^<>]*>|\?")


def with_lost(
    found: Sequence[Definition], spans: Sequence[tuple[int, int]], lines: DocumentLines, language: str, separator: str
) -> list[Definition]:
    """Return the definitions that were parsed with those on the lines (0-based, inclusive) that were not, in order."""
    found = _with_names(found, separator)
    known = {definition.name_line for definition in found}
    lost = [each for each in _read(spans, lines, language) if each.name_line not in known]
    cut = {id(each): _whole(each, lines, language) for each in found if _is_cut(each, spans)}
    cut = {key: whole for key, whole in cut.items() if whole is not None}
    if not lost and not cut:
        return list(found)
    kept = [each for each in found if id(each) not in cut]
    return _nested(kept, [*lost, *cut.values()], separator)


def _with_names(found: Sequence[Definition], separator: str) -> list[Definition]:
    """Leave out what was called by a word of the language: what lies in it is named after what is around that."""
    kept: list[Definition] = []
    around: list[tuple[Definition, Definition | None]] = []  # as it was parsed, and as it is now
    for each in found:
        del around[each.depth :]
        own = each.name.removeprefix(f"{around[-1][0].name}{separator}") if around else each.name
        holders = [now for _, now in around if now is not None]
        now = None
        if own.rpartition(separator)[2] not in _NO_NAMES:
            name = f"{holders[-1].name}{separator}{own}" if holders else own
            now = msgspec.structs.replace(each, name=name, depth=len(holders))
            kept.append(now)
        around.append((each, now))
    return kept


def _is_cut(definition: Definition, spans: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a class ends where a parser gave up."""
    end = definition.end_line - 1
    return definition.kind in _CLASSES and any(first - 1 <= end <= last for first, last in spans)


def _whole(definition: Definition, lines: DocumentLines, language: str) -> Definition | None:
    """Return a class with all that is indented below it; None where that is no more than was parsed."""
    end = _end(lines, definition.name_line - 1, language) + 1
    return msgspec.structs.replace(definition, end_line=end) if end > definition.end_line else None


def _read(spans: Iterable[tuple[int, int]], lines: DocumentLines, language: str) -> Iterator[Definition]:
    patterns = _PATTERNS.get(language, (_WORDS,))
    for number in sorted({number for first, last in spans for number in range(first, last + 1)}):
        text = _BLANKS.sub(" ", lines.raw[number][:_LONGEST_LINE].decode("utf-8", "replace").rstrip())
        match = next((match for pattern in patterns if (match := pattern.match(text))), None)
        if match is None:
            continue
        first = _comment_above(lines, number)
        yield Definition(
            name=_ARGUMENTS.sub("", match[2]).strip(),
            kind=_KINDS.get(match[1], match[1]),
            start_line=first + 1,
            end_line=_end(lines, number, language) + 1,
            name_line=number + 1,
            signature=" ".join(text.split())[:LONGEST_SIGNATURE].rstrip(" {:(,"),
            doc=comment_in(lines, first, number),
        )


def _end(lines: DocumentLines, number: int, language: str) -> int:
    """Return the last line of a definition by its indentation; a body may begin on a line of its own."""
    most = min(len(lines) - 1, number + _LONGEST_LINES)
    if language in ("c", "cpp"):
        return _end_of_c(lines, number, most)
    margin = indentation(lines.raw[number])
    last = last_line(lines, number, most)
    while last > number and (lines.blank(last) or indentation(lines.raw[last]) < margin):  # a brace of what is around
        last -= 1
    after = lines.raw[last + 1].strip() if last < most else b""
    opens = after.startswith(b"{") and indentation(lines.raw[last + 1]) == margin
    return last_line(lines, last + 1, most) if opens else last


def _end_of_c(lines: DocumentLines, number: int, most: int) -> int:
    """Return the line of the brace that closes, or of the semicolon that ends a declaration; `#if` has no margin."""
    margin, opened = indentation(lines.raw[number]), False
    for at in range(number, most + 1):
        text = lines.raw[at].strip()
        if opened and text.startswith(b"}") and indentation(lines.raw[at]) <= margin:
            return at
        opened = opened or b"{" in text
        if not opened and text.endswith(b";"):
            return at
    return last_line(lines, number, most)


def _comment_above(lines: DocumentLines, number: int) -> int:
    first = number
    while first > 0 and lines.raw[first - 1].lstrip().startswith((b"//", b"#[", b"*", b"/*", b"@")):
        first -= 1
    return first


class _Outer(msgspec.Struct, frozen=True):
    """A definition that is still open, as it is now and as it was parsed (None: it was lost)."""

    now: Definition
    parsed: Definition | None


def _nested(found: Sequence[Definition], lost: Sequence[Definition], separator: str) -> list[Definition]:
    """Put both in order of their start, and name what lies in a lost definition, and each of these, after its holder.

    A lost one ends no later than what it lies in; one that ends before what begins in it does not hold that.
    """
    marked = [(each, False) for each in found] + [(each, True) for each in lost]
    marked.sort(key=lambda pair: (pair[0].start_line, -pair[0].end_line))
    around: list[_Outer] = []
    placed: list[Definition] = []
    for each, is_lost in marked:
        while around and not _holds(around[-1], each, is_lost=is_lost):
            around.pop()
        if is_lost and around:
            each = msgspec.structs.replace(each, end_line=min(each.end_line, around[-1].now.end_line))
        now = _named(each, around, separator) if is_lost or any(one.parsed is None for one in around) else each
        deepest = placed[-1].depth + 1 if placed else 0  # what held it may have been found to end before
        now = now if now.depth <= deepest else msgspec.structs.replace(now, depth=deepest)
        placed.append(now)
        around.append(_Outer(now, None if is_lost else each))
    return placed


def _holds(outer: _Outer, inner: Definition, *, is_lost: bool) -> bool:
    if is_lost:
        return outer.now.end_line >= inner.name_line
    beside = outer.parsed is not None and outer.parsed.depth >= inner.depth  # on the same line
    return outer.now.end_line >= inner.end_line and not beside


def _named(definition: Definition, around: Sequence[_Outer], separator: str) -> Definition:
    parsed = next((each.parsed for each in reversed(around) if each.parsed is not None), None)
    own = definition.name.removeprefix(f"{parsed.name}{separator}") if parsed is not None else definition.name
    name = f"{around[-1].now.name}{separator}{own}" if around else own
    is_method = definition.kind == "function" and bool(around) and around[-1].now.kind in _CLASSES
    kind = "method" if is_method else definition.kind
    return msgspec.structs.replace(definition, name=name, kind=kind, depth=len(around))
