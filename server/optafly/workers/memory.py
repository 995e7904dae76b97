"""What memory a process takes."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def resident_bytes(process: int) -> int | None:
    """Return the resident memory of a process, or None where /proc does not say."""
    if sys.platform == "win32":
        return None
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
