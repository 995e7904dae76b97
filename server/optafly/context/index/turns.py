"""How the thread of a root takes its steps: one after the other, beginning anew where the file on disk was damaged."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from optafly.context.index.inbox import Inbox, Step
from optafly.context.index.keeping import Rebuilt

log = logging.getLogger(__name__)

TRIES = 3


def take_turns(
    inbox: Inbox, do: Callable[[Step], None], idle: Step, every_s: Callable[[], float | None], on: Callable[[], bool]
) -> None:
    """Do steps as long as `on` says so, and `idle` every few seconds, however many steps there are (None: never)."""
    looked = time.monotonic()
    while on():
        patience_s = every_s()
        step = inbox.next(None if patience_s is None else looked + patience_s - time.monotonic())
        if step is not None:
            do(step)
            inbox.done()
        if patience_s is not None and time.monotonic() - looked >= patience_s:
            do(idle)
            looked = time.monotonic()


def attempt(step: Step, anew: Step, fail: Callable[[str], None]) -> None:
    """Do a step; where the file was damaged, begin anew. Whatever goes wrong is told to `fail`, in words."""
    for each in (step, *[anew] * TRIES):
        try:
            each()
        except Rebuilt:
            continue
        except OSError as error:
            fail(f"The folder cannot be read: {error.strerror}.")
        except Exception as error:  # the thread's boundary: the editor is told, and asking goes on
            log.exception("the index of a root failed")
            fail(f"Something failed inside ({type(error).__name__}); indexer.log says where.")
        return
    fail("The index is damaged again and again; the disk may be failing.")
