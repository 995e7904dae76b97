"""The whole road: propose, approve, send. The only place that knows it all."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncGenerator, Callable
from typing import NamedTuple

import msgspec

from optafly.approval import OPEN, Approvals, Draft, chosen, decide, judged, repeated
from optafly.cache.cache import Cache
from optafly.cache.leases import Leases
from optafly.cache.wire import FACTORY, arguments
from optafly.config import Config
from optafly.domain import (
    Approved,
    Decision,
    Document,
    Explanation,
    FeedbackKind,
    Proposal,
    Snapshot,
    Stats,
)
from optafly.errors import StorageError, WrongState
from optafly.paths import Paths
from optafly.pipeline.asking import Asker
from optafly.pipeline.drafting import Drafter
from optafly.pipeline.freshness import Reader, saved, verify
from optafly.pipeline.health import HealthCheck, check
from optafly.pipeline.offers import with_code
from optafly.pipeline.sending import Noted, Sender, Trace
from optafly.pipeline.sources import changes_in, current
from optafly.pipeline.workspace import Workspace
from optafly.privacy.credentials import Credentials
from optafly.protocol import AnswerEvent
from optafly.providers.anthropic import Anthropic
from optafly.providers.sdk import Connections, load
from optafly.storage import Database
from optafly.telemetry.events import Kind, record, stats
from optafly.workers.supervisor import Worker, WorkerState

log = logging.getLogger(__name__)

_COUNTED: dict[FeedbackKind, Kind] = {
    "wrong": "wrong_report",
    "refused": "offer_refused",
    "regenerate": "regenerated",
}


class Given(NamedTuple):
    """A proposal that the cache answered, with which entry, and whether a person reported it wrong."""

    proposal: Proposal
    entry_id: str
    wrong: bool


def _ignore(state: WorkerState, reason: str) -> None:
    """Stand in for a face that does not want to know."""


class Pipeline:
    """The road of a prompt for one process.

    `configure(folder)` gives the settings that hold for a workspace folder. `on_models(state, reason)` is told when the
    models worker changes: without it only the same text is found again.
    """

    def __init__(
        self,
        *,
        paths: Paths,
        credentials: Credentials,
        configure: Callable[[str | None], Config],
        on_models: Callable[[WorkerState, str], None] = _ignore,
    ) -> None:
        self._paths = paths
        self._credentials = credentials
        self._configure = configure
        self._database = Database(paths.database)
        self._approvals = Approvals(self._database)
        self.models: Worker | None = _models_worker(paths, configure(None), on_models)
        self.cache = Cache(self._database, self.models)
        self.workspace = Workspace(paths, configure)
        self._connections = Connections()

        def provider(config: Config) -> Anthropic:
            return Anthropic(credentials, config.claude, self._connections)

        self._drafter = Drafter(
            configure,
            self.cache,
            lambda asked: self.workspace.gather(asked),
            lambda asked: self.workspace.find(asked),
            lambda asked: self.workspace.complete(asked),
            lambda outgoing, config: provider(config).count(outgoing),
        )
        self._leases = Leases(self._database)
        asker = Asker(self.cache, self._leases, provider)
        self._sender = Sender(self._approvals, self.cache, configure, asker, self._note)
        self._sending: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()
        self._warming: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Recover what an earlier process left, and let the models load in the background."""
        await self._approvals.recover()
        await self._leases.sweep()
        if self.models is not None:
            self.models.start()

    async def prepare(self, document: Document, folder: str | None = None) -> None:
        """Read a document ahead of a prompt about it, which then takes a few milliseconds."""
        await self._drafter.prepare(document, folder)

    async def propose(self, snapshot: Snapshot, *, pin: tuple[str, ...] = (), remove: tuple[str, ...] = ()) -> Proposal:
        """Return a new proposal for `snapshot`. Sends nothing. `pin` and `remove` name code to take or leave."""
        draft = _shown(await self._drafter.draft(snapshot, pinned=pin, removed=remove))
        self._warm_up()
        await self._approvals.save(draft)
        await self._note(Noted(kind="proposed", project=draft.project))
        if draft.offered:
            await self._note(Noted(kind="offered", project=draft.project))
        return draft.proposal

    async def preview(self, snapshot: Snapshot) -> Proposal:
        """Return what `propose` would. Stores nothing."""
        return (await self._drafter.draft(snapshot)).proposal

    async def revise(
        self,
        proposal_id: str,
        *,
        without: tuple[str, ...] | None = None,
        edited: str | None = None,
        pin: tuple[str, ...] = (),
        remove: tuple[str, ...] = (),
        unpin: tuple[str, ...] = (),
        look_again: bool = False,
    ) -> Proposal:
        """Return the next revision: with some changes off (`without`), or with `edited` as the whole text.

        `pin` and `remove` name code to take or leave, `unpin` takes back what was said of it, `look_again` asks the
        index for code anew; alone, they leave the prompt as it is. It has a new digest and needs a new decision. Raises
        UnknownProposal and WrongState.
        """
        if edited is not None and not edited.strip():
            raise WrongState("The edited prompt is empty.", todo="Write what you want to ask, or discard it.")
        async with self._turn:
            draft = before = await self._approvals.load(proposal_id)
            if draft.proposal.state not in OPEN:
                raise WrongState(
                    f"This proposal cannot be changed: it is {draft.proposal.state}.", todo="Refine the prompt again."
                )
            if pin or remove or unpin or look_again:
                draft = chosen(draft, pin=pin, remove=remove, unpin=unpin)
                draft = msgspec.structs.replace(draft, sought=None) if look_again else draft
                if edited is None and without is None:
                    edited, without = _as_it_is(draft.proposal)
            if edited is not None:
                draft = await self._drafter.edited(draft, edited)
            else:
                draft = await self._drafter.switched(draft, without or ())
            draft = _shown(draft)
            await self._approvals.replace(before, draft)
        if draft.offered and not before.offered:
            await self._note(Noted(kind="offered", project=draft.project))
        return draft.proposal

    async def approve(
        self, proposal_id: str, digest: str, decision: Decision, *, read: Reader, entry_id: str | None = None
    ) -> Approved:
        """Take a person's decision on what they saw. Raises UnknownProposal, StaleProposal and WrongState.

        The same decision as another window took and carried out changes nothing: `send` then brings its answer here.
        """
        async with self._turn:
            before = await self._approvals.load(proposal_id)
            if proposal_id not in self._sending and (taken := repeated(before, decision, digest, entry_id)) is not None:
                return taken
            if decision in ("accept", "modify", "reuse"):  # what changed in the code is said beside an offer
                await asyncio.to_thread(verify, before.proposal.pieces, read)
            draft, approved = decide(before, decision, digest, at_s=time.time(), entry_id=entry_id)
            await self._approvals.replace(before, draft)
        if decision == "discard":
            await self._note(Noted(kind="discarded", project=draft.project))
        elif before.proposal.reuse:
            await self._notice(before, before.proposal.reuse[0].entry_id if entry_id is None else entry_id, approved)
        return approved

    async def feedback(
        self, proposal_id: str, entry_id: str, kind: FeedbackKind, *, read: Reader | None = None
    ) -> Proposal:
        """Take a person's word on an earlier answer that a proposal was given or offered, and return the proposal.

        After `regenerate` of an answer that was approved to be sent, `send(…, fresh=True)` may follow at once. With
        `read`, an answer is not forgotten where the code has changed since, for then nothing could be sent. Raises
        UnknownProposal, StaleProposal, and WrongState where the answer was neither given nor offered.
        """
        async with self._turn:
            before = await self._approvals.load(proposal_id)
            draft = judged(before, entry_id, kind)
            if read is not None and kind == "regenerate" and draft.proposal.state in ("accepted", "modified"):
                await asyncio.to_thread(verify, before.proposal.pieces, read)
            if draft != before:
                await self._approvals.replace(before, draft)
        given = before.entry_id == entry_id
        await self.cache.feedback(before.plan.key if given else before.refined.key, entry_id, kind)
        if kind in _COUNTED:
            await self._note(Noted(kind=_COUNTED[kind], project=draft.project))
        return draft.proposal

    async def explain(self, asked: Snapshot | str) -> Explanation:
        """Say what the cache would do for a snapshot, or for the proposal with that id. Stores and sends nothing."""
        draft = await (self._approvals.load(asked) if isinstance(asked, str) else self._drafter.draft(asked))
        config = self._configure(draft.project or None)
        explanation = await self.cache.explain(draft.plan.key, config.cache)
        verdict = await current(self.cache, explanation.verdict, config, saved)
        explanation = msgspec.structs.replace(explanation, verdict=verdict)
        entries = [await self.cache.get(each.entry_id) for each in explanation.candidates]
        changed = changes_in(saved, config)
        return await asyncio.to_thread(with_code, explanation, entries, changed)  # much code takes a while

    async def send(
        self, proposal_id: str, digest: str | None, *, read: Reader, trace_id: str | None = None, fresh: bool = False
    ) -> AsyncGenerator[AnswerEvent, None]:
        """Send what was approved, or answer it from the cache: deltas, then one of done, failed or cancelled.

        What another window sent already is not sent again: its answer comes here too. Without a `digest` nothing is
        sent, whatever was approved. With `fresh` the provider is asked, never the cache. Every failure is an event.
        Leaving the iterator cancels the request.
        """
        events: asyncio.Queue[AnswerEvent | None] = asyncio.Queue()
        trace = Trace(proposal_id, trace_id or uuid.uuid4().hex, events.put_nowait)
        task = asyncio.create_task(self._sender.send(trace, digest, read, fresh=fresh))
        task.add_done_callback(lambda _: events.put_nowait(None))
        self._sending.setdefault(proposal_id, task)
        try:
            while (event := await events.get()) is None or event.kind == "delta":
                if event is None:  # it was cancelled so early, or so often, that it could not say so
                    trace.cancelled()
                else:
                    yield event
            yield event
        finally:
            task.cancel()
            await asyncio.wait({task})
            if self._sending.get(proposal_id) is task:
                del self._sending[proposal_id]

    async def cancel(self, proposal_id: str) -> bool:
        """Stop what is being sent for a proposal; False where nothing is."""
        task = self._sending.get(proposal_id)
        return task is not None and task.cancel()

    async def proposal(self, proposal_id: str) -> Proposal:
        """Return a proposal as it is now. Raises UnknownProposal."""
        return (await self._approvals.load(proposal_id)).proposal

    async def open_proposals(self) -> tuple[Proposal, ...]:
        """Return what a person may still decide on, newest first."""
        return await self._approvals.open()

    async def served(self) -> tuple[Given, ...]:
        """Return the latest proposals that the cache answered, newest first."""
        drafts = await self._approvals.served()
        return tuple(Given(each.proposal, each.entry_id, each.reported) for each in drafts if each.entry_id is not None)

    async def stats(self, days: int = 30, folder: str | None = None) -> Stats:
        """Count what happened over the last `days` days."""
        return await stats(self._database, days, folder)

    async def health(self) -> tuple[HealthCheck, ...]:
        """Say what works and what to do where something does not."""
        return await check(
            self._paths, self._configure(None), self._credentials, self._database, self.models, self.workspace
        )

    async def close(self) -> None:
        """Cancel what is being sent, end the worker and close the database."""
        for task in self._sending.values():
            task.cancel()
        if self._sending:
            await asyncio.wait(self._sending.values())
        if self._warming is not None:
            await asyncio.wait({self._warming})
        await self.cache.close()
        if self.models is not None:
            await self.models.close()
        await self.workspace.close()
        self._drafter.close()
        await self._connections.close()
        await self._database.close()

    def _warm_up(self) -> None:
        """Load the provider's SDK, once, while the person reads the proposal: it takes a second or two."""
        if self._warming is None:
            self._warming = asyncio.create_task(load(), name="warm up the SDK")

    async def _notice(self, draft: Draft, entry_id: str, approved: Approved) -> None:
        """Let the cache learn from a decision that was taken beside offers."""
        if approved.decision == "original":
            return  # the offers were for the refined prompt
        try:
            await self.cache.noticed(draft.refined.key, entry_id, taken=approved.decision == "reuse")
        except StorageError as error:  # what is learned must never take an answer away
            log.error("a decision could not be learned from: %s", error.code)

    async def _note(self, noted: Noted) -> None:
        if not self._configure(noted.project or None).telemetry.enabled:
            return
        try:
            await record(
                self._database,
                noted.kind,
                noted.project,
                cost_usd=noted.cost_usd,
                saved_usd=noted.saved_usd,
                saved_s=noted.saved_s,
                latency_ms=noted.latency_ms,
            )
        except StorageError as error:  # counting must never take an answer away
            log.error("an event could not be counted: %s", error.code)


def _shown(draft: Draft) -> Draft:
    """Note in `draft` whether a person was shown an earlier answer with it: that is counted once."""
    return msgspec.structs.replace(draft, offered=draft.offered or bool(draft.proposal.reuse))


def _as_it_is(proposal: Proposal) -> tuple[str | None, tuple[str, ...]]:
    """Return what `revise` is told to leave the prompt as it is: the edited text, else the changes that are off."""
    off = tuple(change.id for change in proposal.changes if not change.enabled)
    return (proposal.refined if proposal.edited else None), off


def _models_worker(paths: Paths, config: Config, on_change: Callable[[WorkerState, str], None]) -> Worker | None:
    """Make the worker that embeds and searches, not yet started; None where the settings want no vectors."""
    if config.models.embedder == "off" or not config.cache.enabled or not config.cache.semantic:
        return None
    return Worker(
        "models",
        FACTORY,
        arguments(config.models, paths),
        log=paths.log / "models.log",
        on_change=on_change,
    )
