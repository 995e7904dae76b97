"""A service for real child processes: it answers, prints where it should not, blocks, lies and dies on demand."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from optafly.errors import ModelFileError
from optafly.workers.framing import MAX_FRAME_BYTES


class Sum(msgspec.Struct, frozen=True):
    """Params of `add`."""

    left: int
    right: int


class Service:
    """Methods by name; each takes nothing or one parameter."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments

    def arguments(self) -> tuple[str, ...]:
        return self._arguments

    def echo(self, params: object) -> object:
        return params

    def add(self, params: Sum) -> int:
        return params.left + params.right

    def print_everywhere(self) -> str:
        """Write to stdout by Python, by the system call and by the C library."""
        print("by Python", flush=True)
        os.write(1, b"by the system call\n")
        library = ctypes.CDLL(None)
        library.puts(b"by the C library")
        library.fflush(None)
        os.write(2, b"by stderr\n")
        return sys.stdin.read()

    def refuse(self) -> None:
        raise ModelFileError("The model is broken.", why="A test said so.", todo="Mend it.")

    def stumble(self, params: str) -> None:
        raise KeyError(params)

    def wait_for(self, params: str) -> str:
        """Block until the file `params` is there."""
        while not Path(params).exists():
            time.sleep(0.002)
        return "waited"

    def hold_the_lock(self, params: str) -> None:
        """Tell the FIFO `params`, then keep the interpreter's lock for ages, as native code may."""
        Path(params).write_text("holding")
        re.match(r"(a+)+$", "a" * 64 + "b")

    def die(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def grow(self) -> bytes:
        return bytes(MAX_FRAME_BYTES + 1)

    def lie(self) -> None:
        """Announce an impossible frame on every pipe that can be written to."""
        for descriptor in range(3, 16):
            try:
                os.write(descriptor, b"\xff\xff\xff\xff")
            except OSError:
                continue

    def leave_behind(self) -> int:
        """Begin a process that writes where this one does, and outlives it; return its id."""
        code = "import time; time.sleep(60)"
        return subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.DEVNULL).pid

    def environment(self) -> list[str]:
        return sorted(os.environ)

    def _private(self) -> str:
        return "never"


def create(*arguments: str) -> Service:
    """Return a healthy service."""
    return Service(*arguments)


def create_locked(path: str) -> Service:
    """Return a service whose process holds a lock on `path` for as long as it lives."""
    import fcntl  # Windows has none, and the other services are used there too

    fcntl.flock(os.open(path, os.O_RDWR | os.O_CREAT), fcntl.LOCK_EX)
    return Service()


def create_on_try(attempt: str, counter: str) -> Service:
    """Die at once, but for the `attempt`th time; `counter` is a file with one byte per try."""
    with open(counter, "ab") as file:
        file.write(b".")
    if os.path.getsize(counter) < int(attempt):
        os._exit(1)
    return Service()


def create_never(counter: str) -> Service:
    """Say why no service can be made."""
    with open(counter, "ab") as file:
        file.write(b".")
    raise ModelFileError("There is no model.", todo="Install it.")
