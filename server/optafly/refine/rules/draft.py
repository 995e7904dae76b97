"""What a rule proposes."""

from __future__ import annotations

import msgspec


class Draft(msgspec.Struct, frozen=True):
    """Text to insert at `start` of the prompt, and why, in words a person understands."""

    start: int
    text: str
    reason: str
