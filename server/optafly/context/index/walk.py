"""Walks through a workspace folder: every regular file that may be read, and what cannot be and why.

Links are not followed: what they lead to, inside the workspace, is found in its own place.
"""

from __future__ import annotations

import os
import re
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from optafly.context.index.worktrees import holds_repository, is_other_tree, is_regular
from optafly.privacy.folders import FolderRules
from optafly.privacy.ignored import IgnoreRules

MOST_FILES = 100_000  # as `context.maxFiles` is where nobody set it
_JUNCTION = 0xA0000003  # IO_REPARSE_TAG_MOUNT_POINT
_HAS_JUNCTIONS = os.name == "nt"  # elsewhere each folder would be looked at once more for nothing
_RECALLED = 0x00401000  # FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS and FILE_ATTRIBUTE_OFFLINE
_DATALESS = 0x40000000  # SF_DATALESS of macOS
# Never code of the project, also where no ignore file says so.
_PRUNED = {
    **dict.fromkeys((".git", ".hg", ".svn", ".jj", ".bzr"), ""),
    **dict.fromkeys(("node_modules", "bower_components"), "it holds installed packages"),
    "__pycache__": "it holds compiled files",
}
_MARKS = {"CACHEDIR.TAG": "it is marked as a cache", "pyvenv.cfg": "it holds installed packages"}
_JUDGES = frozenset((".gitignore", ".optaflyignore", ".git", *_MARKS))  # names of what decides about files around it
# Control characters, line and paragraph ends, and what turns the direction of writing.
_STEERING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class Stamp(NamedTuple):
    """What tells, without reading it, that a file is as it was."""

    size: int
    mtime_ns: int
    ctime_ns: int


class Listing(msgspec.Struct):
    """What was found: files with their stamps, folders that were entered, and what cannot be read, with reasons.

    Paths are relative to the root, with `/` between parts; the root itself is "". `marked` are those folders among what
    cannot be read that a file in them marks. `over` counts the files that are more than the walk may find.
    """

    files: dict[str, Stamp] = msgspec.field(default_factory=dict[str, Stamp])
    folders: set[str] = msgspec.field(default_factory=set[str])
    marked: set[str] = msgspec.field(default_factory=set[str])
    skipped: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    over: int = 0


class Walk:
    """A walk through one root with the ignore rules as they are when it begins, at most to `most` files.

    What lies less deep is found first. `stop` is asked now and then: once it says yes, the walk ends with what it has.
    With `rules_alone` it judges what once lay there: by the rules, not by what marks or links a folder by now.
    """

    def __init__(
        self,
        root: Path,
        rules: IgnoreRules,
        *,
        most: int = MOST_FILES,
        stop: Callable[[], bool] = lambda: False,
        rules_alone: bool = False,
    ) -> None:
        self.root = root
        self._top = FolderRules.of(rules, root)
        self._most = most
        self._stop = stop
        self._rules_alone = rules_alone
        self._inside: dict[str, FolderRules | None] = {"": self._top}

    @property
    def is_stopped(self) -> bool:
        """Whether what was listed last may be but a part of what is there."""
        return self._stop()

    def whole(self) -> Listing:
        """List everything. Raises OSError where the root itself cannot be listed."""
        found = Listing()
        with os.scandir(self.root):
            pass
        self._down("", self._top, found, known=None)
        return found

    def part(self, folder: str, known: set[str]) -> Listing:
        """List the folder, and what lies in folders in it that are not `known`; nothing where it is not part of it."""
        found = Listing()
        rules = self.rules(folder)
        if rules is not None and (self.root / folder).is_dir():
            self._down(folder, rules, found, known)
        return found

    def rules(self, folder: str) -> FolderRules | None:
        """Return the rules inside a folder; None where it is excluded, pruned, or reached through a link."""
        unjudged: list[str] = []
        while folder not in self._inside:
            unjudged.append(folder)
            folder = folder.rpartition("/")[0]
        rules = self._inside[folder]
        for folder in reversed(unjudged):  # no recursion: folders can lie deeper than Python can call
            self._inside[folder] = rules = self._judged(folder, rules)
        return rules

    def _judged(self, folder: str, outer: FolderRules | None) -> FolderRules | None:
        name = folder.rpartition("/")[2]
        wrong = outer is None or name in _PRUNED or outer.excludes(name, is_folder=True) is not None
        if wrong or outer is None:
            return None
        place = f"{self.root}{os.sep}{folder}"
        by_link = outer.by_link or is_link(place)  # where a link leads may be another machine: it is not asked
        if not self._rules_alone and (by_link or self._marked(place) is not None):
            return None
        return outer.inside(name, by_link=by_link)

    def forget(self, folders: Iterable[str]) -> None:
        """Judge these folders anew when they are met again: another thing may have their name then."""
        for folder in folders:
            self._inside.pop(folder, None)

    def excludes(self, path: str) -> bool:
        """Tell whether a file at `path` may not be in the index, be it there or not."""
        return _unshowable(path) is not None or self.ignores(path)

    def ignores(self, path: str) -> bool:
        """Tell whether the walk passes over a file at `path` without a word, be it there or not."""
        folder, _, name = path.rpartition("/")
        rules = self.rules(folder)
        return rules is None or rules.excludes(name, is_folder=False) is not None

    def _down(self, folder: str, rules: FolderRules, found: Listing, known: set[str] | None) -> None:
        waiting = deque([(folder, rules)])
        while waiting and not self._stop():
            folder, rules = waiting.popleft()
            for entry in self._entries(folder, found):
                path = f"{folder}/{entry.name}" if folder else entry.name
                try:
                    if self._take(path, entry, rules, found) and (known is None or path not in known):
                        self._inside[path] = inner = rules.inside(entry.name)
                        waiting.append((path, inner))
                except OSError as error:  # it vanished meanwhile, or may not be looked at
                    if not isinstance(error, FileNotFoundError):
                        found.skipped[_shown(path)] = f"it cannot be read: {error.strerror}"

    def _entries(self, folder: str, found: Listing) -> Iterator[os.DirEntry[str]]:
        found.folders.add(folder)
        try:
            with os.scandir(self.root / folder) as entries:
                yield from entries
        except OSError as error:
            if not isinstance(error, FileNotFoundError):
                found.skipped[folder] = f"the folder cannot be read: {error.strerror}"

    def _take(self, path: str, entry: os.DirEntry[str], rules: FolderRules, found: Listing) -> bool:
        """Note a file, or why it is not one; return whether the entry is a folder to go into."""
        is_folder = entry.is_dir(follow_symlinks=False)
        if (is_folder or entry.name == ".git") and not _PRUNED.get(entry.name, "more"):
            return False
        if rules.excludes(entry.name, is_folder=is_folder) is not None:
            return False
        if reason := self._unfit(path, entry, found, is_folder=is_folder):
            found.skipped[_shown(path)] = reason
        elif is_folder:
            found.folders.add(path)
            return True
        elif len(found.files) >= self._most:
            found.over += 1
        else:
            status = entry.stat(follow_symlinks=False)
            found.files[path] = Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        return False

    def _unfit(self, path: str, entry: os.DirEntry[str], found: Listing, *, is_folder: bool) -> str | None:
        if reason := _unshowable(entry.name):
            return reason
        if entry.is_symlink() or (is_folder and _HAS_JUNCTIONS and leads_away(entry.stat(follow_symlinks=False))):
            return _link(entry)
        if is_folder:
            if (reason := _PRUNED.get(entry.name)) is None and (reason := self._marked(entry.path)) is not None:
                found.marked.add(path)
            return reason
        if not entry.is_file(follow_symlinks=False):
            return "it is not a regular file"
        return "it is in the cloud alone" if is_elsewhere(entry.stat(follow_symlinks=False)) else None

    def _marked(self, folder: str) -> str | None:
        """Return why a folder, by a file in it, holds nothing of the project's own."""
        for mark, reason in _MARKS.items():
            if is_regular(f"{folder}{os.sep}{mark}"):
                return reason
        return "it is another work tree of the repository" if is_other_tree(folder, self.root) else None


def decides(path: str, root: Path) -> bool:
    """Tell whether what changed at a path in the root decides about the files around it.

    Of a repository in the root Windows tells each change in its `.git`; only where that is a file, or was one, does it
    say whose work tree it is.
    """
    name = path.rpartition("/")[2]
    return name in _JUDGES and path != ".git" and not (name == ".git" and holds_repository(root / path))


def is_link(place: str) -> bool:
    """Tell whether a path is a link of any kind that the system has."""
    try:
        return leads_away(os.lstat(place))
    except (OSError, ValueError):
        return False


def leads_away(status: os.stat_result) -> bool:
    """Tell it of what is at a path: on Windows a junction, which Python takes for a folder, leads away like a link."""
    return stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) == _JUNCTION


def is_elsewhere(status: os.stat_result) -> bool:
    """Tell whether to read a file would be to download it: a placeholder of OneDrive or of iCloud."""
    return bool(getattr(status, "st_file_attributes", 0) & _RECALLED or getattr(status, "st_flags", 0) & _DATALESS)


def _unshowable(name: str) -> str | None:
    """Return why a name can neither be shown nor sent as it is: it would steer a terminal, or begin a line."""
    if name.isprintable():
        return None
    try:
        name.encode()
    except UnicodeEncodeError:
        return "its name is not valid text"
    return "its name has control characters" if _STEERING.search(name) else None


def _shown(path: str) -> str:
    """Return a path with `?` for what cannot be shown in it."""
    return _STEERING.sub("?", path.encode("utf-8", "replace").decode())


def _link(entry: os.DirEntry[str]) -> str:
    try:
        entry.stat()
    except FileNotFoundError:
        return "it is a link that leads nowhere"
    except OSError:  # ELOOP
        return "it is a link that leads in a circle"
    return "it is a link: what it leads to is read in its own place, if that is in the workspace"
