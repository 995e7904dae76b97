"""What a prompt asks for, by the words of its language."""

from __future__ import annotations

import re

import msgspec

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
# What asks for a change, unless it is a question.
_CHANGES = frozenset({"implement", "refactor", "test", "document", "optimise"})
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)|[。！？]|\n")

# "add a few more good unit tests": so many words may stand between what to do and with what.
_MOST_WORDS_BETWEEN = 4


class Asked(msgspec.Struct, frozen=True):
    """What a prompt asks for. `about`: it only asks about such work ("does it handle None?"), and wants none done."""

    intent: Intent
    about: bool = False


def asked_for(prose: Prose, lexicon: Lexicon | None) -> Asked:
    """Return what the prompt asks for; who asks whether something was done wants to be told, not a change."""
    intent, told = _intent(prose, lexicon)
    if lexicon is not None and told is None and intent == "explain":
        opening, whether = (each.first(prose.covered, prose.words) for each in (lexicon.ask, lexicon.whether))
        return Asked(intent, about=opening is not None and opening == whether)
    if lexicon is None or told is None or not _is_question(prose, lexicon, told.start):
        return Asked(intent)
    checks = intent == "review" and told.last - told.first == 1 and told.first > 1  # "does this check for None?"
    if not checks and intent not in _CHANGES:
        return Asked(intent)
    return Asked(intent, about=True) if intent == "optimise" else Asked("explain", about=True)


def _is_question(prose: Prose, lexicon: Lexicon, at: int) -> bool:
    """Say whether the sentence that goes over `at` is a question, and no order in the form of one."""
    text = prose.covered
    start = max((end.end() for end in _SENTENCE_END.finditer(text, 0, at)), default=0)
    ending = _SENTENCE_END.search(text, at)
    end = ending.end() if ending else len(text)
    words = tuple(word for word in prose.words if start <= word.start < end)
    sentence = text[:end]
    opening = lexicon.ask.first(sentence, words) if lexicon.spaced else None
    asks = sentence.rstrip().endswith(("?", "？")) or (opening is not None and opening.first == 0)
    covered = f"{' ' * start}{sentence[start:]}"
    return asks and lexicon.requests.first(covered, words) is None


def _intent(prose: Prose, lexicon: Lexicon | None) -> tuple[Intent, Hit | None]:
    """Return what the prompt asks for, `other` where its words do not say, and the words that tell.

    The earliest word that tells decides, the longest where two start together; "write" and its like decide only where
    nothing else does, and a bare question asks for an explanation.
    """
    text, words = prose.covered, prose.words
    if lexicon is None:
        hits: dict[Intent, Hit | None] = {intent: each.first(text, words) for intent, each in _EVERYWHERE.items()}
        return _earliest(hits) or ("other", None)
    hits = {intent: each.first(text, words) for intent, each in lexicon.intents.items()}
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
        return "implement", made
    return ("explain" if lexicon.ask.first(text, words) is not None else "other"), None


def _earliest(hits: dict[Intent, Hit | None]) -> tuple[Intent, Hit] | None:
    found: list[tuple[int, int, Intent, Hit]] = [(hit.start, -hit.end, each, hit) for each, hit in hits.items() if hit]
    if not found:
        return None
    _, _, intent, hit = min(found, key=lambda each: each[:3])
    return intent, hit


def troubled(prose: Prose, lexicon: Lexicon | None, intent: Intent) -> bool:
    """Say whether a prompt is about something wrong: a bug, an error, a warning."""
    if intent == "debug":
        return True
    if intent not in ("explain", "review", "other"):
        return False
    trouble = _EVERYWHERE["debug"] if lexicon is None else lexicon.things["trouble"]
    return trouble.first(prose.covered, prose.words) is not None
