"""The proposals that the editor knows of, kept in memory for code actions and told of each change."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec

from optafly.approval import OPEN
from optafly.domain import Proposal, Range, State
from optafly.lsp.documents import Documents
from optafly.lsp.snapshot import covers
from optafly.protocol import PROPOSAL, ProposalEvent
from optafly.uris import spelt

_KEPT = 50


class Proposals:
    """Remembers the latest revision of each proposal and notifies it as `optafly/proposal`."""

    def __init__(self, documents: Documents, tell: Callable[[str, object], None]) -> None:
        self._documents = documents
        self._tell = tell
        self._known: dict[str, Proposal] = {}
        self.on_change: list[Callable[[Proposal], Awaitable[None]]] = []

    def get(self, proposal_id: str) -> Proposal | None:
        """Return what was last known of a proposal."""
        return self._known.get(proposal_id)

    def know(self, proposal: Proposal) -> None:
        """Remember a proposal for code actions, without a word to the editor."""
        self._known.pop(proposal.id, None)
        self._known[proposal.id] = proposal
        while len(self._known) > _KEPT:
            del self._known[next(iter(self._known))]

    def announce(self, proposal: Proposal) -> None:
        """Remember a proposal as it was left, and tell the editor alone."""
        self.know(proposal)
        self._tell(PROPOSAL, ProposalEvent(proposal=self.on_wire(proposal)))

    async def put(self, proposal: Proposal) -> None:
        """Take a new or changed proposal, and tell the editor and all who follow it."""
        self.announce(proposal)
        for listener in self.on_change:
            await listener(proposal)

    def at(self, uri: str, place: Range, states: frozenset[State] = OPEN) -> Proposal | None:
        """Return the newest proposal that belongs to a line of `place`, open unless `states` says otherwise.

        `place` may be in any units: only lines count.
        """
        here = [
            each
            for each in self._known.values()
            if each.state in states
            and each.uri is not None
            and spelt(each.uri) == spelt(uri)
            and (each.range is None or covers(each.range, place))
        ]
        return max(here, key=lambda each: each.created_at_s, default=None)

    def on_wire(self, proposal: Proposal) -> Proposal:
        """Return the proposal with its range in the editor's units."""
        document = self._documents.get(proposal.uri) if proposal.uri else None
        if document is None or proposal.range is None:
            return proposal
        return msgspec.structs.replace(proposal, range=self._documents.lines(document).range_to_wire(proposal.range))
