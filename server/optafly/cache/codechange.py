"""What became of the code behind an earlier answer: which of its pieces are still the same, changed, gone or new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from optafly.domain import Source


class Moved(NamedTuple):
    """A piece of code then and now; None where it has no counterpart."""

    before: Source | None
    after: Source | None

    @property
    def kind(self) -> Literal["changed", "gone", "new"]:
        """What happened to it."""
        if self.before is None:
            return "new"
        return "gone" if self.after is None else "changed"

    @property
    def place(self) -> Source:
        """Where it is, or was."""
        place = self.after or self.before
        assert place is not None
        return place


def moved(before: Sequence[Source], after: Sequence[Source]) -> tuple[Moved, ...]:
    """Return what differs between the code of an earlier answer and the code now, in the order of the code now.

    Pieces with the same place belong together, then those in the same file. What reads the same is left out, and so is
    what is part of a larger piece that is told already, as a selection is of its function.
    """
    old, new = _different(before, after), _different(after, before)
    found: list[Moved] = []
    for alike in (_same_place, _same_file):
        for now in tuple(new):
            then = next((each for each in old if alike(each, now)), None)
            if then is not None:
                old.remove(then)
                new.remove(now)
                found.append(Moved(then, now))
    order = {id(each): number for number, each in enumerate(after)}
    found.sort(key=lambda each: order[id(each.after)])
    every = [*found, *(Moved(None, now) for now in new), *(Moved(then, None) for then in old)]
    return tuple(each for each in every if not any(_inside(each, other) for other in every))


def _inside(one: Moved, other: Moved) -> bool:
    if one is other or one.place.path != other.place.path or len(_text(one.place)) >= len(_text(other.place)):
        return False
    return _text(one.before) in _text(other.before) and _text(one.after) in _text(other.after)


def _text(source: Source | None) -> str:
    return source.text if source else ""


def _different(some: Sequence[Source], others: Sequence[Source]) -> list[Source]:
    known = {(each.path, each.symbol, each.text) for each in others}
    return [each for each in some if (each.path, each.symbol, each.text) not in known]


def _same_place(one: Source, other: Source) -> bool:
    return (one.path, one.symbol) == (other.path, other.symbol)


def _same_file(one: Source, other: Source) -> bool:
    return one.path == other.path
