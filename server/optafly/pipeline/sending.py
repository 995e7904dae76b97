"""Sending what was approved: from the cache where it may serve, else from the provider, and remembering the answer."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Awaitable, Callable
from typing import ClassVar
from weakref import WeakSet

import msgspec

from optafly.approval import SENT, Approvals, Draft, ended, sending
from optafly.cache.cache import Cache
from optafly.config import Config
from optafly.domain import Answer, Entry, Record, State, Usage
from optafly.errors import CutOff, OptaflyError, StaleProposal, WrongState
from optafly.pipeline.asking import Asker, Landed, ms_since, request_of, used
from optafly.pipeline.flight import Flights
from optafly.pipeline.following import follow
from optafly.pipeline.freshness import Reader, verify
from optafly.pipeline.sources import lookup
from optafly.protocol import AnswerEvent, Problem
from optafly.telemetry.events import Kind

log = logging.getLogger(__name__)

Say = Callable[[AnswerEvent], None]


class Noted(Record, frozen=True):
    """What telemetry counts of one step."""

    kind: Kind
    project: str
    cost_usd: float = 0.0
    saved_usd: float = 0.0
    saved_s: float = 0.0
    latency_ms: float | None = None


class Trace:
    """Says what happens on one sending; ends with exactly one of done, failed and cancelled."""

    def __init__(self, proposal_id: str, trace_id: str, say: Say) -> None:
        self.proposal_id = proposal_id
        self.id = trace_id
        self._say = say
        self._blank = AnswerEvent(proposal_id=proposal_id, trace_id=trace_id, sequence=0, kind="delta")

    def delta(self, text: str) -> None:
        """Pass on the next part of the answer."""
        self._next(msgspec.structs.replace(self._blank, text=text))

    def done(self, answer: Answer) -> None:
        """End with the whole answer."""
        self._next(msgspec.structs.replace(self._blank, kind="done", answer=answer))

    def failed(self, error: OptaflyError) -> None:
        """End with what went wrong."""
        problem = Problem(code=error.code, what=error.what, why=error.why, todo=error.todo, trace_id=self.id)
        self._next(msgspec.structs.replace(self._blank, kind="failed", problem=problem))

    def cancelled(self) -> None:
        """End because a person said so."""
        self._next(msgspec.structs.replace(self._blank, kind="cancelled"))

    def _next(self, event: AnswerEvent) -> None:
        self._say(event)
        self._blank = msgspec.structs.replace(self._blank, sequence=event.sequence + 1)


class Sender:
    """Sends approved drafts. Requests with the same bytes that are under way at the same time are one request."""

    _all: ClassVar[WeakSet[Sender]] = WeakSet()

    def __init__(
        self,
        approvals: Approvals,
        cache: Cache,
        configure: Callable[[str | None], Config],
        asker: Asker,
        note: Callable[[Noted], Awaitable[None]],
    ) -> None:
        self._approvals = approvals
        self._cache = cache
        self._configure = configure
        self._asker = asker
        self._note = note
        self._flights: Flights[Landed] = Flights()
        self._turn = asyncio.Lock()
        self._own: set[str] = set()  # the proposals that it is sending
        self._all.add(self)

    async def send(self, trace: Trace, digest: str | None, read: Reader, *, fresh: bool = False) -> None:
        """Send the approved proposal of `trace`. Every failure and a cancellation is said, none is raised.

        What another window has sent is not sent again, and nothing is without a `digest`: its answer is waited for.
        With `fresh` the provider is asked, whatever the cache holds; a chosen earlier answer is that answer still.
        """
        draft: Draft | None = None
        beginning = asyncio.create_task(self._begin(trace.proposal_id, digest, read))
        try:
            draft = await asyncio.shield(beginning)
            if draft is None:
                trace.done(await follow(trace.proposal_id, self._approvals, self._cache, trace.id, self._sent_here))
                return
            answer = await self._answer(draft, trace, read, fresh=fresh)
            await self._end(draft, "answered", answer)
            trace.done(answer)
        except asyncio.CancelledError:
            storing = asyncio.create_task(self._cancelled(beginning))
            while not storing.done():  # whoever cancels again waits for the same end
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.wait({storing})
            trace.cancelled()
        except OptaflyError as error:
            log.warning("trace %s failed: %s", trace.id, error.code)
            await self._end(draft, "failed")
            trace.failed(error)
        except Exception as error:
            log.error("trace %s failed: %s", trace.id, type(error).__name__)
            await self._end(draft, "failed")
            trace.failed(_fault(trace.id, error))
        finally:
            if draft is not None:
                self._own.discard(draft.proposal.id)

    async def _begin(self, proposal_id: str, digest: str | None, read: Reader) -> Draft | None:
        """Store the proposal as sent; None where there is only its answer to be had."""
        async with self._turn:  # two sends of one proposal: the second finds it sent
            before = await self._approvals.load(proposal_id)
            if digest is None or (proposal_id not in self._own and _was_sent(before, digest)):
                return None
            draft = sending(before, digest, process=os.getpid())
            if draft.approved is not None and draft.approved.decision in ("accept", "modify"):
                await asyncio.to_thread(verify, draft.proposal.pieces, read)
            self._own.add(proposal_id)  # first: whoever finds it sent shall find out by whom
            try:
                await self._approvals.replace(before, draft)
            except OptaflyError as error:
                self._own.discard(proposal_id)
                if isinstance(error, StaleProposal) and _was_sent(await self._approvals.load(proposal_id), digest):
                    return None  # in this very moment, elsewhere
                raise
            return draft

    @classmethod
    def _sent_here(cls, proposal_id: str) -> bool:
        """Say whether this process is sending a proposal now."""
        return any(proposal_id in sender._own for sender in cls._all)

    async def _cancelled(self, beginning: asyncio.Task[Draft | None]) -> None:
        """Store the cancellation of a sending, also of one that was just being stored as sent."""
        await asyncio.wait({beginning})
        if beginning.exception() is None and (draft := beginning.result()) is not None:
            await self._end(draft, "cancelled")
            self._own.discard(draft.proposal.id)

    async def _end(self, draft: Draft | None, state: State, answer: Answer | None = None) -> None:
        """Store how a sending ended; a failure to do so must not take the answer away."""
        if draft is None:
            return
        try:
            entry_id, served = (answer.entry_id, answer.source == "cache") if answer else (None, False)
            await self._approvals.replace(draft, ended(draft, state, entry_id=entry_id, served=served))
            if state != "answered":
                kind: Kind = "cancelled" if state == "cancelled" else "failed"
                await self._note(Noted(kind=kind, project=draft.project))
        except OptaflyError as error:
            log.error("the end of a sending could not be stored: %s", error.code)

    async def _answer(self, draft: Draft, trace: Trace, read: Reader, *, fresh: bool) -> Answer:
        started = time.perf_counter()
        config = self._configure(draft.project or None)
        if draft.approved is not None and draft.approved.entry_id is not None:
            entry = await self._cache.get(draft.approved.entry_id)
            if entry is None:
                raise WrongState("That answer was forgotten in the meantime.", todo="Accept the proposal instead.")
            return await self._from_entry(entry, "offer_taken", "You chose this earlier answer.", draft, trace, started)
        if not fresh:
            verdict = await lookup(self._cache, draft.plan.key, config, read)
            entry = await self._cache.get(verdict.entry_id) if verdict.outcome == "serve" and verdict.entry_id else None
            if entry is not None:
                return await self._from_entry(entry, "served", verdict.evidence, draft, trace, started)
        return await self._from_provider(draft, config, trace, started, read, fresh=fresh)

    async def _from_entry(
        self, entry: Entry, kind: Kind, evidence: str, draft: Draft, trace: Trace, started: float
    ) -> Answer:
        answer = Answer(
            trace_id=trace.id,
            proposal_id=trace.proposal_id,
            text=entry.answer,
            source="cache",
            model=entry.model,
            usage=Usage(),
            cost_usd=0.0,
            saved_usd=entry.cost_usd or 0.0,
            saved_s=entry.latency_ms / 1000,
            latency_ms=ms_since(started),
            first_token_ms=None,
            stop_reason="end_turn",
            evidence=evidence,
            entry_id=entry.id,
            age_s=max(0.0, time.time() - entry.created_at_s),
        )
        await used(self._cache, entry)
        await self._note(
            Noted(
                kind=kind,
                project=draft.project,
                saved_usd=answer.saved_usd,
                saved_s=answer.saved_s,
                latency_ms=answer.latency_ms,
            )
        )
        return answer

    async def _from_provider(
        self, draft: Draft, config: Config, trace: Trace, started: float, read: Reader, *, fresh: bool
    ) -> Answer:
        flight, shared = self._flights.join(
            request_of(draft.plan, fresh=fresh), lambda: self._asker.ask(draft, config, read, fresh=fresh)
        )
        landed: Landed | None = None
        async for part in flight.follow():
            if isinstance(part, Landed):
                landed = part
            else:
                trace.delta(part)
        if landed is None:
            raise CutOff("The answer broke off.", why="The stream ended without a result.", todo="Send it again.")
        answer = _answered(landed, trace, shared=shared, latency_ms=ms_since(started))
        await self._note(
            Noted(
                kind="answered" if answer.source == "provider" else "served",
                project=draft.project,
                cost_usd=answer.cost_usd or 0.0,
                saved_usd=answer.saved_usd,
                saved_s=answer.saved_s,
                latency_ms=answer.latency_ms,
            )
        )
        return answer


def _answered(landed: Landed, trace: Trace, *, shared: bool, latency_ms: float) -> Answer:
    """Make the answer of a follower; who joined a request that was under way pays nothing for it."""
    joined = shared or landed.elsewhere
    evidence = "The same request was already under way" + (" in another window." if landed.elsewhere else ".")
    return Answer(
        trace_id=trace.id,
        proposal_id=trace.proposal_id,
        text=landed.completion.text,
        source="cache" if joined else "provider",
        model=landed.completion.model,
        usage=Usage() if joined else landed.completion.usage,
        cost_usd=0.0 if joined else landed.cost_usd,
        saved_usd=(landed.cost_usd or 0.0) if joined else 0.0,
        saved_s=0.0,
        latency_ms=latency_ms,
        first_token_ms=landed.first_token_ms,
        stop_reason=landed.completion.stop_reason,
        evidence=evidence if joined else "Answered by the provider.",
        entry_id=landed.entry.id if landed.entry else None,
    )


def _was_sent(draft: Draft, digest: str) -> bool:
    return draft.proposal.state in SENT and draft.approved is not None and draft.approved.digest == digest


def _fault(trace_id: str, error: Exception) -> OptaflyError:
    return OptaflyError(
        "OptaFly failed inside.",
        why=f"{type(error).__name__}; the log names it under trace {trace_id}.",
        todo="Try again, and report it if it happens twice.",
    )
