"""The server's own log: private, rotating, and without anything a person wrote.

Our records name methods, error classes and trace ids. Libraries put bodies into theirs, so of a record that is not ours
only its unfilled format and the class of its error are kept, and no record has a traceback with text of an error.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from optafly.paths import make_private

FILE = "server.log"
_MAX_BYTES = 1_000_000
_KEPT = 3


class Discreet(logging.Formatter):
    """Formats a record so that no content can slip in."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line; an error becomes its class and the places it passed through."""
        ours = record.name.startswith("optafly")
        message = record.getMessage() if ours else str(record.msg)
        line = f"{self.formatTime(record)} {record.levelname:<7} {os.getpid()} {record.name}: {message}"
        if record.exc_info and record.exc_info[0] is not None:
            line += f" [{record.exc_info[0].__name__}{_places(record.exc_info[2])}]"
        return " ".join(line.splitlines())


def _places(trace: object) -> str:
    frames = traceback.extract_tb(trace)[-4:] if trace is not None else []  # pyright: ignore[reportArgumentType]
    return "".join(f" < {Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))


class PrivateFile(RotatingFileHandler):
    """A rotating file that only its owner can read."""

    def _open(self) -> TextIOWrapper:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        descriptor = os.open(self.baseFilename, flags, 0o600)
        return open(descriptor, "a", encoding="utf-8")

    def doRollover(self) -> None:
        """Begin a new file; where another server has the old one open, as only Windows minds, go on in that."""
        if self.stream:
            self.stream.close()
        try:
            os.replace(self.baseFilename, self.baseFilename)
        except OSError:
            self.stream = self._open()
        else:
            super().doRollover()


def start(folder: Path) -> None:
    """Send every record to the log file, and warnings to stderr, where editors show them. Never raises."""
    root = logging.getLogger()
    root.handlers.clear()
    root.setLevel(logging.WARNING)
    logging.getLogger("optafly").setLevel(logging.INFO)
    logging.getLogger("pygls").setLevel(logging.WARNING)
    logging.raiseExceptions = False
    _add(root, logging.StreamHandler[TextIO](sys.stderr), logging.WARNING)
    try:
        handler = PrivateFile(make_private(folder) / FILE, maxBytes=_MAX_BYTES, backupCount=_KEPT, encoding="utf-8")
        _add(root, handler, logging.DEBUG)
    except OSError as error:
        logging.getLogger(__name__).warning("no log file: %s", type(error).__name__)


def set_level(level: str) -> None:
    """Log as much as the setting `log.level` says."""
    logging.getLogger("optafly").setLevel(level.upper())


def _add(root: logging.Logger, handler: logging.Handler, level: int) -> None:
    handler.setLevel(level)
    handler.setFormatter(Discreet())
    root.addHandler(handler)
