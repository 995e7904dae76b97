"""Go's imports: a package is a folder."""

from __future__ import annotations

from optafly.context.imports.asked import NOTHING, Answer
from optafly.context.imports.manifests import Manifests
from optafly.context.imports.tree import Tree, nearest


def resolve(place: str, module: str, tree: Tree, manifests: Manifests) -> Answer:
    """Resolve an import path by the modules of the workspace, then by what is vendored; `place` breaks ties."""
    homes = [
        (len(path), folder) for folder, path in manifests.go.items() if module == path or module.startswith(path + "/")
    ]
    if homes:
        length = max(homes)[0]
        home = nearest(place, [folder for at, folder in homes if at == length]) or ""
        rest = module[length + 1 :]
        return Answer(group=group("/".join(filter(None, (home, rest)))))
    for folder in tree.folders(f"vendor/{module}"):
        return Answer(group=group(folder))
    return NOTHING


def group(folder: str) -> str:
    """Return what a folder's package is called in the graph."""
    return f"go {folder}"
