"""Code that a prompt itself asks for: told from what a person pinned by a click, and asked about where it says it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from optafly.domain import Choice, Gathered, LeftOut, Piece
from optafly.mentions import Mention, mention_of, mentions

MENTIONED = "The prompt mentions it."
_BY_CLICK, _BY_WORDS = "You pinned ", "The prompt mentions "  # beginnings of reasons


def as_mentioned(gathered: Gathered, prompt: str, pinned: Sequence[str]) -> Gathered:
    """Return what was gathered for `prompt` and the clicks `pinned`, each piece with the reason why it was asked for.

    A choice between what a mention may mean says where in the prompt that stands.
    """
    found = mentions(prompt)
    if not found:
        return gathered
    return msgspec.structs.replace(
        gathered,
        pieces=tuple(_told(piece, pinned) for piece in gathered.pieces),
        left_out=tuple(_left(each, pinned) for each in gathered.left_out),
        choices=tuple(_placed(choice, prompt, found) for choice in gathered.choices),
    )


def _told(piece: Piece, pinned: Sequence[str]) -> Piece:
    if piece.pin is None or piece.pin in pinned:
        return piece
    return msgspec.structs.replace(piece, reason=_by_words(piece.reason), mentioned=True)


def _left(left: LeftOut, pinned: Sequence[str]) -> LeftOut:
    if left.pin is None or left.pin in pinned:
        return left
    return msgspec.structs.replace(left, reason=_by_words(left.reason), mentioned=True)


def _by_words(reason: str) -> str:
    return f"{_BY_WORDS}{reason.removeprefix(_BY_CLICK)}" if reason.startswith(_BY_CLICK) else reason


def _placed(choice: Choice, prompt: str, found: Sequence[Mention]) -> Choice:
    for each in found:
        if mention_of(each.name) == choice.words:
            return msgspec.structs.replace(choice, words=prompt[each.start : each.end], start=each.start)
    return choice
