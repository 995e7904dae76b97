"""Files that take long to read, and change all the time, as logs do: between two readings they rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

from optafly.context.index.inbox import Inbox

T = TypeVar("T")
SHORT_S = 0.02  # what takes no longer to read is read whenever it changes: nearly all code is
FACTOR = 50.0  # so that reading a file takes a fiftieth of a processor
LONGEST_S = 10.0


class Resting:
    """Knows which files are not to be read again yet; `look` is called for each of these once it is. For one thread."""

    def __init__(self, inbox: Inbox, look: Callable[[str], None]) -> None:
        self._inbox = inbox
        self._look = look
        self._until: dict[str, float] = {}

    def timed(self, path: str, read: Callable[[], T]) -> T:
        """Read a file, and let it rest then if that took long."""
        began_s = time.thread_time()  # else it would rest longer because of other programs
        found = read()
        took_s = time.thread_time() - began_s
        if took_s > SHORT_S:
            self._until[path] = time.monotonic() + min(took_s * FACTOR, LONGEST_S)
        return found

    def awake(self, paths: Iterable[str]) -> list[str]:
        """Return the files that may be read now; the others are looked at later."""
        now_s = time.monotonic()
        self._until = {path: until_s for path, until_s in self._until.items() if until_s > now_s}
        found: list[str] = []
        for path in paths:
            if path in self._until:
                self._inbox.later(("resting", path), self._until[path] - now_s, partial(self._look, path))
            else:
                found.append(path)
        return found
