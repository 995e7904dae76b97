"""Other work trees of the repository that a root lies in: they hold nearly the same files once more."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from optafly.privacy.ignored import own_folder, repository, tree_folder


def is_other_tree(folder: str, root: Path) -> bool:
    """Tell whether a folder in a root is another work tree of its repository; a submodule is none.

    Where the root has no files of its own checked out, as beside a bare repository, its work trees are all there is.
    What a `.git` names is looked at only where it lies among what git keeps of the root's own repository: any other
    place was chosen by whoever wrote that file, and on Windows to look at one may be to log in on another machine.
    """
    if not is_regular(os.path.join(folder, ".git")):
        return False
    top = repository(root)
    if top is None or not os.path.isfile(tree_folder(top) / "index"):
        return False
    own, named = own_folder(top), tree_folder(Path(os.path.realpath(folder)))
    kept = {os.path.normcase(place) for place in (own / "worktrees", os.path.realpath(own / "worktrees"))}
    return os.path.normcase(named.parent) in kept and os.path.isfile(named / "commondir")


def holds_repository(place: Path) -> bool:
    """Tell whether a `.git` is a folder: what changes in it says nothing of the files around it."""
    return stat.S_ISDIR(_mode(place))


def is_regular(place: str | Path) -> bool:
    """Tell whether a file is at a path, no link to one: whatever happens to where that leads, nobody hears of it."""
    return stat.S_ISREG(_mode(place))


def _mode(place: str | Path) -> int:
    """Return what is at a path, and not at where a link leads; 0 where nothing is."""
    try:
        return os.lstat(place).st_mode
    except (OSError, ValueError):
        return 0
