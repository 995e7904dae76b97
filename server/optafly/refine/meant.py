"""How much of the code at the cursor a prompt means, by what it calls it: "this method", "this class", "this file"."""

from __future__ import annotations

from typing import Literal

from optafly.domain import Snapshot
from optafly.refine.language import detect
from optafly.refine.lexicon import Lexicon
from optafly.refine.pointing import Pointing, ends_phrase, is_one, pointing
from optafly.refine.prose import Prose, read
from optafly.refine.screen import look, stands_in


def meant(snapshot: Snapshot) -> Literal["method", "class", "interface", "type", "file"] | None:
    """Return what a prompt calls the code that it points at; None where that says nothing of how much it is."""
    prose = read(snapshot.prompt)
    lexicon = detect(prose)
    active = look(snapshot, ()).active
    points = pointing(prose, lexicon, stands_in(active), asked=False) if lexicon is not None and active else None
    if lexicon is None or points is None or _points_before(points, prose, lexicon):
        return None
    if points.all_here and snapshot.selection is not None and not snapshot.selection.empty:
        return None  # what is selected is what "here" means
    if points.thing == "class" and is_one(lexicon.interfaces, points, prose):
        return "interface"
    if points.thing == "class" or points.thing == "file":
        return points.thing
    if points.thing == "part" and is_one(lexicon.types, points, prose):
        return "type" if ends_phrase(prose, lexicon, points.end) else None
    return "method" if points.thing == "code" and is_one(lexicon.methods, points, prose) else None


def _points_before(points: Pointing, prose: Prose, lexicon: Lexicon) -> bool:
    """Say whether something else is pointed at first: in "what does this do in this file?" the file is only where."""
    said = lexicon.subjects if lexicon.spaced else lexicon.pronouns  # an "it" may be nothing at all: "is it fine that"
    return any(hit.end <= points.start for hit in said.find(prose.covered, prose.words))
