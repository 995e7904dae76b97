"""Which files define and which use a name, by numbers."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

_NONE: array[int] = array("I")


class Names:
    """The names of a workspace, each with a number that it keeps for good, and three tables in both directions."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}
        self.defines = Table()
        self.members = Table()
        self.uses = Table()

    def number(self, text: str) -> int:
        """Return the number of a name, a new one where it has none."""
        number = self._numbers.setdefault(text, len(self.texts))
        if number == len(self.texts):
            self.texts.append(text)
        return number

    def numbers(self, texts: Iterable[str]) -> list[int]:
        """Return the numbers of names."""
        return [self.number(text) for text in texts]

    def known(self, text: str) -> int | None:
        """Return the number of a name that has one."""
        return self._numbers.get(text)

    def definers(self, name: int, most: int) -> set[int]:
        """Return the files that define a name, at the top or inside something; none where they are more than `most`."""
        top, inside = self.defines.files(name), self.members.files(name)
        if len(top) > most or len(inside) > most:
            return set()
        found = {*top, *inside}
        return found if len(found) <= most else set()


class Table:
    """Names of files and files of names."""

    def __init__(self) -> None:
        self._names: dict[int, array[int]] = {}
        self._files: dict[int, array[int]] = {}

    def names(self, file: int) -> array[int]:
        """Return the names of a file."""
        return self._names.get(file, _NONE)

    def files(self, name: int) -> array[int]:
        """Return the files of a name."""
        return self._files.get(name, _NONE)

    def put(self, file: int, names: Sequence[int]) -> bool:
        """Give a file other names, and say whether they are others."""
        before = self._names.get(file, _NONE)
        if not before:
            self._add(file, names)
        else:
            kept, wanted = set(before), set(names)
            for name in kept - wanted:
                files = self._files[name]
                files.remove(file)
                if not files:
                    del self._files[name]
            self._add(file, wanted - kept)
        after = array("I", sorted(names))
        if after:
            self._names[file] = after
        else:
            self._names.pop(file, None)
        return after != before

    def _add(self, file: int, names: Iterable[int]) -> None:
        files_of = self._files
        for name in names:
            files = files_of.get(name)
            if files is None:
                files_of[name] = array("I", (file,))
            else:
                files.append(file)
