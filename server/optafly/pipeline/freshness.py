"""Whether the files behind a proposal's pieces still say what the person saw."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from optafly.context.lines import DocumentLines
from optafly.context.outline.decode import text_of
from optafly.context.pack.shelf import is_paths
from optafly.context.pack.skeleton import holds
from optafly.domain import Piece
from optafly.errors import StaleProposal
from optafly.privacy.masking import mask
from optafly.uris import path_of

_MOST_BYTES = 10_000_000

Reader = Callable[[Piece], str | None]
"""Gives the current text of a piece's file, from the open buffer before the disk; None where it is gone."""


def verify(pieces: Iterable[Piece], read: Reader) -> None:
    """Raise StaleProposal where the lines of a piece are no longer what they were when it was proposed.

    Of a skeleton, every signature must still be there. The bare names of files are no code: they are not looked at.
    """
    for piece in pieces:
        if is_paths(piece):
            continue
        text = read(piece)
        if text is None:
            raise _stale(piece, "is gone")
        if not agrees(piece, text):
            raise _stale(piece, "has changed")


def agrees(piece: Piece, text: str) -> bool:
    """Say whether a piece, which is no list of paths, is what a document with this text says."""
    if piece.kind == "skeleton":
        return holds(text, piece.text) or holds(mask(text, piece.path)[0], piece.text)
    return _same(piece, DocumentLines.of(text))


def _same(piece: Piece, lines: DocumentLines) -> bool:
    """Say whether the lines are those of the piece; who read them may have changed line ends and the file's mark."""
    first, last = piece.start_line - 1, piece.end_line - 1
    return lines.content_hash(first, last) == piece.content_hash or lines.text(first, last)[0] == piece.text


def saved(piece: Piece) -> str | None:
    """Return the text that a piece's file has on the disk: a Reader for when no editor is asked."""
    path = path_of(piece.uri)
    try:
        if path is None or not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return None
        return text_of(path.read_bytes())
    except OSError:
        return None


def _stale(piece: Piece, what: str) -> StaleProposal:
    place = "its outline" if piece.kind == "skeleton" else f"lines {piece.start_line}-{piece.end_line}"
    return StaleProposal(
        "Nothing was sent.",
        why=f"{piece.path} ({place}) {what} since the prompt was refined.",
        todo="Refine the prompt again.",
    )
