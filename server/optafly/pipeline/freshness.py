"""Whether the files behind a proposal's pieces still say what the person saw."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from optafly.context.lines import DocumentLines
from optafly.domain import Piece
from optafly.errors import StaleProposal

Reader = Callable[[Piece], str | None]
"""Gives the current text of a piece's file, from the open buffer before the disk; None where it is gone."""


def verify(pieces: Iterable[Piece], read: Reader) -> None:
    """Raise StaleProposal where the lines of a piece are no longer what they were when it was proposed."""
    for piece in pieces:
        text = read(piece)
        if text is None:
            raise _stale(piece, "is gone")
        if DocumentLines.of(text).content_hash(piece.start_line - 1, piece.end_line - 1) != piece.content_hash:
            raise _stale(piece, "has changed")


def _stale(piece: Piece, what: str) -> StaleProposal:
    return StaleProposal(
        "Nothing was sent.",
        why=f"{piece.path} (lines {piece.start_line}-{piece.end_line}) {what} since the prompt was refined.",
        todo="Refine the prompt again.",
    )
