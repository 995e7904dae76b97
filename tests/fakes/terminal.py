"""A real terminal with a real `optafly` in it: a pseudo-terminal that is the controlling one of a child process."""

from __future__ import annotations

import codecs
import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

TIMEOUT_S = 60.0
# A child of a threaded process must not run Python between fork and exec; so it takes the terminal after the exec.
TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(2, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
)


def optafly(*arguments: str) -> list[str]:
    """Return the command that runs `optafly` of this environment."""
    return [sys.executable, "-m", "optafly.cli.main", *arguments]


class Terminal:
    """Runs a command and reads its screen. `stdin` is what is piped in; None: the terminal."""

    def __init__(
        self, command: list[str], environment: Mapping[str, str], folder: Path, *, stdin: bytes | None = None
    ) -> None:
        import pty  # where this module is loaded there may be none, as on Windows

        self._master, slave = pty.openpty()
        self.child = subprocess.Popen(
            [sys.executable, "-c", TAKE_TERMINAL, *command],
            stdin=slave if stdin is None else subprocess.PIPE,
            stdout=slave,
            stderr=slave,
            env={"TERM": "xterm-256color", "COLUMNS": "100", **environment},
            cwd=folder,
            start_new_session=True,
        )
        os.close(slave)
        self.screen = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._seen = 0
        if stdin is not None and self.child.stdin is not None:
            self.child.stdin.write(stdin)
            self.child.stdin.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()
        os.close(self._master)

    def until(self, words: str) -> str:
        """Wait until `words` appear after what was waited for before; return the screen up to there."""
        deadline = time.monotonic() + TIMEOUT_S
        while (found := self.screen.find(words, self._seen)) < 0:
            if not self._read(deadline):
                raise AssertionError(f"{words!r} never appeared; the screen is:\n{self.screen}")
        start, self._seen = self._seen, found + len(words)
        return self.screen[start : self._seen]

    def press(self, keys: str) -> None:
        """Type `keys`."""
        os.write(self._master, keys.encode())

    def finish(self) -> int:
        """Read to the end and return the exit code."""
        deadline = time.monotonic() + TIMEOUT_S
        while self._read(deadline):
            pass
        return self.child.wait(timeout=TIMEOUT_S)

    def _read(self, deadline: float) -> bool:
        if not select.select([self._master], [], [], max(0.0, deadline - time.monotonic()))[0]:
            return False
        try:
            data = os.read(self._master, 1 << 16)
        except OSError:  # Linux says so when the last process has left the terminal
            return False
        self.screen += self._decoder.decode(data)
        return bool(data)
