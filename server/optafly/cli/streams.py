"""Text in and out of the process: never a crash for a character that a terminal or a locale does not have."""

from __future__ import annotations

import codecs
import os
import re
import sys
from typing import TYPE_CHECKING, TextIO

from optafly.errors import OptaflyError

if TYPE_CHECKING:
    from optafly.protocol import Problem

# What our own marks become where the stream's encoding has no character for them.
PLAIN = {
    "→": "->",
    "·": "-",
    "…": "...",
    "●": "x",
    "○": "o",
    "─": "-",
    "│": "|",
    "“": '"',
    "”": '"',
    "×": "x",
    "✓": "+",
}
# Everything a terminal would obey instead of show, but for tab and newline.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(PLAIN.get(char, "?") for char in error.object[error.start : error.end]), error.end


codecs.register_error("optafly-plain", _plain)


def make_safe(*streams: TextIO, windows: bool = os.name == "nt") -> None:
    """Let `streams` replace what their encoding lacks instead of raising.

    Windows would give a pipe or a file an encoding without most letters of the world: there it is UTF-8, as for stdin.
    """
    chosen = "PYTHONIOENCODING" in os.environ
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)  # a captured stream of a test has none
        if reconfigure:
            wide = windows and not chosen and not stream.isatty()
            reconfigure(encoding="utf-8" if wide else None, errors="optafly-plain")


def printable(text: str) -> str:
    """Return `text` without control characters: a file or an answer must not steer the terminal it is shown in."""
    return CONTROLS.sub("", text.replace("\r\n", "\n"))


def show(text: str) -> None:
    """Write `text` to stdout at once; to a terminal without what could steer it."""
    sys.stdout.write(printable(text) if sys.stdout.isatty() else text)
    sys.stdout.flush()


def from_argument(text: str) -> str:
    """Return a command line argument as proper Unicode, whatever the locale made of its bytes."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def read_stdin() -> str:
    """Return all of stdin as UTF-8, without the newline that `echo` adds. Raises OptaflyError for what is no text."""
    data = sys.stdin.buffer.read()
    if b"\0" in data:
        why, todo = "It holds bytes that no text has.", "Pipe in text, such as `git diff` prints."
        raise OptaflyError("What came in is not text.", why=why, todo=todo)
    return data.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")


def print_error(error: OptaflyError | Problem) -> None:
    """Print what happened, why, and what to do next, to stderr."""
    lines = [error.what]
    lines += [f"  why:  {error.why}"] if error.why else []
    lines += [f"  next: {error.todo}"] if error.todo else []
    trace_id = getattr(error, "trace_id", None)
    lines += [f"  trace {trace_id}"] if trace_id else []
    print(printable("optafly: " + "\n".join(lines)), file=sys.stderr)
