"""Numbers that belong to numbers, held small: most have one."""

from __future__ import annotations

from collections.abc import Iterable


class Links:
    """From each number to a set of numbers."""

    def __init__(self) -> None:
        self._held: dict[int, int | set[int]] = {}

    def add(self, key: int, value: int) -> None:
        """Let a number belong to another."""
        held = self._held.get(key)
        if held is None:
            self._held[key] = value
        elif isinstance(held, set):
            held.add(value)
        elif held != value:
            self._held[key] = {held, value}

    def discard(self, key: int, value: int) -> None:
        """Let a number no longer belong to another."""
        held = self._held.get(key)
        if isinstance(held, set):
            held.discard(value)
            if not held:
                del self._held[key]
        elif held == value:
            del self._held[key]

    def get(self, key: int) -> Iterable[int]:
        """Return what belongs to a number; not to be kept while it may change."""
        held = self._held.get(key)
        if held is None:
            return ()
        return held if isinstance(held, set) else (held,)
