"""C#'s namespaces, which need not follow folders."""

from __future__ import annotations

from optafly.context.imports.asked import Answer
from optafly.context.imports.manifests import Manifests
from optafly.context.imports.tree import Tree


def resolve(_place: str, module: str, _tree: Tree, _manifests: Manifests) -> Answer:
    """Resolve a `using`: the namespace of that name."""
    return Answer(group=group(module))


def group(namespace: str) -> str:
    """Return what a namespace is called in the graph."""
    return f"dotnet {namespace}"


def groups(namespace: str) -> tuple[str, ...]:
    """Return a namespace and those around it, whose names its files see too."""
    parts = namespace.split(".")
    return tuple(group(".".join(parts[:end])) for end in range(len(parts), 0, -1))
