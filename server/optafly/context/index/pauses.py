"""How long nothing is tried after it failed."""

from __future__ import annotations

import time

SHORTEST_S = 60.0
LONGEST_S = 3600.0


class Pauses:
    """Pauses between tries, each twice as long as the one before and at most an hour, until one succeeds."""

    def __init__(self, shortest_s: float = SHORTEST_S) -> None:
        self._shortest_s = shortest_s
        self._count = 0
        self._until = 0.0

    @property
    def left_s(self) -> float:
        """For how long nothing will be tried."""
        return max(0.0, self._until - time.monotonic())

    def begin(self) -> None:
        """Note that a try failed; where a pause is under way, it goes on as it is."""
        if not self.left_s:
            self._until = time.monotonic() + min(self._shortest_s * 2**self._count, LONGEST_S)
            self._count += 1

    def succeeded(self) -> None:
        """Note that a try succeeded: the next pause is the shortest again."""
        self._count = 0
