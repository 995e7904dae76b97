"""Whether a question is one that anybody could ask, not only about their own code: "what is a list?"."""

from __future__ import annotations

from optafly.domain import Intent
from optafly.refine.phrases import Hit, Phrases
from optafly.refine.reading import Reading

# fmt: off
IN_EVERY_LANGUAGE = frozenset({
    "array", "arrays", "boolean", "dict", "dictionary", "integer", "list", "lists", "map", "maps", "object", "objects",
    "set", "sets", "string", "strings", "struct", "tuple", "tuples", "vector", "vectors",
})
# fmt: on
"""Types that a general question is about as such: an `ImmutableList` in the workspace is not what is asked about."""

_NOT_ON_CODE: tuple[Intent, ...] = ("explain", "implement", "other")  # "how do I speed up parsing" is about one's own


def asks_generally(reading: Reading) -> int | None:
    """Return where what a prompt asks about begins, if anybody could ask it and nothing is definite; else None.

    So it is indefinite ("a list"), or asked for as one looks it up: what it is, or how one does it. There is no "the",
    no "our", and but for what something is, no "where" and no "why" in it.
    """
    prose, lexicon = reading.prose, reading.lexicon
    if lexicon is None or prose.code:
        return None

    def found(*tables: Phrases) -> list[Hit]:
        return [hit for table in tables for hit in table.find(prose.covered, prose.words)]

    def opening(table: Phrases) -> list[Hit]:
        return [
            hit for hit in found(table) if lexicon.typical.issuperset(word.text for word in prose.words[: hit.first])
        ]

    indefinite = found(lexicon.indefinite)
    wrong = reading.intent == "debug" and not indefinite  # "what is wrong with caching?"
    defined = [] if wrong else opening(lexicon.definitions)
    looked_up = defined or (opening(lexicon.how_to) if reading.intent in _NOT_ON_CODE else [])
    asks = reading.intent == "explain" or (reading.intent == "other" and prose.text.rstrip().endswith(("?", "？")))
    if not asks and not looked_up:
        return None
    set_phrases = found(lexicon.set_phrases)
    formal = {index for hit in (*set_phrases, *defined) for index in range(hit.first, hit.last)}
    definite = found(lexicon.articles, lexicon.possessives)
    if not defined:
        definite += found(lexicon.demonstratives, lexicon.here, lexicon.local)
    if any(hit.first not in formal for hit in definite):
        return None
    ends = [hit.end for hit in (*set_phrases, *indefinite)]
    return min(ends or [hit.end if lexicon.spaced else 0 for hit in looked_up], default=None)
