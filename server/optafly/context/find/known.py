"""The names of everything that is there: what a person begins to type, and what a name may mean."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from optafly.context.find.corpus import Corpus, Held
from optafly.context.find.entry import simple_name
from optafly.context.find.hits import file_hit
from optafly.context.find.listed import Listed
from optafly.context.outline.model import Definition, Outline
from optafly.domain import FileHit
from optafly.mentions import Name, named_shortly, readings


class Names:
    """The paths and names of one corpus, kept as it changes: what did not change is not looked at again."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._taken = 0  # files up to this number are known
        self._paths, self._symbols = Listed(), Listed()
        self._outlines: dict[str, Outline] = {}
        self._defining: dict[str, dict[str, None]] = {}

    def complete_file(self, text: str, limit: int, near: str | None) -> list[Held]:
        """Return files whose path goes on from `text`, holds it, or is like it; of equals, those near `near` first."""
        self.make()
        found = self._paths.matching(text, limit, near or "")
        return [held for path in found if (held := self._corpus.get(path))]

    def complete_symbol(self, text: str, limit: int, near: str | None) -> list[tuple[Held, Definition]]:
        """Return definitions whose name goes on from `text`, holds it, or is like it."""
        self.make()
        outer, _, last = text.replace("::", ".").rpartition(".")
        found: list[tuple[Held, Definition]] = []
        for name in self._symbols.matching(last, max(limit * 4, 40) if outer else limit, ""):
            places = [each for each in self._places(name) if _inside(each[1], outer)]
            found += sorted(places, key=lambda each: (each[0].entry.path != near, each[1].depth, each[0].entry.path))
            if len(found) >= limit:
                break
        return found[:limit]

    def meaning(self, name: Name) -> list[tuple[Held, Definition | None]]:
        """Return what a name that was read in one way may mean: a file, or definitions."""
        self.make()
        if name.symbol is None:
            held = self._corpus.get(name.path)
            return [(held, None)] if held else []
        places = self._places(simple_name(name.symbol))
        wanted = f".{name.symbol.replace('::', '.')}"
        return [
            (held, definition)
            for held, definition in places
            if name.path in ("", held.entry.path) and f".{definition.name.replace('::', '.')}".endswith(wanted)
        ]

    def make(self) -> None:
        """Take in what changed in the corpus; the next question would do it otherwise."""
        paths: set[str] = set()
        symbols: set[str] = set()
        for held in self._fresh():
            path, outline = held.entry.path, held.entry.outline
            before = self._outlines.get(path)
            if before is None:
                paths.add(path)
            symbols ^= self._define(path, before, outline)
            self._outlines[path] = outline
        if len(self._outlines) > len(self._corpus):
            gone = {path for path in self._outlines if self._corpus.get(path) is None}
            for path in gone:
                symbols ^= self._define(path, self._outlines.pop(path), None)
            paths |= gone
        self._paths.change(paths)
        self._symbols.change(symbols)

    def _fresh(self) -> Iterator[Held]:
        """Yield the files that came or changed since it was last asked."""
        first, self._taken = self._taken, self._corpus.capacity
        for number in range(first, self._taken):
            with suppress(KeyError):  # it is gone, or has another number by now
                if (held := self._corpus.get(self._corpus.path(number))) is not None:
                    yield held

    def _define(self, path: str, before: Outline | None, after: Outline | None) -> set[str]:
        """Note what a file defines now, and return the names that nothing defined before, or nothing defines now."""
        old, new = _defined_in(before), _defined_in(after)
        changed = {name for name in new - old if name not in self._defining}
        for name in new - old:
            self._defining.setdefault(name, {})[path] = None
        for name in old - new:
            del self._defining[name][path]
            if not self._defining[name]:
                del self._defining[name]
                changed.add(name)
        return changed

    def _places(self, name: str) -> list[tuple[Held, Definition]]:
        """Return the definitions of a simple name."""
        return [
            (held, definition)
            for path in self._defining.get(name, ())
            if (held := self._corpus.get(path)) is not None
            for definition in held.entry.outline.definitions
            if simple_name(definition.name) == name
        ]


def named(root: str, names: Names, name: str) -> tuple[FileHit, ...]:
    """Return what a name (see `optafly.mentions`) may mean, likeliest first; `symbols` holds the definition meant."""
    for reading in readings(name):
        if found := names.meaning(reading):
            return tuple(file_hit(root, held, definition=definition) for held, definition in found)
    path = readings(name)[-1].path or name
    ends = [held for held in names.complete_file(path, 20, None) if f"/{held.entry.path}".endswith(f"/{path}")]
    if not ends:  # `#bill` is `till/bill.py`
        shortly = names.complete_file(f"{path}.", 20, None)
        ends = [held for held in shortly if named_shortly(path, held.entry.path)]
    return tuple(file_hit(root, held) for held in ends)


def _defined_in(outline: Outline | None) -> set[str]:
    return {simple_name(definition.name) for definition in outline.definitions} if outline is not None else set()


def _inside(definition: Definition, outer: str) -> bool:
    return not outer or f".{definition.name.replace('::', '.').casefold()}".find(f".{outer.casefold()}") >= 0
