"""Why code goes along, as the sentence that a person reads beside it."""

from __future__ import annotations

import re

from optafly.context.find.reasons import LATELY, OFTEN
from optafly.domain import FileHit

_LITTLE = "Little speaks for it: in outline, so that it can be asked for."
_STALE = "It has changed since the index read it: in outline, so that it can be asked for."
_MOST = 2
_NAME = re.compile(r"`[^`]+`")
_SPEAKS = ("its text has ", "its path has ")
_PLAINLY = ("the prompt names ", "you edited it lately, or have it open", "it is open in the editor")
_SO_ANYHOW = (LATELY, OFTEN, "lies near ")


def because(hit: FileHit) -> str:
    """Return why code of a file for which something `speaks` goes along: two reasons that name different things."""
    told: list[str] = []
    for reason in sorted(hit.reasons, key=_how_telling):
        names = set(_NAME.findall(reason))
        if not any(names and names <= set(_NAME.findall(other)) for other in told):
            told.append(reason)
    words = "; ".join(told[:_MOST])
    return f"{words[0].upper()}{words[1:].rstrip('.')}." if words else ""


def outlined_because(hit: FileHit, *, stale: bool = False) -> str:
    """Return why the outline of a file goes along; of a `stale` one nobody knows whether the reasons still hold."""
    return _STALE if stale else because(hit) or _LITTLE


def speaks(hit: FileHit) -> bool:
    """Tell whether anything speaks for a file but what is so whatever is asked."""
    return not all(reason.startswith(_SO_ANYHOW) for reason in hit.reasons)


def _how_telling(reason: str) -> int:
    """Put what a person can look up first: names and numbers before what is only spoken of, and that before the rest.

    What is so whatever is asked comes last.
    """
    if reason.startswith(_SO_ANYHOW):
        return 3
    if reason.startswith(_SPEAKS):
        return 1
    return 0 if "`" in reason or "“" in reason or reason.startswith(_PLAINLY) else 2
