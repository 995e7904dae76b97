"""Other processes on this machine."""

from __future__ import annotations

import os
import sys


def runs(process: int) -> bool:
    """Say whether a process with that id runs; on Windows always True, for there is no harmless way to ask."""
    if sys.platform == "win32":  # os.kill would end the process there
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
