"""A prompt cache that really remembers prefixes, with the published rules of the Messages API.

A prefix is written at a mark and found again by the hash of every block before it. A mark looks back over at most 20
blocks for a prefix written earlier. Below the model's least size a mark silently does nothing. Reading renews.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import msgspec

from optafly.demo.requests import Part

LOOK_BACK_BLOCKS = 20
LIFETIME_S = {"5m": 300.0, "1h": 3600.0}


class Accounted(msgspec.Struct, frozen=True):
    """How the input of one request is billed, in tokens."""

    uncached: int
    written_5m: int
    written_1h: int
    read: int


class PrefixCache:
    """What one simulated API remembers. `now` gives seconds on any clock that does not go back."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._kept: dict[str, tuple[float, float]] = {}  # prefix hash -> (end of life, lifetime)

    def account(self, model: str, parts: list[Part], least_tokens: int) -> Accounted:
        """Bill `parts` and remember the prefixes they mark."""
        hashes, sizes = _prefixes(model, parts)
        marks = [at for at, part in enumerate(parts) if part.mark and sizes[at] >= least_tokens]
        hit = self._longest_hit(hashes, marks, least_tokens, sizes)
        read = sizes[hit] if hit is not None else 0
        for at in marks:
            lifetime = LIFETIME_S[parts[at].mark or "5m"]
            kept = self._kept.get(hashes[at])
            if kept is None or kept[0] <= self._now() or kept[1] < lifetime:
                self._kept[hashes[at]] = (self._now() + lifetime, lifetime)
        # Published billing for mixed lifetimes: read up to A, 1h-write from A to the last 1h mark B, 5m-write to the
        # last mark C.
        hours = [sizes[at] for at in marks if parts[at].mark == "1h"]
        last_1h = max([read, *hours])
        last = max([last_1h, *(sizes[at] for at in marks)])
        return Accounted(
            uncached=(sizes[-1] if sizes else 0) - last,
            written_5m=last - last_1h,
            written_1h=last_1h - read,
            read=read,
        )

    def _longest_hit(self, hashes: list[str], marks: list[int], least_tokens: int, sizes: list[int]) -> int | None:
        for mark in reversed(marks):
            for at in range(mark, max(-1, mark - LOOK_BACK_BLOCKS), -1):
                kept = self._kept.get(hashes[at])
                if kept and kept[0] > self._now() and sizes[at] >= least_tokens:
                    self._renew(hashes[: at + 1])
                    return at
        return None

    def _renew(self, hashes: list[str]) -> None:
        for name in hashes:
            kept = self._kept.get(name)
            if kept and kept[0] > self._now():
                self._kept[name] = (self._now() + kept[1], kept[1])


def _prefixes(model: str, parts: list[Part]) -> tuple[list[str], list[int]]:
    """Return, for each block, the hash of and the tokens in everything up to its end."""
    running = hashlib.sha256(model.encode())
    hashes: list[str] = []
    sizes: list[int] = []
    total = 0
    for part in parts:
        text = part.text.encode()
        running.update(b"%s:%d:%s" % (part.place.encode(), len(text), text))
        total += part.tokens
        hashes.append(running.hexdigest())
        sizes.append(total)
    return hashes, sizes
