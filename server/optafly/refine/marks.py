"""What our own insertions look like, so that a refined prompt is known again whatever a person did to the rest.

A prompt that carries one of these marks was refined already: every rule leaves it alone. That is what makes refining
idempotent even when some changes were switched off or the text was edited.
"""

from __future__ import annotations

import re

from optafly.domain import Snapshot
from optafly.refine.languages import LEXICONS

REPORT = re.compile(r"^- `+[^`\n]+:\d+`+ (?:error|warning|information|hint): [^\n]*$", re.MULTILINE)
_CAPTION = re.compile(r"^`+[^`\n]+:\d+(?:-\d+)?`+:$", re.MULTILINE)


def _numbered(template: str) -> str:
    return r"\d+".join(re.escape(part) for part in template.split("{}"))


_LINES = "|".join(
    sorted({_numbered(each) for lexicon in LEXICONS for each in (lexicon.wording.line, lexicon.wording.lines)})
)
_PLACE = re.compile(rf"`(?:{_LINES}|(?<=\d`))[)）]")
_GOALS = tuple(goal.text for lexicon in LEXICONS for goals in lexicon.goals.values() for goal in goals)


def refined_already(prose: str, snapshot: Snapshot) -> bool:
    """Say whether a prompt carries one of our insertions; `prose` is its text without fenced code."""
    return bool(
        _PLACE.search(prose)
        or REPORT.search(prose)
        or _CAPTION.search(prose)
        or (snapshot.active and re.search(rf"`{re.escape(snapshot.active.path)}`[)）]", prose))
        or any(goal in prose for goal in _GOALS)
    )
