"""What a rule proposes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Draft:
    """Text to insert at `start` of the prompt, and why, in words a person understands."""

    start: int
    text: str
    reason: str
