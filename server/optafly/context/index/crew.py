"""Lets the helper processes read the files of one root, and counts what is read."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from optafly.context.index import files as disk
from optafly.context.index.helpers import Helpers, Job
from optafly.context.index.reading import MISSING, Answer, Ask
from optafly.context.index.store import File

AT_A_TIME = 24
UNREAD = "whatever reads it ends or takes too long"
"""A reason in `File`; the fault may lie with the reader (no memory, a new version being installed)."""

_encode = msgspec.msgpack.Encoder().encode
_answer = msgspec.msgpack.Decoder(Answer)


class Batch(NamedTuple):
    """Files that helpers were given at once, and what they made of them."""

    generation: int
    paths: list[str]
    results: list[bytes | None]


class Crew:
    """Hands files out; `tell` gets each batch, from another thread, and hands it to `taken` in the root's own."""

    def __init__(
        self, root: Path, helpers: Helpers, tell: Callable[[Batch], None], is_wanted: Callable[[], bool]
    ) -> None:
        self._root = root
        self._helpers = helpers
        self._tell = tell
        self._is_wanted = is_wanted
        self._generation = 0
        self.counts = (0, 0)
        self.under_way: set[str] = set()

    @property
    def busy(self) -> bool:
        """Whether files are still being read."""
        return self.counts[0] < self.counts[1]

    def forget(self) -> None:
        """Drop what was handed out."""
        self._generation += 1
        self.counts = (0, 0)
        self.under_way.clear()

    def hand_out(self, paths: list[str]) -> None:
        """Let the helpers read these files."""
        done, total = self.counts if self.busy else (0, 0)
        self.counts = (done, total + len(paths))
        self.under_way.update(paths)
        generation = self._generation

        def is_wanted() -> bool:
            return generation == self._generation and self._is_wanted()

        for start in range(0, len(paths), AT_A_TIME):
            batch = paths[start : start + AT_A_TIME]
            items = [_encode(Ask(str(self._root), path)) for path in batch]
            done_ = partial(self._done, generation, batch)
            self._helpers.submit(Job("read", items, done_, is_wanted), urgency=1)

    def taken(self, batch: Batch, excludes: Callable[[str], bool]) -> dict[str, Answer | None] | None:
        """Return what became of the files of a batch; None where nobody waits for it any more.

        What the rules exclude by now is gone: they may have changed while it was read.
        """
        if batch.generation != self._generation:
            return None
        self.under_way.difference_update(batch.paths)
        self.counts = (self.counts[0] + len(batch.paths), self.counts[1])
        return {
            path: None if excludes(path) else self._answer(path, each)
            for path, each in zip(batch.paths, batch.results, strict=True)
        }

    def _done(self, generation: int, paths: list[str], results: list[bytes | None]) -> None:
        self._tell(Batch(generation, paths, results))

    def _answer(self, path: str, result: bytes | None) -> Answer:
        if result is not None:
            return _answer.decode(result)
        raw = disk.read(self._root / path)
        if raw is None:
            return MISSING
        return Answer(File(raw.stamp, b"", raw.reason or UNREAD), None, raw.seen)
