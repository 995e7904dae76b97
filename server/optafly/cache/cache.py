"""The cache as the pipeline sees it: look up, remember, list, forget.

The same text is found without any model. The rest needs the models worker; without it, or when it is too slow, the
cache goes on with the same text only and says so in its evidence.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol, TypeVar

import msgspec

from optafly.cache import store
from optafly.cache.store import Vector
from optafly.cache.verdict import SAME, Neighbour, decide
from optafly.cache.wire import Ask, Embedded, Found, Hit, Text
from optafly.config import CacheSettings
from optafly.domain import CacheKey, Completion, Entry, Verdict
from optafly.errors import CacheError, OptaflyError, StorageError
from optafly.storage import Database

T = TypeVar("T")

COMPLETE = ("end_turn", "stop_sequence")
NEAREST = 16  # rows looked at for one key: more than are offered, for some of them fail the rules
HELD_VECTORS = 64  # of the latest lookups, so that remembering an answer embeds nothing a second time
MEND_PAUSE_S = 0.05
DEFAULTS = CacheSettings()


class Vectors(Protocol):
    """What the cache needs of the models worker (`workers.supervisor.Worker`)."""

    async def call(self, method: str, params: object, timeout_s: float, *, result: type[T]) -> T:
        """Call a method of `cache.service`. Raises an OptaflyError where that fails or takes too long."""
        ...


class Cache:
    """Answers that were paid for, kept in `database`. `vectors` is the models worker, or None for the same text only.

    `timeout_s` bounds how long a lookup waits for the worker.
    """

    def __init__(self, database: Database, vectors: Vectors | None = None, *, timeout_s: float = 1.0) -> None:
        self._database = database
        self._vectors = vectors
        self._timeout_s = timeout_s
        self._held: OrderedDict[str, Vector] = OrderedDict()
        self._mended: set[str] = set()
        self._mending: asyncio.Task[None] | None = None

    async def lookup(self, key: CacheKey, settings: CacheSettings = DEFAULTS) -> Verdict:
        """Return the cache's word on `key`. Never crosses its namespace, never raises an OptaflyError."""
        if not settings.enabled:
            return Verdict(outcome="miss", evidence="The cache is off.")
        try:
            exact = await self._database.run(lambda connection: store.exact(connection, key, time.time()))
            if exact is not None:
                return decide(key, exact, (), settings, time.time())
            if not settings.semantic:
                return await self._judge_same_text(key, settings, "comparing by meaning is off")
            if self._vectors is None:
                return await self._judge_same_text(key, settings, "there is no embedding model")
            return await self._judge_meaning(self._vectors, key, settings)
        except StorageError as error:
            return Verdict(outcome="miss", evidence=f"The cache cannot be read. {error.why}".strip())

    async def _judge_meaning(self, vectors: Vectors, key: CacheKey, settings: CacheSettings) -> Verdict:
        ask = Ask(namespace=key.namespace, fingerprint=key.fingerprint, text=key.intent, k=NEAREST)
        try:
            found = await vectors.call("lookup", ask, self._timeout_s, result=Found)
        except OptaflyError as error:
            return await self._judge_same_text(key, settings, error.what.rstrip(".").lower() or "the worker failed")
        self._hold(key.intent, Vector(embedder=found.embedder, data=found.vector))
        self._mend(vectors, found.embedder)
        hits = found.hits
        return await self._database.run(
            lambda connection: decide(
                key,
                None,
                _neighbours(hits, store.by_seq(connection, key.namespace, [hit.seq for hit in hits], time.time())),
                settings,
                time.time(),
            )
        )

    async def _judge_same_text(self, key: CacheKey, settings: CacheSettings, why: str) -> Verdict:
        entries = await self._database.run(
            lambda connection: store.same_text(connection, key, settings.max_offers, time.time())
        )
        same = [Neighbour(entry=entry, cosine=1.0, judgement=SAME) for entry in entries]
        verdict = decide(key, None, same, settings, time.time())
        return msgspec.structs.replace(
            verdict, evidence=f"{verdict.evidence.rstrip('.')} (only the same text was looked for: {why})."
        )

    async def remember(
        self,
        key: CacheKey,
        prompt: str,
        completion: Completion,
        cost_usd: float | None,
        latency_ms: float,
        settings: CacheSettings = DEFAULTS,
    ) -> Entry:
        """Keep a complete answer to `key`; on the disk when this returns. `prompt` is what a person is shown of it.

        Replaces an older answer to the same key. Raises CacheError for an answer that is empty or was cut short.
        """
        if completion.stop_reason not in COMPLETE or not completion.text.strip():
            raise CacheError(
                "This answer is not remembered.",
                why=f"It is not complete (stop reason {completion.stop_reason}).",
                todo="Ask again for a whole one.",
            )
        entry = Entry(
            id=uuid.uuid4().hex,
            namespace=key.namespace,
            fingerprint=key.fingerprint,
            intent=key.intent,
            prompt=prompt,
            answer=completion.text,
            model=completion.model,
            usage=completion.usage,
            cost_usd=cost_usd,
            latency_ms=latency_ms,
            created_at_s=time.time(),
        )
        vector = await self._vector(key.intent) if settings.semantic else None
        await self._database.run(
            lambda connection: store.insert(
                connection,
                entry,
                vector,
                max_entries=settings.max_entries,
                max_bytes=settings.max_mb * 1_000_000,
                now_s=time.time(),
            )
        )
        return entry

    async def get(self, entry_id: str) -> Entry | None:
        """Return the entry with that id, or None."""
        return await self._database.run(lambda connection: store.get(connection, entry_id))

    async def hit(self, entry_id: str) -> bool:
        """Count one more use of an entry; return whether it is still there."""
        return await self._database.run(lambda connection: store.hit(connection, entry_id, time.time()))

    async def entries(
        self, *, namespace: str | None = None, search: str = "", limit: int = 50, offset: int = 0
    ) -> tuple[Entry, ...]:
        """Return a page of entries, newest first, whose prompt or answer contains `search`."""
        return await self._database.run(
            lambda connection: store.page(connection, namespace, search, limit=limit, offset=offset)
        )

    async def forget(self, entry_id: str) -> bool:
        """Delete one entry; return whether it was there."""
        return await self._database.run(lambda connection: store.forget(connection, entry_id))

    async def clear(self, namespace: str | None = None) -> int:
        """Delete every entry, or those of one namespace; return how many."""
        return await self._database.run(lambda connection: store.clear(connection, namespace))

    async def count(self, namespace: str | None = None) -> int:
        """Return how many entries there are."""
        return await self._database.run(lambda connection: store.count(connection, namespace))

    async def close(self) -> None:
        """End what runs in the background. The database and the worker belong to others."""
        if self._mending is not None:
            self._mending.cancel()
            await asyncio.wait({self._mending})

    async def _vector(self, text: str) -> Vector | None:
        """Return the vector of `text`, from the latest lookups or the worker; None where there is no telling now."""
        if text in self._held:
            return self._held[text]
        if self._vectors is None:
            return None
        try:
            made = await self._vectors.call("embed", Text(text=text), self._timeout_s, result=Embedded)
        except OptaflyError:
            return None
        return self._hold(text, Vector(embedder=made.embedder, data=made.vector))

    def _hold(self, text: str, vector: Vector) -> Vector:
        self._held[text] = vector
        self._held.move_to_end(text)
        while len(self._held) > HELD_VECTORS:
            self._held.popitem(last=False)
        return vector

    def _mend(self, vectors: Vectors, embedder: str) -> None:
        """Once per embedder, begin to give vectors to rows that have none of its own."""
        if embedder not in self._mended:
            self._mended.add(embedder)
            self._mending = asyncio.create_task(self._mend_rows(vectors, embedder), name="cache: missing vectors")

    async def _mend_rows(self, vectors: Vectors, embedder: str) -> None:
        below: int | None = None
        try:
            while row := await self._database.run(lambda c, b=below: store.without_vector(c, embedder, b)):
                below, intent = row
                made = await vectors.call("embed", Text(text=intent), self._timeout_s, result=Embedded)
                vector = Vector(embedder=made.embedder, data=made.vector)
                await self._database.run(lambda c, s=below, v=vector: store.set_vector(c, s, v))
                await asyncio.sleep(MEND_PAUSE_S)  # the worker is there for those who wait, first
        except OptaflyError:
            self._mended.discard(embedder)  # tried again after a later lookup


def _neighbours(hits: Sequence[Hit], entries: dict[int, Entry]) -> list[Neighbour]:
    return [
        Neighbour(entry=entries[hit.seq], cosine=hit.cosine, judgement=hit.judgement)
        for hit in hits
        if hit.seq in entries
    ]
