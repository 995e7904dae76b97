"""Other processes on this machine: whether one runs, which program is meant by a name, and those that end with us."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol
from weakref import WeakSet

HIDDEN = 0x08000000 if sys.platform == "win32" else 0
"""`creationflags` of a child: without them (CREATE_NO_WINDOW) Windows opens a console window for it."""

_ACCESS_DENIED = 5
_STILL_WAITING = 258  # WAIT_TIMEOUT
_SYNCHRONIZE = 0x00100000


class Ending(Protocol):
    """What is to be ended with this process: programs that it started and that would go on."""

    def end(self) -> None:
        """End them at once; called from any thread."""


last: WeakSet[Ending] = WeakSet()
"""Whoever starts such programs is in it, as long as it is there; whoever ends the process ends these first."""


def runs(process: int) -> bool:
    """Say whether a process with that id runs."""
    if sys.platform == "win32":  # os.kill would end the process there
        return _runs_on_windows(process)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def program(
    name: str,
    environment: Mapping[str, str] = os.environ,
    *,
    endings: Sequence[str] = (".exe",),
    windows: bool = os.name == "nt",
) -> str:
    """Return what to start for a program of that name: on Windows its absolute path from `PATH`, elsewhere the name.

    Windows looks in the current folder first, and that may be anyone's project, with a `git.exe` of its own. Raises
    FileNotFoundError where no absolute folder in `PATH` has the program.
    """
    if not windows:
        return name
    for folder in environment.get("PATH", "").split(";"):
        place = Path(folder.strip('"'))
        files = (place / f"{name}{ending}" for ending in endings)
        if place.is_absolute() and (file := next(filter(Path.is_file, files), None)):
            return str(file)
    raise FileNotFoundError(f"there is no {name} on the PATH")


def _runs_on_windows(process: int) -> bool:
    """Ask for a handle that does nothing but wait: it is there until the last one who has one lets go of it."""
    assert sys.platform == "win32"
    if process == 0:  # the idle process, which always runs; it cannot be opened
        return True
    import ctypes

    system = ctypes.WinDLL("kernel32", use_last_error=True)
    system.OpenProcess.restype = ctypes.c_void_p
    handle = system.OpenProcess(ctypes.c_ulong(_SYNCHRONIZE), 0, ctypes.c_ulong(process & 0xFFFFFFFF))
    if not handle:
        return ctypes.get_last_error() == _ACCESS_DENIED
    try:
        return system.WaitForSingleObject(ctypes.c_void_p(handle), 0) == _STILL_WAITING
    finally:
        system.CloseHandle(ctypes.c_void_p(handle))
