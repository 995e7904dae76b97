"""A prompt word for word: the parts that must be the same before nothing is left to weigh between two prompts.

Nothing is dropped but what can be said to carry no meaning: spaces, punctuation behind a word, words that point in
front of one, and the polite frame around a request (`vocabulary`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from optafly.cache import vocabulary
from optafly.cache.lexing import LONGEST, Lexeme, is_identifier, lex, negated, pauses
from optafly.cache.normalise import normalise

Kind = Literal["quoted", "path", "flag", "number", "identifier", "word", "symbol"]
Words = tuple[tuple[Kind, str], ...]

_SIGNS = frozenset(("operator", "mark", "stop", "dash", "possessive", "other"))
_LONE_SIGN = re.compile(r"\s[.?!]\Z")
_CAPITALS = re.compile(r"[A-Z]{2}")
_FRAMES = tuple((re.compile(rule.replace(" ", r"\s+"), re.IGNORECASE), to) for rule, to in vocabulary.FRAMES)
_ENDINGS = re.compile(vocabulary.ENDINGS, re.IGNORECASE)
_SAME_WORD = {word: group[0] for group in vocabulary.SAME_WORD for word in group}
_SAME_REQUEST = {word: group[0] for group in vocabulary.SAME_REQUEST for word in group}
_PROGRESSIVE = frozenset(("why", "what", "when", "where", "how"))


class Part(NamedTuple):
    """One part of a prompt: `key` is what is compared, `text` what a person wrote."""

    kind: Kind
    key: str
    text: str


@lru_cache(maxsize=128)
def parts(prompt: str) -> tuple[Part, ...]:
    """Return the meaning parts of `prompt` in order; of a prompt above `LONGEST` characters only the first ones."""
    lexemes = _lexemes(prompt)
    return _kept([part for at, lexeme in enumerate(lexemes) for part in _parts(lexeme, parted=pauses(lexemes, at) > 0)])


def _lexemes(prompt: str) -> list[Lexeme]:
    """Return the lexemes of a prompt; beside Chinese or Japanese a sign of full width is no other than the narrow one.

    Elsewhere it is what is asked about: `why is a＜b a syntax error`.
    """
    found = lex(_unframed(normalise(prompt[:LONGEST])))
    if not any(each.kind == "cjk" for each in found):
        return found
    return [
        each._replace(text=unicodedata.normalize("NFKC", each.text)) if each.kind in _SIGNS else each for each in found
    ]


def _kept(found: list[Part]) -> tuple[Part, ...]:
    kept = [part for at, part in enumerate(found) if not _only_points(part, found[at + 1 : at + 2])]
    if kept and kept[0].kind == "word":
        kept[0] = kept[0]._replace(key=_SAME_REQUEST.get(kept[0].key, kept[0].key))
    return tuple(kept)


def readings(found: tuple[Part, ...]) -> frozenset[Words]:
    """Return the ways in which parts may be read: as they are, and `why is it failing` as `why does it fail`."""
    plain: Words = tuple((part.kind, part.key) for part in found)
    return frozenset((plain, *_without_progressive(plain)))


def same_words(before: str, after: str) -> bool:
    """Return whether two prompts have the same words in the same order, each as it was written, and the same marks.

    Only the marks at their ends may differ: in no language is it known which of the others turn the meaning round.
    """
    return _marked(before) == _marked(after)


def _marked(prompt: str) -> list[tuple[str, str]]:
    lexemes = _lexemes(prompt)
    while lexemes and lexemes[-1].kind in ("stop", "line"):
        lexemes.pop()
    return [_written(part) for part in _kept([part for each in lexemes for part in _parts(each, parted=True)])]


def _written(part: Part) -> tuple[str, str]:
    return part.kind, part.text if part.kind in ("word", "identifier", "symbol") else part.key


def _unframed(prompt: str) -> str:
    text = prompt
    for rule, to in _FRAMES:
        if match := rule.match(text):
            text = match.expand(to) + text[match.end() :]
    text = _ENDINGS.sub("", text)
    return prompt if _LONE_SIGN.search(text) else text  # `what does the ? do`: at the end it would say nothing


def _parts(lexeme: Lexeme, *, parted: bool) -> list[Part]:
    text = lexeme.text
    match lexeme.kind:
        case "stop" | "line":
            return [Part("symbol", ",", text)] if parted else []
        case "number":
            return [Part("number", unicodedata.normalize("NFKC", text).replace("−", "-"), text)]
        case "cjk":
            return [Part("word", text, text)]
        case "word":
            return _words(text)
        case "quoted" | "path" | "flag" as kind:
            return [Part(kind, text, text)]
        case "plain":
            return [Part("path", text, text)]
        case _:
            return [Part("symbol", text, text)]


def _words(text: str) -> list[Part]:
    plain = text.replace("’", "'")
    folded = plain.casefold()
    if (stem := negated(folded)) is not None:
        return [Part("word", _SAME_WORD.get(stem, stem), text), Part("word", "not", text)]
    if is_identifier(plain) or _CAPITALS.search(plain):
        return [Part("identifier", plain, text)]
    known = folded in vocabulary.POINTERS or folded in vocabulary.NEGATIONS
    key = folded if known else plain
    return [Part("word", _SAME_WORD.get(key, key), text)]


def _only_points(part: Part, following: list[Part]) -> bool:
    return (
        part.kind == "word"
        and part.key in vocabulary.POINTERS
        and bool(following)
        and following[0].kind in ("word", "identifier", "quoted", "path")
        and following[0].key.casefold() not in vocabulary.AFTER_A_NAME
    )


def _without_progressive(plain: Words) -> list[Words]:
    """Return `why do … fail` for `why is … failing`: both ask for the same cause."""
    words = [key for _, key in plain]
    if len(words) < 3 or words[0] not in _PROGRESSIVE or words[1] not in ("is", "are"):
        return []
    at = next((n for n, (kind, key) in enumerate(plain) if n > 1 and kind == "word" and key.endswith("ing")), 0)
    stem = words[at].removesuffix("ing")
    if not at or len(stem) < 3:
        return []
    stems = {stem, stem + "e", stem[:-1] if stem[-1] == stem[-2] else stem}
    return [(plain[0], ("word", "do"), *plain[2:at], ("word", each), *plain[at + 1 :]) for each in sorted(stems)]
