"""Which of the editor's diagnostics a prompt is about."""

from __future__ import annotations

from optafly.domain import Diagnostic
from optafly.refine.place import Place
from optafly.refine.reading import Reading

MOST = 5
_RANK = {"error": 0, "warning": 1, "information": 2, "hint": 3}


def relevant(reading: Reading) -> tuple[Diagnostic, ...]:
    """Return at most `MOST` diagnostics, the nearest to what is meant first.

    Those inside the selected or enclosing code come alone; only without any do errors elsewhere in the file count.
    """
    place = _place(reading)
    near = [each for each in reading.snapshot.diagnostics if _in_file(each, reading)]
    inside = [each for each in near if _severe(each) and place is not None and _covers(place, each)]
    chosen = inside or [each for each in near if each.severity == "error"] or [each for each in near if _severe(each)]
    chosen = [each for each in chosen if " ".join(each.message.split()) not in reading.prose.text]
    return tuple(sorted(chosen, key=lambda each: _order(each, place, reading))[:MOST])


def _place(reading: Reading) -> Place | None:
    if reading.lines is not None and reading.screen.active is not None:
        return Place(reading.screen.active.path, reading.lines.first, reading.lines.last)
    if reading.named is not None and reading.screen.selection is None:
        return reading.named.place
    return reading.screen.place(reading.pointing.thing if reading.pointing else None)


def _in_file(diagnostic: Diagnostic, reading: Reading) -> bool:
    active = reading.screen.active
    return diagnostic.path in reading.paths or (active is not None and diagnostic.path == active.path)


def _severe(diagnostic: Diagnostic) -> bool:
    return diagnostic.severity in ("error", "warning")


def _covers(place: Place, diagnostic: Diagnostic) -> bool:
    return diagnostic.path == place.path and place.covers(diagnostic.range.start.line + 1)


def _order(diagnostic: Diagnostic, place: Place | None, reading: Reading) -> tuple[int, int, int, int]:
    line = diagnostic.range.start.line + 1
    far = 1_000_000 if place is None or diagnostic.path != place.path else place.distance(line)
    cursor = reading.screen.cursor_line
    from_cursor = 0 if cursor is None else abs(line - cursor)
    return far, _RANK[diagnostic.severity], from_cursor, line
