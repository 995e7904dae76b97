"""The cache's side of the models worker: what is near a key, the vector of a text, and rows that have none yet."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from typing import Protocol, TypeVar

from optafly.cache import store
from optafly.cache.store import Vector
from optafly.cache.wire import Ask, Embedded, Found, Hit, Text
from optafly.domain import CacheKey
from optafly.errors import OptaflyError, StorageError, WorkerError
from optafly.storage import Database

T = TypeVar("T")

NEAREST = 8  # rows asked for; some about the same code come on top
HELD_VECTORS = 64  # of the latest lookups, so that remembering an answer embeds nothing a second time
MEND_PAUSE_S = 0.05
EXAMINE_PAUSE_S = 60.0


class Vectors(Protocol):
    """What the cache needs of the models worker (`workers.supervisor.Worker`)."""

    async def call(self, method: str, params: object, timeout_s: float, *, result: type[T]) -> T:
        """Call a method of `cache.service`. Raises an OptaflyError where that fails or takes too long."""
        ...


class Meaning:
    """Finds what is near in meaning. `vectors` is the models worker, `timeout_s` how long it is waited for."""

    def __init__(self, database: Database, vectors: Vectors, timeout_s: float) -> None:
        self._database = database
        self._vectors = vectors
        self._timeout_s = timeout_s
        self._examined_at = -EXAMINE_PAUSE_S
        self._held: OrderedDict[str, Vector] = OrderedDict()
        self._mended: set[str] = set()
        self._mending: asyncio.Task[None] | None = None

    async def near(self, key: CacheKey) -> tuple[Hit, ...]:
        """Return the rows nearest to `key` in its namespace, best first.

        Raises an OptaflyError of the worker, also while the worker is still reading a large namespace.
        """
        ask = Ask(namespace=key.namespace, fingerprint=key.fingerprint, text=key.intent, k=NEAREST)
        try:
            found = await self._vectors.call("lookup", ask, self._timeout_s, result=Found)
        except StorageError:
            await self._examine()
            raise
        self._hold(key.intent, Vector(embedder=found.embedder, data=found.vector))
        self._mend(found.embedder)
        if found.read < 1.0:
            raise WorkerError(f"The meanings of earlier prompts are still being read ({found.read:.0%}).")
        return found.hits

    async def _examine(self) -> None:
        """Have the database looked through, now and then: what the worker met, other queries may not meet."""
        if time.monotonic() - self._examined_at > EXAMINE_PAUSE_S:
            self._examined_at = time.monotonic()
            await self._database.examine()

    async def vector(self, text: str) -> Vector | None:
        """Return the vector of `text`, from the latest lookups or the worker; None where there is no telling now."""
        if text in self._held:
            return self._held[text]
        try:
            made = await self._vectors.call("embed", Text(text=text), self._timeout_s, result=Embedded)
        except OptaflyError:
            return None
        return self._hold(text, Vector(embedder=made.embedder, data=made.vector))

    async def close(self) -> None:
        """End what runs in the background. The worker belongs to others."""
        if self._mending is not None:
            self._mending.cancel()
            await asyncio.wait({self._mending})

    def _hold(self, text: str, vector: Vector) -> Vector:
        self._held[text] = vector
        self._held.move_to_end(text)
        while len(self._held) > HELD_VECTORS:
            self._held.popitem(last=False)
        return vector

    def _mend(self, embedder: str) -> None:
        """Once per embedder, begin to give vectors to rows that have none of its own."""
        if embedder not in self._mended:
            self._mended.add(embedder)
            self._mending = asyncio.create_task(self._mend_rows(embedder), name="cache: missing vectors")

    async def _mend_rows(self, embedder: str) -> None:
        below: int | None = None
        try:
            while row := await self._database.run(lambda c, b=below: store.without_vector(c, embedder, b)):
                below, intent = row
                made = await self._vectors.call("embed", Text(text=intent), self._timeout_s, result=Embedded)
                vector = Vector(embedder=made.embedder, data=made.vector)
                await self._database.run(lambda c, s=below, v=vector: store.set_vector(c, s, v))
                await asyncio.sleep(MEND_PAUSE_S)  # the worker is there for those who wait, first
        except OptaflyError:
            self._mended.discard(embedder)  # tried again after a later lookup
