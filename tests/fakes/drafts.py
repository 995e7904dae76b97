"""Drafts as the pipeline makes them, for tests of what comes after."""

from __future__ import annotations

import msgspec

from optafly.approval import Draft, Plan
from optafly.domain import (
    Block,
    CacheKey,
    DiffPart,
    Estimate,
    Outgoing,
    Proposal,
    Quality,
    ReuseCandidate,
    Route,
    Snapshot,
    Turn,
)


def outgoing(text: str) -> Outgoing:
    """Return a request whose only turn says `text`."""
    return Outgoing(
        provider="anthropic",
        base_url="http://127.0.0.1:1",
        model="claude-sonnet-5-5",
        max_tokens=100,
        system=(Block(text="Answer."),),
        turns=(Turn(role="user", blocks=(Block(text=text),)),),
    )


def draft(original: str = "fix it", refined: str = "fix it in a.py", *, proposal_id: str = "p1") -> Draft:
    """Return a draft that is proposed, with one offer named `e1`."""
    plain = Quality(score=0.2, features=())
    proposal = Proposal(
        id=proposal_id,
        revision=0,
        state="proposed",
        original=original,
        refined=refined,
        intent="debug",
        language="en",
        question=None,
        changes=(),
        pieces=(),
        diff=(DiffPart(op="equal", text=original),),
        quality_before=plain,
        quality_after=plain,
        estimate=Estimate(
            input_tokens=1, max_output_tokens=1, input_cost_usd=0, max_cost_usd=0, method="x", prices_as_of=None
        ),
        reuse=(
            ReuseCandidate(
                entry_id="e1",
                prompt="mend it",
                answer_preview="",
                cosine=0.9,
                age_s=1,
                saved_usd=0,
                saved_s=1,
                evidence="",
            ),
        ),
        masked=(),
        route=Route(
            provider="anthropic",
            model="claude-sonnet-5-5",
            key_name="ANTHROPIC_API_KEY",
            breakpoints=(),
            input_tokens=1,
            max_tokens=100,
            reason="",
        ),
        digest=outgoing(refined).digest,
        original_digest=outgoing(original).digest,
        created_at_s=1.0,
    )
    key = CacheKey(namespace="n", fingerprint="f", intent=original)
    return Draft(
        proposal=proposal,
        refined=Plan(outgoing=outgoing(refined), key=key),
        original=Plan(outgoing=outgoing(original), key=key),
        snapshot=Snapshot(prompt=original),
        pieces=(),
        project="",
    )


def with_proposal(made: Draft, **changes: object) -> Draft:
    """Return `made` with some fields of its proposal changed."""
    return msgspec.structs.replace(made, proposal=msgspec.structs.replace(made.proposal, **changes))
