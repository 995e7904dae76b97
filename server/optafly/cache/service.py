"""The cache's half in the models worker: texts become vectors, vectors find rows.

SQLite is the truth; what is held here is a view that is read when a namespace is first asked for (in the background
where it is large), follows new rows before each search, and may be thrown away at any time.
"""

from __future__ import annotations

import itertools
import logging
import math
import time
from collections.abc import Container
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from optafly.cache.index import SAME_CODE_KEPT, Near, Space
from optafly.cache.judge import judge
from optafly.cache.rows import Rows
from optafly.cache.terms import Terms
from optafly.cache.verifier import Verifier, shipped
from optafly.cache.view import AT_ONCE, Loading, View
from optafly.cache.wire import Ask, Embedded, Found, Held, Hit, Text
from optafly.config import ModelSettings
from optafly.errors import ModelFileError
from optafly.models.embedding import Embedder, open_embedder
from optafly.paths import Paths

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

HELD_TEXTS = 64
LIKE = 0.5  # cosine under which the verifier was fitted on nothing: only the nearest row is judged there, to name it
SEARCHED = 256  # rows looked at where many of the nearest have expired
ROUNDS = 3  # searches that may find rows which are gone, before the whole view is compared with the table


def create(settings: str, data: str, config: str, log: str) -> Service:
    """Make the service (see `wire.arguments`). Raises ModelFileError where there is no usable model."""
    paths = Paths(data=Path(data), config=Path(config), log=Path(log))
    embedder = open_embedder(msgspec.json.decode(settings, type=ModelSettings), paths)
    return Service(embedder, paths.database)


class Service:
    """Embeds and searches; used by one thread."""

    def __init__(self, embedder: Embedder, database: Path, verifier: Verifier | None = None) -> None:
        self._embedder = embedder
        self._database = database
        self._verifier = verifier or shipped()
        self._rows = Rows(database, embedder.name)
        self._views: dict[str, View] = {}
        self._loading: dict[str, Loading] = {}
        self._vector = lru_cache(maxsize=HELD_TEXTS)(
            self._embedded
        )  # a prompt is looked up when proposed and when sent
        embedder.embed(["warm up"])  # the first run of a session costs several times a later one
        Space(embedder.dimensions)  # and so does importing usearch

    def embed(self, asked: Text) -> Embedded:
        """Return the vector of a text."""
        return Embedded(embedder=self._embedder.name, vector=_packed(self._vector(asked.text)))

    def lookup(self, asked: Ask) -> Found:
        """Return a text's vector and its nearest rows in its namespace, rows of other processes included.

        Returns no rows, and how far it is, while a large namespace is being read. Raises StorageError where it cannot.
        """
        vector = self._vector(asked.text)
        view = self._followed(asked.namespace)
        if view is None:
            share = self._loading[asked.namespace].share
            return Found(embedder=self._embedder.name, vector=_packed(vector), hits=(), read=share)
        near, intents = self._search(view, asked, vector)
        whole = self._embedder.sees_whole(asked.text)
        like = [each for at, each in enumerate(near) if at == 0 or each.cosine >= LIKE]
        judged = (self._judged(each, intents[each.seq], asked.text, view.terms, whole=whole) for each in like)
        hits = tuple(hit for hit in judged if hit is not None)
        return Found(embedder=self._embedder.name, vector=_packed(vector), hits=hits)

    def _judged(self, near: Near, before: str, after: str, terms: Terms, *, whole: bool) -> Hit | None:
        """Return what lies between two prompts; None where judging fails, which costs this one candidate."""
        try:
            whole = whole and self._embedder.sees_whole(before)
            judgement = judge(before, after, near.cosine, terms, whole=whole, verifier=self._verifier)
        except Exception as error:
            log.error("an earlier prompt could not be judged: %s", type(error).__name__)  # no traceback: it holds text
            return None
        return Hit(seq=near.seq, cosine=near.cosine, judgement=judgement) if math.isfinite(judgement.score) else None

    def held(self) -> Held:
        """Return how much of the table is held in memory."""
        spaces = [view.space for view in self._views.values()]
        return Held(
            vectors=sum(len(space) for space in spaces),
            size_bytes=sum(space.size_bytes for space in spaces),
            loading=len(self.loading()),
        )

    def loading(self) -> tuple[Loading, ...]:
        """Return what is being read in the background."""
        return tuple(loading for loading in self._loading.values() if not loading.done)

    def _search(self, view: View, asked: Ask, vector: NDArray[np.float32]) -> tuple[list[Near], dict[int, str]]:
        """Return the nearest rows that are still there and live, and their intents."""
        k = asked.k
        for searches in itertools.count(1):
            near = view.space.search(vector, asked.fingerprint, k)
            there = self._rows.intents([each.seq for each in near], time.time())
            live = {seq: intent for seq, (intent, is_live) in there.items() if is_live}
            if len(there) < len(near):
                self._forget(view, near, there, searches)
            elif len(live) == len(near) or k >= min(SEARCHED, len(view.space)):
                near = [each for each in near if each.seq in live]
                return near[: asked.k + SAME_CODE_KEPT], live
            else:
                k *= 4
        raise AssertionError

    def _forget(self, view: View, near: list[Near], there: Container[int], searches: int) -> None:
        if searches < ROUNDS:
            view.space.drop([each.seq for each in near if each.seq not in there])
        else:
            view.space.keep(self._rows.seqs(view.namespace))

    def _followed(self, namespace: str) -> View | None:
        """Return the view of `namespace`, up to date; or None while a thread reads it."""
        if self._rows.replaced():
            self._void()
        loading = self._loading.get(namespace)
        if loading is not None:
            if not loading.done:
                return None
            self._views[namespace] = self._loading.pop(namespace).view
        view = self._views.setdefault(namespace, View(namespace, self._embedder.dimensions))
        if view.follow(self._rows, AT_ONCE):
            return view
        del self._views[namespace]
        self._loading[namespace] = Loading(view, self._database, self._embedder.name)
        return None

    def _void(self) -> None:
        self._views.clear()
        for loading in self._loading.values():
            loading.stop()
        self._loading.clear()

    def _embedded(self, text: str) -> NDArray[np.float32]:
        import numpy as np

        vector = np.asarray(self._embedder.embed([text])[0], dtype=np.float32)
        if vector.shape != (self._embedder.dimensions,) or not np.isfinite(vector).all():
            raise ModelFileError(f"The model {self._embedder.name} gave a vector that cannot be used.")
        return vector


def _packed(vector: NDArray[np.float32]) -> bytes:
    return vector.astype("<f2").tobytes()
