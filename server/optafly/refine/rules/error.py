"""Put in what the compiler or linter reported when the prompt is about something wrong."""

from __future__ import annotations

from optafly.domain import Diagnostic
from optafly.refine.diagnostics import relevant
from optafly.refine.fences import span
from optafly.refine.reading import Reading
from optafly.refine.rules.draft import Draft

_MOST_LETTERS = 400


def error(reading: Reading) -> list[Draft]:
    """Append the diagnostics that the prompt is about, one line each, as the editor shows them."""
    if not (reading.troubled and reading.about_screen) or reading.prose.open_fence:
        return []
    found = relevant(reading)
    if not found:
        return []
    text = "\n\n" + "\n".join(report(each) for each in found)
    what = "the problem" if len(found) == 1 else f"the {len(found)} problems"
    return [Draft(reading.prose.end, text, f"Adds {what} your editor reports there.")]


def report(diagnostic: Diagnostic) -> str:
    """Write one diagnostic as a line: place, severity, message, and who says so."""
    place = span(f"{diagnostic.path}:{diagnostic.range.start.line + 1}")
    message = " ".join(diagnostic.message.split())
    if len(message) > _MOST_LETTERS:
        message = message[:_MOST_LETTERS].rstrip() + "…"
    origin = ", ".join(" ".join(part.split()) for part in (diagnostic.source, diagnostic.code) if part)
    return f"- {place} {diagnostic.severity}: {message}" + (f" ({origin})" if origin else "")
