"""A history that follows where its repository stands: forward, back, or over to another branch."""

from __future__ import annotations

from pathlib import Path

from optafly.context.history.git import ask
from optafly.context.history.history import History
from optafly.context.history.read import locate, read_history

MOST_COMMITS = 5_000


def follow(history: History, root: Path, *, until: str = "HEAD", limit: int = MOST_COMMITS) -> str:
    """Bring a history to `until`, and return why it is not whole, in words ("" where it is).

    Only the difference is read: commits that came are added, those of a branch that was left are dropped.
    `history.head` is where it stands then. Never raises; where nothing can be read, the history stays as it is.
    """
    place = locate(root, until)
    if isinstance(place, str):
        return place
    sha, prefix = place
    if sha == history.head:
        return ""
    left = _left(root, history.head, sha, limit) if history.head else None
    if left is None or len(history) > 2 * limit:  # the oldest commits have had their time
        return _anew(history, root, sha, limit)
    kept = len(history) - len(left)
    if left and 2 * kept < limit and 2 * kept < _there(root, sha, limit, prefix):  # older ones have their time again
        return _anew(history, root, sha, limit)
    log = read_history(root, limit=limit, until=sha, since=history.head)
    commits = list(log)
    if not log.reason:
        history.drop(left)
        history.add(commits)
        history.head = sha
    return log.reason


def _left(root: Path, old: str, new: str, limit: int) -> list[str] | None:
    """Return the commits that lead to the old head alone, or None where they cannot be told or are too many."""
    try:
        answer = ask(root, "rev-list", "--no-merges", f"--max-count={limit}", old, f"^{new}", "--")
    except OSError:
        return None
    shas = (answer or "").split()
    return None if answer is None or len(shas) == limit else shas


def _there(root: Path, sha: str, limit: int, prefix: str) -> int:
    """Return how many commits there are to read, at most `limit`; 0 where that cannot be told."""
    within = (".",) if prefix else ()
    try:
        answer = ask(root, "rev-list", "--no-merges", "--count", f"--max-count={limit}", sha, "--", *within)
    except OSError:
        return 0
    return int(answer or 0)


def _anew(history: History, root: Path, sha: str, limit: int) -> str:
    log = read_history(root, limit=limit, until=sha)
    commits = list(log)
    if not log.reason or commits:
        history.clear()
        history.add(commits)
        history.head = "" if log.reason else sha
    return log.reason
