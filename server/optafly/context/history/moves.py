"""Which file took the place of which, without reading any of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from posixpath import basename

# A folder that is renamed moves all its files in one commit; more than that is a fresh start of the repository.
_MOST_MOVES = 2_000


def moves_of(deleted: Mapping[str, str], added: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return (old path, new path) of files that were deleted and added in one commit, each path at most once.

    Both mappings are path → id of the content. The same content is the same file; else the same name in another folder,
    where just one file of that name went and just one came.
    """
    if not deleted or not added or len(deleted) > _MOST_MOVES or len(added) > _MOST_MOVES:
        return ()
    moved = dict(_pairs(((content, path) for path, content in deleted.items()), _turned(added)))
    came = set(moved.values())
    gone_rest = [path for path in deleted if path not in moved]
    added_rest = [path for path in added if path not in came]
    moved.update(_pairs(((basename(p), p) for p in gone_rest), ((basename(p), p) for p in added_rest)))
    return tuple(sorted(moved.items()))


def _turned(contents: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    return ((content, path) for path, content in contents.items())


def _pairs(old: Iterable[tuple[str, str]], new: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Pair the paths that stand alone under a key on both sides; empty files say nothing by their content."""
    sources, targets = _alone(old), _alone(new)
    return [(path, targets[key]) for key, path in sources.items() if key in targets]


def _alone(keyed: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str | None] = {}
    for key, path in keyed:
        found[key] = None if key in found else path
    return {key: path for key, path in found.items() if path is not None}
