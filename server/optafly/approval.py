"""Proposals, the decisions people take on them, and the digest that binds a decision to what is sent.

    proposed ─▶ accepted | modified | original | reused ─▶ sent ─▶ answered | failed | cancelled
        └─────▶ discarded

An edit or a switch makes a new revision, which is `proposed` again and needs a new decision. After `failed` or
`cancelled` a person may decide again. Everything is in the database, so that a restart loses no proposal.
"""

from __future__ import annotations

import sqlite3
import time

import msgspec

from optafly.domain import Approved, CacheKey, Decision, Outgoing, Piece, Proposal, Record, Snapshot, State
from optafly.errors import StaleProposal, UnknownProposal, WrongState
from optafly.processes import runs
from optafly.storage import Database

OPEN: frozenset[State] = frozenset({"proposed", "accepted", "modified", "original", "reused", "failed", "cancelled"})
APPROVED: frozenset[State] = frozenset({"accepted", "modified", "original", "reused"})
KEPT_S = 30 * 86_400.0

_STATE: dict[Decision, State] = {
    "accept": "accepted",
    "modify": "modified",
    "original": "original",
    "reuse": "reused",
    "discard": "discarded",
}


class Plan(Record, frozen=True):
    """One thing that may be sent, and the key its answer is remembered under."""

    outgoing: Outgoing
    key: CacheKey


class Draft(Record, frozen=True):
    """A proposal with all that is needed to revise it, to send it, and to notice that it has gone stale.

    `snapshot` is without the active document's text. `pieces` are all that were collected, used or not. `project` is
    the workspace folder it belongs to, or "". `process` is the process that is sending it.
    """

    proposal: Proposal
    refined: Plan
    original: Plan
    snapshot: Snapshot
    pieces: tuple[Piece, ...]
    project: str
    approved: Approved | None = None
    process: int | None = None

    @property
    def plan(self) -> Plan:
        """What the decision that was taken, or else Accept, would send."""
        return self.original if self.approved and self.approved.decision == "original" else self.refined


def decide(
    draft: Draft, decision: Decision, digest: str, *, at_s: float, entry_id: str | None = None
) -> tuple[Draft, Approved]:
    """Return `draft` with a person's decision, and the decision.

    Raises StaleProposal where `digest` is not that of what the decision would send now, and WrongState where the
    proposal was already sent or discarded, has nothing to accept, or the decision does not fit.
    """
    proposal = draft.proposal
    if proposal.state not in OPEN:
        raise WrongState(
            f"This proposal cannot be decided: it is {proposal.state}.",
            todo="Refine the prompt again to ask once more.",
        )
    if digest != (proposal.original_digest if decision == "original" else proposal.digest):
        raise StaleProposal(
            "Nothing was sent.",
            why="What would be sent is not what you saw: the proposal changed in the meantime.",
            todo="Look at the new proposal and decide again.",
        )
    _fits(proposal, decision, entry_id)
    state = "modified" if decision == "accept" and proposal.edited else _STATE[decision]
    approved = Approved(proposal_id=proposal.id, decision=decision, digest=digest, at_s=at_s, entry_id=entry_id)
    decided = msgspec.structs.replace(proposal, state=state)
    return msgspec.structs.replace(draft, proposal=decided, approved=approved), approved


def _fits(proposal: Proposal, decision: Decision, entry_id: str | None) -> None:
    if decision in ("accept", "modify") and proposal.question is not None:
        raise WrongState(
            "There is nothing to accept yet.", why=proposal.question, todo="Answer the question, or use the original."
        )
    if decision == "modify" and not proposal.edited:
        raise WrongState("Nothing was modified.", todo="Edit the refined prompt first, or accept it as it is.")
    offered = {candidate.entry_id for candidate in proposal.reuse}
    if (entry_id in offered) is not (decision == "reuse"):
        raise WrongState(
            "That answer was not offered with this proposal.", todo="Choose one of the offered answers, or accept."
        )


def sending(draft: Draft, digest: str, *, process: int) -> Draft:
    """Return `draft` as sent. Raises WrongState without an approval and StaleProposal for another digest."""
    if draft.proposal.state not in APPROVED or draft.approved is None:
        raise WrongState(
            "Nothing was sent.",
            why=f"Nobody approved this proposal: it is {draft.proposal.state}.",
            todo="Accept it, or use the original.",
        )
    if digest != draft.approved.digest or (draft.approved.decision != "reuse" and digest != draft.plan.outgoing.digest):
        raise StaleProposal(
            "Nothing was sent.", why="This is not what was approved.", todo="Look at the proposal and decide again."
        )
    return msgspec.structs.replace(
        draft, proposal=msgspec.structs.replace(draft.proposal, state="sent"), process=process
    )


def ended(draft: Draft, state: State) -> Draft:
    """Return a sent `draft` as answered, failed or cancelled."""
    return msgspec.structs.replace(draft, proposal=msgspec.structs.replace(draft.proposal, state=state), process=None)


class Approvals:
    """The proposals in the database. Every method is durable when it returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, draft: Draft) -> None:
        """Store `draft`, new or changed."""
        now = time.time()
        row = (draft.proposal.id, draft.proposal.state, msgspec.msgpack.encode(draft), draft.proposal.created_at_s, now)

        def write(connection: sqlite3.Connection) -> None:
            connection.execute(
                "INSERT INTO proposal (id, state, record, created_at_s, updated_at_s) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET state=excluded.state, record=excluded.record,"
                " updated_at_s=excluded.updated_at_s",
                row,
            )

        await self._database.run(write)

    async def load(self, proposal_id: str) -> Draft:
        """Return the draft with that id. Raises UnknownProposal."""

        def read(connection: sqlite3.Connection) -> bytes | None:
            row = connection.execute("SELECT record FROM proposal WHERE id = ?", (proposal_id,)).fetchone()
            return None if row is None else row["record"]

        record = await self._database.run(read)
        if record is None:
            raise UnknownProposal(
                "That proposal is not known (any more).",
                why=f"Proposals are kept for {KEPT_S / 86_400:.0f} days.",
                todo="Refine the prompt again.",
            )
        return msgspec.msgpack.decode(record, type=Draft)

    async def open(self) -> tuple[Proposal, ...]:
        """Return the proposals that a person may still decide on, newest first."""

        def read(connection: sqlite3.Connection) -> list[bytes]:
            marks = ", ".join("?" * len(OPEN))
            query = f"SELECT record FROM proposal WHERE state IN ({marks}) ORDER BY created_at_s DESC LIMIT 200"  # noqa: S608 - only "?" marks are put in
            return [row["record"] for row in connection.execute(query, tuple(OPEN))]

        records = await self._database.run(read)
        return tuple(msgspec.msgpack.decode(record, type=Draft).proposal for record in records)

    async def recover(self) -> None:
        """Fail what a process that no longer runs was sending, and drop what is older than `KEPT_S`."""

        def sent(connection: sqlite3.Connection) -> list[bytes]:
            connection.execute("DELETE FROM proposal WHERE updated_at_s < ?", (time.time() - KEPT_S,))
            return [row["record"] for row in connection.execute("SELECT record FROM proposal WHERE state = 'sent'")]

        for record in await self._database.run(sent):
            draft = msgspec.msgpack.decode(record, type=Draft)
            if draft.process is None or not runs(draft.process):
                await self.save(ended(draft, "failed"))
