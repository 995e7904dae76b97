"""From what an import says to the files that it means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from optafly.context.imports import dotnet, ecmascript, go, jvm, native, python, rust, scripts
from optafly.context.imports.asked import NOTHING, Answer, Asked
from optafly.context.imports.facts import Facts, facts_of
from optafly.context.imports.manifests import Manifests, is_manifest, read_manifest, together
from optafly.context.imports.tree import Token, Tree, split
from optafly.context.outline.model import Outline

_RESOLVERS: dict[str, Callable[[str, str, Tree, Manifests], Answer]] = {
    "python": python.resolve,
    "ecmascript": ecmascript.resolve,
    "go": go.resolve,
    "rust": rust.resolve,
    "jvm": jvm.resolve,
    "native": native.resolve,
    "dotnet": dotnet.resolve,
    "ruby": scripts.resolve_ruby,
    "php": scripts.resolve_php,
}
_CHILDREN: dict[str, Callable[[str, str, Tree], int | None]] = {"python": python.child, "rust": rust.child}
_SAYS_NOTHING = Manifests()


class Resolver:
    """The files of a workspace and what its manifests say, asked for what an import means.

    Paths are relative to the workspace, with `/` between parts. What is outside of it is nothing. An answer holds until
    a file comes or goes: `add` and `remove` return which notes of `noted` are touched by that.
    """

    def __init__(self, paths: Iterable[str] = (), manifests: Mapping[str, str] | None = None) -> None:
        self.tree = Tree()
        self._said: dict[str, Manifests] = {}
        self._together: Manifests | None = None
        for path, text in (manifests or {}).items():
            self.manifest(path, text)
        for path in paths:
            self.tree.add(path)

    def add(self, path: str) -> Iterable[Token]:
        """Take a file in."""
        return self.tree.add(path)

    def remove(self, path: str) -> Iterable[Token]:
        """Let a file go."""
        return self.tree.remove(path)

    def manifest(self, path: str, text: str | None) -> bool:
        """Take in a manifest's text, or None where it is gone; say whether that makes a difference to any answer."""
        if not is_manifest(path):
            return False
        before = self._said.pop(path, _SAYS_NOTHING)
        after = _SAYS_NOTHING if text is None else read_manifest(path, text)
        if after != _SAYS_NOTHING:
            self._said[path] = after
        if before == after:
            return False
        self._together = None
        return True

    def targets(self, path: str, outline: Outline) -> tuple[str, ...]:
        """Return the files that the imports of one file name, in order; without those of a package it names as a whole.

        What a package's files define, and what is handed on from another module, only a graph of all files knows.
        """
        facts = facts_of(outline)
        place = place_of(path, facts)
        found: dict[int, None] = {}
        for module, names in facts.imports:
            answer = self.answer(Asked(facts.family, place, module))
            taken = [self.child(facts.family, answer, name) for name in names]
            found.update((number, None) for number in taken if number is not None)
            if not names or None in taken:
                found.update(dict.fromkeys(answer.files))
        return tuple(self.tree.paths[number] for number in found if self.tree.paths[number] != path)

    def answer(self, question: Asked) -> Answer:
        """Return what a module means."""
        if self._together is None:
            self._together = together(self._said[path] for path in sorted(self._said))
        resolve = _RESOLVERS.get(question.family)
        return resolve(question.place, question.module, self.tree, self._together) if resolve else NOTHING

    def child(self, family: str, answer: Answer, name: str) -> int | None:
        """Return the module that a name is which was taken from a module or package, None where it is no module."""
        look = _CHILDREN.get(family)
        return look(answer.children, name, self.tree) if look and answer.children is not None else None

    def noted(self) -> set[Token]:
        """Return the notes of all that was asked since the last call."""
        notes, self.tree.asked = self.tree.asked, set()
        return notes


def place_of(path: str, facts: Facts) -> str:
    """Return what a resolver needs to know of where an import stands."""
    return rust.place_of(path) if facts.family == "rust" else split(path)[0]


def groups_of(path: str, facts: Facts) -> tuple[str, ...]:
    """Return the packages or namespaces that a file belongs to, and sees without importing them."""
    match facts.family:
        case "go":
            return (go.group(split(path)[0]),)
        case "jvm":
            return (jvm.group(facts.package),) if facts.package else (f"jvm in {split(path)[0]}",)
        case "php":
            return (scripts.group(facts.package),) if facts.package else ()
        case "dotnet":
            return dotnet.groups(facts.package) if facts.package else ()
        case _:
            return ()
