"""Names in a list that is searched as a whole for what a person begins to type."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from itertools import accumulate

_MOST = 2_000  # names that are looked at closer, however many begin alike
_ALIKE = 70.0  # of 100: how like a misspelt name must be
_MOST_LETTERS = 40


class Listed:
    """Names, each once, in order; their case does not matter."""

    def __init__(self, names: list[str] | None = None) -> None:
        self._names = names or []
        self._folded = [name.casefold() for name in self._names]
        # A line for each, so that one search looks through all; each begins behind a line break and ends with one.
        self._text = "\n".join(("", *self._folded, ""))
        self._starts = list(accumulate((len(name) + 1 for name in self._folded), initial=1))

    def now(self, names: Collection[str]) -> Listed:
        """Return a list of these names: this one where they are the same."""
        known = set(self._names)
        added = [name for name in names if name not in known]
        if not added and len(names) == len(known):
            return self
        kept = [name for name in self._names if name in names]
        return Listed(sorted(kept + added))  # sorted at next to no cost where little was added

    def matching(self, text: str, limit: int, near: str) -> list[str]:
        """Return names that begin with `text`, then that hold it, then its letters in order, then misspelt."""
        if not text or "\n" in text:
            return [] if text else _ordered(self._names[:_MOST], text, near)[:limit]
        found: dict[str, None] = {}
        folded = text.casefold()
        for ways in (self._beginning(folded, near), self._lines(folded), self._with_letters(folded)):
            if len(found) >= limit:
                break
            found.update(dict.fromkeys(_ordered({self._names[line] for line in ways}, text, near)))
        if not found and len(text) > 3:
            found = dict.fromkeys(self._misspelt(folded, limit))
        return list(found)[:limit]

    def _beginning(self, text: str, near: str) -> Iterator[int]:
        """Yield the lines of which the name, or a part of the path, begins with `text`: first those that go no further.

        So many may begin alike that not all are looked at.
        """
        folder = near.rpartition("/")[0].casefold()
        for end in ("\n", ".", ""):
            for begin in ("\n", "/"):
                yield from self._lines(f"{begin}{text}{end}")
        if folder:
            yield from self._lines(f"\n{folder}/{text}")

    def _lines(self, text: str) -> Iterator[int]:
        """Yield the lines that hold `text`, each once."""
        at = self._text.find(text)
        for _ in range(_MOST):
            if at < 0:
                return
            line = bisect_right(self._starts, at + len(text) - 1) - 1
            yield line
            at = self._text.find(text, self._starts[line + 1] - 1)

    def _with_letters(self, text: str) -> Iterator[int]:
        """Yield the lines that hold the letters of `text` in this order."""
        letters = map(re.escape, text[:_MOST_LETTERS])
        pattern = "\n" + "".join(rf"[^\n{letter}]*+{letter}" for letter in letters)
        for count, match in enumerate(re.finditer(pattern, self._text)):
            if count == _MOST:
                return
            yield bisect_right(self._starts, match.end() - 1) - 1

    def _misspelt(self, text: str, limit: int) -> list[str]:
        """Return the names most like `text`, each compared in as many of its last parts as `text` has."""
        from rapidfuzz import fuzz, process

        parts = text.count("/") + 1
        names = self._folded
        if "/" in self._text:
            names = ["/".join(name.rsplit("/", parts)[-parts:]) for name in names]
        for choices in (names, [name[: len(text)] for name in names]):
            if found := process.extract(text, choices, scorer=fuzz.ratio, limit=limit, score_cutoff=_ALIKE):
                return [self._names[line] for _, _, line in found]
        return []


def _ordered(names: Iterable[str], text: str, near: str) -> list[str]:
    """Order names: `text` itself, with an ending next, then what begins with it, then what lies beside `near`."""
    folder = near.rpartition("/")[0]
    wanted = f"/{text}"

    def place(name: str) -> tuple[int, bool, bool, int, str]:
        outer, _, last = name.rpartition("/")
        _, found, rest = f"/{name}".rpartition(wanted)
        whole = 2 if not found or "/" in rest else 0 if not rest else 1 if rest[0] == "." else 2
        return (whole, not last.startswith(text), outer != folder, len(name), name)

    return sorted(names, key=place)
