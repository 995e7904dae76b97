"""Hearing the answer to a proposal that another window sent: it comes here as well, and nothing is sent for it."""

from __future__ import annotations

import asyncio
import os
import time

from optafly.approval import Approvals, Draft, ended
from optafly.cache.cache import Cache
from optafly.domain import Answer, Entry, Usage
from optafly.errors import AnsweredElsewhere, CutOff, WrongState
from optafly.pipeline.asking import ms_since
from optafly.processes import runs

POLL_S = 0.1


async def follow(draft: Draft, approvals: Approvals, cache: Cache, trace_id: str) -> Answer:
    """Return the answer that `draft`, which was sent, was given or is being given by another process.

    It costs nothing and saves nothing: it is the one answer of one approval. Raises AnsweredElsewhere where it was not
    remembered, CutOff where it ended without one or who sent it is gone, and WrongState where it was never sent.
    """
    started = time.perf_counter()
    while draft.proposal.state == "sent":
        if draft.process is None or not (draft.process == os.getpid() or runs(draft.process)):
            await approvals.replace(draft, ended(draft, "failed"))
            raise CutOff(
                "The answer broke off.", why="The window that the prompt was sent from is gone.", todo="Send it again."
            )
        await asyncio.sleep(POLL_S)
        draft = await approvals.load(draft.proposal.id)
    if draft.proposal.state != "answered":
        ended_so = CutOff if draft.proposal.state in ("failed", "cancelled") else WrongState
        raise ended_so(
            "There is no answer.",
            why=f"The prompt was sent from another window, and is {draft.proposal.state} now.",
            todo="Look at it and decide again.",
        )
    entry = None if draft.entry_id is None else await cache.get(draft.entry_id)
    if entry is None:
        raise AnsweredElsewhere(
            "This prompt was answered already, in another window.",
            why="Its answer was not remembered, so it can be seen only there.",
            todo="Look there. To ask the model anew, and pay anew, refine the prompt again.",
        )
    return _answer(draft, entry, trace_id, ms_since(started))


def _answer(draft: Draft, entry: Entry, trace_id: str, latency_ms: float) -> Answer:
    return Answer(
        trace_id=trace_id,
        proposal_id=draft.proposal.id,
        text=entry.answer,
        source="cache",
        model=entry.model,
        usage=Usage(),
        cost_usd=0.0,
        saved_usd=0.0,
        saved_s=0.0,
        latency_ms=latency_ms,
        first_token_ms=None,
        stop_reason="end_turn",
        evidence="This prompt was sent already, from another window: this is its answer.",
        entry_id=entry.id,
        age_s=max(0.0, time.time() - entry.created_at_s),
    )
