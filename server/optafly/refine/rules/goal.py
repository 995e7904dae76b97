"""State what the goal leaves open: what the answer should hold, and what must stay as it is."""

from __future__ import annotations

import re

from optafly.refine.lexicon import Goal, Lexicon
from optafly.refine.reading import Reading
from optafly.refine.rules.draft import Draft

_REASONS = {
    "debug": "Asks for the cause and the smallest fix.",
    "explain": "Says what the explanation should cover.",
    "refactor": "Keeps behaviour and public names as they are.",
    "test": "Says what the tests should cover.",
    "document": "Says what the documentation should cover.",
    "optimise": "Asks what costs most, and keeps the results the same.",
    "implement": "Asks to fit the code around it and to state what was assumed.",
    "review": "Says how findings should be listed.",
}

# A person who wrote this much has said what they want.
_MOST_WORDS = 60

# Frameworks by the lines that bring them in; the name is one the file itself uses.
_FRAMEWORKS = (
    *("pytest", "unittest", "hypothesis", "vitest", "jest", "mocha", "chai", "node:test", "bun:test", "ava"),
    *("playwright", '"testing"', "junit", "testng"),
)
_FRAMEWORK = re.compile(
    r"^[ \t]*(?:import|from)[ \t]+(pytest|unittest|hypothesis)\b"
    r"|(?:from[ \t]+|require\()[\"'](vitest|jest|mocha|chai|node:test|bun:test|ava)[\"'/]"
    r"|[\"']@(jest|playwright)/"
    r"|^[ \t]*(?:import[ \t]+)?\"(testing)\""
    r"|^[ \t]*import[ \t]+(?:static[ \t]+)?org\.(junit|testng)\b",
    re.MULTILINE,
)


def goal(reading: Reading) -> list[Draft]:
    """Append one or two sentences in the person's language, leaving out what they have said themselves."""
    lexicon, prose = reading.lexicon, reading.prose
    if lexicon is None or not reading.about_code or prose.open_fence or len(prose.words) > _MOST_WORDS:
        return []
    open_points = [each for each in _points(reading, lexicon) if not _said(each, reading)]
    if not open_points or (_expects(reading) and reading.intent != "review"):
        return []
    sentences = [each.text for each in open_points]
    if reading.intent == "test" and (name := _framework(reading)):
        sentences.insert(0, lexicon.wording.framework.format(f"`{name}`"))
    text = "\n\n" + lexicon.wording.stop.join(sentences)
    return [Draft(prose.end, text, _REASONS[reading.intent])]


def _points(reading: Reading, lexicon: Lexicon) -> tuple[Goal, ...]:
    """Return what belongs to the intent. A question of its own ("the complexity of this") needs no plan of ours."""
    if reading.asks_about:  # "why is this slow?" asks what it costs; nothing is to be changed
        return lexicon.goals["optimise"][:1] if reading.intent == "optimise" else ()
    if reading.intent != "explain":
        return lexicon.goals.get(reading.intent, ())
    if reading.troubled:
        return lexicon.goals["debug"][:1]
    return lexicon.goals["explain"] if reading.unknown == 0 else ()


def _said(point: Goal, reading: Reading) -> bool:
    return point.said.first(reading.prose.covered, reading.prose.words) is not None


def _expects(reading: Reading) -> bool:
    """Whether the person says what should come out: then the goal is theirs to word."""
    lexicon, prose = reading.lexicon, reading.prose
    return lexicon is not None and lexicon.expectation.first(prose.covered, prose.words) is not None


def _framework(reading: Reading) -> str | None:
    active = reading.screen.active
    if active is None or not any(name in active.text for name in _FRAMEWORKS):
        return None
    match = _FRAMEWORK.search(active.text)
    name = next((group for group in match.groups() if group), None) if match else None
    return None if name is None or name in reading.prose.text else name
