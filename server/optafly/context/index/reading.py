"""The service of the helper processes that read files."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import msgspec

from optafly.context.index import files
from optafly.context.index.content import Content, content_of, encode
from optafly.context.index.store import File
from optafly.context.index.walk import Stamp
from optafly.context.outline.decode import text_of
from optafly.context.outline.languages import language_of

NICE = 5
_BELOW_NORMAL = 0x4000


class Ask(msgspec.Struct, frozen=True, array_like=True):
    """A file to be read: its root, and its path in it."""

    root: str
    path: str


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """A file that was read, and its content (encoded), None where there is none for the file's `reason`.

    `seen` is its stamp when it was read.
    """

    file: File
    content: bytes | None
    seen: Stamp


MISSING = Answer(File(files.UNSETTLED, b""), None, files.UNSETTLED)
"""A file that was not there when it was to be read; it may be by now, as on a branch that was switched meanwhile."""


class Reader:
    """Reads files; used by one thread."""

    def read(self, asked: list[Ask]) -> list[Answer]:
        """Return what became of each file."""
        return [read(each) for each in asked]


def create() -> Reader:
    """Make the service."""
    lower_priority(NICE)
    gc.freeze()
    return Reader()


def read(asked: Ask) -> Answer:
    """Read one file. Never raises."""
    raw = files.read(Path(asked.root, asked.path))
    return MISSING if raw is None else understood(raw, asked.path)


def understood(raw: files.Raw, path: str) -> Answer:
    """Return what the bytes of a file hold. Never raises."""
    content = None if raw.data is None else content_in(raw.data, language_of(path))
    if raw.data is None or content is None:
        return Answer(File(raw.stamp, b"", raw.reason or "it is not text"), None, raw.seen)
    digest = files.hash_of(raw.data, language_of(path))
    return Answer(File(raw.stamp, digest, content.outline.note), encode(content), raw.seen)


def content_in(data: bytes, language: str) -> Content | None:
    """Return what the bytes hold, None where they are no text."""
    text = text_of(data)
    return None if text is None else content_of(text, language)


def lower_priority(by: int) -> None:
    """Let others go first; Windows knows one step alone."""
    if sys.platform != "win32":
        os.nice(by)
        return
    import ctypes

    this_process = ctypes.c_void_p(-1)
    ctypes.WinDLL("kernel32").SetPriorityClass(this_process, _BELOW_NORMAL)
