"""Rust's paths: from the crate, from here, from above, or from another crate of the workspace."""

from __future__ import annotations

from optafly.context.imports.asked import NOTHING, Answer
from optafly.context.imports.manifests import Crate, Manifests
from optafly.context.imports.tree import Tree, join, nearest, split

_ENDINGS = (".rs",)
_STANDARD = frozenset({"std", "core", "alloc", "proc_macro", "test"})
_ROOTS = frozenset({"lib", "main", "mod"})
# Below a crate, the folders whose files are crates of their own.
_APART = ("src/bin", "tests", "examples", "benches")


def place_of(path: str) -> str:
    """Return the folder in which the submodules of a file lie."""
    folder, stem, _ = split(path)
    if stem in _ROOTS or folder.endswith(_APART):
        return folder
    return f"{folder}/{stem}" if folder else stem


def resolve(place: str, module: str, tree: Tree, manifests: Manifests) -> Answer:
    """Resolve a path such as `crate::a::b` from a file whose submodules lie in the folder `place`."""
    first, *rest = module.split("::")
    if first == "crate":
        return _walk(_root(place, tree, manifests), rest, tree)
    if first == "self":
        return _inline(place, rest, tree) if len(rest) == 1 else _walk(place, rest, tree)
    if first == "super":
        folder = place
        parts = ["super", *rest]
        while parts and parts[0] == "super":
            folder, parts = folder.rpartition("/")[0], parts[1:]
        return _walk(folder, parts, tree)
    if first in _STANDARD:
        return NOTHING
    if child(place, first, tree) is not None:
        return _walk(place, [first, *rest], tree)
    crates = manifests.crates_named.get(first) or manifests.crates_named.get(manifests.renamed_crates.get(first, ""))
    if crates:
        folder = nearest(place, [crate.folder for crate in crates])
        crate = next(crate for crate in crates if crate.folder == folder)
        return _walk(split(_library(crate))[0], rest, tree, tree.file(_library(crate)))
    root = _root(place, tree, manifests)
    return _walk(root, [first, *rest], tree) if child(root, first, tree) is not None else NOTHING


def child(folder: str, name: str, tree: Tree) -> int | None:
    """Return the file of a module whose parent's submodules lie in a folder."""
    found = tree.at(folder, name, _ENDINGS)
    return found if found is not None else tree.at(f"{folder}/{name}" if folder else name, "mod", _ENDINGS)


def _inline(place: str, names: list[str], tree: Tree) -> Answer:
    """Find `mod x;`, which stands one folder further down where it is written inside `mod y { … }`."""
    name = names[0]
    if child(place, name, tree) is None:
        for folder in sorted(tree.holding("", name, _ENDINGS)):
            if folder.rpartition("/")[0] == place:
                return _walk(folder, names, tree)
    return _walk(place, names, tree)


def _library(crate: Crate) -> str:
    return join(crate.folder, crate.root) or crate.root


def _home(crate: Crate, program: str) -> str:
    """Return the folder in which the modules of a program lie."""
    return split(join(crate.folder, program) or program)[0]


def _lies_in(place: str, folder: str) -> bool:
    return place == folder or place.startswith(f"{folder}/")


def _walk(folder: str, names: list[str], tree: Tree, start: int | None = None) -> Answer:
    """Go down from a folder of submodules as far as there are files; the rest are things in the last of them."""
    found = start if start is not None else _module(folder, tree)
    for at, name in enumerate(names):
        below, inner = child(folder, name, tree), f"{folder}/{name}" if folder else name
        if below is None and (at + 1 == len(names) or child(inner, names[at + 1], tree) is None):
            return Answer(files=() if found is None else (found,))
        found, folder = (found if below is None else below), inner  # none: `mod a { pub mod b; }` names a folder
    return Answer(files=() if found is None else (found,), children=folder)


def _module(folder: str, tree: Tree) -> int | None:
    """Return the file whose submodules lie in a folder."""
    above, _, name = folder.rpartition("/")
    for at, stem in ((above, name), (folder, "mod"), (folder, "lib"), (folder, "main")):
        if stem and (found := tree.at(at, stem, _ENDINGS)) is not None:
            return found
    return None


def _root(place: str, tree: Tree, manifests: Manifests) -> str:
    """Return the folder of the crate root that a place belongs to."""
    folder = place
    while folder and folder not in manifests.crates:
        folder = folder.rpartition("/")[0]
    crate = manifests.crates.get(folder)
    source = split(_library(crate))[0] if crate else f"{folder}/src" if folder else "src"
    if place == source or (place.startswith(source + "/") and not place.startswith(f"{source}/bin")):
        return source
    if crate and (own := [home for program in crate.programs if _lies_in(place, home := _home(crate, program))]):
        return max(own, key=len)
    for apart in _APART:
        top = f"{folder}/{apart}" if folder else apart
        if place == top or place.startswith(top + "/"):
            inner = "/".join((top, place[len(top) + 1 :].partition("/")[0])).rstrip("/")
            return inner if tree.at(inner, "main", _ENDINGS) is not None else top
    return source
