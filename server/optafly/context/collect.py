"""Snapshot to pieces: which lines of the active document go with a prompt, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from optafly.config import ContextSettings
from optafly.context.chosen import Chosen
from optafly.context.lines import DocumentLines
from optafly.context.naming import defining_lines
from optafly.context.outline.definitions import CLASSES
from optafly.context.owners import BLOCK, owner
from optafly.context.symbols import Symbol, symbols_in
from optafly.domain import Piece, Position, Range, Snapshot

Meant = Literal["method", "class", "interface", "type", "file"]
"""What the words of a prompt call the code around the cursor, where that says how much of it is meant."""

# A longer selection speaks for itself; with a shorter one goes the function or class around it.
_LONG_SELECTION_LINES = 40
# A function inside another is taken with the outer one up to this length, as it uses the outer one's names.
_SMALL_OUTER_LINES = 60
_HEAD_LINES = 8
_MOST_ERRORS = 3
_MOST_NAMED = 3


def collect(
    snapshot: Snapshot, settings: ContextSettings, excludes: Callable[[str], str | None], meant: Meant | None = None
) -> tuple[tuple[Piece, ...], tuple[str, ...]]:
    """Choose the code a prompt may need, at most `settings.max_tokens` of it, and say what was left out and why.

    First comes what the person pointed at: the selected lines (kind `selection`), or the function or class around the
    cursor (`symbol`), or lines around it where none is found or it is too long (`lines`). Then what helps with it: the
    function or class around a short selection, the head of one that is too long, those that hold errors elsewhere
    (`lines`), and those that the prompt names (`lines`). Where it calls what it points at by `meant`, all of that comes
    in place of the function or class around it (`symbol`, `file`), or before it the outline of a class that is too long
    (`skeleton`); selected lines come first in any case. Where a class is meant whose methods are written outside of it,
    it comes as the `symbol`, and what is around the cursor of these (`lines`). `excludes` gives the reason why a path
    is never read, or None. Texts are raw: masking secrets is the pipeline's part.
    """
    document = snapshot.active
    if document is None or not settings.enabled:
        return (), ()
    if reason := excludes(document.path):
        return (), (f"`{document.path}` is never read into a prompt: {reason}.",)
    if not document.text.removeprefix("\ufeff").strip():
        return (), ()
    chosen = Chosen(document, settings, DocumentLines.of(document.text))
    selected = _selected(snapshot.selection, chosen.lines)
    cursor = snapshot.cursor or (snapshot.selection.start if snapshot.selection else None)
    if selected is not None:
        _choose_selection(chosen, selected, meant)
    elif cursor is not None:
        _choose_around(chosen, cursor, meant)
    if cursor is not None:
        _choose_errors(chosen, snapshot)
    _choose_named(chosen, snapshot.prompt)
    return tuple(chosen.pieces), tuple(dict.fromkeys(chosen.notes))


def _selected(selection: Range | None, lines: DocumentLines) -> Range | None:
    """Return the selection in order, inside the document and without blank lines around; None where nothing is left."""
    if selection is None or selection.empty:
        return None
    start, end = sorted((selection.start, selection.end))
    if start.line >= len(lines):
        return None
    if end.line >= len(lines):
        end = Position(line=len(lines) - 1, character=len(lines.raw[-1]))
    if end.character == 0 and end.line > start.line:  # the caret stands before the next line's first character
        end = Position(line=end.line - 1, character=len(lines.raw[end.line - 1]))
    first, last = start.line, end.line
    while first <= last and lines.blank(first):
        first += 1
    while last > first and lines.blank(last):
        last -= 1
    if first > last:
        return None
    return Range(
        start=start if first == start.line else Position(line=first, character=0),
        end=end if last == end.line else Position(line=last, character=len(lines.raw[last])),
    )


def _choose_selection(chosen: Chosen, selection: Range, meant: Meant | None) -> None:
    first, last = selection.start.line, selection.end.line
    around = [s for s in chosen.symbols_at(first, selection.start.character) if last < s.end_line]
    near = (selection.start.character, selection.end.character) if first == last else (0, 0)
    inner = around[0] if around else None
    where = f" in the {_spoken(inner)}" if inner else ""
    if not chosen.take(
        "selection", first, last, f"You selected {_lines(first, last)}{where}.", symbol=inner, near=near
    ):
        _choose_beginning(chosen, first, last, inner)
        return
    if _choose_meant(chosen, around, meant, f"the selected {_lines(first, last)}"):
        return
    if inner is None or last - first >= _LONG_SELECTION_LINES:
        return
    symbol = _with_outer(around)
    if (symbol.start_line, symbol.end_line) != (first + 1, last + 1):
        chosen.take_symbol(symbol, f"The {_spoken(symbol)} is around the selected {_lines(first, last)}.")


def _choose_beginning(chosen: Chosen, first: int, last: int, symbol: Symbol | None) -> None:
    """Take as many of the selected lines as fit, from the first on."""
    while last > first:
        last = first + (last - first) // 2
        if chosen.take(
            "selection", first, last, f"The beginning of your selection, {_lines(first, last)}.", symbol=symbol
        ):
            chosen.notes.append(
                f"Only {_lines(first, last)} of the selection are sent: `context.maxTokens` allows"
                f" {chosen.settings.max_tokens} tokens."
            )
            return
    _no_room(chosen)


def _choose_meant(chosen: Chosen, around: Sequence[Symbol], meant: Meant | None, place: str) -> bool:
    """Take all of the file, or of the class `around` a place, where that is meant and fits; say whether."""
    if meant == "file":
        last = max(line for line in range(len(chosen.lines)) if not chosen.lines.blank(line))
        return chosen.has(0, last) or chosen.take("file", 0, last, "The prompt is about all of this file.")
    if meant not in ("class", "interface", "type"):
        return False
    if _choose_type(chosen, around, place, trait=meant == "interface"):
        return True
    symbol = next((each for each in around if each.kind in CLASSES), None)
    if symbol is None or (meant == "type" and symbol.kind != BLOCK):
        return False
    if chosen.has(symbol.start_line - 1, symbol.end_line - 1):
        return True
    if chosen.take_symbol(symbol, f"The {_spoken(symbol)} is around {place}."):
        return True
    document = chosen.document
    inside = (
        each
        for each in symbols_in(document.text, document.language, document.uri)
        if each.depth == symbol.depth + 1 and symbol.start_line <= each.start_line and each.end_line <= symbol.end_line
    )
    if not chosen.take_outline(symbol, inside, f"The {_spoken(symbol)} in outline, which is too long to send whole."):
        chosen.notes.append(
            f"The {_spoken(symbol)} is left out: neither all of it nor its outline fits `context.maxTokens`"
            f" ({chosen.settings.max_tokens})."
        )
    return False


def _choose_type(chosen: Chosen, around: Sequence[Symbol], place: str, *, trait: bool) -> bool:
    """Take the type that what is `around` a place belongs to, and that with it; say whether both fit.

    Selected lines were taken before, and are enough of it.
    """
    document = chosen.document
    every = symbols_in(document.text, document.language, document.uri)
    type_ = owner(around, every, chosen.lines, trait=trait)
    selected = bool(chosen.pieces)
    if type_ is None or not chosen.take_symbol(
        type_, f"The {_spoken(type_)} is what the code around {place} belongs to."
    ):
        return False
    block = next((each for each in around if each.kind == BLOCK), around[0])
    beside = (
        chosen.take_symbol(each, f"The {_spoken(each)} is around {place}.", kind="lines") for each in (block, around[0])
    )
    return any(beside) or selected


def _choose_around(chosen: Chosen, cursor: Position, meant: Meant | None) -> None:
    """Take the symbol around the cursor, or the lines around it."""
    line = min(cursor.line, len(chosen.lines) - 1)
    around = chosen.symbols_at(line, cursor.character)
    place = f"the cursor (line {line + 1})"
    if _choose_meant(chosen, around, meant, place):
        return
    if not around:
        _choose_lines(chosen, line, cursor.character, None)
        return
    methods = (each for each in around if meant == "method" and each.kind == "method")
    for symbol in dict.fromkeys((next(methods, _with_outer(around)), around[0])):
        if chosen.take_symbol(symbol, f"The {_spoken(symbol)} is around {place}."):
            return
    symbol = around[0]
    _choose_lines(chosen, line, cursor.character, symbol)
    head = min(symbol.start_line + _HEAD_LINES, symbol.end_line) - 1
    if not chosen.overlaps(symbol.start_line - 1, head):
        chosen.take("lines", symbol.start_line - 1, head, f"The beginning of the {_spoken(symbol)}.", symbol=symbol)


def _choose_lines(chosen: Chosen, line: int, character: int, symbol: Symbol | None) -> None:
    """Take lines around the cursor, as many as settings and budget allow, inside `symbol` if given."""
    lowest, highest = (symbol.start_line - 1, symbol.end_line - 1) if symbol else (0, len(chosen.lines) - 1)
    place = f"The lines around the cursor (line {line + 1})"
    reason = f"{place} in the {_spoken(symbol)}, which is too long to send whole." if symbol else f"{place}."
    reach = chosen.settings.lines_around
    while True:
        first, last = max(line - reach, lowest), min(line + reach, highest)
        while first < last and chosen.lines.blank(first):
            first += 1
        while last > first and chosen.lines.blank(last):
            last -= 1
        if chosen.take("lines", first, last, reason, symbol=symbol, near=(character, character)):
            return
        if reach == 0:
            break
        reach //= 2
    if not chosen.lines.blank(line):
        _no_room(chosen)


def _choose_errors(chosen: Chosen, snapshot: Snapshot) -> None:
    """Where the code pointed at has no error, take what holds the file's first errors: it may be meant."""
    errors = [
        each
        for each in snapshot.diagnostics
        if each.severity == "error" and each.path == chosen.document.path and each.range.start.line < len(chosen.lines)
    ]
    if any(chosen.overlaps(error.range.start.line, error.range.start.line) for error in errors):
        return
    taken = 0
    for error in sorted(errors, key=lambda error: error.range):
        line = error.range.start.line
        around = chosen.symbols_at(line, error.range.start.character)
        if around and taken < _MOST_ERRORS and not chosen.overlaps(around[0].start_line - 1, around[0].end_line - 1):
            reason = f"The {_spoken(around[0])} holds an error (line {line + 1})."
            taken += chosen.take_symbol(around[0], reason, kind="lines")


def _choose_named(chosen: Chosen, prompt: str) -> None:
    """Take what the document defines and the prompt names."""
    taken = 0
    for name, line in defining_lines(prompt, chosen.lines):
        symbol = next((s for s in chosen.symbols_at(line) if s.name_line == line + 1), None)
        if symbol is None or symbol.name.rpartition(".")[2].rpartition("::")[2] != name or taken == _MOST_NAMED:
            continue
        if not chosen.overlaps(symbol.start_line - 1, symbol.end_line - 1):
            taken += chosen.take_symbol(symbol, f"The prompt names the {_spoken(symbol)}.", kind="lines")


def _with_outer(around: Sequence[Symbol]) -> Symbol:
    """Return the innermost symbol, or the function around it where that is short."""
    inner, *outer = around
    for symbol in outer:
        if symbol.kind not in ("function", "method") or symbol.end_line - symbol.start_line >= _SMALL_OUTER_LINES:
            break
        inner = symbol
    return inner


def _spoken(symbol: Symbol) -> str:
    return f"{symbol.kind} `{symbol.name}`"


def _lines(first: int, last: int) -> str:
    return f"line {first + 1}" if first == last else f"lines {first + 1}-{last + 1}"


def _no_room(chosen: Chosen) -> None:
    left = "The code around the cursor is left out: it" if chosen.pieces else "No code is sent: what you pointed at"
    chosen.notes.append(f"{left} does not fit `context.maxTokens` ({chosen.settings.max_tokens}).")
