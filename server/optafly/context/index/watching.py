"""Hears of changes in a workspace folder, or says when to look for them where the system cannot tell.

On Linux each folder that is in the index is watched, and none other: what a build writes into an ignored folder costs
nothing, and a large `node_modules` does not use the system's watches up.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal, Protocol

from optafly.context.index import files as disk
from optafly.context.index.threads import started

log = logging.getLogger(__name__)

DEBOUNCE_MS = 400
STEP_MS = 40
TIMEOUT_MS = 200  # also how soon another set of folders is watched
MANY = 400
_MODIFIED = 2  # of `watchfiles.Change`
POLL_S = 5.0
POLL_FACTOR = 20.0
GIT_S = 2.0  # to look for a repository is to look into each folder above the root
RETRY_S = 60.0  # each try takes, for a moment, all watches that are left, also those that other programs need
_NO_THREAD = "Changes are not noticed for now: the system has no thread left"
FOLDERS_ONLY = sys.platform == "linux"


class Notify(Protocol):
    """What `watchfiles` gives: the changes since the last question."""

    def watch(
        self, debounce_ms: int, step_ms: int, timeout_ms: int, stop_event: threading.Event | None
    ) -> set[tuple[int, str]] | Literal["signal", "stop", "timeout"]: ...
    def close(self) -> None: ...


def notify(paths: list[str]) -> Notify:
    """Begin to watch. Raises OSError where the system has no watches left."""
    from watchfiles._rust_notify import RustNotify  # the public `watch` cannot be told to watch other folders

    return RustNotify(paths, False, False, 300, not FOLDERS_ONLY, True)


class Watcher:
    """A thread that calls `tell` with the absolute paths that changed, or with None when it is time to look everywhere.

    A folder is told as a path that ends in `.`, when only now it is watched and may have changed before. `message`
    says so where the system cannot tell of changes.
    """

    def __init__(
        self,
        root: Path,
        tell: Callable[[set[str] | None], None],
        make: Callable[[list[str]], Notify] = notify,
        poll_s: float = POLL_S,
        retry_s: float = RETRY_S,
        git_s: float = GIT_S,
    ) -> None:
        self._root = root
        self._tell = tell
        self._make = make
        self._poll_s = poll_s
        self.retry_s = retry_s
        self._retry_at = 0.0
        self._git_s = git_s
        self._git_at = 0.0
        self._folders: frozenset[str] = frozenset()
        self._renewed: set[str] | None = set()
        self._git: Path | None = None
        self._place: tuple[int, int] | None = None
        self._git_place: tuple[int, int] | None = None
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self.message = ""

    def watch(self, folders: Iterable[str], renewed: Iterable[str] | None, look_s: float = 0.0) -> bool:
        """Watch these folders (relative to the root) from now on; looking everywhere takes `look_s`.

        `renewed` are those that may be other folders than before under the same name; None: any of them. Return False
        where nothing is watched, for the system has no thread: ask again in `retry_s`.
        """
        with self._lock:
            self._poll_s = max(self._poll_s, look_s * POLL_FACTOR)
            added = frozenset(folders) - self._folders
            if renewed is None:
                self._renewed = None
            elif self._renewed is not None:
                self._renewed |= added | frozenset(renewed)
            self._folders = frozenset(folders)
        if self._thread is None:
            self._thread = started("optafly-watch", self._run)
            if self._thread is None:
                self.message = _NO_THREAD
        return self._thread is not None

    def stop(self) -> None:
        """End the watch; `tell` may be called once more."""
        self._stopped.set()

    def _run(self) -> None:
        watching: Notify | None = None
        while not self._stopped.is_set():
            with self._lock:
                folders, renewed, self._renewed = self._folders, self._renewed, set()
            if renewed is None or renewed:
                if watching is not None or time.monotonic() >= self._retry_at:
                    watching = self._begun(folders, watching)
                self._tell_renewed(renewed)
            if watching is not None:
                watching = self._heard(watching)
                self._look_at_root()
                self._look_at_git()
            elif not self._stopped.wait(self._poll_s):
                with self._lock:
                    self._renewed = None  # the system may have watches again; either way everything is looked at
        if watching is not None:
            watching.close()

    def _begun(self, folders: frozenset[str], before: Notify | None) -> Notify | None:
        self._place = _place(self._root)
        paths = [str(self._root)]
        if FOLDERS_ONLY:
            paths += [str(self._root / folder) for folder in sorted(folders) if folder]
        self._git = git_folder(self._root)
        self._git_place = None if self._git is None else _place(self._git)
        self._git_at = time.monotonic() + self._git_s
        if self._git is not None:
            paths.append(str(self._git))
        try:
            watching = self._make(paths)
        except (OSError, RuntimeError) as error:
            return self._cannot(error, before)
        if before is not None:  # only now: no change falls between the two
            self._heard(before)
            before.close()
        self.message = ""
        return watching

    def _tell_renewed(self, renewed: set[str] | None) -> None:
        """Let what is watched from now on be looked at again: something may have changed just before."""
        everywhere = renewed is None or len(renewed) > MANY
        self._tell(None if everywhere else {os.path.join(self._root, folder, ".") for folder in renewed or ()})

    def _cannot(self, error: Exception, before: Notify | None) -> None:
        if before is not None:
            before.close()
        if not isinstance(error, FileNotFoundError):  # a folder that has just gone takes no watches
            self._retry_at = time.monotonic() + self.retry_s
        if not self.message:
            log.warning("changes cannot be watched: %s", type(error).__name__)
        self.message = f"Changes are looked for every {self._poll_s:.0f} s: the system cannot tell of them"

    def _heard(self, watching: Notify) -> Notify | None:
        """Wait for changes and tell them; None where the watch is of no use any more."""
        try:
            # No event to stop it: what it heard until then would be lost.
            found = watching.watch(DEBOUNCE_MS, STEP_MS, TIMEOUT_MS, None)
        except (OSError, RuntimeError) as error:
            return self._cannot(error, watching)
        if not isinstance(found, str) and not self._stopped.is_set():
            git = str(self._root / ".git")
            if any(path == git and change != _MODIFIED for change, path in found):
                self._renew_git()  # a new folder may well have the old one's number
            self._tell({self._in_root(path) for _, path in found})
        return watching

    def _look_at_root(self) -> None:
        """Watch anew where another folder stands in the root's place, or none: the system goes on with the old one."""
        place = _place(self._root)
        if place != self._place:
            self._place = place
            with self._lock:
                self._renewed = None if place is not None else self._renewed
            self._tell(None)

    def _look_at_git(self) -> None:
        """Watch anew where a repository was made, or took another one's place: nothing else tells of its commits."""
        if time.monotonic() < self._git_at:
            return
        self._git_at = time.monotonic() + self._git_s
        git = git_folder(self._root)
        if (None if git is None else _place(git)) != self._git_place:
            self._renew_git()

    def _renew_git(self) -> None:
        with self._lock:
            self._renewed = None if self._renewed is None else self._renewed | {".git"}

    def _in_root(self, path: str) -> str:
        """Return a path; one of git's own, which may lie elsewhere, as if it lay in the root."""
        if self._git is not None and path.startswith(f"{self._git}{os.sep}"):
            return str(self._root / ".git" / "HEAD")
        return path


def _place(root: Path) -> tuple[int, int] | None:
    """Return what tells a folder from another one of its name, None where there is none."""
    try:
        status = os.stat(root)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def git_folder(root: Path) -> Path | None:
    """Return the folder in which git notes where the work tree around `root` stands, None where there is none.

    In a linked work tree and in a submodule `.git` is a file that says where that folder is.
    """
    for folder in (root, *root.parents):
        place = folder / ".git"
        if os.path.isdir(place):
            return place
        raw = disk.read(place)
        if raw is not None:
            named = (raw.data or b"").decode("utf-8", "surrogateescape").strip().partition("gitdir: ")[2]
            found = Path(os.path.normpath(folder / named))
            return found if named and "\0" not in named and os.path.isfile(found / "HEAD") else None
    return None
