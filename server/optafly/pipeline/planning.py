"""What sending a prompt means: the request, its route, and the key that its answer is remembered under."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from optafly.approval import Plan
from optafly.cache.fingerprint import among_equals, combined, conversation, exactly, namespace, sources
from optafly.config import Config
from optafly.context.shape import above, shape
from optafly.domain import CacheKey, Change, Intent, Piece, Route
from optafly.pipeline.gathering import written
from optafly.pipeline.sources import came_along
from optafly.refine.form import about_form
from optafly.route.plan import plan


class About(NamedTuple):
    """The words an answer is kept under, what they ask for, and the workspace folder they are asked in."""

    intent: str
    kind: Intent
    project: str


def planned(
    text: str,
    about: About,
    pieces: tuple[Piece, ...],
    changes: tuple[Change, ...],
    config: Config,
    gathered: tuple[Piece, ...] = (),
) -> tuple[Route, Plan]:
    """Plan what sending `text` means, and the key its answer is remembered under.

    The system prompt's text is part of the namespace: with other standing instructions an answer may be another. Of the
    code `gathered` from the workspace, only what a person pinned is part of the key's identity; the rest is among its
    sources, so that an answer is not served once that code has changed (`pipeline.sources`).
    """
    route, outgoing = plan(text, config, code=written(gathered))
    pieces = (*pieces, *(piece for piece in gathered if piece.pinned))
    system = hashlib.sha256("\0".join(block.text for block in outgoing.system).encode()).hexdigest()[:12]
    exact = about_form(about.intent, about.kind) or not config.context.symbols
    seen = (exactly, among_equals) if exact else (_shape, _place)
    made = sources(pieces, changes, about.intent, shape=seen[0], place=seen[1])
    key = CacheKey(
        namespace=namespace(
            about.project,
            route.provider,
            route.model,
            system,
            max_tokens=outgoing.max_tokens,
            endpoint=outgoing.base_url,
        ),
        fingerprint=combined(made, pieces, changes, conversation(outgoing.turns)),
        intent=about.intent,
        sources=(*made, *came_along(piece for piece in gathered if not piece.pinned)),
        intent_kind=about.kind,
    )
    return route, Plan(outgoing=outgoing, key=key)


def _shape(piece: Piece) -> str | None:
    """Return the shape of a whole definition; a selection is its text, for equal lines may stand there twice."""
    return shape(piece.text, piece.language) if piece.kind == "symbol" else None


def _place(piece: Piece, line: int) -> int | None:
    """Return how much of a whole definition stands above its line, formatting and comments aside."""
    return above(piece.text, piece.language, line) if piece.kind == "symbol" else None
