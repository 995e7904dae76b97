"""Answers that the cache gave and that a person may have a word on, kept for code actions."""

from __future__ import annotations

from optafly.protocol import AnswerEvent

_KEPT = 50


class Given:
    """Remembers which entry answered each of the latest proposals, and which of them was reported wrong."""

    def __init__(self) -> None:
        self._entries: dict[str, str] = {}
        self._wrong: set[str] = set()

    def hear(self, event: AnswerEvent) -> None:
        """Take the end of a trace: what came from the cache can be judged, whatever came before it no longer."""
        self.forget(event.proposal_id)
        answer = event.answer
        if answer is not None and answer.source == "cache" and answer.entry_id is not None:
            self._entries[event.proposal_id] = answer.entry_id
        while len(self._entries) > _KEPT:
            self.forget(next(iter(self._entries)))

    def know(self, proposal_id: str, entry_id: str, *, wrong: bool) -> None:
        """Take an answer that was given before this server started."""
        self._entries[proposal_id] = entry_id
        if wrong:
            self._wrong.add(proposal_id)

    def entry(self, proposal_id: str) -> str | None:
        """Return the entry that answered a proposal; None where the provider did, or nothing is known of it."""
        return self._entries.get(proposal_id)

    def wrong(self, proposal_id: str) -> bool:
        """Return whether that answer was reported wrong."""
        return proposal_id in self._wrong

    def report(self, proposal_id: str) -> None:
        """Note that a person reported the answer wrong."""
        self._wrong.add(proposal_id)

    def forget(self, proposal_id: str) -> None:
        """Let an answer go: another takes its place."""
        self._entries.pop(proposal_id, None)
        self._wrong.discard(proposal_id)
