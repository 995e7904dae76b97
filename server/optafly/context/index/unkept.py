"""Why an index cannot be kept on disk, and what to do about it, in words."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS)


def is_locked(error: Exception) -> bool:
    """Tell whether another program keeps the file to itself for now."""
    return _code(error) in _LOCKED


def why_unkept(path: Path, error: Exception) -> str:
    """Return what became of the index that should be in a file, why, and what to do next."""
    if is_locked(error):
        return f"the index is in memory only until another program lets go of {path}, which it has locked"
    return f"the index is in memory only, and will be made again at the next start: {_why(path, error)}"


def _why(path: Path, error: Exception) -> str:
    folder = path.parent
    if blocking := next((each for each in path.parents if os.path.lexists(each) and not os.path.isdir(each)), None):
        return f"{blocking} is no folder, and one is needed there; move it away, then restart OptaFly"
    if _code(error) == sqlite3.SQLITE_FULL or _number(error) in _FULL:
        return f"the disk with {folder} is full; free space on it, then restart OptaFly"
    if _code(error) in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM) or _number(error) in _CLOSED:
        todo = "make it writable, or set OPTAFLY_HOME to another folder, then restart OptaFly"
        return f"{folder} cannot be written to; {todo}"
    said = error.strerror if isinstance(error, OSError) and error.strerror else error
    return f'{path} cannot be used ("{said}"); check the disk and the folder\'s permissions, then restart OptaFly'


def _code(error: Exception) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _number(error: Exception) -> int | None:
    return error.errno if isinstance(error, OSError) else None
