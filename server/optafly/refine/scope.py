"""How far a prompt reaches: into the workspace, perhaps into it, or to nothing that the workspace knows."""

from __future__ import annotations

from typing import Literal

import msgspec

from optafly.domain import Piece, Snapshot
from optafly.refine.naming import code_names
from optafly.refine.pointing import strange_words
from optafly.refine.reading import Reading, is_elsewhere, read_prompt

Reach = Literal["workspace", "named", "nowhere"]

_ON_EXISTING_CODE = frozenset({"debug", "refactor", "test", "document", "optimise", "review"})


class Scope(msgspec.Struct, frozen=True):
    """`named`: it is about the workspace only if that has something by one of its own `words`."""

    reach: Reach
    words: tuple[str, ...] = ()


def scope_of(snapshot: Snapshot, pieces: tuple[Piece, ...]) -> Scope:
    """Say whether code from the workspace may help with a prompt. Costs no more than reading it."""
    reading = read_prompt(snapshot, pieces)
    words = strange_words(reading.prose, reading.lexicon)
    if reading.about_screen or _names_code(reading):
        return Scope("workspace", words)
    if is_elsewhere(reading.prose):
        return Scope("nowhere", words)
    if reading.intent in _ON_EXISTING_CODE and not reading.prose.code:
        return Scope("workspace", words)
    return Scope("named" if words else "nowhere", words)


def _names_code(reading: Reading) -> bool:
    return not reading.prose.code and bool(code_names(reading.prose))
