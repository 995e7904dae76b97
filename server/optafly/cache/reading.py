"""A prompt as the verifier reads it: literals that must be equal, words that are weighed, and how each is bound."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from optafly.cache import lexicon, vocabulary
from optafly.cache.lexing import LONGEST, Lexeme, is_identifier, lex, negated

Kind = Literal["literal", "number", "name", "content", "frame", "function", "class"]

SLOTS = frozenset(("literal", "number", "name"))
NAMED = 2  # words before an `it` that may be what it stands for: a verb alone is not
LOOK_BACK = 4  # tokens between a word and what binds it

_QUESTIONS = tuple(
    (name, re.compile(rule, re.IGNORECASE))
    for name, rule in (
        ("count", r"\bhow (?:many|much|often)\b|\b(?:the|total) number of\b|^\W*count\b"),
        ("why", r"\bwhy\b|\breasons?\b|\bcauses?\b"),
        ("meaning", r"\bmeans?\b|\bstands? for\b|\bmeaning\b|\bdefin|\bdifference\b"),
        ("when", r"^\W*when\b|\bwhat (?:time|date|day|year)\b"),
        ("where", r"^\W*where\b|\bwhere is\b"),
        ("who", r"^\W*who(?:m|se)?\b|\bwho is\b"),
        ("whether", r"^\W*(?:is|are|was|were|do|does|did|has|have|should|must)\b"),
    )
)
_NUMBER = re.compile(r"([-−]?\d[\d.,]*)([a-z]+)?", re.IGNORECASE)


class Token(NamedTuple):
    """One part of a prompt: `key` is what is compared, `text` what a person wrote, `bound` the class that binds it."""

    kind: Kind
    key: str
    text: str
    bound: str = ""


class Reading(NamedTuple):
    """A prompt read: its tokens in order and what is counted of them. Keys of `classes` are like `compare:more`.

    `sequence` has what is neither frame nor function, each once, in order; `ordered` has the literals of that. `spelt`
    gives how a key was first written.
    """

    tokens: tuple[Token, ...]
    literals: dict[str, int]
    content: dict[str, int]
    frame: dict[str, int]
    function: dict[str, int]
    classes: dict[str, int]
    kept: dict[str, int]
    pairs: dict[str, int]
    bounds: dict[str, frozenset[str]]
    sequence: tuple[str, ...]
    ordered: tuple[str, ...]
    spelt: dict[str, str]
    question: str
    flat: str


@lru_cache(maxsize=256)
def read(prompt: str) -> Reading:
    """Return the reading of the first `LONGEST` characters of a prompt."""
    text = unicodedata.normalize("NFC", prompt[:LONGEST]).replace("’", "'")
    shouted = not any(character.islower() for character in text)
    found = [token for lexeme in lex(text) for token in _tokens(lexeme, shouted=shouted)]
    tokens = _bound(_opened(_placed(_joined(found))))
    kinds: dict[str, dict[str, int]] = {kind: {} for kind in ("literal", "content", "frame", "function", "class")}
    bounds: dict[str, set[str]] = {}
    for token in tokens:
        kind = "literal" if token.kind in SLOTS else token.kind
        kinds[kind][token.key] = kinds[kind].get(token.key, 0) + 1
        if kind in ("literal", "content"):
            bounds.setdefault(token.key, set()).add(token.bound)
    kept = [token.key for token in tokens if token.kind not in ("function", "frame")]
    return Reading(
        tokens=tuple(tokens),
        literals=kinds["literal"],
        content=kinds["content"],
        frame=kinds["frame"],
        function=kinds["function"],
        classes=kinds["class"],
        kept=_counted(kept),
        pairs=_counted(f"{a} {b}" for a, b in pairwise(kept)),
        bounds={key: frozenset(found) for key, found in bounds.items()},
        sequence=tuple(dict.fromkeys(kept)),
        ordered=tuple(dict.fromkeys(token.key for token in tokens if token.kind in SLOTS)),
        spelt={token.key: token.text for token in reversed(tokens)},
        question=next((name for name, rule in _QUESTIONS if rule.search(text)), ""),
        flat=" " + " ".join(token.text if token.kind == "content" else token.key for token in tokens) + " ",
    )


def _counted(keys: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    return counts


def points(reading: Reading) -> bool:
    """Return whether a prompt points at something outside itself: `fix this`, `why does it fail`.

    `it` and `them` point back where something was named before: `find the bug in f and fix it`.
    """
    named = 0
    for token in reading.tokens:
        word = token.text.casefold()
        if word in lexicon.POINTING or (word in lexicon.POINTING_BACK and named < NAMED):
            return True
        named += NAMED if token.kind in SLOTS else token.kind == "content"
    return False


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """Return what stands for the forms of an English word: a light stemmer, and one meaning of `lexicon.SAME`."""
    return _MEANING.get(word) or _MEANING.get(_stripped(word)) or _stripped(word)


def _stripped(word: str) -> str:
    if len(word) <= 3:
        return word
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("ss", "ss"),
                            ("us", "us"), ("is", "is"), ("s", "")):  # fmt: skip
        if word.endswith(ending):
            word = word.removesuffix(ending) + instead
            break
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            if len(word) >= 4 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


_MEANING: dict[str, str] = {}
for _meaning in lexicon.SAME:
    for _form in _meaning.split():
        _MEANING.setdefault(_form, "=" + _meaning.split()[0])
        _MEANING.setdefault(_stripped(_form), "=" + _meaning.split()[0])


_FOLDER = stem("folder")


def literal_key(text: str) -> str:
    """Return what is compared of a literal: no quotation marks around it, no slash behind a path, no double spaces."""
    inner = " ".join(text.strip().strip("\"'`“”‘’«»「」『』„").split())
    return inner.rstrip("/\\") or inner or text


def _tokens(lexeme: Lexeme, *, shouted: bool) -> list[Token]:
    text = lexeme.text
    match lexeme.kind:
        case "stop" | "mark" | "possessive":
            return []
        case "plain":
            return [each for part in text.split("/") for each in _word(part, shouted=shouted)]
        case "quoted" | "path" | "flag" | "glob" | "operator":
            return [Token("literal", literal_key(text), text)]
        case "number":
            return [Token("number", _number(text), text)]
        case "word":
            return _word(text, shouted=shouted)
        case _:
            negates = text in vocabulary.NEGATION_CHARACTERS
            return [Token("class", "negation", text) if negates else Token("content", text.casefold(), text)]


def _number(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").lstrip("+")
    found = _NUMBER.fullmatch(plain)
    if found is None or not found[2]:
        return plain
    unit = lexicon.UNITS.get(found[2].casefold())
    return f"{found[1]}{unit}" if unit else plain


def _word(text: str, *, shouted: bool) -> list[Token]:
    folded = text.casefold()
    if len(text) > 1 and text.isupper() and text.isascii() and not shouted:
        return [Token("name", text, text)]  # an abbreviation, also one that reads like a word: `AS`, `IT`
    if (stemmed := negated(folded)) is not None:
        return [Token("function", stemmed, text), Token("class", "negation", text)]
    if folded in lexicon.NUMBERS:
        return [Token("number", lexicon.NUMBERS[folded], text)]
    if is_identifier(text):
        return [Token("literal", literal_key(text.removesuffix("()")), text)]
    for name, table in (("compare", lexicon.COMPARE), ("sequence", lexicon.SEQUENCE),
                        ("superlative", lexicon.SUPERLATIVE), ("quantity", lexicon.QUANTITY)):  # fmt: skip
        if folded in table:
            return [Token("class", f"{name}:{table[folded]}", text)]
    if folded in lexicon.NEGATION or folded in vocabulary.NEGATIONS:
        return [Token("class", "negation", text)]
    if folded in lexicon.ALTERNATIVE:
        return [Token("class", "alternative", text)]
    if folded in lexicon.TIMES and not (folded in ("may", "march", "fall") and text.islower()):
        return [Token("name", folded, text)]
    if folded in lexicon.FUNCTION:
        return [Token("function", folded, text)]
    if folded in lexicon.FRAME:
        return [Token("frame", folded, text)]
    return [Token("content", stem(folded), text)]


def _opened(tokens: list[Token]) -> list[Token]:
    """Let words frame a request at its beginning only: in `print the changed names`, not in `change and print`.

    `named` and `called` say nothing in front of what they name.
    """
    found: list[Token] = []
    opening = True
    for at, token in enumerate(tokens):
        opening = opening and token.kind in ("frame", "function")
        opening = opening and not (token.kind == "frame" and at and tokens[at - 1].key in lexicon.ARTICLES)
        if token.kind == "frame" and not opening:
            token = token._replace(kind="content", key=stem(token.key))
        elif token.text.casefold() in ("named", "called") and _literal(tokens[at + 1 : at + 2]):
            token = token._replace(kind="function")
        found.append(token)
    return found


def _literal(tokens: list[Token]) -> bool:
    return any(token.kind in ("literal", "number", "name") for token in tokens)


def _joined(tokens: list[Token]) -> list[Token]:
    """Put a number and the unit behind it together, so that `1 MB` is `1MB` and `24 hours` is not `24 days`."""
    found: list[Token] = []
    for token in tokens:
        unit = lexicon.UNITS.get(token.text.casefold())
        if unit and found and found[-1].kind == "number" and found[-1].key[-1].isdigit():
            found[-1] = Token("number", found[-1].key + unit, f"{found[-1].text} {token.text}")
        else:
            found.append(token)
    return found


def _placed(tokens: list[Token]) -> list[Token]:
    """Let `under` and its like in front of a folder be the small words that they are there: nothing is compared."""
    return [
        token._replace(kind="function", key=token.text.casefold())
        if token.text.casefold() in lexicon.PLACING and _place(tokens[at + 1 : at + 1 + LOOK_BACK])
        else token
        for at, token in enumerate(tokens)
    ]


def _place(tokens: list[Token]) -> bool:
    """Return whether a folder or a path is named here before any number is."""
    for token in tokens:
        if token.kind in SLOTS:
            return token.kind == "literal" and ("/" in token.text or token.text[0] in "~$.")
        if token.key == _FOLDER:
            return True
    return False


def _bound(tokens: list[Token]) -> list[Token]:
    found: list[Token] = []
    for at, token in enumerate(tokens):
        before = reversed(tokens[max(0, at - LOOK_BACK) : at])
        bound = next((lexicon.BINDING[t.text.casefold()] for t in before if t.text.casefold() in lexicon.BINDING), "")
        found.append(token._replace(bound=bound))
    return found
