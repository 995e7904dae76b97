"""The cache's half in the models worker: texts become vectors, vectors find rows.

SQLite is the truth; what is held here is a view that is built when a namespace is first asked for, follows new rows
before each search, and may be thrown away at any time.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from optafly.cache.index import Space
from optafly.cache.judge import judge
from optafly.cache.rows import Rows
from optafly.cache.terms import Terms
from optafly.cache.wire import Ask, Embedded, Found, Hit, Text
from optafly.config import ModelSettings
from optafly.errors import ModelFileError
from optafly.models.embedding import Embedder, open_embedder
from optafly.paths import Paths

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


HELD_TEXTS = 64


def create(settings: str, data: str, config: str, log: str) -> Service:
    """Make the service (see `wire.arguments`). Raises ModelFileError where there is no usable model."""
    paths = Paths(data=Path(data), config=Path(config), log=Path(log))
    embedder = open_embedder(msgspec.json.decode(settings, type=ModelSettings), paths)
    return Service(embedder, paths.database)


class Service:
    """Embeds and searches; used by one thread."""

    def __init__(self, embedder: Embedder, database: Path) -> None:
        self._embedder = embedder
        self._rows = Rows(database, embedder.name)
        self._spaces: dict[str, Space] = {}
        self._terms: dict[str, Terms] = {}
        self._read_up_to: dict[str, int] = {}
        self._vector = lru_cache(maxsize=HELD_TEXTS)(
            self._embedded
        )  # a prompt is looked up when proposed and when sent
        embedder.embed(["warm up"])  # the first run of a session costs several times a later one
        Space(embedder.dimensions)  # and so does importing usearch

    def embed(self, asked: Text) -> Embedded:
        """Return the vector of a text."""
        return Embedded(embedder=self._embedder.name, vector=_packed(self._vector(asked.text)))

    def lookup(self, asked: Ask) -> Found:
        """Return a text's vector and its nearest rows in its namespace, rows of other processes included."""
        vector = self._vector(asked.text)
        hits = self._search(asked, vector)
        return Found(embedder=self._embedder.name, vector=_packed(vector), hits=tuple(hits))

    def _search(self, asked: Ask, vector: NDArray[np.float32]) -> list[Hit]:
        space = self._followed(asked.namespace)
        while True:
            near = space.search(vector, asked.fingerprint, asked.k)
            intents = self._rows.intents([each.seq for each in near])
            if len(intents) == len(near):
                terms = self._terms[asked.namespace]
                return [
                    Hit(
                        seq=seq,
                        cosine=cosine,
                        judgement=judge(intents[seq], asked.text, cosine, terms),
                    )
                    for seq, cosine in near
                ]
            space.drop({each.seq for each in near} - intents.keys())

    def _followed(self, namespace: str) -> Space:
        if self._rows.replaced():
            self._spaces.clear()
            self._terms.clear()
            self._read_up_to.clear()
        space = self._spaces.setdefault(namespace, Space(self._embedder.dimensions))
        rows, self._read_up_to[namespace] = self._rows.after(namespace, self._read_up_to.get(namespace, 0))
        space.add(row[:3] for row in rows)
        self._terms.setdefault(namespace, Terms()).add(intent for *_, intent in rows)
        return space

    def _embedded(self, text: str) -> NDArray[np.float32]:
        import numpy as np

        vector = np.asarray(self._embedder.embed([text])[0], dtype=np.float32)
        if vector.shape != (self._embedder.dimensions,) or not np.isfinite(vector).all():
            raise ModelFileError(f"The model {self._embedder.name} gave a vector that cannot be used.")
        return vector


def _packed(vector: NDArray[np.float32]) -> bytes:
    return vector.astype("<f4").tobytes()
