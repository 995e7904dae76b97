"""Threads that may not be to be had."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


def started(name: str, run: Callable[[], None]) -> threading.Thread | None:
    """Start a thread that ends with the process; None where the system has none left: whoever asks next tries again."""
    thread = threading.Thread(target=run, name=name, daemon=True)
    try:
        thread.start()
    except RuntimeError as error:
        log.warning("there is no thread for %s: %s", name, error)
        return None
    return thread
