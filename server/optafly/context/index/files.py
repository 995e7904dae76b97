"""Reads one file of a workspace so that nothing it may be can hurt: a pipe, a device, a huge or a vanishing file."""

from __future__ import annotations

import os
import stat
import time
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from optafly.context.index.walk import Stamp

MOST_BYTES = 2_000_000
SNIFFED = 8_192
HASH_BYTES = 16
UNSETTLED = Stamp(0, 0, 0)
_UNSETTLED_S = 2.0  # the coarsest clock of a file system in use (FAT)
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Raw(NamedTuple):
    """The bytes of a file (None where they are not to be read, for the `reason`) and its stamp when they were."""

    data: bytes | None
    stamp: Stamp
    reason: str = ""


def read(path: Path, now_s: float | None = None) -> Raw | None:
    """Read a file; None where there is none (any more). Never follows a link, never waits for a pipe."""
    try:
        descriptor = os.open(path, _FLAGS)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return Raw(None, _stamp_of(path), f"it cannot be read: {error.strerror}")
    with open(descriptor, "rb", buffering=0) as file:
        try:
            return _read(file.fileno(), time.time() if now_s is None else now_s)
        except OSError as error:
            return Raw(None, UNSETTLED, f"it cannot be read: {error.strerror}")


def _read(descriptor: int, now_s: float) -> Raw:
    status = os.fstat(descriptor)
    stamp = Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    if now_s - max(status.st_mtime, status.st_ctime) < _UNSETTLED_S:
        stamp = UNSETTLED
    if not stat.S_ISREG(status.st_mode):
        return Raw(None, stamp, "it is not a regular file")
    if status.st_size > MOST_BYTES:
        return Raw(None, stamp, f"it is larger than {MOST_BYTES // 1_000_000} MB")
    parts = [os.read(descriptor, SNIFFED)]
    if is_binary(parts[0]):
        return Raw(None, stamp, "it is a binary file")
    size = len(parts[0])
    while parts[-1] and size <= MOST_BYTES:
        parts.append(os.read(descriptor, MOST_BYTES))
        size += len(parts[-1])
    if size > MOST_BYTES:  # it grew while it was read
        return Raw(None, UNSETTLED, f"it is larger than {MOST_BYTES // 1_000_000} MB")
    return Raw(b"".join(parts), stamp)


def is_binary(beginning: bytes) -> bool:
    """Tell by its beginning whether a file is not text; UTF-16 and UTF-32 with their marks are text."""
    return b"\0" in beginning and not beginning.startswith((b"\xff\xfe", b"\xfe\xff"))


def hash_of(data: bytes, language: str) -> bytes:
    """Return what content is kept under: the same bytes read as another language are another content."""
    return blake2b(data, digest_size=HASH_BYTES, person=language.encode()[:16]).digest()


def _stamp_of(path: Path) -> Stamp:
    try:
        status = os.lstat(path)
    except OSError:
        return UNSETTLED
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns)
