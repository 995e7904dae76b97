"""Proposals, the decisions people take on them, and the digest that binds a decision to what is sent.

    proposed ─▶ accepted | modified | original | reused ─▶ sent ─▶ answered | failed | cancelled
        └─────▶ discarded

An edit or a switch makes a new revision, which is `proposed` again and needs a new decision. After `failed` or
`cancelled` a person may decide again. An answer may be asked for anew: then `answered` goes back to the approval of the
same digest, or to `proposed` where an earlier answer had been chosen, for then nothing was approved to be sent.
Everything is in the database, so that a restart loses no proposal.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from typing import Literal

import msgspec

from optafly.domain import (
    Approved,
    CacheKey,
    Decision,
    FeedbackKind,
    Gathered,
    Outgoing,
    Piece,
    Proposal,
    Record,
    Snapshot,
    State,
)
from optafly.errors import StaleProposal, UnknownProposal, WrongState
from optafly.mentions import means
from optafly.processes import runs
from optafly.storage import Database

OPEN: frozenset[State] = frozenset({"proposed", "accepted", "modified", "original", "reused", "failed", "cancelled"})
APPROVED: frozenset[State] = frozenset({"accepted", "modified", "original", "reused"})
SENT: frozenset[State] = frozenset({"sent", "answered"})
SENDS: frozenset[Decision] = frozenset({"accept", "modify", "original"})
LONGEST_SENDING_S = 3_600.0
KEPT_S = 30 * 86_400.0
JUDGED_S = 86_400.0  # for so long a restart leaves an answer to be judged in the code: then nobody has it before them

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
    the workspace folder it belongs to, or "". `process` is the process that is sending it, `entry_id` the remembered
    answer that it was given, `served` whether the cache gave it, and `reported` whether a person called it wrong.
    `offered`: it showed an earlier answer, in this revision or before. `pinned` and `removed` are the names
    (`optafly.mentions`) of code that a person asked for, or wants left out. `gathered` came from the workspace for the
    names in `sought` (pinned, removed); None: it is to be asked anew. `reach` says whether the prompt is about the
    workspace at all, or only where its own `words` name something there, `vague` whether these words say nothing of
    where, and `said` what is searched for where that is not the prompt (`optafly.refine.scope`).
    """

    proposal: Proposal
    refined: Plan
    original: Plan
    snapshot: Snapshot
    pieces: tuple[Piece, ...]
    project: str
    approved: Approved | None = None
    process: int | None = None
    entry_id: str | None = None
    served: bool = False
    reported: bool = False
    offered: bool = False
    pinned: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    gathered: Gathered = Gathered()
    sought: tuple[tuple[str, ...], tuple[str, ...]] | None = ((), ())
    reach: Literal["workspace", "named", "general", "outside", "nowhere"] = "nowhere"
    words: tuple[tuple[str, ...], ...] = ()
    vague: bool = False
    said: str = ""

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
    state = _decided(proposal, decision)
    approved = Approved(proposal_id=proposal.id, decision=decision, digest=digest, at_s=at_s, entry_id=entry_id)
    decided = msgspec.structs.replace(proposal, state=state)
    return msgspec.structs.replace(draft, proposal=decided, approved=approved), approved


def repeated(draft: Draft, decision: Decision, digest: str, entry_id: str | None = None) -> Approved | None:
    """Return the decision that was taken and carried out already where this one is the same; else None."""
    taken = draft.approved
    if decision == "discard" or taken is None or draft.proposal.state not in SENT:
        return None
    return taken if (taken.digest, taken.entry_id) == (digest, entry_id) else None


def _decided(proposal: Proposal, decision: Decision) -> State:
    return "modified" if decision == "accept" and proposal.edited else _STATE[decision]


def _fits(proposal: Proposal, decision: Decision, entry_id: str | None) -> None:
    if not (proposal.original if decision == "original" else proposal.refined).strip() and decision in SENDS:
        raise WrongState("There is nothing to send.", why="The prompt is empty.", todo="Write what you want to ask.")
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


def ended(draft: Draft, state: State, *, entry_id: str | None = None, served: bool = False) -> Draft:
    """Return a sent `draft` as answered (by the remembered answer `entry_id`, if any), failed or cancelled.

    `served`: the answer came from the cache.
    """
    proposal = msgspec.structs.replace(draft.proposal, state=state)
    return msgspec.structs.replace(
        draft, proposal=proposal, process=None, entry_id=entry_id, served=served, reported=False
    )


def chosen(draft: Draft, *, pin: tuple[str, ...], remove: tuple[str, ...], unpin: tuple[str, ...]) -> Draft:
    """Return `draft` with what a person last said of some code: `unpin` takes back what was said before.

    A piece may be a part of what was pinned: then it is the pin that is taken back.
    """
    parts = set(unpin) - {*draft.pinned, *draft.removed}
    shown = [piece for piece in draft.proposal.pieces if piece.pinned and any(means(part, piece) for part in parts)]
    back = {name for name in draft.pinned if any(means(name, piece) for piece in shown)}
    pinned = [name for name in draft.pinned if name not in {*remove, *unpin, *back}]
    removed = [name for name in draft.removed if name not in {*pin, *unpin}]
    return msgspec.structs.replace(
        draft, pinned=tuple(dict.fromkeys((*pinned, *pin))), removed=tuple(dict.fromkeys((*removed, *remove)))
    )


def judged(draft: Draft, entry_id: str, kind: FeedbackKind) -> Draft:
    """Return `draft` as a person's word on an answer leaves it: what is wrong or not wanted is no longer offered.

    After `regenerate` it has the approval it had, for the same digest; where an earlier answer had been chosen nothing
    was approved to be sent, so it is `proposed` again. Raises WrongState where the word does not fit.
    """
    proposal = draft.proposal
    given = proposal.state == "answered" and draft.entry_id == entry_id
    offered = proposal.state in OPEN and any(each.entry_id == entry_id for each in proposal.reuse)
    if not {"regenerate": given, "refused": offered}.get(kind, given or offered):
        raise WrongState(
            "That word does not fit.",
            why=f"The answer was not {'given' if kind == 'regenerate' else 'offered'} with this proposal,"
            f" which is {proposal.state}.",
            todo="Refine the prompt again.",
        )
    if kind == "right":
        return draft
    left = tuple(each for each in proposal.reuse if each.entry_id != entry_id)
    if kind != "regenerate" or draft.approved is None:
        reported = draft.reported or (kind == "wrong" and given)
        return msgspec.structs.replace(draft, proposal=msgspec.structs.replace(proposal, reuse=left), reported=reported)
    again = draft.approved if draft.approved.decision in SENDS else None
    state = _decided(proposal, again.decision) if again else "proposed"
    proposal = msgspec.structs.replace(proposal, reuse=left, state=state)
    return msgspec.structs.replace(
        draft, proposal=proposal, approved=again, entry_id=None, served=False, reported=False
    )


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

    async def replace(self, before: Draft, after: Draft) -> None:
        """Store `after` where `before` still stands. Raises StaleProposal where somebody else was first."""
        new, proposal_id = msgspec.msgpack.encode(after), after.proposal.id

        def write(connection: sqlite3.Connection) -> int:
            row = connection.execute("SELECT record FROM proposal WHERE id = ?", (proposal_id,)).fetchone()
            if row is None or _decoded(row["record"]) != before:  # an earlier version wrote the same in other bytes
                return 0
            return connection.execute(
                "UPDATE proposal SET state = ?, record = ?, updated_at_s = ? WHERE id = ? AND record = ?",
                (after.proposal.state, new, time.time(), proposal_id, row["record"]),
            ).rowcount

        if await self._database.run(write) == 0:
            raise StaleProposal(
                "Nothing was done.",
                why="This proposal was changed or sent in the meantime, perhaps in another window.",
                todo="Look at it and decide again.",
            )

    async def load(self, proposal_id: str) -> Draft:
        """Return the draft with that id. Raises UnknownProposal."""
        return (await self._load(proposal_id))[0]

    async def settled(self, proposal_id: str, here: Callable[[str], bool]) -> Draft | None:
        """Return the draft with that id; None where it was sent, but nobody is sending it any more: now it has failed.

        `here` says whether this process is sending a proposal. Raises UnknownProposal.
        """
        draft, updated_at_s = await self._load(proposal_id)
        if draft.proposal.state != "sent":
            return draft
        if _still_sending(draft, time.time() - updated_at_s, here=here(proposal_id)):
            return draft
        try:
            await self.replace(draft, ended(draft, "failed"))
        except StaleProposal:  # it ended in this very moment
            return await self.load(proposal_id)
        return None

    async def _load(self, proposal_id: str) -> tuple[Draft, float]:
        """Return a draft, and when it was stored."""

        def read(connection: sqlite3.Connection) -> tuple[bytes, float] | None:
            query = "SELECT record, updated_at_s FROM proposal WHERE id = ?"
            row = connection.execute(query, (proposal_id,)).fetchone()
            return None if row is None else (row["record"], row["updated_at_s"])

        record, updated_at_s = await self._database.run(read) or (b"", 0.0)
        draft = _decoded(record)
        if draft is None:
            raise UnknownProposal(
                "That proposal is not known (any more).",
                why=f"Proposals are kept for {KEPT_S / 86_400:.0f} days.",
                todo="Refine the prompt again.",
            )
        return draft, updated_at_s

    async def open(self) -> tuple[Proposal, ...]:
        """Return the proposals that a person may still decide on, newest first."""

        def read(connection: sqlite3.Connection) -> list[bytes]:
            marks = ", ".join("?" * len(OPEN))
            query = f"SELECT record FROM proposal WHERE state IN ({marks}) ORDER BY created_at_s DESC LIMIT 200"  # noqa: S608 - only "?" marks are put in
            return [row["record"] for row in connection.execute(query, tuple(OPEN))]

        records = await self._database.run(read)
        return tuple(draft.proposal for record in records if (draft := _decoded(record)) is not None)

    async def served(self) -> tuple[Draft, ...]:
        """Return what the cache answered in the last `JUDGED_S`, newest first."""

        def read(connection: sqlite3.Connection) -> list[bytes]:
            query = (
                "SELECT record FROM proposal WHERE state = 'answered' AND updated_at_s >= ?"
                " ORDER BY created_at_s DESC LIMIT 50"
            )
            return [row["record"] for row in connection.execute(query, (time.time() - JUDGED_S,))]

        drafts = [_decoded(record) for record in await self._database.run(read)]
        return tuple(draft for draft in drafts if draft is not None and draft.served)

    async def recover(self) -> None:
        """Fail what a process that no longer runs was sending, and drop what is older than `KEPT_S`.

        Only for a process that has just begun: what stands as sent by its own number is taken for an earlier one's.
        """

        now = time.time()

        def sent(connection: sqlite3.Connection) -> list[tuple[str, bytes, float]]:
            connection.execute("DELETE FROM proposal WHERE updated_at_s < ?", (now - KEPT_S,))
            rows = connection.execute("SELECT id, record, updated_at_s FROM proposal WHERE state = 'sent'")
            return [(row["id"], row["record"], row["updated_at_s"]) for row in rows]

        for proposal_id, record, updated_at_s in await self._database.run(sent):
            draft = _decoded(record)
            if draft is None:  # another version wrote it
                await self._database.run(
                    lambda c, i=proposal_id: c.execute("UPDATE proposal SET state = 'failed' WHERE id = ?", (i,))
                )
            elif not _still_sending(draft, now - updated_at_s, here=False):
                await self.save(ended(draft, "failed"))


def _still_sending(draft: Draft, for_s: float, *, here: bool) -> bool:
    """Say whether a process is at it, which no number alone does: an earlier process may have had the same.

    What stands under our own number we know (`here`); of another that runs it is believed for `LONGEST_SENDING_S`.
    """
    process = draft.process
    if process is None or for_s >= LONGEST_SENDING_S:
        return False
    return here if process == os.getpid() else runs(process)


def _decoded(record: bytes) -> Draft | None:
    try:
        return msgspec.msgpack.decode(record, type=Draft)
    except msgspec.DecodeError:  # written by another version; what cannot be read cannot be approved
        return None
