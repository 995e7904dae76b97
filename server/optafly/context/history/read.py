"""A repository's commits, read once and safely, oldest first."""

from __future__ import annotations

import os
import re
import stat
import subprocess
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

from optafly.context.history.git import NoThread, TooMuch, ask, pieces, start, watched
from optafly.context.history.model import Commit
from optafly.context.history.moves import moves_of
from optafly.context.history.words import title_of, words_of

_NO_REPOSITORY = "the folder is not in a git repository"
NO_COMMITS = "the repository has no commits yet"
_REFUSED = "git does not read the repository, `git status` says why"
# Of a commit that touches more files than this one learns nothing about two of them.
MOST_PATHS = 100
_MOST_BYTES = 512 * 2**20
_BLOCK_BYTES = 2**18
_MOST_BLOCKS = 16  # of what says where a shallow clone ends: some hundred thousand commits
_AS_IT_IS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)  # a repository may have a pipe or link there
_MOST_TOKEN_BYTES = 2**20
_LATEST_S = 2**40  # a commit may say any time at all
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
# No diff, so no object is read but commits and trees; `-z`, so that every path is read as it is.
_LOG = (
    "log", "--reverse", "--no-merges", "--no-renames", "--raw", "--no-abbrev", "-z", "--root", "--no-ext-diff",
    "--no-textconv", "--no-show-signature", "--no-color", "--no-mailmap", "--no-notes", "--no-decorate",
    "-O/dev/null", "--encoding=UTF-8", "--format=%x01%H%x00%ct%x00%B%x00",
)  # fmt: skip


def read_history(
    root: Path, *, limit: int, until: str = "HEAD", since: str | None = None, timeout_s: float = 60.0
) -> Log:
    """Read the last `limit` commits that lead to `until` and not to `since`, oldest first, merges left out.

    `root` is a checkout, a folder in one (then paths are relative to it, and commits that touch nothing in it are left
    out), a worktree or a bare repository. Never raises: where nothing can be read, the log is empty and its `reason`
    says why. Nothing that the repository's configuration names is executed, nothing is fetched.
    """
    return Log(root, limit=limit, until=until, since=since, timeout_s=timeout_s)


class Log(Iterator[Commit]):
    """Commits as git hands them out; once they are through, `reason` says why some are missing ("": none are)."""

    def __init__(self, root: Path, *, limit: int, until: str, since: str | None, timeout_s: float) -> None:
        self.reason = ""
        self._commits = self._read(root, limit, until, since, timeout_s)

    def __iter__(self) -> Log:
        return self

    def __next__(self) -> Commit:
        return next(self._commits)

    def _read(self, root: Path, limit: int, until: str, since: str | None, timeout_s: float) -> Iterator[Commit]:
        place = locate(root, until)
        if isinstance(place, str):
            self.reason = place
            return
        sha, prefix = place
        span = sha
        if since is not None:
            before = locate(root, since)
            if isinstance(before, str):
                self.reason = f"the commit {since} is not in the repository"
                return
            span = f"{before[0]}..{sha}"
        arguments = [*_LOG, f"--max-count={limit}", *(("--relative",) if prefix else ()), span, "--"]
        try:
            process = start(root, *arguments, *((".",) if prefix else ()))
        except OSError as error:
            self.reason = f"git cannot be started ({error.strerror or error})"
            return
        yield from self._commits_of(process, timeout_s)

    def _commits_of(self, process: subprocess.Popen[bytes], timeout_s: float) -> Iterator[Commit]:
        try:
            with watched(process, timeout_s) as late:
                tokens = pieces(process, b"\0", most=_MOST_BYTES, longest=_MOST_TOKEN_BYTES)
                try:
                    yield from _parse(tokens)
                    process.wait(timeout=5)
                except (subprocess.TimeoutExpired, TooMuch):
                    self.reason = "git answered more than can be read"
        except NoThread:
            self.reason = "the system has no thread left to read the history with"
            return
        if late.is_set():
            self.reason = f"git took longer than {timeout_s:.0f} s"
        elif process.returncode != 0 and not self.reason:
            self.reason = "git could not read all commits"


def locate(root: Path, commit: str = "HEAD") -> tuple[str, str] | str:
    """Return a commit's id and where `root` lies in its repository ("" at the top), or why there is none, in words."""
    if commit.startswith("-"):
        return f"{commit} names no commit"
    try:
        where = ask(root, "rev-parse", "--is-bare-repository", "--show-prefix")
        sha = ask(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{commit}}")
    except OSError as error:
        return f"git cannot be started ({error.strerror or error})"
    if where is None:
        return _REFUSED if has_repository(root) else _NO_REPOSITORY
    if sha is None or not _SHA.fullmatch(sha):
        return NO_COMMITS if commit == "HEAD" else f"there is no commit {commit}"
    return sha, where.partition("\n")[2]


def has_repository(root: Path) -> bool:
    """Tell, without git, whether a folder looks like part of a repository's work tree."""
    return any(os.path.lexists(folder / ".git") for folder in (root, *root.parents))


def boundary(root: Path) -> bytes:
    """Return what tells how far back a shallow clone goes: empty for a whole one, another where more was fetched."""
    try:
        named = ask(root, "rev-parse", "--git-path", "shallow")
        return _digest(root / named) if named else b""
    except (OSError, ValueError):
        return b""


def _digest(path: Path) -> bytes:
    """Hash the beginning of a file; raises OSError or ValueError for what is none, and never waits for it."""
    with open(path, "rb", buffering=0, opener=lambda name, flags: os.open(name, flags | _AS_IT_IS)) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError
        digest = blake2b(digest_size=8)
        for _ in range(_MOST_BLOCKS):
            digest.update(file.read(_BLOCK_BYTES) or b"")
        return digest.digest()


def _parse(tokens: Iterator[bytes]) -> Iterator[Commit]:
    """Put commits together: a head of three tokens, then a token on the change and one with the path, for each file."""
    head: tuple[str, int, str] | None = None
    changes: list[tuple[bytes, bytes]] = []
    for token in tokens:
        if token[:1] == b"\1":
            if head is not None:
                yield _commit(head, changes)
            time_s, body = next(tokens, b""), next(tokens, b"")
            made_s = min(int(time_s or 0), _LATEST_S)
            head = (token[1:].decode("ascii"), made_s, body.decode(errors="replace"))
            changes = []
        elif change := token.lstrip(b"\n"):
            changes.append((change, next(tokens, b"")))
    if head is not None:
        yield _commit(head, changes)


def _commit(head: tuple[str, int, str], changes: list[tuple[bytes, bytes]]) -> Commit:
    deleted: dict[str, str] = {}
    added: dict[str, str] = {}
    paths: list[str] = []
    for change, raw in changes:
        old_mode, mode, old_content, content, status = change.decode("ascii").lstrip(":").split(" ")
        try:
            path = raw.decode()
        except UnicodeDecodeError:  # such a path is in no index either
            continue
        if status == "D" and old_mode.startswith("100"):
            deleted[path] = old_content
        elif mode.startswith("100"):  # no submodule, no symbolic link
            paths.append(path)
            if status == "A":
                added[path] = content
    sha, time_s, message = head
    return Commit(
        sha=sha,
        time_s=time_s,
        title=title_of(message),
        words=words_of(message),
        paths=tuple(paths) if len(changes) <= MOST_PATHS else (),
        moves=moves_of(deleted, added),
        size=len(changes),
    )
