"""Which file of a workspace imports which, and which uses what another defines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from optafly.context.imports.edges import Edges
from optafly.context.imports.facts import NO_FACTS, Facts, facts_of
from optafly.context.imports.names import Names
from optafly.context.imports.resolve import Resolver, groups_of
from optafly.context.imports.tree import split
from optafly.context.outline.model import Outline
from optafly.domain import Record

# A name that more files define says nothing about any of them.
FEW = 3
_HEADERS = (".h", ".inl", ".ipp", ".tpp")


class Use(Record, frozen=True):
    """Names that one of two files defines and the other uses; `path` is the one that was not asked for."""

    path: str
    names: tuple[str, ...]


class Graph:
    """The imports of a workspace, in both directions, kept current file by file.

    Paths are relative to the workspace. A file imports those that its imports name. Of a package or namespace (Go,
    Java, Kotlin, C#, PHP) it imports the files that define a name it uses, its own package's too. What a module hands
    on from another (`__init__.py`, `index.ts`, `lib.rs`) is imported from that one, one step far. `put`, `drop` and
    `manifest` only note what changed; the next question (or `settle`) works it out. Not safe for threads.
    """

    def __init__(self, manifests: Mapping[str, str] | None = None) -> None:
        self._resolver = Resolver(manifests=manifests)
        self._tree = self._resolver.tree
        self._names = Names()
        self._edges = Edges(self._resolver, self._names)
        self._families: dict[int, str] = {}
        self._seen: dict[int, tuple[str, ...]] = {}
        self._members: dict[str, set[int]] = {}
        self._seers: dict[str, set[int]] = {}

    def __len__(self) -> int:
        return len(self._tree)

    def put(self, path: str, outline: Outline | Facts | None = None) -> None:
        """Take in a file, or what it holds now; None where nothing is known but that it is there."""
        facts = facts_of(outline) if isinstance(outline, Outline) else outline or NO_FACTS
        self._edges.touch(self._resolver.add(path))
        self._set(self._tree.number(path), path, facts)

    def drop(self, path: str) -> None:
        """Let a file go."""
        number = self._tree.known(path)
        if number is not None:
            self._set(number, path, NO_FACTS)
            self._edges.touch(self._resolver.remove(path))

    def manifest(self, path: str, text: str | None) -> None:
        """Take in the text of a file for which `is_manifest` holds, None where it is gone."""
        if self._resolver.manifest(path, text):
            self._edges.touch_all()

    def settle(self) -> None:
        """Work out what changed since the last question."""
        self._edges.settle()

    def imports(self, path: str) -> tuple[str, ...]:
        """Return the files that a file imports, by name."""
        return self._paths(self._imports(path))

    def importers(self, path: str) -> tuple[str, ...]:
        """Return the files that import a file, by name."""
        return self._paths(self._importers(path))

    def callees(self, path: str) -> tuple[Use, ...]:
        """Return the files that define what a file uses and imports, those with the most names first.

        Only names count that no more than three files define. Where little is imported by name, no import is needed for
        a constant that only one file of Ruby defines, nor for what only one file of C or C++, headers aside, defines.
        """
        number = self._tree.known(path)
        if number is None:
            return ()
        imported, family = self._imports(path), self._families.get(number, "")
        found: dict[int, list[int]] = {}
        for name in self._names.uses.names(number):
            definers = self._names.definers(name, FEW)
            meant = definers & imported
            if definers and (alone := self._alone(name, definers, family)) is not None:
                meant.add(alone)
            for other in meant - {number}:
                found.setdefault(other, []).append(name)
        return self._uses(found)

    def callers(self, path: str) -> tuple[Use, ...]:
        """Return the files that use and import what a file defines, those with the most names first, as `callees`."""
        number = self._tree.known(path)
        if number is None:
            return ()
        importers, family = self._importers(path), self._families.get(number, "")
        found: dict[int, list[int]] = {}
        for name in {*self._names.defines.names(number), *self._names.members.names(number)}:
            definers = self._names.definers(name, FEW)
            if not definers:
                continue
            alone = self._alone(name, definers, family) == number
            for other in self._names.uses.files(name):
                if other != number and (other in importers or (alone and self._families.get(other) == family)):
                    found.setdefault(other, []).append(name)
        return self._uses(found)

    def _set(self, number: int, path: str, facts: Facts) -> None:
        names = self._names
        self._families[number] = facts.family
        self._see(number, groups_of(path, facts))
        if names.defines.put(number, names.numbers(facts.defines)):
            self._edges.redefined(number)
        names.members.put(number, names.numbers(facts.members))
        names.uses.put(number, names.numbers(facts.uses))
        self._edges.put(number, path, facts)

    def _see(self, number: int, groups: tuple[str, ...]) -> None:
        """Put a file into its package or namespace, the first of the groups, and let it see all of them."""
        before = self._seen.get(number, ())
        if before == groups:
            return
        for group in before[:1]:
            self._members[group].discard(number)
        for group in before:
            self._seers[group].discard(number)
        for group in groups[:1]:
            self._members.setdefault(group, set()).add(number)
        for group in groups:
            self._seers.setdefault(group, set()).add(number)
        self._seen[number] = groups

    def _imports(self, path: str) -> set[int]:
        number = self._tree.known(path)
        if number is None:
            return set()
        self.settle()
        found = {*self._edges.targets(number), *self._from_groups(number)}
        found.discard(number)
        return found

    def _from_groups(self, number: int) -> Iterator[int]:
        """Yield the files of packages and namespaces that define what a file uses of them."""
        any_used: set[str] = set(self._seen.get(number, ()))
        for group, wanted in self._edges.groups(number):
            if not wanted:
                any_used.add(group)
            elif (name := self._names.known(wanted)) is not None:
                yield from self._members.get(group, set()).intersection(self._names.defines.files(name))
        members = [self._members[group] for group in any_used if self._members.get(group)]
        if members:
            together = set[int]().union(*members)
            for name in self._names.uses.names(number):
                yield from together.intersection(self._names.defines.files(name))

    def _importers(self, path: str) -> set[int]:
        number = self._tree.known(path)
        if number is None:
            return set()
        self.settle()
        found = set(self._edges.sources(number))
        for group in self._seen.get(number, ())[:1]:
            found.update(self._group_importers(number, group))
        found.discard(number)
        return found

    def _group_importers(self, number: int, group: str) -> Iterator[int]:
        """Yield the files that see a package or namespace and use what one of its files defines."""
        seers = self._seers.get(group, set()) | self._edges.group_users(group, "")
        for name in self._names.defines.names(number):
            yield from seers.intersection(self._names.uses.files(name))
            yield from self._edges.group_users(group, self._names.texts[name])

    def _alone(self, name: int, definers: Iterable[int], family: str) -> int | None:
        """Return the one file that can be meant by a name without an import."""
        same = [number for number in definers if self._families.get(number) == family]
        if family == "native":
            same = [number for number in same if not split(self._tree.paths[number])[2].startswith(_HEADERS)]
        elif family != "ruby" or not self._names.texts[name][:1].isupper():
            return None
        return same[0] if len(same) == 1 else None

    def _paths(self, numbers: Iterable[int]) -> tuple[str, ...]:
        return tuple(sorted(self._tree.paths[number] for number in numbers))

    def _uses(self, found: Mapping[int, list[int]]) -> tuple[Use, ...]:
        uses = [
            Use(path=self._tree.paths[number], names=tuple(sorted(self._names.texts[name] for name in names)))
            for number, names in found.items()
        ]
        return tuple(sorted(uses, key=lambda use: (-len(use.names), use.path)))
