"""Vectors without a model: texts with the same words, in any order, stand close together."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from optafly.cache.service import Service
from optafly.cache.wire import Ask, Text
from optafly.errors import OptaflyError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

T = TypeVar("T")

DIMENSIONS = 64
SEEN = 200


class WordEmbedder:
    """An embedder whose vector is the sum of one fixed random direction per word; counts what it embedded."""

    dimensions = DIMENSIONS

    def __init__(self, name: str = "words") -> None:
        self.name = name
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector of unit length per text."""
        import numpy as np

        self.embedded += texts
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.casefold().split() or [""]:
                seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
                vectors[row] += np.random.default_rng(seed).standard_normal(DIMENSIONS).astype(np.float32)
            vectors[row] /= np.linalg.norm(vectors[row])
        return vectors

    def sees_whole(self, text: str) -> bool:
        """Return whether a text has at most `SEEN` words."""
        return len(text.split()) <= SEEN


class Here:
    """The real service of the models worker, called in this process. `fault` is raised instead, where it is set.

    What is asked and answered is encoded and decoded as it would be on the way to a child.
    """

    def __init__(self, database: Path, embedder: WordEmbedder | None = None) -> None:
        self.embedder = embedder or WordEmbedder()
        self.service = Service(self.embedder, database)
        self.fault: OptaflyError | None = None

    async def call(self, method: str, params: object, timeout_s: float, *, result: type[T]) -> T:
        """Call a method of the service."""
        if self.fault is not None:
            raise self.fault
        data = msgspec.msgpack.encode(params)
        if method == "lookup":
            answer: object = self.service.lookup(msgspec.msgpack.decode(data, type=Ask))
        else:
            answer = self.service.embed(msgspec.msgpack.decode(data, type=Text))
        return msgspec.msgpack.decode(msgspec.msgpack.encode(answer), type=result)
