"""C#'s namespaces, which need not follow folders."""

from __future__ import annotations

from collections.abc import Iterator

from optafly.context.imports.asked import Answer
from optafly.context.imports.manifests import Manifests
from optafly.context.imports.tree import Tree

EVERYWHERE = ""
"""What every file asks for: the namespaces that its project uses in all of them."""


def resolve(place: str, module: str, _tree: Tree, manifests: Manifests) -> Answer:
    """Resolve a `using`: the namespace of that name; for `a.b.*`, the type or namespace `a.b`.

    What the projects around the folder `place` use everywhere (`global using`, `<Using Include="…">`) is asked for
    apart.
    """
    if module == EVERYWHERE:
        used = [each for folder in _above(place) for each in manifests.usings.get(folder, ())]
        return Answer(more=tuple(dict.fromkeys(pair for each in used for pair in _meant(each))))
    if module.endswith(".*"):
        return Answer(more=tuple(_meant(module)))
    return Answer(group=group(module))


def _meant(module: str) -> Iterator[tuple[str, str]]:
    """Yield the namespaces that may be meant, each with the type that is wanted of it, if any."""
    whole = module.removesuffix(".*")
    yield group(whole), ""
    if whole != module:  # a type, or one that is defined in a type
        for _ in range(2):
            whole, _, name = whole.rpartition(".")
            if whole:
                yield group(whole), name


def _above(place: str) -> Iterator[str]:
    while place:
        yield place
        place = place.rpartition("/")[0]
    yield ""


def group(namespace: str) -> str:
    """Return what a namespace is called in the graph."""
    return f"dotnet {namespace}"


def groups(namespace: str) -> tuple[str, ...]:
    """Return a namespace and those around it, whose names its files see too."""
    parts = namespace.split(".")
    return tuple(group(".".join(parts[:end])) for end in range(len(parts), 0, -1))
