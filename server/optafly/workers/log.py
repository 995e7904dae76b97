"""The log file of child processes: it never grows above a cap, and several processes may write to it."""

from __future__ import annotations

import os
from pathlib import Path

from optafly.paths import make_private

MAX_LOG_BYTES = 1024 * 1024
_APPENDING = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)


class CappedLog:
    """A log file of at most `MAX_LOG_BYTES`, beside one older one (`<name>.1`). Readable by the user alone."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, text: bytes) -> None:
        """Append `text`; the file is opened each time, so another process may set it aside meanwhile."""
        make_private(self._path.parent)
        descriptor = os.open(self._path, _APPENDING, 0o600)
        try:
            os.write(descriptor, text)
            full = os.fstat(descriptor).st_size >= MAX_LOG_BYTES
        finally:
            os.close(descriptor)
        if full:
            os.replace(self._path, self._path.with_name(self._path.name + ".1"))
