"""Names of code that a person points at: how a prompt mentions them, and how a click or a command gives them.

    in a prompt                              as a name
    #till/bill.py                            till/bill.py              all of a file
    #till/bill.py:4-12                       till/bill.py:4-12         some of its lines (1-based, inclusive)
    #till/bill.py#Bill.total                 till/bill.py#Bill.total   a definition in it
    #"my notes/a #1.md"                      my notes/a #1.md          a path with other than word characters in it
    #bill                                    bill                      a file, by its name without the ending
    @Bill.total                              #Bill.total               a definition, wherever it is

A name alone is a mention only where it is written as one: a `#main` of a stylesheet, an `#include`, a colour are none.

A name is not resolved here: whether there is such a file, and which of several definitions is meant, the index knows.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from optafly.domain import MentionKind, Piece

_WORD = r"[\w$~+%&=^-]"  # a path has these between its dots and slashes, or else it is quoted
_PLAIN_PATH = rf"(?:@|\.{{0,2}}/)?{_WORD}+(?:[./@]+{_WORD}+)*/?|\.{_WORD}+(?:[./@]+{_WORD}+)*/?"
_QUOTED_PATH = r'"(?:[^"\\\n]|\\["\\])+"'
_IDENTIFIER = r"[^\W\d][\w$]*"
_SYMBOL = rf"{_IDENTIFIER}(?:(?:\.|::){_IDENTIFIER})*"
_LINES = r"\d{1,7}(?:-\d{1,7})?"

_FILE = re.compile(rf"#(?:(?P<quoted>{_QUOTED_PATH})|(?P<plain>{_PLAIN_PATH}))")
_BEHIND_LINES = re.compile(rf":{_LINES}(?!\d)")
_BEHIND_SYMBOL = re.compile(rf"#({_SYMBOL})")
_AT = re.compile(rf"@({_SYMBOL})")
_MARK = re.compile("[#@]")
_FENCE = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*$.*?(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)", re.DOTALL | re.MULTILINE
)
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,12}(?![A-Za-z0-9])")
_NAME_LINES = re.compile(rf"(?P<path>.+):(?P<lines>{_LINES})")
_TYPED = re.compile(
    rf'#(?P<quote>")(?P<quoted>[^"\n]*)$|#(?P<file>[\w$~+%&=^@./-]*)$|@(?P<symbol>(?:{_SYMBOL}(?:\.|::)?)?)$'
)

# A bare word behind a `#` is a mention between these; the rest is code.
_BEFORE_A_WORD = re.compile(r"(?:\A|[\s\[{«„“‘]|(?<!\w)\()\Z")
_BEHIND_A_WORD = re.compile(r"\s*(?:\Z|\n)|(?=[\s.,;:!?…)\]}»”’'])(?!\s*[{}>+~|=;]|[.:]\w)")
_CODE_LINE = re.compile(r"(?: {4}|\t).*|.*[{};]\s*")
_LONGEST_LINE = 300
# fmt: off
_DIRECTIVES = frozenset({
    "include", "import", "define", "undef", "if", "ifdef", "ifndef", "elif", "elifdef", "elifndef", "else", "endif",
    "line", "error", "warning", "pragma", "embed", "region", "endregion", "nullable", "using",
})
# fmt: on
# The name of a file, and neither a colour, the hash of a commit, nor an issue of a tracker.
_WORD_ALONE = re.compile(
    r"(?!(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\Z)(?!(?=[a-f]*\d)[0-9a-f]{7,40}\Z)(?![A-Za-z]*-?\d+\Z)[^\W\d][\w-]+",
    re.IGNORECASE,
)


class Name(NamedTuple):
    """One way to read a name. An empty `path` is any file; lines are 1-based and inclusive."""

    path: str
    symbol: str | None = None
    lines: tuple[int, int] | None = None


class Mention(NamedTuple):
    """A mention in a prompt: the name it gives, and where it stands (code points, end exclusive)."""

    kind: MentionKind
    name: str
    start: int
    end: int


class Typed(NamedTuple):
    """The beginning of a mention before the cursor: where its `#` or `@` stands, and the text behind that."""

    kind: MentionKind
    text: str
    start: int


def mentions(prompt: str) -> tuple[Mention, ...]:
    """Return what a prompt mentions, in order. Code in fences mentions nothing: there, both marks mean other things."""
    blank = _FENCE.sub(lambda fence: " " * len(fence[0]), prompt)
    found: list[Mention] = []
    for mark in _MARK.finditer(blank):
        start = mark.start()
        if (found and start < found[-1].end) or not _may_start(blank, start):
            continue
        mention = _file_at(blank, start) if mark[0] == "#" else _symbol_at(blank, start)
        found += [mention] if mention else []
    return tuple(found)


def readings(name: str) -> tuple[Name, ...]:
    """Return every way to read a name, the literal one first: a path may hold a `#`, or end like a range of lines."""
    found = [Name(name)]
    if lines := _NAME_LINES.fullmatch(name):
        found.append(Name(lines["path"], None, _range(lines["lines"])))
    path, mark, symbol = name.rpartition("#")
    if mark and re.fullmatch(_SYMBOL, symbol):
        found.append(Name(path, symbol))
    return tuple(found)


def halves(name: str) -> tuple[str, str | None]:
    """Return what stands before the last `#` of a name, and the symbol behind it, None where there is no `#`."""
    path, mark, symbol = name.rpartition("#")
    return (path, symbol or None) if mark else (name, None)


def name_of(path: str, symbol: str | None = None) -> str:
    """Return the name of a file, or of a definition in it."""
    return f"{path}#{symbol}" if symbol else path


def is_word(name: str) -> bool:
    """Say whether the name of a mention is a word alone that can hardly mean anything but a file: `bill`."""
    return _WORD_ALONE.fullmatch(name) is not None and name not in _DIRECTIVES


def named_shortly(given: str, path: str) -> bool:
    """Say whether `given` is the end of a path, its ending aside, whatever the case: `bill` of `till/Bill.py`."""
    stem = path.rpartition("/")[2].rpartition(".")[0]
    return bool(stem) and f"/{path}".casefold()[: -len(path.rpartition(".")[2]) - 1].endswith(f"/{given}".casefold())


def mention_of(name: str) -> str:
    """Return how a prompt mentions the file or definition of that name, as `mentions` reads it back."""
    path, mark, symbol = name.rpartition("#")
    if not mark or not re.fullmatch(_SYMBOL, symbol):
        path, mark, symbol = name, "", ""
    if not path:
        return f"@{symbol}"
    if re.fullmatch(_PLAIN_PATH, path) is None or not _is_a_path(path) or _cut(path) != path or path in _DIRECTIVES:
        path = '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"#{path}{mark}{symbol}"


def means(name: str, piece: Piece) -> bool:
    """Return whether a piece is of what a name names: of that file, inside that definition, or touching those lines."""
    return any(_means(each, piece) for each in readings(name))


def being_typed(before: str) -> Typed | None:
    """Return the mention that ends at the cursor, given the line up to there; None where none does."""
    found = _TYPED.search(before)
    while found and not _may_start(before, found.start()):
        found = _TYPED.search(before, found.start() + 1)
    if found is None:
        return None
    if found["symbol"] is not None:
        return Typed("symbol", found["symbol"], found.start())
    return Typed("file", found["quoted"] if found["quote"] else found["file"], found.start())


def _may_start(text: str, index: int) -> bool:
    """A mark inside a word is none: `a@b.c`, `C#`, `page.html#top`. Scripts without spaces go right up to one."""
    before = text[index - 1] if index else " "
    return _wide(before) or not (before.isalnum() or before in "_#@&/\\.+-=$%:")


def _wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _file_at(text: str, start: int) -> Mention | None:
    found = _FILE.match(text, start)
    if found is None:
        return None
    if found["quoted"]:
        path, end = re.sub(r"\\([\"\\])", r"\1", found["quoted"][1:-1]), found.end()
    else:
        path = _cut(found["plain"])
        end = start + 1 + len(path)
    if not (found["quoted"] or _is_a_path(path)):
        return None
    if lines := _BEHIND_LINES.match(text, end):
        return Mention("file", path + lines[0], start, lines.end())
    if symbol := _BEHIND_SYMBOL.match(text, end):
        name = _ascii_end(symbol[1])
        return Mention("symbol", f"{path}#{name}", start, end + 1 + len(name))
    if not found["quoted"] and _is_bare(path) and not _stands_alone(text, start, end):
        return None
    return Mention("file", path, start, end)


def _is_bare(path: str) -> bool:
    return "/" not in path and not path.startswith(".") and _ENDING.search(path) is None


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Say whether a bare word from a `#` on is one of a sentence, not of code: `#main {`, `#include <a.h>`."""
    wide = (start and _wide(text[start - 1])) or _wide(text[end : end + 1] or " ")
    if not wide and not (_BEFORE_A_WORD.search(text[max(0, start - 2) : start]) and _BEHIND_A_WORD.match(text, end)):
        return False
    near = text[max(0, start - _LONGEST_LINE) : start].rpartition("\n")[2]
    if not near.strip() and text[start + 1 : end] in _DIRECTIVES:
        return False
    line = near + text[start : end + _LONGEST_LINE].partition("\n")[0]
    return _CODE_LINE.fullmatch(line) is None


def _symbol_at(text: str, start: int) -> Mention | None:
    found = _AT.match(text, start)
    if found is None:
        return None
    symbol = _ascii_end(found[1])
    end = start + 1 + len(symbol)
    package = end == found.end() and text[end : end + 1] in ("/", "@", "-")  # such as @types/node
    return None if package else Mention("symbol", f"#{symbol}", start, end)


def _cut(path: str) -> str:
    """Return a path up to where a script without spaces goes on right behind its ASCII ending, or behind a word."""
    if _is_bare(path):
        return _ascii_end(path)
    for ending in _ENDING.finditer(path):
        if ending.end() < len(path) and _wide(path[ending.end()]):
            return path[: ending.end()]
    return path


def _ascii_end(symbol: str) -> str:
    """Return an identifier up to where a script without spaces goes on, if it does not begin in one itself."""
    if not symbol[0].isascii():
        return symbol
    return symbol[: next((index for index, each in enumerate(symbol) if _wide(each)), len(symbol))]


def _is_a_path(path: str) -> bool:
    """Say whether a bare word may be a path: neither a number of an issue nor dots alone."""
    return any(each.isalpha() for each in path)


def _range(lines: str) -> tuple[int, int]:
    first, _, last = lines.partition("-")
    numbers = max(1, int(first)), max(1, int(last or first))
    return min(numbers), max(numbers)


def _means(name: Name, piece: Piece) -> bool:
    if name.path not in ("", piece.path):
        return False
    if name.lines:
        return name.lines[0] <= piece.end_line and piece.start_line <= name.lines[1]
    if name.symbol is None:
        return name.path == piece.path
    symbol, wanted = (f".{each.replace('::', '.')}." for each in (piece.symbol or "", name.symbol))
    return symbol.startswith(wanted) or (not name.path and symbol.endswith(wanted))
