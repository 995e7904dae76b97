"""What the cache and the models worker say to each other; light, for the front imports it."""

from __future__ import annotations

from typing import Annotated

import msgspec

from optafly.cache.judge import Judgement
from optafly.config import ModelSettings
from optafly.domain import Record
from optafly.paths import Paths

FACTORY = "optafly.cache.service:create"


def arguments(settings: ModelSettings, paths: Paths) -> list[str]:
    """Return what `FACTORY` is called with."""
    return [msgspec.json.encode(settings).decode(), str(paths.data), str(paths.config), str(paths.log)]


class Ask(Record, frozen=True):
    """Params of `lookup`: the intent's text and where to look, for the `k` nearest and for the same fingerprint."""

    namespace: str
    fingerprint: str
    text: str
    k: Annotated[int, msgspec.Meta(ge=0, le=100)]


class Text(Record, frozen=True):
    """Params of `embed`."""

    text: str


class Embedded(Record, frozen=True):
    """Result of `embed`: the vector as little-endian float16 and the name of the embedder that made it."""

    embedder: str
    vector: bytes


class Hit(Record, frozen=True):
    """A row of the table `entry`, the cosine of its intent to the text, and what was found between the two."""

    seq: int
    cosine: float
    judgement: Judgement


class Found(Record, frozen=True):
    """Result of `lookup`: the text's own vector (little-endian float16), and the nearest rows, best first.

    `read` is below 1 while the rows of a large namespace are still being read: then there are no hits yet.
    """

    embedder: str
    vector: bytes
    hits: tuple[Hit, ...]
    read: float = 1.0


class Held(Record, frozen=True):
    """Result of `held`: the vectors in memory, the bytes they take, and how many namespaces are being read."""

    vectors: int
    size_bytes: int
    loading: int
