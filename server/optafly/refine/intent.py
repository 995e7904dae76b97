"""What a prompt asks for, by the words of its language."""

from __future__ import annotations

from optafly.domain import Intent
from optafly.refine.lexicon import Lexicon
from optafly.refine.phrases import Hit, Phrases
from optafly.refine.prose import Prose

# Words of programmers everywhere, for languages we do not know.
_EVERYWHERE: dict[Intent, Phrases] = {
    "debug": Phrases("bug|bugs|error|errors|exception|traceback|crash|debug|warning|fix|stacktrace"),
    "refactor": Phrases("refactor*"),
    "test": Phrases("unit test|unit tests|unittest|unittests"),
    "review": Phrases("review|code review"),
}


# "add a few more good unit tests": so many words may stand between what to do and with what.
_MOST_WORDS_BETWEEN = 4


def intent_of(prose: Prose, lexicon: Lexicon | None) -> Intent:
    """Return what the prompt asks for, `other` where its words do not say.

    The earliest word that tells decides, the longest where two start together; "write" and its like decide only where
    nothing else does, and a bare question asks for an explanation.
    """
    text, words = prose.covered, prose.words
    if lexicon is None:
        return _earliest({intent: each.first(text, words) for intent, each in _EVERYWHERE.items()}) or "other"
    hits: dict[Intent, Hit | None] = {intent: each.first(text, words) for intent, each in lexicon.intents.items()}
    made = lexicon.make.first(text, words)
    if made is not None:
        since = 0 if lexicon.verb_last else made.start
        written: tuple[tuple[Intent, Phrases], ...]
        written = (("test", lexicon.test_things), ("document", lexicon.document_things))
        for intent, things in written:
            hit = things.first(text, words)
            near = hit is not None and hit.start >= since and hit.first - made.last <= _MOST_WORDS_BETWEEN
            if hit is not None and near and ((old := hits.get(intent)) is None or made.start < old.start):
                hits[intent] = Hit(made.start, made.end) if not lexicon.verb_last else hit
    if (found := _earliest(hits)) is not None:
        return found
    if made is not None:
        return "implement"
    return "explain" if lexicon.ask.first(text, words) is not None else "other"


def _earliest(hits: dict[Intent, Hit | None]) -> Intent | None:
    found: list[tuple[int, int, Intent]] = [(hit.start, -hit.end, each) for each, hit in hits.items() if hit]
    return min(found)[2] if found else None


def troubled(prose: Prose, lexicon: Lexicon | None, intent: Intent) -> bool:
    """Say whether a prompt is about something wrong: a bug, an error, a warning."""
    if intent == "debug":
        return True
    if intent not in ("explain", "review", "other"):
        return False
    trouble = _EVERYWHERE["debug"] if lexicon is None else lexicon.things["trouble"]
    return trouble.first(prose.covered, prose.words) is not None
