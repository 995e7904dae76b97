"""Looks into folders for what is in them, and into files for whether they must be read again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from optafly.context.index import files as disk
from optafly.context.index.content import decode
from optafly.context.index.keeping import Keeping
from optafly.context.index.plan import vanished
from optafly.context.index.reading import Answer, understood
from optafly.context.index.resting import Resting
from optafly.context.index.store import File
from optafly.context.index.walk import Listing, Walk
from optafly.context.outline.languages import language_of

Answers = dict[str, Answer | None]


def looked_into(
    root: Path, paths: Sequence[str], known: Mapping[str, File], keeping: Keeping, is_wanted: Callable[[], bool]
) -> tuple[Answers, list[str]]:
    """Look at the bytes of files that may have changed.

    Returns what is settled by that (a file that is as it was, is gone or is not to be read, or whose content was read
    before under whatever name) and the files that must be read: all of the rest, once it `is_wanted` no more. Raises
    keeping.Rebuilt.
    """
    unread: list[str] = []
    answers: Answers = {}
    for at, path in enumerate(paths):
        if not is_wanted():
            return answers, [*unread, *paths[at:]]
        raw = disk.read(root / path)
        if raw is None or raw.data is None:
            answers[path] = None if raw is None else Answer(File(raw.stamp, b"", raw.reason), None, raw.seen)
            continue
        digest = disk.hash_of(raw.data, language_of(path))
        before = known.get(path)
        if before is not None and before.hash == digest:
            answers[path] = Answer(before._replace(stamp=raw.stamp), None, raw.seen)
        elif (content := keeping.content(digest)) is not None:
            answers[path] = Answer(File(raw.stamp, digest, decode(content).outline.note), content, raw.seen)
        else:
            unread.append(path)
    return answers, unread


def read_here(root: Path, paths: Iterable[str], resting: Resting) -> dict[str, Answer]:
    """Read a few files in this process, and let those rest that take long; nothing is said of those that are gone."""
    found = {path: raw for path in paths if (raw := disk.read(root / path))}
    return {path: resting.timed(path, partial(understood, raw, path)) for path, raw in found.items()}


def listed_in(walk: Walk, folders: set[str], known: set[str]) -> tuple[Listing, set[str], set[str]]:
    """Look into `folders` among the `known` ones: what is in them, they with what is gone below, all there are.

    Where the walk is stopped meanwhile, no folder was looked into: what was not listed is not gone.
    """
    found, before = Listing(), known
    for folder in sorted(folders):
        part = walk.part(folder, known)
        gone = vanished(folder, part, known)
        walk.forget(gone)
        known = (known - gone) | part.folders
        folders = folders | gone
        found.files |= part.files
        found.skipped |= part.skipped
        found.marked |= part.marked
    return (Listing(), set(), before) if walk.is_stopped else (found, folders, known)


def inside(path: str, *roots: Path) -> str | None:
    """Return an absolute path as it is in one of these, None where it is not below any."""
    for root in roots:
        top = os.path.join(root, "")  # that of a whole drive, such as `D:\`, ends with the separator already
        if path.startswith(top):
            return path[len(top) :].replace(os.sep, "/")
    return None
