"""The files that answers go to and come from: why one cannot be used, and what to do next."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from optafly.errors import CacheError, StorageError


@contextmanager
def reading(name: Path, done: str, writer: str) -> Generator[None]:
    """Say of a file that cannot be `done` why, and that `writer` writes such files. Raises CacheError."""
    what, todo = f"{name} cannot be {done}.", f"Name a file that `{writer}` wrote."
    if not os.path.exists(name):
        raise CacheError(what, why="There is no such file.", todo=todo)
    if os.path.isdir(name):
        raise CacheError(what, why="It is a folder.", todo=todo)
    with _in_words(what, todo):
        yield


@contextmanager
def writing(target: Path, *, force: bool) -> Generator[None]:
    """Say of what goes wrong with a new file why, never by the name that it has until it is whole. Raises CacheError.

    What is there already is refused without `force`, and in any case where it is no ordinary file.
    """
    what = f"{target} was not written."
    if os.path.lexists(target) and not os.path.isfile(target):
        why = "It is a folder." if os.path.isdir(target) else "It is there, and no ordinary file."
        raise CacheError(what, why=why, todo="Name a file.")
    if os.path.isfile(target) and not force:
        raise CacheError(what, why="It is there already.", todo="Name another file, or give --force.")
    if not os.path.isdir(folder := target.absolute().parent):
        raise CacheError(what, why=f"There is no folder {folder}.", todo="Make that folder, or name a file elsewhere.")
    with _in_words(what, "Check the permissions of its folder and the room there, or name a file elsewhere."):
        yield


@contextmanager
def _in_words(what: str, todo: str) -> Generator[None]:
    """Say what the system says against a file without its number and the file's name, which may be a temporary one."""
    try:
        yield
    except OSError as error:
        raise CacheError(what, why=f"{error.strerror or error}.", todo=todo) from error
    except CacheError as error:
        if isinstance(error, StorageError) or not isinstance(cause := error.__cause__, OSError):
            raise
        raise CacheError(error.what, why=f"{cause.strerror or cause}.", todo=error.todo or todo) from error
