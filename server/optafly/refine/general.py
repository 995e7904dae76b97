"""Whether a question is one that anybody could ask, not only about their own code: "what is a list?"."""

from __future__ import annotations

from optafly.refine.phrases import Hit, Phrases
from optafly.refine.reading import Reading

# fmt: off
IN_EVERY_LANGUAGE = frozenset({
    "array", "arrays", "boolean", "dict", "dictionary", "integer", "list", "lists", "map", "maps", "object", "objects",
    "set", "sets", "string", "strings", "struct", "tuple", "tuples", "vector", "vectors",
})
# fmt: on
"""Types that a general question is about as such: an `ImmutableList` in the workspace is not what is asked about."""


def asks_generally(reading: Reading) -> int | None:
    """Return where what a prompt asks about begins, if that is indefinite and nothing is definite; else None.

    So there is no "the", no "our", no "where" and no "why" in it, and none is told in a language that has no articles.
    """
    prose, lexicon = reading.prose, reading.lexicon
    asks = reading.intent == "explain" or (reading.intent == "other" and prose.text.rstrip().endswith(("?", "？")))
    if lexicon is None or not asks or prose.code:
        return None

    def found(*tables: Phrases) -> list[Hit]:
        return [hit for table in tables for hit in table.find(prose.covered, prose.words)]

    set_phrases = found(lexicon.set_phrases)
    formal = {index for hit in set_phrases for index in range(hit.first, hit.last)}
    definite = found(lexicon.articles, lexicon.possessives, lexicon.demonstratives, lexicon.here, lexicon.local)
    if any(hit.first not in formal for hit in definite):
        return None
    return min((hit.end for hit in (*set_phrases, *found(lexicon.indefinite))), default=None)
