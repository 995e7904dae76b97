"""A person's word on an answer that came from the cache, one key at a time, after they have read it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from optafly.cli.keypress import Keys
from optafly.cli.layout import open_console
from optafly.cli.streams import print_error
from optafly.domain import Answer, Proposal
from optafly.errors import OptaflyError

if TYPE_CHECKING:
    from optafly.pipeline import Pipeline


async def age_of(pipeline: Pipeline, answer: Answer) -> float | None:
    """Return how long ago the provider gave `answer`, in seconds; None where that is not known (any more)."""
    if answer.source != "cache" or answer.entry_id is None:
        return None
    try:
        entry = await pipeline.cache.get(answer.entry_id)
    except OptaflyError:  # the answer is there; that its age is not must not spoil it
        return None
    return None if entry is None else max(0.0, time.time() - entry.created_at_s)


async def judged(pipeline: Pipeline, proposal: Proposal, answer: Answer, keys: Keys) -> Proposal | None:
    """Let the person report `answer` wrong or regenerate it; any other key is no word on it.

    Return the proposal that is open again, or approved to be sent again, where they regenerate it; else None.
    """
    if answer.source != "cache" or answer.entry_id is None:
        return None
    console, reported = open_console(), False
    keys.drop()  # what was typed while the answer came is no word on it
    while True:
        choices = ["r Regenerate", *([] if reported else ["w Wrong answer"]), "Enter done"]
        console.print(f"\n[{' · '.join(choices)}] ", end="", style="bold")
        key = await keys.press()
        console.print(key if key.isprintable() else "")
        try:
            if key == "r":
                return await pipeline.feedback(proposal.id, answer.entry_id, "regenerate")
            if key != "w" or reported:
                return None
            await pipeline.feedback(proposal.id, answer.entry_id, "wrong")
        except OptaflyError as error:
            print_error(error)
            return None
        reported = True
        console.print("Reported: that answer is not given for this prompt again, and those like it are trusted less.")
