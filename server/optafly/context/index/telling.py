"""What is said of the index of one root: what is not in it, or not whole, and why."""

from __future__ import annotations

from collections.abc import Mapping

from optafly.context.index.store import File
from optafly.context.index.vectors import Vectors
from optafly.domain import Skipped

_NO_VECTORS = "no vectors can be made of it: it is found by its words alone"


def left_out(files: Mapping[str, File], vectors: Vectors | None, over: str) -> list[Skipped]:
    """Return the files that are not in the index, or not whole. `over` says how many are more than may be in it."""
    failed = vectors.unmade if vectors is not None else frozenset[bytes]()
    known = [*files.items()]
    found = {path: file.reason or _NO_VECTORS for path, file in known if file.reason or file.hash in failed}
    if over:
        found[""] = over
    return [Skipped(path=path or ".", reason=reason) for path, reason in sorted(found.items())]


def count_left_out(files: Mapping[str, File], vectors: Vectors | None) -> int:
    """Return how many files `left_out` names."""
    failed = vectors.unmade if vectors is not None else frozenset[bytes]()
    return sum(1 for file in [*files.values()] if file.reason or file.hash in failed)


def too_many(over: int, most: int) -> str:
    """Return what is said where a root has `over` files more than the index takes."""
    return f"{over:,} files are not in the index: `context.maxFiles` is {most:,}" if over else ""
