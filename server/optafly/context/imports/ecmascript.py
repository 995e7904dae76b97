"""The imports of JavaScript and TypeScript: by path, by alias, by the name of a package in the workspace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from optafly.context.imports.asked import NOTHING, Answer
from optafly.context.imports.manifests import Aliases, Manifests, Package
from optafly.context.imports.tree import Tree, join, nearest

_ENDINGS = (
    ".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte", ".astro", ".json",
    ".d.mts", ".d.cts",
)  # fmt: skip
# What is written for the compiler's output means the source that it is made of.
_WRITTEN_FOR = {
    ".js": (".ts", ".tsx", ".d.ts"),
    ".jsx": (".tsx",),
    ".mjs": (".mts", ".ts", ".d.mts"),
    ".cjs": (".cts", ".ts", ".d.cts"),
}
_BUILT = frozenset({"dist", "lib", "build", "out", "esm", "cjs", "es", "types", "output"})
_CONDITIONS = ("source", "development", "types", "import", "module", "browser", "node", "require", "default")
_DEEPEST = 6
_MOST_MANIFESTS = 50  # with aliases that one import is looked for in


def resolve(place: str, module: str, tree: Tree, manifests: Manifests) -> Answer:
    """Resolve a module as a file in the folder `place` writes it, bundlers' queries cut off."""
    module = module.partition("?")[0]
    found: int | None = None
    if module.startswith("."):
        path = join(place, module)
        found = _load(path, tree)
        if found is None and path is not None and (package := manifests.packages.get(path)):
            found = _first(_inside(package, ""), tree)
    elif module.startswith("/"):
        found = _first((join(f, module[1:]) for f in (_package_folder(place, manifests), "")), tree)
    elif module and not module.startswith("node:"):
        found = _named(place, module, tree, manifests)
    return NOTHING if found is None else Answer(files=(found,))


def _load(path: str | None, tree: Tree) -> int | None:
    """Return the file that is meant by a path: with an ending, without one, or a folder's index."""
    if path is None:
        return None
    folder, _, name = path.rpartition("/")
    stem, dot, rest = name.partition(".")
    if stem or rest:
        found = tree.at(folder, stem, _endings(dot + rest))
        if found is not None:
            return found
    return None if rest else tree.at(path, "index", _ENDINGS)


@lru_cache(maxsize=512)
def _endings(written: str) -> tuple[str, ...]:
    """Return what may follow the stem where `written` does: `.test` may be `.test.ts`, `.js` may be `.ts`."""
    before, dot, last = written.rpartition(".")
    written_for = [before + other for other in _WRITTEN_FOR.get(dot + last, ())] if dot else []
    sources = [ending for ending in written_for if ".d." not in ending]
    plain = [written] if written else []
    return (*sources, *plain, *written_for, *(written + ending for ending in _ENDINGS))


def _first(paths: Iterable[str | None], tree: Tree) -> int | None:
    for path in paths:
        if (found := _load(path, tree)) is not None:
            return found
    return None


def _named(place: str, module: str, tree: Tree, manifests: Manifests) -> int | None:
    for aliases in _holding(place, manifests):
        found = _first(_targets(aliases, module), tree)
        if found is not None:
            return found
    package_folder = _package_folder(place, manifests)
    if module.startswith("#"):
        own = manifests.packages.get(package_folder)
        return _first(_mapped(own, own.imports, module), tree) if own else None
    packages = _packages_of(module, manifests)
    if packages:
        folder = nearest(place, [package.folder for package in packages])
        package = next(package for package in packages if package.folder == folder)
        return _first(_inside(package, module[len(package.name) + 1 :]), tree)
    alias, slash, rest = module.partition("/")
    if slash and alias in ("@", "~"):  # what most bundlers are told to read as the sources' folder
        return _first((join(package_folder, f"src/{rest}"), join(package_folder, rest)), tree)
    return None


def _above(place: str) -> Iterator[str]:
    while place:
        yield place
        place = place.rpartition("/")[0]
    yield ""


def _package_folder(place: str, manifests: Manifests) -> str:
    return next((folder for folder in _above(place) if folder in manifests.packages), "")


def _packages_of(module: str, manifests: Manifests) -> Sequence[Package]:
    """Return the packages of the workspace that the first part, or the first two of a scoped name, are the name of."""
    parts = module.split("/")
    name = "/".join(parts[:2]) if module.startswith("@") else parts[0]
    return manifests.packages_named.get(name, ())


def _inside(package: Package, rest: str) -> Iterator[str | None]:
    """Yield where a package's source may be that is imported as `rest` ("": as itself), the likeliest first."""
    if not rest:
        yield join(package.folder, "src/index")
    for target in (*_targets_of(package.exports, "./" + rest if rest else "."), *(() if rest else package.entries)):
        yield from _sources(package.folder, target)
    if rest:
        yield join(package.folder, f"src/{rest}")
        yield join(package.folder, rest)
    else:
        yield join(package.folder, "index")
        yield join(package.folder, "src/main")
        yield join(package.folder, "lib/index")


def _mapped(package: Package, mapping: Any, module: str) -> Iterator[str | None]:
    for target in _targets_of(mapping, module):
        if target.startswith("."):
            yield from _sources(package.folder, target)


def _sources(folder: str, target: str) -> Iterator[str | None]:
    """Yield a file that a package names, and the source that it may be built from."""
    parts = [part for part in target.split("/") if part not in ("", ".")]
    while parts and parts[0] in _BUILT:
        parts = parts[1:]
        if parts:
            stem = parts[-1].partition(".")[0]
            yield join(folder, "/".join(("src", *parts[:-1], stem)))
            yield join(folder, "/".join((*parts[:-1], stem)))
    yield join(folder, target.removeprefix("./"))


def _targets_of(mapping: Any, name: str) -> list[str]:
    """Return what an `exports` or `imports` field gives for a name, every condition's target, sources first."""
    if not isinstance(mapping, Mapping):
        return _leaves(mapping, 0) if name == "." else []
    table = cast("Mapping[str, Any]", mapping)
    if name in table:
        return _leaves(table[name], 0)
    if name == "." and not any(key.startswith(".") for key in table):
        return _leaves(table, 0)
    for pattern in sorted((key for key in table if key.count("*") == 1), key=len, reverse=True):
        start, _, end = pattern.partition("*")
        if name.startswith(start) and name.endswith(end) and len(name) >= len(pattern):
            middle = name[len(start) : len(name) - len(end)]
            return [target.replace("*", middle) for target in _leaves(table[pattern], 0)]
    return []


def _leaves(value: Any, depth: int) -> list[str]:
    if isinstance(value, str):
        return [value]
    if depth >= _DEEPEST:
        return []
    if isinstance(value, list):
        return [leaf for each in cast("list[Any]", value) for leaf in _leaves(each, depth + 1)]
    if isinstance(value, dict):
        table = cast("dict[str, Any]", value)
        keys = sorted(table, key=lambda key: _CONDITIONS.index(key) if key in _CONDITIONS else len(_CONDITIONS))
        return list(dict.fromkeys(leaf for key in keys for leaf in _leaves(table[key], depth + 1)))
    return []


def _holding(place: str, manifests: Manifests) -> Iterator[Aliases]:
    """Yield the manifests whose aliases may hold in a folder: the nearest, what it extends, then those further up.

    Each once, however they extend one another, and `_MOST_MANIFESTS` at most.
    """
    if not manifests.aliases:
        return
    seen: set[int] = set()  # ids, for to compare two takes as long as to read them
    for folder in _above(place):
        waiting = list(reversed(manifests.aliases_in.get(folder, ())))
        while waiting:
            each = waiting.pop()
            if id(each) in seen:
                continue
            if len(seen) == _MOST_MANIFESTS:
                return
            seen.add(id(each))
            yield each
            waiting += reversed(_extended(each, manifests))


def _extended(aliases: Aliases, manifests: Manifests) -> list[Aliases]:
    """Return the manifests that one extends itself."""
    written = (path for path in aliases.extends[:_MOST_MANIFESTS] if path.startswith("."))
    paths = [path for each in written if (path := join(aliases.folder, each))]
    named = (manifests.aliases.get(path) or manifests.aliases.get(f"{path}.json") for path in paths)
    return [other for other in named if other is not None]


def _targets(aliases: Aliases, module: str) -> Iterator[str | None]:
    """Yield the paths that one manifest gives a module."""
    base = join(aliases.folder, aliases.base) if aliases.base is not None else None
    for pattern, targets in aliases.paths:
        start, star, end = pattern.partition("*")
        if module == pattern or (star and module.startswith(start) and module.endswith(end)):
            middle = module[len(start) : len(module) - len(end)] if star else ""
            for target in targets:
                yield join(aliases.folder if base is None else base, target.replace("*", middle))
    if base is not None:
        yield join(base, module)
