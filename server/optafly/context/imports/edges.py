"""The files that a file's imports name, worked out anew only where something changed."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from optafly.context.imports.asked import NOTHING, Answer, Asked
from optafly.context.imports.facts import Facts
from optafly.context.imports.links import Links
from optafly.context.imports.names import Names
from optafly.context.imports.resolve import Resolver, place_of
from optafly.context.imports.tree import Token, split

# Modules that hand on what they import.
_BARRELS = frozenset({"__init__", "index", "mod", "lib"})
_NONE: array[int] = array("I")
_Imports = Sequence[tuple[int, "array[int]"]]


class Edges:
    """Direct imports in both directions.

    Files that ask the same question from the same place share one node with its answer. A node, and a file that asks
    for submodules, watches what it asked the tree for; what comes or goes there makes it stale, and `settle` answers
    stale nodes again and then looks through the files whose answers are others now.
    """

    def __init__(self, resolver: Resolver, names: Names) -> None:
        self._resolver, self._names = resolver, names
        self._nodes: dict[Asked, int] = {}
        self._asked: list[Asked] = []
        self._answers: list[Answer] = []
        self._users = Links()
        self._watching = Links()  # from a note's hash to nodes (even) and files (odd)
        self._stale_nodes: set[int] = set()
        self._stale_files: set[int] = set()
        self._families: dict[int, str] = {}
        self._imports: dict[int, _Imports] = {}
        self._targets: dict[int, array[int]] = {}
        self._sources = Links()
        self._handed_on: dict[int, dict[int, frozenset[int]]] = {}
        self._spreads: dict[int, frozenset[int]] = {}
        self._spread_by = Links()
        self._through = Links()
        self._group_users: dict[tuple[str, str], set[int]] = {}
        self._groups: dict[int, frozenset[tuple[str, str]]] = {}

    def put(self, file: int, path: str, facts: Facts) -> None:
        """Give a file the imports that stand in it."""
        place = place_of(path, facts)
        imports = [
            (
                self._node(Asked(facts.family, place, module)),
                array("I", self._names.numbers(names)) if names else _NONE,
            )
            for module, names in facts.imports
        ]
        before = self._imports.get(file, ())
        if list(before) == imports and self._families.get(file, "") == facts.family:
            return
        for node in {node for node, _ in before}.difference(node for node, _ in imports):
            self._users.discard(node, file)
        for node, _ in imports:
            self._users.add(node, file)
        self._imports[file] = tuple(imports)
        self._families[file] = facts.family
        self._stale_files.add(file)

    def touch(self, notes: Iterable[Token]) -> None:
        """Note that the tree answers otherwise to these."""
        for note in notes:
            for watcher in self._watching.get(hash(note)):
                if watcher & 1:
                    self._stale_files.add(watcher >> 1)
                else:
                    self._stale_nodes.add(watcher >> 1)

    def touch_all(self) -> None:
        """Note that anything may be answered otherwise."""
        self._stale_nodes.update(range(len(self._asked)))
        self._stale_files.update(self._imports)

    def redefined(self, file: int) -> None:
        """Note that a file defines other names: who takes all of it hands on others."""
        for barrel in self._spread_by.get(file):
            self._stale_files.update(self._through.get(barrel))

    def settle(self) -> None:
        """Work out what is stale."""
        if not self._stale_nodes and not self._stale_files:
            return
        self._resolver.noted()
        for node in self._stale_nodes:
            answer = self._resolver.answer(self._asked[node])
            self._watch(node << 1)
            if answer != self._answers[node]:
                self._answers[node] = answer
                self._stale_files.update(self._users.get(node))
        self._stale_nodes.clear()
        for file in [file for file in self._stale_files if self._is_barrel(file)]:
            if self._hands_on(file):
                self._stale_files.update(self._through.get(file))
        for file in self._stale_files:
            self._look(file)
        self._stale_files.clear()

    def targets(self, file: int) -> array[int]:
        """Return the files that a file imports by name."""
        return self._targets.get(file, _NONE)

    def sources(self, file: int) -> Iterable[int]:
        """Return the files that import a file by name."""
        return self._sources.get(file)

    def groups(self, file: int) -> Iterable[tuple[str, str]]:
        """Return the packages and namespaces that a file imports, each with the one name that it wants of it, or ""."""
        return self._groups.get(file, ())

    def group_users(self, group: str, wanted: str) -> AbstractSet[int]:
        """Return the files that import a package or namespace, or the one name of it that is wanted."""
        return self._group_users.get((group, wanted), frozenset[int]())

    def _node(self, question: Asked) -> int:
        node = self._nodes.setdefault(question, len(self._asked))
        if node == len(self._asked):
            self._asked.append(question)
            self._answers.append(NOTHING)
            self._stale_nodes.add(node)
        return node

    def _watch(self, watcher: int) -> None:
        for note in self._resolver.noted():
            self._watching.add(hash(note), watcher)

    def _is_barrel(self, file: int) -> bool:
        return split(self._resolver.tree.paths[file])[1] in _BARRELS

    def _hands_on(self, file: int) -> bool:
        """Work out what a module hands on under which names, and say whether that is other than before."""
        table: dict[int, set[int]] = {}
        spread: set[int] = set()
        star = self._names.known("*")
        for answer, names in self._answered(file):
            for name in names:
                child = self._child(file, answer, name)
                meant = answer.files if child is None else (child,)
                if name == star:
                    spread.update(meant)
                else:
                    table.setdefault(name, set()).update(meant)
        self._watch(file << 1 | 1)
        after = {name: frozenset(files - {file}) for name, files in table.items() if files - {file}}
        before = self._handed_on.pop(file, {}), self._spreads.pop(file, frozenset[int]())
        for other in before[1] - spread:
            self._spread_by.discard(other, file)
        for other in spread:
            self._spread_by.add(other, file)
        if after:
            self._handed_on[file] = after
        if spread:
            self._spreads[file] = frozenset(spread)
        return before != (after, frozenset(spread))

    def _answered(self, file: int) -> Iterator[tuple[Answer, array[int]]]:
        for node, names in self._imports.get(file, ()):
            yield self._answers[node], names

    def _child(self, file: int, answer: Answer, name: int) -> int | None:
        if answer.children is None:
            return None
        return self._resolver.child(self._families[file], answer, self._names.texts[name])

    def _look(self, file: int) -> None:
        found: set[int] = set()
        for answer, names in self._answered(file):
            rest: list[int] = []
            for name in names:
                child = self._child(file, answer, name)
                if child is None:
                    rest.append(name)
                else:
                    found.add(child)
            if rest or not names:
                for target in answer.files:
                    found |= self._handed(file, target, rest)
        self._watch(file << 1 | 1)
        found.discard(file)
        self._set_targets(file, found)
        self._set_groups(file, frozenset(pair for answer, _ in self._answered(file) for pair in answer.groups))

    def _handed(self, file: int, target: int, names: Sequence[int]) -> set[int]:
        """Return where the names come from that a file takes from another, which may have them from a third."""
        if not names or not self._is_barrel(target):
            return {target}
        self._through.add(target, file)
        table, spread = self._handed_on.get(target, {}), self._spreads.get(target, frozenset[int]())
        found: set[int] = set()
        for name in names:
            found |= table.get(name) or spread.intersection(self._names.defines.files(name)) or {target}
        return found

    def _set_targets(self, file: int, found: set[int]) -> None:
        before = self._targets.get(file, _NONE)
        for other in before:
            if other not in found:
                self._sources.discard(other, file)
        for other in found:
            self._sources.add(other, file)
        if found:
            self._targets[file] = array("I", sorted(found))
        else:
            self._targets.pop(file, None)

    def _set_groups(self, file: int, groups: frozenset[tuple[str, str]]) -> None:
        before = self._groups.pop(file, frozenset[tuple[str, str]]())
        for group in before - groups:
            self._group_users[group].discard(file)
        for group in groups - before:
            self._group_users.setdefault(group, set()).add(file)
        if groups:
            self._groups[file] = groups
