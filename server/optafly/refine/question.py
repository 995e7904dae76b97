"""Ask, instead of guessing, when a prompt is too vague to help."""

from __future__ import annotations

from collections import Counter

from optafly.refine.diagnostics import relevant
from optafly.refine.fences import span
from optafly.refine.languages import ENGLISH
from optafly.refine.reading import Reading

_MOST_CANDIDATES = 3


def question(reading: Reading) -> str | None:
    """Return one question in the person's language where the prompt points at nothing we can see, else None."""
    pointed = reading.pointing is not None or reading.unnamed
    if not pointed or reading.own or reading.names_code or _is_located(reading):
        return None
    asked = (reading.lexicon or ENGLISH).questions
    text = asked.broken if reading.troubled else asked.which
    candidates = _candidates(reading)
    return f"{text} {asked.candidates.format(', '.join(candidates))}" if candidates else text


def _is_located(reading: Reading) -> bool:
    screen = reading.screen
    if (
        reading.prose.code
        or reading.named
        or reading.lines
        or reading.paths
        or screen.selection
        or screen.symbol
        or screen.outline
        or screen.is_whole
    ):
        return True
    if reading.troubled and relevant(reading):
        return True
    if (
        reading.pointing is not None
        and reading.pointing.thing in ("file", "line")
        and screen.place(reading.pointing.thing)
    ):
        return True
    return screen.lines is not None and (not reading.troubled or reading.unknown > 0)


def _candidates(reading: Reading) -> list[str]:
    """Name files a person can see: those with errors or warnings first, else the open ones."""
    counted = Counter(each.path for each in reading.snapshot.diagnostics if each.severity in ("error", "warning"))
    paths = [path for path, _ in counted.most_common()] or [file.path for file in reading.snapshot.open_files]
    return [span(path) for path in paths[:_MOST_CANDIDATES]]
