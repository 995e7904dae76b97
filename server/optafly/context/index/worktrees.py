"""Other work trees of the repository that a root lies in: they hold nearly the same files once more."""

from __future__ import annotations

import os
from pathlib import Path

from optafly.privacy.ignored import own_folder, repository, tree_folder


def is_other_tree(folder: str, root: Path) -> bool:
    """Tell whether a folder in a root is another work tree of its repository; a submodule is none.

    Where the root has no files of its own checked out, as beside a bare repository, its work trees are all there is.
    """
    if not os.path.isfile(os.path.join(folder, ".git")):
        return False
    top = repository(root)
    if top is None or not os.path.isfile(tree_folder(top) / "index"):
        return False
    return os.path.realpath(own_folder(Path(folder))) == os.path.realpath(own_folder(top))
