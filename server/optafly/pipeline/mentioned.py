"""Code that a prompt itself asks for: told from what a person pinned by a click, and asked about where it says it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from optafly.domain import Choice, Gathered, Piece
from optafly.mentions import Mention, means, mention_of, mentions

MENTIONED = "The prompt mentions it."


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
        choices=tuple(_placed(choice, prompt, found) for choice in gathered.choices),
    )


def _told(piece: Piece, pinned: Sequence[str]) -> Piece:
    if not piece.pinned or any(means(name, piece) for name in pinned):
        return piece
    return msgspec.structs.replace(piece, reason=MENTIONED, mentioned=True)


def _placed(choice: Choice, prompt: str, found: Sequence[Mention]) -> Choice:
    for each in found:
        if mention_of(each.name) == choice.words:
            return msgspec.structs.replace(choice, words=prompt[each.start : each.end], start=each.start)
    return choice
