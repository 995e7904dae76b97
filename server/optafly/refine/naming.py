"""What a prompt names by name: files that the editor has, symbols that the code has."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import msgspec

from optafly.domain import Document, Piece, Snapshot
from optafly.refine.phrases import Word
from optafly.refine.place import Place, place_of
from optafly.refine.prose import Prose
from optafly.scripts import UNSPACED

_LETTER = rf"[^\W{UNSPACED}]"
_WORD = rf"[A-Za-z_$]{_LETTER}*(?:\${_LETTER}*)*"
# What looks like code in a sentence: `inline`, call(), snake_case, camelCase, dotted.name, CONSTANT_CASE.
_NAME = re.compile(
    r"`(?P<ticks>[A-Za-z_$][\w$.]*(?:\(\))?)`"
    rf"|(?<!{_LETTER})(?<![./\\`-])(?P<bare>{_WORD}(?:\.{_WORD})*(?:\(\))?)"
    rf"(?!{_LETTER}|[/\\`-])"
)
_CODE_LIKE = re.compile(r"[A-Za-z0-9]_[A-Za-z0-9]|[a-z0-9][A-Z]|\(\)$|^_")
# What follows a name in a call such as total([1, 2]), but not in a plural such as file(s).
_CALL = re.compile(r"\((?!e?s\)|ies\))(?:[^()\n]|\([^()\n]*\)){1,200}\)")
_NAME_GOES_ON = re.compile(rf"{_LETTER}|[.-]")
_NAME_ENDS_LATER = re.compile(rf"{_LETTER}|-")
_FILE_LIKE = re.compile(r"[./\\]")
_MOST_NAMES = 8
_EDGE = 500  # of what is covered, so that a name that reaches into it is seen to
_LONG = re.compile(rf"\x00{{{4 * _EDGE},}}")
_MOST_MENTIONS = 100
_ITSELF = frozenset({"self", "this", "cls", "Self", "super"})
# What ties a name to the file that is said next: "parse in http.py", "load from the http.py".
_THEREIN = r"(?:\(\))?[`'\s]+(?:[^\W\d]{1,3}|from|dans|inside|within)\s+(?:[^\W\d]{1,3}\s+)?[`'\"#]?"


class Named(msgspec.Struct, frozen=True):
    """A symbol of the code that a prompt names: where the name ends in the prompt, and where the symbol is."""

    end: int
    place: Place
    piece: Piece | None


def named_paths(text: str, snapshot: Snapshot) -> frozenset[str]:
    """Return the files of the snapshot that a text names, by path or by file name."""
    known = {file.path for file in snapshot.open_files} | {each.path for each in snapshot.diagnostics}
    if snapshot.active:
        known.add(snapshot.active.path)
    return frozenset(path for path in known if _names_file(text, path))


def code_names(prose: Prose) -> dict[str, int]:
    """Return what looks like a name in code, and where it ends in the prompt, leaving out quotations."""
    found: dict[str, int] = {}
    for match in _NAME.finditer(_heard(prose)):
        ticks = match.group("ticks")
        name = ticks or match.group("bare")
        call = None if ticks else _CALL.match(prose.text, match.end())
        if not (ticks or call or _CODE_LIKE.search(name)) or _is_quoted(prose.covered, match, bool(ticks)):
            continue
        found.setdefault(name.removesuffix("()"), call.end() if call else match.end())
        if len(found) == _MOST_NAMES:
            break
    return found


def _heard(prose: Prose) -> str:
    """Return the text of a prompt without the inside of what is covered at length: no name counts in there."""
    text = prose.text
    for run in _LONG.finditer(prose.covered):
        start, end = run.start() + _EDGE, run.end() - _EDGE
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def plain_names(own: tuple[Word, ...]) -> dict[str, int]:
    """Return the person's own words that could be names in code as they stand: "add a docstring to load"."""
    return {word.text: word.end for word in own if word.text.isascii()}


def named_symbol(names: dict[str, int], snapshot: Snapshot, pieces: tuple[Piece, ...]) -> Named | None:
    """Return the first of the names that the pieces or the active file define."""
    hits = (_find(name, end, snapshot, pieces) for name, end in names.items())
    return next((hit for hit in hits if hit is not None), None)


def told_elsewhere(text: str, name: str, end: int, files: tuple[str, ...]) -> bool:
    """Say whether a prompt says of a name, which ends there, that it is in one of these files: "parse in http.py"."""
    before, behind = text[: text.rfind(name, 0, end)].rstrip(" `"), text[end : end + _EDGE]
    before = re.sub(r"(?:['’]s|:)\Z", "", before)
    return any(before.endswith(each) or re.match(_THEREIN + re.escape(each), behind) for each in files)


def _is_quoted(covered: str, match: re.Match[str], ticks: bool) -> bool:
    if not ticks:
        return "\x00" in covered[match.start() : match.end()]
    return "\x00" in covered[max(0, match.start() - 1) : match.start()] + covered[match.end() : match.end() + 1]


def _names_file(text: str, path: str) -> bool:
    name = PurePosixPath(path.replace("\\", "/")).name
    if not _FILE_LIKE.search(path) or name not in text:
        return False
    return any(  # one pattern for all names: to compile the scripts again for each would take a millisecond
        not _NAME_GOES_ON.search(text[max(0, found.start() - 1) : found.start()])
        and not _NAME_ENDS_LATER.match(text, found.end())
        for found in re.finditer(re.escape(name), text)
    )


def _find(name: str, end: int, snapshot: Snapshot, pieces: tuple[Piece, ...]) -> Named | None:
    last = name.rpartition(".")[2]
    for piece in pieces:
        if piece.symbol is not None and _is_called(piece.symbol, name, piece.path, _text_of(snapshot, piece)):
            return Named(end, place_of(piece), piece)
    active = snapshot.active
    line = None if active is None else _defining_line(last, active.text)
    if active is None or line is None or not _may_be_called(name, line, active):
        return None
    holding = (piece for piece in pieces if piece.path == active.path and piece.start_line <= line <= piece.end_line)
    return Named(end, Place(active.path, line, line), next(holding, None))


def _text_of(snapshot: Snapshot, piece: Piece) -> str:
    active = snapshot.active
    return active.text if active is not None and active.path == piece.path else piece.text


def _is_called(symbol: str, name: str, path: str, text: str) -> bool:
    """Say whether a name may be that of a definition: `bill.total` of `Bill.total`, but not `Order.total`."""
    *outer, last = re.split(r"\.|::", symbol)
    *qualifiers, own = name.split(".")
    if last != own or not qualifiers:
        return last == own
    return _owns(qualifiers[-1], path) or (
        qualifiers[-1] in outer or (bool(outer) and _may_be_a_value(qualifiers[-1], text))
    )


def _may_be_called(name: str, line: int, active: Document) -> bool:
    """Say whether a name may be what that line of the active file defines: not the `load` of `json.load`."""
    *qualifiers, _ = name.split(".")
    if not qualifiers or _owns(qualifiers[-1], active.path):
        return True
    member = active.text.split("\n", line)[line - 1][:1].isspace()
    of_a_type = re.search(rf"\b(?:class|struct|interface|enum|trait|impl)\s+{re.escape(qualifiers[-1])}\b", active.text)
    return member and (of_a_type is not None or _may_be_a_value(qualifiers[-1], active.text))


def _owns(qualifier: str, path: str) -> bool:
    """Say whether what stands before a name means the file itself, or what is around the cursor."""
    return qualifier in _ITSELF or qualifier == PurePosixPath(path.replace("\\", "/")).stem


def _may_be_a_value(qualifier: str, text: str) -> bool:
    """Say whether a word may be a variable in a file: `json` is none where that is imported, `JSON` is a type."""
    imported = rf"\b(?:import|from|use|using|require|include)\b[^\n]*\b{re.escape(qualifier)}\b"
    return not qualifier[:1].isupper() and re.search(imported, text) is None


def _defining_line(name: str, text: str) -> int | None:
    """Return the 1-based line that defines a name, or None, also where several could be meant: `A.run` and `B.run`.

    Only lines that hold the name are looked at.
    """
    defines = _definition(name)
    found: re.Match[str] | None = None
    line = None
    at = text.find(name)
    for _ in range(_MOST_MENTIONS):
        if at < 0:
            break
        start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        end = len(text) if end < 0 else end
        if (match := defines.search(text[start:end])) is not None:
            if found is not None and found["assigned"] is None and match["assigned"] is None:
                return None
            if found is None:
                found, line = match, text.count("\n", 0, start) + 1
        at = text.find(name, end)
    return line


def _definition(name: str) -> re.Pattern[str]:
    name = re.escape(name)
    return re.compile(
        rf"\b(?:def|class|function\*?|func|fn|const|let|var|type|interface|struct|enum|trait|record)[ \t]+"
        rf"(?:\([^)]*\)[ \t]*)?{name}\b"
        rf"|^[ \t]*(?:[\w<>\[\],.?]+[ \t]+){{0,5}}{name}[ \t]*\([^;{{}}]*\)[^;{{}}]*\{{[ \t\r]*$"
        rf"|(?P<assigned>^[ \t]*(?:self\.|this\.)?{name}[ \t]*(?::[^=]*)?=[^=])"
    )
