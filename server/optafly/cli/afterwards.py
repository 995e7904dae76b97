"""A person's word on an answer that came from the cache, one key at a time, after they have read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optafly.cli.keypress import Keys
from optafly.cli.layout import open_console
from optafly.cli.snapshot import read
from optafly.cli.streams import print_error
from optafly.domain import Answer, FeedbackKind, Proposal, Record
from optafly.errors import OptaflyError

if TYPE_CHECKING:
    from optafly.pipeline import Pipeline

REPORTED = "Reported: that answer is not given for this prompt again, and those like it are trusted less."


class Judged(Record, frozen=True):
    """The words a person had on an answer, and where they regenerate it the proposal that is to be asked anew.

    It is approved to be sent again, or where an offer was taken it is open again.
    """

    again: Proposal | None = None
    words: tuple[FeedbackKind, ...] = ()


async def judged(pipeline: Pipeline, proposal: Proposal, answer: Answer, keys: Keys) -> Judged:
    """Let the person report `answer` wrong or regenerate it; any other key is no word on it.

    An answer that did not come from the cache is not asked about.
    """
    if answer.source != "cache" or answer.entry_id is None:
        return Judged()
    console = open_console()
    words: tuple[FeedbackKind, ...] = ()
    keys.drop()  # what was typed while the answer came is no word on it
    while True:
        choices = ["r Regenerate", *([] if words else ["w Wrong answer"]), "Enter done"]
        console.print(f"\n[{' · '.join(choices)}] ", end="", style="bold")
        key = await keys.press()
        console.print(key if key.isprintable() else "")
        try:
            if key == "r":
                again = await pipeline.feedback(proposal.id, answer.entry_id, "regenerate", read=read)
                return Judged(again=again, words=(*words, "regenerate"))
            if key != "w" or words:
                return Judged(words=words)
            await pipeline.feedback(proposal.id, answer.entry_id, "wrong")
        except OptaflyError as error:
            print_error(error)
            return Judged(words=words)
        words = ("wrong",)
        console.print(REPORTED)
