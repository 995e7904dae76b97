"""The lines that commits left in files, as hashes: they tell where in a file something was done."""

from __future__ import annotations

import re
import subprocess
import time
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias
from zlib import crc32

from optafly.context.history.git import NoThread, TooMuch, pieces, start, watched

AT_ONCE = 250
"""Commits that one git is asked for; their ids fit into a command line of Windows."""

_LEAST_BYTES = 8  # what is shorter stands everywhere
_MOST_LINES = 1_000  # of one file in one commit: of more than this one learns nothing about any part of it
_MOST = 2_000  # of all files of a commit
_MOST_BYTES = 256 * 2**20
_LONGEST_BYTES = 2**16
_MOST_MISSED = 8  # commits one after the other: in a partial clone that is all of them
_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")
# One line around each change: where lines only went, those beside them tell where that was.
_LOG = (
    "-c", "core.quotePath=false", "-c", "core.bigFileThreshold=1m",  # larger ones count as binary
    "log", "--no-walk=unsorted", "--patch", "--unified=1", "--inter-hunk-context=0", "--diff-algorithm=myers",
    "--no-renames", "--root",
    "--no-ext-diff", "--no-textconv", "--no-show-signature", "--no-color", "--no-mailmap", "--no-notes",
    "--no-decorate", "--submodule=short", "-O/dev/null", "--src-prefix=a/", "--dst-prefix=b/", "--format=%x01%H",
)  # fmt: skip

Lines: TypeAlias = "array[int]"
"""What lines are recognised by, in 32 bits each."""

Changes: TypeAlias = "dict[str, Mapping[str, Lines]]"
"""The lines of each path of some commits, by the commits' ids."""


def hash_of(line: bytes) -> int:
    """Return what a line is recognised by, however it is indented; 0 for one so short that it says nothing."""
    text = line.strip()
    return (crc32(text) or 1) if len(text) >= _LEAST_BYTES else 0


def read_hunks(root: Path, shas: Sequence[str], prefix: str = "", *, timeout_s: float = 20.0) -> Changes:
    """Return what lines each of these commits left in each of its files, and those beside its changes, as hashes.

    `prefix` is where `root` lies in its repository; paths are relative to it. A commit that git cannot read, or not in
    time, has no files; those that it did not come to are missing. All are where it says nothing of any.
    """
    found: Changes = {}
    todo, late_s, missed, whole = shas, time.monotonic() + timeout_s, 0, True
    while todo and missed < _MOST_MISSED and (left_s := late_s - time.monotonic()) > 0:
        some, last, whole = _read(root, todo, prefix, left_s)
        end_at = len(todo) if whole else todo.index(last or todo[0]) + 1  # something of this one is missing
        found |= {sha: some.get(sha, {}) for sha in todo[:end_at]}
        todo, missed = todo[end_at:], 0 if some else missed + 1
    return found if whole or any(found.values()) else {}


def _read(root: Path, shas: Sequence[str], prefix: str, timeout_s: float) -> tuple[Changes, str, bool]:
    """Return what git says of these commits in order, which it came to last, and whether it came through them all."""
    within = ("--relative", *shas, "--", ".") if prefix else (*shas, "--")
    found: Changes = {}
    try:
        process = start(root, *_LOG, *within)
    except OSError:
        return found, "", False
    lines = pieces(process, b"\n", most=_MOST_BYTES, longest=_LONGEST_BYTES)
    with suppress(subprocess.TimeoutExpired, TooMuch, NoThread, MemoryError), watched(process, timeout_s):
        found.update(_parse(lines))
        process.wait(timeout=5)
    if process.returncode == 0 or not found:
        return found, "", process.returncode == 0
    last, _ = found.popitem()  # it is cut off
    return found, last, False


def _parse(lines: Iterable[bytes]) -> Iterator[tuple[str, Mapping[str, Lines]]]:
    """Put commits together. The lines of a change are counted, for they may look like anything."""
    sha, files = "", dict[str, Lines]()
    found: Lines | None = None
    before = after = 0  # lines that are still to come
    for line in lines:
        sign = line[:1]
        if before > 0 or after > 0:
            before -= sign != b"+" and sign != b"\\"
            after -= sign != b"-" and sign != b"\\"
            if found is not None and sign in (b"+", b" ") and len(found) <= _MOST_LINES:
                found.append(hash_of(line[1:]))
        elif sign == b"\1":
            if sha:
                yield sha, _telling(files)
            sha, files = line[1:].decode("ascii", "replace"), {}
        elif line.startswith(b"+++ "):
            path = _path(line[4:])
            found = files.setdefault(path, array("I")) if path else None
        elif match := _HUNK.match(line):
            before, after = (int(each) if each else 1 for each in match.groups())
    if sha:
        yield sha, _telling(files)


def _telling(files: Mapping[str, Lines]) -> Mapping[str, Lines]:
    """Return the lines that are long enough, of files and a commit that do not have too many."""
    found = {path: array("I", filter(None, lines)) for path, lines in files.items() if len(lines) <= _MOST_LINES}
    return {path: lines for path, lines in found.items() if lines} if sum(map(len, found.values())) <= _MOST else {}


def _path(written: bytes) -> str | None:
    """Return a path as git writes it, None for no file and for what is quoted: it has signs that few paths have."""
    if not written.startswith(b"b/"):
        return None
    try:
        return written[2:].rstrip(b"\t").decode()
    except UnicodeDecodeError:  # such a path is in no index either
        return None
