"""Put in the code that the prompt is about."""

from __future__ import annotations

from optafly.domain import Piece
from optafly.refine.fences import fenced, span
from optafly.refine.place import place_of, short
from optafly.refine.pointing import Numbered
from optafly.refine.reading import Reading
from optafly.refine.rules.draft import Draft
from optafly.refine.screen import holds


def code(reading: Reading) -> list[Draft]:
    """Append the pieces that the prompt needs as fenced blocks, each under its `path:lines`."""
    if reading.prose.open_fence:
        return []
    return [
        Draft(reading.prose.end, block(piece), f"Adds the code it is about: {short(place_of(piece))}.")
        for piece in wanted(reading)
        if piece.text.strip() not in reading.snapshot.prompt
    ]


def wanted(reading: Reading) -> tuple[Piece, ...]:
    """Return the pieces a prompt needs: what is selected or named, or what is around the cursor if it points there."""
    screen = reading.screen
    if screen.selection is not None and screen.code is not None:
        whole = screen.symbol if reading.pointing is not None and reading.pointing.thing == "class" else None
        beside = (
            (screen.beside or screen.selection) if whole is not None and not holds(whole, screen.selection) else None
        )
        return tuple(piece for piece in (screen.outline, whole or screen.code, beside) if piece is not None)
    if reading.prose.code:
        return ()
    if reading.lines is not None and reading.pointing is None:
        return tuple(piece for piece in (screen.around,) if piece is not None and _shows(piece, reading.lines))
    if reading.named is not None:
        return (reading.named.piece,) if reading.named.piece is not None else ()
    if reading.paths and reading.pointing is None:
        return tuple(piece for piece in (screen.around,) if piece is not None and piece.path in reading.paths)
    if reading.pointing or reading.unnamed:
        return tuple(piece for piece in (screen.outline, screen.around, screen.beside) if piece is not None)
    return ()


def _shows(piece: Piece, lines: Numbered) -> bool:
    return piece.start_line <= lines.first and lines.last <= piece.end_line


def block(piece: Piece) -> str:
    """Write a piece as it is inserted: its place, then its code behind a fence that the code cannot break."""
    return f"\n\n{span(short(place_of(piece)))}:\n{fenced(piece.text, piece.language)}"
