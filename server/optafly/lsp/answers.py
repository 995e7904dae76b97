"""Answers on their way to the editor: gathered into steps, cancellable, and always ended by one last event."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from optafly.lsp.editor import Editor
from optafly.lsp.given import Given
from optafly.lsp.proposals import Proposals
from optafly.lsp.reviews import Reviews
from optafly.lsp.snapshot import Gatherer
from optafly.lsp.status import Status
from optafly.protocol import ANSWER, AnswerEvent, Problem

if TYPE_CHECKING:  # imported late: it brings every room with it
    from optafly.pipeline import Pipeline

log = logging.getLogger(__name__)

STEP_S = 0.03


class Voice:
    """Numbers the events of one trace and gathers deltas for `STEP_S` before it sends them."""

    def __init__(self, proposal_id: str, trace_id: str, tell: Callable[[str, object], None]) -> None:
        self._parts: list[str] = []
        self._proposal_id = proposal_id
        self.trace_id = trace_id
        self._tell = tell
        self._sequence = 0
        self._gathered: list[str] = []
        self._sent_at = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def hear(self, event: AnswerEvent) -> None:
        """Pass an event on: a delta soon, any other at once, behind the deltas before it."""
        if event.kind != "delta":
            self.flush()
            self._say(event)
            return
        self._gathered.append(event.text or "")
        self._parts.append(event.text or "")
        wait = self._sent_at + STEP_S - time.monotonic()
        if wait <= 0:
            self.flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(wait, self.flush)

    def so_far(self) -> str:
        """Return the answer as far as it has come."""
        return "".join(self._parts)

    def flush(self) -> None:
        """Send what was gathered."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._gathered:
            text, self._gathered = "".join(self._gathered), []
            self._sent_at = time.monotonic()
            self._say(AnswerEvent(**self._head(), kind="delta", text=text))

    def fail(self) -> None:
        """End the trace where something failed that nobody foresaw."""
        todo = f"Look for trace {self.trace_id} in the server's log."
        problem = Problem(
            code="internal", what="Something failed inside OptaFly.", why="", todo=todo, trace_id=self.trace_id
        )
        self.hear(AnswerEvent(**self._head(), kind="failed", problem=problem))

    def _say(self, event: AnswerEvent) -> None:
        numbered = AnswerEvent(
            **self._head(), kind=event.kind, text=event.text, answer=event.answer, problem=event.problem
        )
        self._sequence += 1
        self._tell(ANSWER, numbered)

    def _head(self) -> ...:
        return {"proposal_id": self._proposal_id, "trace_id": self.trace_id, "sequence": self._sequence}


class Answers:
    """Carries answers from the pipeline to the editor, each in a task of its own."""

    def __init__(
        self,
        editor: Editor,
        pipeline: Callable[[], Awaitable[Pipeline]],
        proposals: Proposals,
        reviews: Reviews,
        given: Given,
        gatherer: Gatherer,
        status: Status,
    ) -> None:
        self._editor = editor
        self._pipeline = pipeline
        self._proposals = proposals
        self._reviews = reviews
        self._given = given
        self._gatherer = gatherer
        self._status = status
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, proposal_id: str, digest: str | None, *, fresh: bool = False) -> str:
        """Begin sending, and return the trace id at once. With `fresh` the cache is not asked."""
        trace_id = uuid.uuid4().hex
        task = asyncio.create_task(self._carry(proposal_id, digest, trace_id, fresh))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return trace_id

    async def cancel(self, proposal_id: str) -> bool:
        """Stop what is being sent for a proposal."""
        return await (await self._pipeline()).cancel(proposal_id)

    async def close(self) -> None:
        """Stop everything."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=2)

    async def _carry(self, proposal_id: str, digest: str | None, trace_id: str, fresh: bool) -> None:
        log.info("sending, trace %s", trace_id)
        voice = Voice(proposal_id, trace_id, self._editor.protocol.tell)
        opening = asyncio.create_task(self._editor.begin("OptaFly: asking", lambda: self.cancel(proposal_id)))
        outcome = "failed"
        with self._status.busy("sending"):
            try:
                outcome = await self._stream(proposal_id, digest, voice, fresh)
            except Exception as error:
                log.error("sending failed inside, trace %s", trace_id, exc_info=error)
                voice.fail()
        log.info("%s, trace %s", outcome, trace_id)
        await self._status.refresh()
        self._editor.end(await opening, outcome)

    async def _stream(self, proposal_id: str, digest: str | None, voice: Voice, fresh: bool) -> str:
        pipeline = await self._pipeline()
        last: AnswerEvent | None = None
        events = pipeline.send(proposal_id, digest, read=self._gatherer.read, trace_id=voice.trace_id, fresh=fresh)
        async for event in events:
            voice.hear(event)
            last = event
            if event.kind == "delta":
                self._reviews.partly(proposal_id, voice.so_far)
            await self._editor.protocol.drain()
        if last is None:
            raise AssertionError("the pipeline always ends a trace with an event")
        self._given.hear(last)
        self._reviews.ended(proposal_id, last)
        proposal = await pipeline.proposal(proposal_id)
        if proposal.state != "sent":  # who no longer waits for what another window sends has done with it here
            await self._proposals.put(proposal)
        return last.kind
