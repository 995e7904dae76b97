"""Hearing the answer to a proposal that another window sent: it comes here as well, and nothing is sent for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from optafly.approval import Approvals, Draft
from optafly.cache.cache import Cache
from optafly.domain import Answer, Entry, Usage
from optafly.errors import AnsweredElsewhere, CutOff, WrongState
from optafly.pipeline.asking import ms_since

POLL_S = 0.1


async def follow(
    proposal_id: str, approvals: Approvals, cache: Cache, trace_id: str, here: Callable[[str], bool]
) -> Answer:
    """Return the answer that a proposal, which was sent, was given or is being given, by another process mostly.

    It costs nothing and saves nothing: it is the one answer of one approval. `here` says whether this process is
    sending a proposal. Raises AnsweredElsewhere where the answer was not remembered, CutOff where it ended without one
    or nobody is sending it any more, and WrongState where it was never sent.
    """
    started = time.perf_counter()
    while (draft := await approvals.settled(proposal_id, here)) is None or draft.proposal.state == "sent":
        if draft is None:
            raise CutOff(
                "The answer broke off.",
                why="The window that the prompt was sent from is gone, or could not store what came of it.",
                todo="Send it again.",
            )
        await asyncio.sleep(POLL_S)
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
