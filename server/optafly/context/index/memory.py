"""The memory of the worker: what stays is not looked through again and again, and what was let go is given back."""

from __future__ import annotations

import ctypes
import gc
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache

_AT_MOST_EVERY_S = 60.0
_trimmed: list[float] = []


@contextmanager
def staying() -> Generator[None]:
    """Make things all of which stay: nothing is collected meanwhile."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def settle() -> None:
    """Spare the collector what is there by now, and let the system have what is free."""
    gc.freeze()  # what was loaded stays: looking through it again and again would hold answers up
    now = time.monotonic()
    if not _trimmed or now - _trimmed[-1] > _AT_MOST_EVERY_S:
        _trimmed[:] = [now]
        _give_back()


def _give_back() -> None:
    """Give free memory back: the C library keeps it otherwise, after a first index some 70 MB."""
    library = _library()
    if library is not None:
        library.malloc_trim(0)


@cache
def _library() -> ctypes.CDLL | None:
    if sys.platform != "linux":
        return None
    try:
        library = ctypes.CDLL("libc.so.6")
        return library if hasattr(library, "malloc_trim") else None  # musl has none
    except OSError:
        return None
