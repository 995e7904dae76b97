"""What Ruby and PHP files require."""

from __future__ import annotations

from optafly.context.imports.asked import NOTHING, Answer
from optafly.context.imports.manifests import Manifests
from optafly.context.imports.tree import Tree, join, nearest, split

_RUBY = (".rb", ".rake", ".ru")
_PHP = (".php", ".inc", ".phtml")
_MOST_NESTED = 2


def resolve_ruby(place: str, module: str, tree: Tree, _manifests: Manifests) -> Answer:
    """Resolve `./x` from the folder `place`, `a/b` from whichever folder may be on the load path, `lib` first."""
    if module.startswith("."):
        path = join(place, module)
        folder, stem, rest = split(path or "")
        found = tree.at(folder, stem, (rest,) if rest else _RUBY) if path else None
        return NOTHING if found is None else Answer(files=(found,))
    folder, stem, _ = split(module)
    folders = tree.holding(folder, stem, _RUBY)
    if not folder:
        folders = [at for at in folders if at.rpartition("/")[2] in ("lib", "")]
    root = len(folder) + 1 if folder else 0
    libraries = [at for at in folders if at[: len(at) - root].rpartition("/")[2] == "lib"]
    best = nearest(place, libraries or folders)
    found = tree.at(best, stem, _RUBY) if best is not None else None
    return NOTHING if found is None else Answer(files=(found,))


def resolve_php(place: str, module: str, tree: Tree, manifests: Manifests) -> Answer:
    r"""Resolve `A\B\C` by the namespaces of composer.json, `x.php` from the folder `place` or from the top."""
    if module.endswith(_PHP) or module.startswith("."):
        for path in (join(place, module.lstrip("/")), module.lstrip("/")):
            if path and (found := tree.file(path)) is not None:
                return Answer(files=(found,))
        return NOTHING
    name = module.strip("\\")
    for home in sorted(manifests.namespaces, key=len, reverse=True):
        for prefix, folder in manifests.namespaces[home]:
            if prefix and name != prefix and not name.startswith(prefix + "\\"):
                continue
            rest = name[len(prefix) :].strip("\\").split("\\")
            for end in range(len(rest), max(0, len(rest) - _MOST_NESTED), -1):
                path = "/".join(filter(None, (home, folder, *rest[:end])))
                above, _, stem = path.rpartition("/")
                if stem and (found := tree.at(above, stem, _PHP)) is not None:
                    return Answer(files=(found,), group=group(name))
    parent, _, last = name.rpartition("\\")
    return Answer(group=group(parent), wanted=last)


def group(namespace: str) -> str:
    """Return what a namespace of PHP is called in the graph."""
    return f"php {namespace}"
