"""Numbers and differences as a person reads them in a document."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from pathlib import PurePath

from optafly.domain import DiffPart, IndexState, IndexStatus

BUSY: frozenset[IndexState] = frozenset({"waiting", "scanning", "reading", "lexical"})
_STEPS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def ago(age_s: float) -> str:
    """Return how long ago: `just now`, `1 minute ago`, `3 days ago`."""
    for size, name in _STEPS:
        count = int(age_s // size)
        if count >= 1:
            return f"{count} {name}{'' if count == 1 else 's'} ago"
    return "just now"


def saving(usd: float | None, seconds: float) -> str:
    """Return what a reused answer saves: `$0.0040 and 2.1 s`; without the money where no price is known."""
    return f"{seconds:.1f} s" if usd is None else f"${usd:.4f} and {seconds:.1f} s"


def how_often(probability: float) -> str:
    """Return a calibrated probability as a count of answers: `about 8 in 10 such answers were right`."""
    tenths = int(probability * 10 + 0.5)
    if probability >= 0.95:
        return "more than 9 in 10 such answers were right"
    return f"{f'about {tenths}' if tenths else 'fewer than 1'} in 10 such answers were right"


def lower_first(sentence: str) -> str:
    """Return a sentence as the second half of one; a name or a code word at its start stays as it is."""
    return sentence[:1].lower() + sentence[1:] if re.match(r"[A-Z]([a-z]+[ ,]| )", sentence) else sentence


def fenced(text: str, language: str = "") -> str:
    """Return a Markdown block that holds `text` as it is, whatever ticks are in it."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def diff_block(parts: Iterable[DiffPart]) -> str:
    """Return the lines that differ, and two around them, as a fenced diff; "" where nothing does."""
    parts = tuple(parts)
    before, after = (
        "".join(part.text for part in parts if part.op != absent).splitlines() for absent in ("insert", "delete")
    )
    lines = list(difflib.unified_diff(before, after, lineterm="", n=2))[2:]  # the two names of files go
    if not lines:
        return ""
    from_the_start = re.match(r"@@ -[01][ ,]", lines[0]) is not None
    shown = ["…" if line.startswith("@@ ") else line for line in lines[from_the_start:]]
    return fenced("\n".join(shown), "diff")


def unsearched(status: IndexStatus) -> str | None:
    """Return what of the workspace is not searched, and why; None where nothing has failed."""
    failed = [root for root in status.roots if root.state == "failed"]
    if not failed:
        return None
    others = any(root.state not in ("failed", "closed") for root in status.roots)
    what = f"the folder {PurePath(failed[0].root).name}" if others else "the workspace"
    return f"{what} is not searched. {failed[0].message}".rstrip()


def is_stopped(status: IndexStatus) -> bool:
    """Return whether a person stopped the indexing."""
    return any(root.state == "cancelled" for root in status.roots)


def index_words(status: IndexStatus) -> str:
    """Return in a few words what is being done for the index; "" where nothing is."""
    busy = [root for root in status.roots if root.state in BUSY]
    if not busy:
        return "indexing is stopped" if is_stopped(status) else ""
    done, total = sum(root.done for root in busy), sum(root.total for root in busy)
    if all(root.state == "lexical" for root in busy):
        return f"learning what {total:,} texts mean: {done:,}" if total else "learning what texts mean"
    return f"reading {done:,} of {total:,} files" if total else "looking for files"
