"""The imports of Java and Kotlin: a class is a file, or stands in one of its package's."""

from __future__ import annotations

from optafly.context.imports.asked import Answer
from optafly.context.imports.manifests import Manifests
from optafly.context.imports.tree import Tree, nearest

_ENDINGS = (".java", ".kt", ".kts", ".groovy", ".scala")
_MOST_NESTED = 3


def resolve(place: str, module: str, tree: Tree, _manifests: Manifests) -> Answer:
    """Resolve `a.b.C`, the class it stands in, or what the package `a.b` defines as `C`; `place` breaks ties.

    `a.b.*` is all of a package, or of a class.
    """
    whole = module.endswith(".*")
    parts = module.removesuffix(".*").split(".")
    for end in range(len(parts), max(1, len(parts) - _MOST_NESTED), -1):
        *above, name = parts[:end]
        if (folder := nearest(place, tree.holding("/".join(above), name, _ENDINGS))) is not None:
            found = tree.at(folder, name, _ENDINGS)
            return Answer(files=() if found is None else (found,))
    if whole:
        return Answer(group=group(".".join(parts)))
    # By custom packages are lower case: what follows one is a class, or else a function.
    at = next((at for at, part in enumerate(parts) if at and part[:1].isupper()), len(parts) - 1)
    return Answer(group=group(".".join(parts[:at])), wanted=parts[at])


def group(package: str) -> str:
    """Return what a package is called in the graph."""
    return f"jvm {package}"
