"""What a repository's commits say of its files."""

from __future__ import annotations

from optafly.context.history.follow import follow
from optafly.context.history.history import History
from optafly.context.history.hunks import read_hunks
from optafly.context.history.model import Cochange, Commit
from optafly.context.history.read import NO_COMMITS, Log, boundary, has_repository, locate, read_history
from optafly.context.history.words import words_of

__all__ = [
    "NO_COMMITS",
    "Cochange",
    "Commit",
    "History",
    "Log",
    "boundary",
    "follow",
    "has_repository",
    "locate",
    "read_history",
    "read_hunks",
    "words_of",
]
