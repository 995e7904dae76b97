"""What would be sent, and where."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

import msgspec

from optafly.domain.record import Count, Record

CacheMark = Literal["5m", "1h"]


class Block(Record, frozen=True):
    """A text block of a request; `cache` marks the end of a prompt-cache prefix."""

    text: str
    cache: CacheMark | None = None


class Turn(Record, frozen=True):
    """One message of a conversation."""

    role: Literal["user", "assistant"]
    blocks: tuple[Block, ...]


class Outgoing(Record, frozen=True):
    """Exactly what would be sent to a provider, key aside."""

    provider: str
    base_url: str
    model: str
    max_tokens: Annotated[int, msgspec.Meta(ge=1)]
    system: tuple[Block, ...]
    turns: tuple[Turn, ...]

    @property
    def digest(self) -> str:
        """The sha256 (hex) of the canonical JSON of everything in this request."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()


class Route(Record, frozen=True):
    """Where a request goes and why: the reason is one sentence. `breakpoints` names the marked layers, at most 4."""

    provider: str
    model: str
    key_name: str
    breakpoints: tuple[str, ...]
    input_tokens: Count
    max_tokens: Count
    reason: str
