"""The person decides on a Proposal, one key at a time, and sees every change of it before it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

from optafly.cli.editing import edit
from optafly.cli.keypress import END, Keys
from optafly.cli.offers import show_offers
from optafly.cli.render import show_proposal
from optafly.cli.streams import print_error
from optafly.domain import Decision, FeedbackKind, Proposal, Record
from optafly.errors import OptaflyError
from optafly.pipeline.drafting import MISSED, SERVED

if TYPE_CHECKING:
    from rich.console import Console

HELP = """\
  a  Accept & Send   send exactly what is shown above
  m  Modify          edit the refined prompt in $VISUAL or $EDITOR; it is shown again before anything is sent
  o  Use Original    send the prompt as you wrote it, without any code
  d  Discard         send nothing
  1-9                switch a change off or on again
  r  Reuse Answer    take the earlier answer that is offered (with several: r, then its number)
  x  Refuse Answer   it goes, and is not given by itself for this prompt (with several: x, then its number)
  ?  this help"""


class Reviser(Protocol):
    """The part of the pipeline that a decision needs."""

    async def revise(
        self, proposal_id: str, *, without: tuple[str, ...] | None = None, edited: str | None = None
    ) -> Proposal:
        """Return the proposal's next revision."""
        ...

    async def feedback(self, proposal_id: str, entry_id: str, kind: FeedbackKind) -> Proposal:
        """Take a person's word on an earlier answer; return the proposal as it is now."""
        ...


class WithoutOffers:
    """The road for a person who wants no earlier answer: its proposals offer none and speak of none."""

    def __init__(self, inner: Reviser) -> None:
        self._inner = inner

    async def revise(
        self, proposal_id: str, *, without: tuple[str, ...] | None = None, edited: str | None = None
    ) -> Proposal:
        """Return the proposal's next revision."""
        return self.of(await self._inner.revise(proposal_id, without=without, edited=edited))

    async def feedback(self, proposal_id: str, entry_id: str, kind: FeedbackKind) -> Proposal:
        """Take a person's word on an earlier answer."""
        return self.of(await self._inner.feedback(proposal_id, entry_id, kind))

    @staticmethod
    def of(proposal: Proposal) -> Proposal:
        """Return `proposal` without earlier answers."""
        notes = tuple(note for note in proposal.notes if not note.startswith((SERVED, MISSED)))
        return msgspec.structs.replace(proposal, reuse=(), notes=notes, reuse_before=None, reuse_after=None)


class Choice(Record, frozen=True):
    """What the person chose, for the revision they saw."""

    proposal: Proposal
    decision: Decision
    entry_id: str | None = None

    @property
    def digest(self) -> str:
        """The digest of what they saw."""
        return self.proposal.original_digest if self.decision == "original" else self.proposal.digest


def accept(proposal: Proposal) -> Choice:
    """Return the choice of what is shown, which is `modify` once the person edited it."""
    return Choice(proposal=proposal, decision="modify" if proposal.edited else "accept")


async def decide(reviser: Reviser, proposal: Proposal, keys: Keys, console: Console) -> Choice:
    """Show `proposal`, and again after every change of it, until the person accepts, reuses or discards."""
    show_proposal(console, proposal)
    while True:
        console.print(f"\n{_prompt(proposal)} ", end="", style="bold")
        key = await keys.press()
        console.print(key if key.isprintable() else "")
        if key == "a" and not proposal.question:
            return accept(proposal)
        if key in ("o", "d", END):
            return Choice(proposal=proposal, decision="original" if key == "o" else "discard")
        entry_id = await _offered(proposal, keys) if key in ("r", "x") else None
        if key == "r" and entry_id:
            return Choice(proposal=proposal, decision="reuse", entry_id=entry_id)
        try:
            if entry_id:
                proposal = await _refused(reviser, proposal, entry_id, console)
                continue
            revised = await _revised(reviser, proposal, key, keys, console)
        except OptaflyError as error:
            print_error(error)
            continue
        if revised is None:
            console.print(HELP)
        else:
            proposal = revised
            show_proposal(console, proposal)


async def _revised(reviser: Reviser, proposal: Proposal, key: str, keys: Keys, console: Console) -> Proposal | None:
    if key == "m":
        text = await edit(proposal.refined, keys, console)
        return proposal if text == proposal.refined else await reviser.revise(proposal.id, edited=text)
    if key in "123456789" and int(key) <= len(proposal.changes):
        chosen = proposal.changes[int(key) - 1]
        without = {change.id for change in proposal.changes if not change.enabled} ^ {chosen.id}
        return await reviser.revise(proposal.id, without=tuple(sorted(without)))
    return None


async def _refused(reviser: Reviser, proposal: Proposal, entry_id: str, console: Console) -> Proposal:
    proposal = await reviser.feedback(proposal.id, entry_id, "refused")
    console.print("Refused: that answer goes, and is not given by itself for this prompt.")
    show_offers(console, proposal)  # those that are left have new numbers
    return proposal


async def _offered(proposal: Proposal, keys: Keys) -> str | None:
    if len(proposal.reuse) < 2:
        return proposal.reuse[0].entry_id if proposal.reuse else None
    number = await keys.press()
    return proposal.reuse[int(number) - 1].entry_id if number in "123"[: len(proposal.reuse)] else None


def _prompt(proposal: Proposal) -> str:
    choices = [] if proposal.question else ["a Accept & Send"]
    choices += ["m Modify", "o Use Original", "d Discard"]
    choices += [f"1-{len(proposal.changes)} switch changes"] if proposal.changes else []
    choices += ["r Reuse Answer", "x Refuse Answer"] if proposal.reuse else []
    return "[" + " · ".join([*choices, "? help"]) + "]"
