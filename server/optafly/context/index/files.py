"""Reads one file of a workspace so that nothing it may be can hurt: a pipe, a device, a huge or a vanishing file."""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from optafly.context.index.walk import Stamp, leads_away

MOST_BYTES = 2_000_000
SNIFFED = 8_192
HASH_BYTES = 16
UNSETTLED = Stamp(0, 0, 0)
_TOO_LARGE = f"it is larger than {MOST_BYTES // 1_000_000} MB"
_UNSETTLED_S = 2.0  # the coarsest clock of a file system in use (FAT)
_READING, _SHARED, _EXISTING = 0x80000000, 7, 3  # of CreateFileW: GENERIC_READ, FILE_SHARE_*, OPEN_EXISTING
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Raw(NamedTuple):
    """The bytes of a file (None where they are not to be read, for the `reason`) and its stamp when they were.

    `settled` is false where a further change might leave the stamp as it is.
    """

    data: bytes | None
    seen: Stamp
    reason: str = ""
    settled: bool = True

    @property
    def stamp(self) -> Stamp:
        """What to compare with later."""
        return self.seen if self.settled else UNSETTLED


def read(path: Path) -> Raw | None:
    """Read a file; None where there is none (any more), but a folder or a link. Never waits for a pipe."""
    try:
        descriptor = _open(path)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as error:
        if error.errno == errno.ELOOP or os.path.isdir(path):  # Windows says of a folder that access is denied
            return None
        return Raw(None, stamp_of(path), f"it cannot be read: {error.strerror}")
    try:
        return _read(descriptor)
    except IsADirectoryError:
        return None
    except OSError as error:
        return Raw(None, stamp_of(path), f"it cannot be read: {error.strerror}")
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    """Open a file that is no link; on Windows so that whoever wants to may rename or delete it meanwhile."""
    if sys.platform != "win32":
        return os.open(path, _FLAGS)
    import ctypes
    import msvcrt

    if leads_away(os.lstat(path)):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    create = ctypes.WinDLL("kernel32", use_last_error=True).CreateFileW
    create.restype = ctypes.c_void_p
    handle = create(ctypes.c_wchar_p(str(path)), _READING, _SHARED, None, _EXISTING, 0, None)
    if handle in (None, ctypes.c_void_p(-1).value):
        raise ctypes.WinError(ctypes.get_last_error())
    return msvcrt.open_osfhandle(handle, _FLAGS)


def _read(descriptor: int) -> Raw:
    status = os.fstat(descriptor)
    seen = Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    settled = time.time() - max(status.st_mtime, status.st_ctime) > _UNSETTLED_S
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError
    if not stat.S_ISREG(status.st_mode):
        return Raw(None, seen, "it is not a regular file", settled)
    if status.st_size > MOST_BYTES:
        return Raw(None, seen, _TOO_LARGE, settled)
    parts = [os.read(descriptor, SNIFFED)]
    if is_binary(parts[0]):
        return Raw(None, seen, "it is a binary file", settled)
    size = len(parts[0])
    while parts[-1] and size <= MOST_BYTES:
        parts.append(os.read(descriptor, MOST_BYTES))
        size += len(parts[-1])
    if size > MOST_BYTES:  # it grew while it was read
        return Raw(None, seen, _TOO_LARGE, settled=False)
    return Raw(b"".join(parts), seen, settled=settled)


def is_binary(beginning: bytes) -> bool:
    """Tell by its beginning whether a file is not text; UTF-16 and UTF-32 with their marks are text."""
    return b"\0" in beginning and not beginning.startswith((b"\xff\xfe", b"\xfe\xff"))


def hash_of(data: bytes, language: str) -> bytes:
    """Return what content is kept under: the same bytes read as another language are another content."""
    return blake2b(data, digest_size=HASH_BYTES, person=language.encode()[:16]).digest()


def stamp_of(path: Path) -> Stamp:
    """Return the stamp of what is at `path` now, all zero where nothing can be said."""
    try:
        status = os.lstat(path)
    except OSError:
        return UNSETTLED
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns)
