"""Python's imports."""

from __future__ import annotations

import sys

from optafly.context.imports.asked import NOTHING, Answer
from optafly.context.imports.manifests import Manifests
from optafly.context.imports.tree import Tree, by_nearness

ENDINGS = (".py", ".pyi", ".pyx", ".pxd", ".pyw")
_STANDARD = sys.stdlib_module_names
# Where a lone module may lie without being next to, or above, the file that imports it.
_ROOTS = frozenset({"", "src", "lib", "python", "app"})


def resolve(place: str, module: str, tree: Tree, _manifests: Manifests) -> Answer:
    """Resolve `..pkg.mod` from the folder `place`, or `pkg.mod` from any folder that is no package itself."""
    if module.startswith("."):
        dots = len(module) - len(module.lstrip("."))
        folder: str | None = place
        for _ in range(dots - 1):
            folder = folder.rpartition("/")[0] if folder else None
        return NOTHING if folder is None else _below(folder, module[dots:].replace(".", "/"), tree)
    return _absolute(place, module.split("."), tree)


def child(folder: str, name: str, tree: Tree) -> int | None:
    """Return the module of a name in a package's folder."""
    found = tree.at(folder, name, ENDINGS)
    return found if found is not None else tree.at(_in(folder, name), "__init__", ENDINGS)


def _in(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _below(folder: str, module: str, tree: Tree) -> Answer:
    whole = _in(folder, module) if module else folder
    files: list[int] = []
    found = tree.at(whole, "__init__", ENDINGS)
    if found is None and module:
        above, _, name = whole.rpartition("/")
        found = tree.at(above, name, ENDINGS)
    if found is not None:
        files.append(found)
    return Answer(files=tuple(files), children=whole)


def _absolute(place: str, parts: list[str], tree: Tree) -> Answer:
    first, alone, whole = parts[0], len(parts) == 1, "/".join(parts)
    if alone and first in _STANDARD:
        return NOTHING
    packages = [folder[: -len(whole)].rstrip("/") for folder in tree.folders(whole)]
    for root in by_nearness(place, packages):
        if tree.at(_in(root, whole), "__init__", ENDINGS) is not None and _is_root(root, tree):
            return _below(root, whole, tree)
    if alone:
        above_it = _above(place)
        modules = [folder for folder in tree.holding("", first, ENDINGS) if folder in above_it]
    else:
        above = "/".join(parts[:-1])
        modules = [folder[: -len(above)].rstrip("/") for folder in tree.holding(above, parts[-1], ENDINGS)]
    for root in by_nearness(place, modules):
        if _is_root(root, tree):
            return _below(root, whole, tree)
    for root in by_nearness(place, packages):  # namespace packages, which have no `__init__.py`
        if (not alone or _lies_above(root, place)) and _is_root(root, tree):
            return _below(root, whole, tree)
    return NOTHING


def _above(place: str) -> list[str]:
    """Return a folder, those above it, and the usual roots."""
    found: list[str] = []
    while place:
        found.append(place)
        place = place.rpartition("/")[0]
    return [*found, *sorted(_ROOTS.difference(found))]


def _lies_above(root: str, place: str) -> bool:
    return not root or place == root or place.startswith(root + "/")


def _is_root(folder: str, tree: Tree) -> bool:
    return tree.at(folder, "__init__", ENDINGS) is None
