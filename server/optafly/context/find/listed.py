"""Names in a list that is searched as a whole for what a person begins to type."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain, islice

_MOST = 2_000  # names that are looked at closer, however many begin alike
_ALIKE = 70.0  # of 100: how like a misspelt name must be
_MOST_LETTERS = 40
_TOGETHER = 1_000  # names that are written anew when one of them changes


class Listed:
    """Names, each once, in order; their case does not matter."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._blocks: list[_Block] = []
        self.change(names)

    def change(self, names: Iterable[str]) -> None:
        """Take in those of these names that are not there, and forget those that are."""
        changed: defaultdict[int, set[str]] = defaultdict(set)
        for name in names:
            changed[max(0, bisect_right(self._blocks, name, key=_first) - 1)].add(name)
        for at in sorted(changed, reverse=True):
            before = {name for block in self._blocks[at : at + 1] for name in block.names}
            self._blocks[at : at + 1] = _blocks(sorted(before ^ changed[at]))

    def matching(self, text: str, limit: int, near: str) -> list[str]:
        """Return names that begin with `text`, then that hold it, then its letters in order, then misspelt."""
        if not text or "\n" in text:
            return [] if text else _ordered(islice(self._names(), _MOST), text, near)[:limit]
        found: dict[str, None] = {}
        folded = text.casefold()
        for ways in (self._beginning(folded, near), self._holding(folded), self._with_letters(folded)):
            if len(found) >= limit:
                break
            found.update(dict.fromkeys(_ordered(set(ways), text, near)))
        if not found and len(text) > 3:
            found = dict.fromkeys(self._misspelt(folded, limit))
        return list(found)[:limit]

    def _names(self) -> Iterator[str]:
        return chain.from_iterable(block.names for block in self._blocks)

    def _beginning(self, text: str, near: str) -> Iterator[str]:
        """Yield names that, or a part of whose path, begin with `text`: first those that go no further.

        So many may begin alike that not all are looked at.
        """
        folder = near.rpartition("/")[0].casefold()
        for end in ("\n", ".", ""):
            for begin in ("\n", "/"):
                yield from self._holding(f"{begin}{text}{end}")
        if folder:
            yield from self._holding(f"\n{folder}/{text}")

    def _holding(self, text: str) -> Iterator[str]:
        """Yield names whose lines hold `text`."""
        return islice(chain.from_iterable(block.holding(text) for block in self._blocks), _MOST)

    def _with_letters(self, text: str) -> Iterator[str]:
        """Yield names that hold the letters of `text` in this order."""
        letters = map(re.escape, text[:_MOST_LETTERS])
        pattern = re.compile("\n" + "".join(rf"[^\n{letter}]*+{letter}" for letter in letters))
        return islice(chain.from_iterable(block.like(pattern) for block in self._blocks), _MOST)

    def _misspelt(self, text: str, limit: int) -> list[str]:
        """Return the names most like `text`, each compared in as many of its last parts as `text` has."""
        from rapidfuzz import fuzz, process

        parts = text.count("/") + 1
        names = [name for block in self._blocks for name in block.folded]
        if any("/" in block.text for block in self._blocks):
            names = ["/".join(name.rsplit("/", parts)[-parts:]) for name in names]
        for choices in (names, [name[: len(text)] for name in names]):
            if found := process.extract(text, choices, scorer=fuzz.ratio, limit=limit, score_cutoff=_ALIKE):
                known = list(self._names())
                return [known[line] for _, _, line in found]
        return []


class _Block:
    """Some names that follow one another, as lines that one search looks through."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.folded = [name.casefold() for name in names]
        self.text = "\n".join(("", *self.folded, ""))  # each begins behind a line break and ends with one
        self._starts = list(accumulate((len(name) + 1 for name in self.folded), initial=1))

    def holding(self, text: str) -> Iterator[str]:
        """Yield the names whose lines hold `text`, each once."""
        at = self.text.find(text)
        while at >= 0:
            line = self._line(at + len(text))
            yield self.names[line]
            at = self.text.find(text, self._starts[line + 1] - 1)

    def like(self, pattern: re.Pattern[str]) -> Iterator[str]:
        """Yield the names whose lines match `pattern`, which begins with a line break and has no other."""
        return (self.names[self._line(match.end())] for match in pattern.finditer(self.text))

    def _line(self, end: int) -> int:
        """Return the line of what ends at `end`."""
        return bisect_right(self._starts, end - 1) - 1


def _blocks(names: list[str]) -> list[_Block]:
    """Share names out among blocks none of which is too long."""
    size = len(names) if len(names) < 2 * _TOGETHER else -(-len(names) // (len(names) // _TOGETHER))
    return [_Block(names[start : start + size]) for start in range(0, len(names), size or 1)]


def _first(block: _Block) -> str:
    return block.names[0]


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
