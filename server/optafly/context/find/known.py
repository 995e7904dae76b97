"""The names of everything that is there: what a person begins to type, and what a name may mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from optafly.context.find.corpus import Corpus, Held
from optafly.context.find.entry import simple_name
from optafly.context.outline.model import Definition
from optafly.domain import FileHit, SymbolHit
from optafly.mentions import Name, readings

_MOST = 2_000  # names that are looked at closer, however many begin alike
_ALIKE = 70.0  # of 100: how like a misspelt name must be


class Names:
    """The paths and names of one corpus as texts, a name a line, so that a search looks through all at once."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._made_of = -1
        self._paths = self._symbols = ""
        self._defining: dict[str, list[tuple[Held, Definition]]] = {}

    def complete_file(self, text: str, limit: int, near: str | None) -> list[Held]:
        """Return files whose path goes on from `text`, holds it, or is like it; of equals, those near `near` first."""
        self._make()
        found = _matching(self._paths, text, limit, near or "")
        return [held for path in found if (held := self._corpus.get(path))]

    def complete_symbol(self, text: str, limit: int, near: str | None) -> list[tuple[Held, Definition]]:
        """Return definitions whose name goes on from `text`, holds it, or is like it."""
        self._make()
        outer, _, last = text.replace("::", ".").rpartition(".")
        found: list[tuple[Held, Definition]] = []
        for name in _matching(self._symbols, last, max(limit * 4, 40) if outer else limit, ""):
            places = [each for each in self._defining.get(name, ()) if _inside(each[1], outer)]
            found += sorted(places, key=lambda each: (each[0].entry.path != near, each[1].depth, each[0].entry.path))
            if len(found) >= limit:
                break
        return found[:limit]

    def meaning(self, name: Name) -> list[tuple[Held, Definition | None]]:
        """Return what a name that was read in one way may mean: a file, or definitions."""
        self._make()
        if name.symbol is None:
            held = self._corpus.get(name.path)
            return [(held, None)] if held else []
        places = self._defining.get(simple_name(name.symbol), [])
        wanted = f".{name.symbol.replace('::', '.')}"
        return [
            (held, definition)
            for held, definition in places
            if name.path in ("", held.entry.path) and f".{definition.name.replace('::', '.')}".endswith(wanted)
        ]

    def _make(self) -> None:
        if self._made_of == self._corpus.version:
            return
        defining: dict[str, list[tuple[Held, Definition]]] = {}
        for held in self._corpus:
            for definition in held.entry.outline.definitions:
                defining.setdefault(simple_name(definition.name), []).append((held, definition))
        self._defining = defining
        self._symbols = "\n".join(sorted(defining))
        self._paths = "\n".join(sorted(held.entry.path for held in self._corpus))
        self._made_of = self._corpus.version


def named(root: str, names: Names, name: str) -> tuple[FileHit, ...]:
    """Return what a name (see `optafly.mentions`) may mean, likeliest first; `symbols` holds the definition meant."""
    for reading in readings(name):
        if found := names.meaning(reading):
            return tuple(hit(root, held, definition) for held, definition in found)
    path = readings(name)[-1].path or name
    ends = [held for held in names.complete_file(path, 20, None) if f"/{held.entry.path}".endswith(f"/{path}")]
    return tuple(hit(root, held, None) for held in ends)


def hit(root: str, held: Held, definition: Definition | None) -> FileHit:
    """Return a file, or one definition of it, as it is shown."""
    symbols = ()
    if definition is not None:
        shown = SymbolHit(
            name=definition.name,
            kind=definition.kind,
            start_line=definition.start_line,
            end_line=definition.end_line,
            signature=definition.signature,
        )
        symbols = (shown,)
    entry = held.entry
    return FileHit(root=root, path=entry.path, language=entry.outline.language, score=1.0, symbols=symbols)


def _inside(definition: Definition, outer: str) -> bool:
    return not outer or f".{definition.name.replace('::', '.').casefold()}".find(f".{outer.casefold()}") >= 0


def _matching(names: str, text: str, limit: int, near: str) -> list[str]:
    """Return lines of `names` that begin with `text`, then that hold it, then its letters in order, then misspelt."""
    if not text:
        lines = names.split("\n")[:_MOST]
        return _ordered(lines, text, near)[:limit]
    found: dict[str, None] = {}
    safe = re.escape(text)
    letters = "[^\n]*".join(map(re.escape, text[:40]))
    for pattern in (rf"^(?:[^\n]*/)?{safe}[^\n]*$", rf"^[^\n]*{safe}[^\n]*$", rf"^[^\n]*{letters}[^\n]*$"):
        if len(found) >= limit:
            break
        found.update(dict.fromkeys(_ordered(_lines(names, pattern), text, near)))
    if not found and len(text) > 3:
        found = dict.fromkeys(_misspelt(names.split("\n"), text, limit))
    return list(found)[:limit]


def _lines(names: str, pattern: str) -> Iterator[str]:
    for count, match in enumerate(re.finditer(pattern, names, re.IGNORECASE | re.MULTILINE)):
        if count == _MOST:
            return
        yield match[0]


def _ordered(names: Iterable[str], text: str, near: str) -> list[str]:
    folder = near.rpartition("/")[0]

    def place(name: str) -> tuple[bool, bool, bool, int, str]:
        last = PurePosixPath(name).name
        same = name.rpartition("/")[0] == folder
        return (last != text and name != text, not last.startswith(text), not same, len(name), name)

    return sorted(names, key=place)


def _misspelt(names: Sequence[str], text: str, limit: int) -> list[str]:
    from rapidfuzz import fuzz, process, utils

    found = process.extract(
        text, names, scorer=fuzz.WRatio, processor=utils.default_process, limit=limit, score_cutoff=_ALIKE
    )
    return [name for name, _, _ in found]
