"""What the status bar says: how things are, and what was saved."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Literal

from optafly.domain import IndexStatus, Stats
from optafly.errors import OptaflyError
from optafly.lsp.editor import Editor
from optafly.lsp.words import index_words, is_stopped, unsearched
from optafly.protocol import STATUS, StatusParams, StatusState

log = logging.getLogger(__name__)

_HEALTH = {"ready": "ok", "refining": "ok", "sending": "ok", "degraded": "warning", "error": "error"}
_NOTHING = Stats(
    days=30,
    answers=0,
    hits=0,
    offers_shown=0,
    offers_taken=0,
    hit_rate=None,
    cost_usd=0.0,
    saved_usd=0.0,
    saved_s=0.0,
    entries=0,
    proposals=0,
    discarded=0,
)


About = Literal["settings", "start", "models", "index"]


class Status:
    """Tells the editor the state whenever it changes; a problem stays until it is gone, and is logged once."""

    def __init__(self, editor: Editor, stats: Callable[[], Awaitable[Stats]]) -> None:
        self._editor = editor
        self._read_stats = stats
        self._stats = _NOTHING
        self._busy = {"refining": 0, "sending": 0}
        self._problems: dict[About, str] = {}
        self._index: IndexStatus | None = None

    @contextmanager
    def busy(self, doing: Literal["refining", "sending"]) -> Generator[None]:
        """Show that something is under way for as long as the block runs."""
        self._busy[doing] += 1
        self.tell()
        try:
            yield
            self.problem("start", None)  # it works by now
        finally:
            self._busy[doing] -= 1
            self.tell()

    def problem(self, about: About, words: str | None) -> None:
        """Hold a problem, or with None let it go."""
        if words is None:
            self._problems.pop(about, None)
        else:
            self._problems[about] = words

    def indexing(self, index: IndexStatus) -> None:
        """Take how far the index is, and tell where that is news."""
        if index == self._index:
            return
        self._index = index
        self.problem("index", unsearched(index))
        self.tell()

    @property
    def is_index_stopped(self) -> bool:
        """Whether a person stopped the indexing."""
        return self._index is not None and is_stopped(self._index)

    async def refresh(self) -> None:
        """Count anew and tell."""
        try:
            self._stats = await self._read_stats()
            self.problem("start", None)
        except OptaflyError as error:
            log.warning("no statistics: %s", error.code)
        except Exception as error:  # whatever it is, it must not hide what is wrong already
            log.error("no statistics", exc_info=error)
        self.tell()

    def tell(self) -> None:
        """Send the state as it is."""
        state, message = self._state()
        stats = self._stats
        params = StatusParams(
            state=state,
            message=message,
            hit_rate=stats.hit_rate,
            hits=stats.hits,
            answers=stats.answers,
            saved_usd=stats.saved_usd,
            saved_s=stats.saved_s,
            cost_usd=stats.cost_usd,
            offers_taken=stats.offers_taken,
            wrong_reports=stats.wrong_reports,
            index=self._index,
        )
        self._editor.protocol.tell(STATUS, params)
        if self._editor.abilities.server_status:
            health = {"health": _HEALTH[state], "quiescent": True, "message": f"OptaFly: {message}"}
            self._editor.protocol.tell("experimental/serverStatus", health)

    def _state(self) -> tuple[StatusState, str]:
        if self._busy["sending"]:
            return "sending", "waiting for the answer"
        if self._busy["refining"]:
            return "refining", "refining the prompt"
        if "start" in self._problems:
            return "error", self._problems["start"]
        for about in ("settings", "models", "index"):
            if about in self._problems:
                return "degraded", self._problems[about]
        if self._index is not None and (words := index_words(self._index)):
            return "ready", words
        if self._stats.hit_rate is None:
            return "ready", "ready"
        saved = self._stats.saved_usd
        return "ready", f"{self._stats.hit_rate:.0%} from the cache, ${saved:.{2 if saved >= 1 else 4}f} saved"
