"""Files that a command writes its rows to."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from optafly.errors import OptaflyError


@contextmanager
def writing(path: Path, source: Path) -> Generator[TextIO]:
    """Open `path` for rows that are whole whatever happens. Raises OptaflyError where it is `source`, or unwritable."""
    if path.exists() and path.samefile(source):
        raise OptaflyError(f"{path} would be overwritten.", why="It is what is read.", todo="Give another file.")
    try:
        file = path.open("w", encoding="utf-8", buffering=1)  # line by line
    except OSError as error:
        todo = "Check the folder and its permissions."
        raise OptaflyError(f"{path} cannot be written.", why=f"{error.strerror}.", todo=todo) from error
    with file:
        yield file
