"""Asking the provider for what the cache does not know, once at a time in all windows, and remembering the answer."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

import msgspec

from optafly.approval import Draft, Plan
from optafly.cache.cache import Cache
from optafly.cache.keeping import why_not
from optafly.cache.leases import Lease, Leases
from optafly.config import Config
from optafly.domain import CacheKey, Completion, Entry, Record
from optafly.errors import CacheError, CutOff, StorageError
from optafly.pipeline.drafting import asked
from optafly.pipeline.freshness import Reader
from optafly.pipeline.sources import rests_on_the_same
from optafly.providers.anthropic import Anthropic
from optafly.route.plan import cost_usd

log = logging.getLogger(__name__)


class Landed(Record, frozen=True):
    """What a request to a provider came to; `entry` is set where it was remembered, `elsewhere` by another window."""

    completion: Completion
    cost_usd: float | None
    latency_ms: float
    first_token_ms: float | None
    entry: Entry | None
    elsewhere: bool = False


class Asker:
    """Asks the provider. What another process is asking at this moment is waited for instead."""

    def __init__(self, cache: Cache, leases: Leases, provider: Callable[[Config], Anthropic]) -> None:
        self._cache = cache
        self._leases = leases
        self._provider = provider

    async def ask(
        self, draft: Draft, config: Config, read: Reader, *, fresh: bool
    ) -> AsyncGenerator[str | Landed, None]:
        """Yield the parts of an answer and then what it came to. `fresh`: wait for nobody."""
        lease: Lease | None = None
        if not fresh and _remembers(draft, config):
            found = await self._leased(request_of(draft.plan, fresh=False), draft.plan.key, config, read)
            if isinstance(found, Entry):
                await used(self._cache, found)
                yield _from_elsewhere(found)
                return
            lease = found
        try:
            async with aclosing(self._request(draft, config)) as parts:
                async for part in parts:
                    yield part
        finally:
            if lease is not None:
                await asyncio.shield(lease.release())

    async def _leased(self, request: str, key: CacheKey, config: Config, read: Reader) -> Lease | Entry | None:
        """Return the right to send a request, or the answer that another window was given to it in the meantime.

        Where that one failed or remembered nothing, it is this one's turn. None where the database is of no use.
        """
        try:
            while True:
                lease = await self._leases.begin(request)
                if lease is None:
                    await self._leases.wait(request)
                entry = await self._answered_by_now(key, config, read, lease)
                if entry is not None or lease is not None:
                    return entry or lease
        except StorageError as error:
            log.error("requests under way could not be looked up: %s", error.code)
            return None

    async def _answered_by_now(self, key: CacheKey, config: Config, read: Reader, lease: Lease | None) -> Entry | None:
        """Look again: another window may have ended since the cache was asked. Gives back a lease not needed."""
        entry: Entry | None = None
        needed = False
        try:
            entry = await self._cache.exact(key, config.cache)
            if entry is not None and not await rests_on_the_same(entry, config, read):
                entry = None
            needed = entry is None
        finally:
            if lease is not None and not needed:
                await asyncio.shield(lease.release())
        return entry

    async def _request(self, draft: Draft, config: Config) -> AsyncGenerator[str | Landed, None]:
        started = time.perf_counter()
        first_token_ms: float | None = None
        completion: Completion | None = None
        outgoing = draft.plan.outgoing
        async for part in self._provider(config).stream(outgoing):
            if isinstance(part, Completion):
                completion = part
                continue
            first_token_ms = ms_since(started) if first_token_ms is None else first_token_ms
            yield part
        if completion is None:
            raise CutOff("The answer broke off.", why="The provider's stream ended early.", todo="Send it again.")
        cost = cost_usd(completion.usage, outgoing.model, config.claude.prices)
        latency_ms = ms_since(started)
        entry = await self._remember(draft, config, completion, cost, latency_ms)
        yield Landed(
            completion=completion, cost_usd=cost, latency_ms=latency_ms, first_token_ms=first_token_ms, entry=entry
        )

    async def _remember(
        self, draft: Draft, config: Config, completion: Completion, cost: float | None, latency_ms: float
    ) -> Entry | None:
        """Store an answer, unless it is of a kind that is never remembered."""
        masked = bool(draft.proposal.masked)
        if why_not(completion, config.cache, masked=masked) is not None:
            return None
        prompt = asked(draft.proposal)
        try:
            return await self._cache.remember(
                draft.plan.key, prompt, completion, cost, latency_ms, config.cache, masked=masked
            )
        except CacheError as error:
            log.error("an answer could not be remembered: %s", error.code)
            return None
        except Exception as error:  # a paid answer is never lost over its storage
            log.error("an answer could not be remembered: %s", type(error).__name__)
            return None


async def used(cache: Cache, entry: Entry) -> None:
    """Count a use of an entry; a failure to do so must not take its answer away."""
    try:
        await cache.hit(entry.id)
    except StorageError as error:
        log.error("a use of a remembered answer could not be counted: %s", error.code)


def request_of(plan: Plan, *, fresh: bool) -> str:
    """Return what two requests must share to be one: the bytes, and where and under which key they are remembered."""
    parts = (plan.outgoing.digest, plan.key.namespace, plan.key.fingerprint, plan.key.intent, fresh)
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def ms_since(started: float) -> float:
    """Return the milliseconds since a reading of `time.perf_counter`."""
    return (time.perf_counter() - started) * 1000


def _remembers(draft: Draft, config: Config) -> bool:
    """Say whether an answer would be remembered, so that it is worth waiting for."""
    settings = config.cache
    return settings.enabled and not settings.private and (settings.remember_masked or not draft.proposal.masked)


def _from_elsewhere(entry: Entry) -> Landed:
    completion = Completion(text=entry.answer, model=entry.model, usage=entry.usage, stop_reason="end_turn")
    return Landed(
        completion=completion,
        cost_usd=entry.cost_usd,
        latency_ms=entry.latency_ms,
        first_token_ms=None,
        entry=entry,
        elsewhere=True,
    )
