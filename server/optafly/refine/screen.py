"""What is in front of the person: the code they selected, and the code around their cursor."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from optafly.domain import Document, Piece, Snapshot
from optafly.refine.lexicon import Thing
from optafly.refine.place import Place, place_of

# A selection of so few lines is understood better with the function around it.
_FEW_LINES = 3
_OWN_NAME = re.compile(r"(?:\.|::)?[^.:]*\Z")
_CLASSES = "class|interface|@interface|enum|record|struct|trait|impl|union|type|object"


class Screen(msgspec.Struct, frozen=True):
    """The active file (None where the prompt itself is written in it) and the pieces by how they were chosen."""

    active: Document | None
    selection: Piece | None
    file: Piece | None
    outline: Piece | None
    symbol: Piece | None
    lines: Piece | None
    cursor_line: int | None

    @property
    def around(self) -> Piece | None:
        """The code around the cursor: the whole file where that is meant, else the symbol where there is one."""
        return self.file or self.symbol or self.lines

    @property
    def beside(self) -> Piece | None:
        """The code around the cursor where its type, which is what is meant, is written elsewhere in the file."""
        place, symbol, lines = self.cursor_line, self.symbol, self.lines
        if place is None or symbol is None or lines is None or symbol.start_line <= place <= symbol.end_line:
            return None
        return lines if lines.start_line <= place <= lines.end_line else None

    @property
    def code(self) -> Piece | None:
        """The one piece that shows what is meant: the selection, or the code around it where that is small.

        A file that is taken whole is meant whole.
        """
        selection, symbol = self.selection, self.symbol
        if selection is None or self.file is not None:
            return self.around
        if symbol is None or symbol.path != selection.path:
            return selection
        few = selection.end_line - selection.start_line < _FEW_LINES
        return symbol if few and holds(symbol, selection) else selection

    @property
    def is_whole(self) -> bool:
        """Whether all of the active file is meant, for nobody says where in it: `--file` without `--line`."""
        return self.active is not None and self.cursor_line is None and self.selection is None and self.around is None

    def shows_less_than(self, thing: Thing | None) -> bool:
        """Say whether the code is less than all of a thing: some of it is selected, or all of a file does not fit."""
        return self.selection is not None or (thing == "file" and self.file is None and self.around is not None)

    def place(self, thing: Thing | None) -> Place | None:
        """Return the place that "this" means: of the whole file for "this file", of a line for "this line"."""
        if self.selection is not None:
            place = place_of(self.selection)
            symbol = self.symbol if self.symbol is not None and holds(self.symbol, self.selection) else None
            pieces = (self.outline, symbol, self.selection) if thing == "class" else ()
            if holder := next(filter(None, map(_class_of, pieces)), None):
                return Place(place.path, place.first, place.last, holder)
            return place if place.symbol or self.symbol is None else _with_symbol(place, self.symbol)
        if self.active is not None and (thing == "file" or self.is_whole):
            return Place(self.active.path)
        if thing == "line" and self.active is not None and self.cursor_line is not None:
            place = Place(self.active.path, self.cursor_line, self.cursor_line)
            return place if self.symbol is None else _with_symbol(place, self.symbol)
        around = self.around if self.beside is not None else self.outline or self.around
        holder = _class_of(around) if thing == "class" else None
        if around is None or holder in (None, around.symbol):
            return None if around is None else place_of(around)
        return Place(around.path, symbol=holder)


def look(snapshot: Snapshot, pieces: tuple[Piece, ...]) -> Screen:
    """Return what is in front of the person. A selection that is the prompt itself is not code."""
    prompt = snapshot.prompt.strip()
    active = snapshot.active
    if active is not None and _holds_the_prompt(active, prompt):
        active = None
    usable = [piece for piece in pieces if piece.text.strip() and not _is_prompt(piece, prompt)]
    by_kind = {piece.kind: piece for piece in reversed(usable)}
    cursor = snapshot.cursor
    return Screen(
        active=active,
        selection=by_kind.get("selection"),
        file=by_kind.get("file"),
        outline=by_kind.get("skeleton"),
        symbol=by_kind.get("symbol"),
        lines=by_kind.get("lines"),
        cursor_line=None if cursor is None else cursor.line + 1,
    )


def stands_in(active: Document | None) -> Callable[[str], bool]:
    """Return a test whether a word (in small letters) stands in the active file."""

    def stands(word: str) -> bool:
        return active is not None and re.search(re.escape(word), active.text, re.IGNORECASE) is not None

    return stands


def holds(piece: Piece, other: Piece) -> bool:
    """Say whether a piece of a file has all lines of another of the same file."""
    return piece.start_line <= other.start_line and other.end_line <= piece.end_line


def _is_prompt(piece: Piece, prompt: str) -> bool:
    return bool(prompt) and piece.text.strip(" \t\r\n#/*-") == prompt.strip(" \t\r\n#/*-")


def _holds_the_prompt(active: Document, prompt: str) -> bool:
    """Prompts are written in Markdown and text files too: such a file is not what they are about."""
    prose = active.language in ("markdown", "plaintext", "text", "") or active.path.endswith(".prompt.md")
    return prose and bool(prompt) and prompt in active.text


def _with_symbol(place: Place, symbol: Piece) -> Place:
    inside = place.path == symbol.path and symbol.start_line <= (place.first or 0) <= symbol.end_line
    return Place(place.path, place.first, place.last, symbol.symbol if inside else None)


def _class_of(piece: Piece | None) -> str | None:
    """Return the name of the class that a piece is, or else of what stands around what it is called by."""
    if piece is None or piece.symbol is None:
        return None
    outer = _OWN_NAME.sub("", piece.symbol, count=1)
    own = re.escape(piece.symbol.removeprefix(outer).lstrip(".:"))
    if re.search(rf"\b(?:{_CLASSES})\b[^\n(]{{0,200}}\b{own}\b", piece.text):
        return piece.symbol  # which may stand in another: its name has several parts then, as that of a method has
    return outer or None
