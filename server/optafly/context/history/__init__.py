"""What a repository's commits say of its files."""

from __future__ import annotations

from optafly.context.history.follow import follow
from optafly.context.history.history import History
from optafly.context.history.model import Cochange, Commit
from optafly.context.history.read import Log, locate, read_history
from optafly.context.history.words import words_of

__all__ = ["Cochange", "Commit", "History", "Log", "follow", "locate", "read_history", "words_of"]
