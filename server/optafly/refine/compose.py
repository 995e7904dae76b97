"""Apply changes to a prompt, and say which pieces the applied changes use."""

from __future__ import annotations

from collections.abc import Iterable

from optafly.domain import Change, DiffPart, Piece
from optafly.refine.place import place_names
from optafly.refine.rules.code import block


def compose(original: str, changes: Iterable[Change]) -> str:
    """Return `original` with the enabled changes applied; with none enabled, exactly `original`.

    Changes are applied by their `start`; those that share one keep the order they came in.
    """
    return "".join(part.text for part in parts(original, changes) if part.op != "delete")


def parts(original: str, changes: Iterable[Change]) -> tuple[DiffPart, ...]:
    """Return the exact difference that the enabled changes make, at no cost: better than any diff of the two texts."""
    found: list[DiffPart] = []
    at = 0
    for change in sorted((change for change in changes if change.enabled), key=lambda change: change.start):
        found.append(DiffPart(op="equal", text=original[at : change.start]))
        found.append(DiffPart(op="delete", text=change.before))
        found.append(DiffPart(op="insert", text=change.after))
        at = change.start + len(change.before)
    found.append(DiffPart(op="equal", text=original[at:]))
    return tuple(part for part in found if part.text)


def used_pieces(changes: Iterable[Change], pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Return the pieces whose code an enabled change puts in or whose place it names, in their own order."""
    enabled = [change for change in changes if change.enabled]
    blocks = {change.after for change in enabled if change.kind == "code"}
    places = [change.after for change in enabled if change.kind == "locate"]
    return tuple(
        piece for piece in pieces if block(piece) in blocks or any(place_names(text, piece) for text in places)
    )
