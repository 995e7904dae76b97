"""What every language's resolver is asked and answers."""

from __future__ import annotations

from typing import NamedTuple


class Asked(NamedTuple):
    """An import as it stands in a file: `place` is what the language needs to know of where (see `resolve.py`)."""

    family: str
    place: str
    module: str


class Answer(NamedTuple):
    """What an import leads to.

    `files` are the files that it names. `children` is the folder (None: there is none) in which the names that are
    taken from it may be modules of their own. `group` is a package or namespace of several files ("": none), of which
    those are meant that define `wanted` ("": any name that the importing file uses). `more` are further ones, each with
    the name that is wanted of it.
    """

    files: tuple[int, ...] = ()
    children: str | None = None
    group: str = ""
    wanted: str = ""
    more: tuple[tuple[str, str], ...] = ()

    @property
    def groups(self) -> tuple[tuple[str, str], ...]:
        """Every package or namespace with the name that is wanted of it."""
        return ((self.group, self.wanted), *self.more) if self.group else self.more


NOTHING = Answer()
