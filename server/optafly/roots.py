"""What a file is called where several folders are open: by its path in its own, and where two hold the same path, with
as much of the folder before it as tells them apart. So it can be shown, written to the model, pinned and removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

Holds = Callable[[str, str], bool]
"""Says whether a root holds a file of that relative path."""


def shown(root: str, path: str, roots: Sequence[str], holds: Holds) -> str:
    """Return what the file `path` of `root` is called among `roots`."""
    if not any(other != root and holds(other, path) for other in roots):
        return path
    for label in labels(root, roots):
        if not any(holds(other, f"{label}/{path}") for other in roots):
            return f"{label}/{path}"
    return Path(root, path).as_posix()


def labels(root: str, roots: Sequence[str]) -> list[str]:
    """Return the ends of a root's path that no other root has, the shortest first."""
    parts = Path(root).parts[1:]
    ends = ["/".join(parts[start:]) for start in range(len(parts) - 1, -1, -1)]
    others = [f"/{Path(other).as_posix().lstrip('/')}" for other in roots if other != root]
    return [end for end in ends if not any(other.endswith(f"/{end}") for other in others)]


def own(root: str, name: str, roots: Sequence[str], holds: Holds) -> str | None:
    """Return a name as `shown` gave it for a file of `root`, without the folder; None where it is none of these.

    Whatever follows the path in `name`, such as `#Symbol` or lines, stays.
    """
    for label in (*labels(root, roots), Path(root).as_posix()):
        if name.startswith(f"{label}/"):
            rest = name[len(label) + 1 :]
            path = _path(root, rest, holds)
            if path and shown(root, path, roots, holds) == f"{label}/{path}":
                return rest
    return None


def _path(root: str, name: str, holds: Holds) -> str:
    """Return the longest beginning of a name that is a file of `root`; "" where none is."""
    ends = [len(name), *(at for at in range(len(name) - 1, 0, -1) if name[at] in "#:")]
    return next((name[:end] for end in ends if holds(root, name[:end])), "")
