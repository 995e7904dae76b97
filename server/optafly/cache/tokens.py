"""A prompt's lexemes as the verifier knows them: literals, numbers, words by their stem, and classes of words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from optafly.cache import lexicon, vocabulary
from optafly.cache.lexing import Lexeme, is_identifier, lex, negated, pauses

Kind = Literal["literal", "number", "name", "content", "frame", "function", "class"]

SLOTS = frozenset(("literal", "number", "name"))

_NUMBER = re.compile(r"([-−]?\d[\d.,]*)([a-z]+)?", re.IGNORECASE)


class Token(NamedTuple):
    """One part of a prompt: `key` is what is compared, `text` what a person wrote, `bound` the class that binds it."""

    kind: Kind
    key: str
    text: str
    bound: str = ""


def tokens(text: str) -> list[Token]:
    """Return the tokens of `text` in order; what carries no meaning has none."""
    lexemes = lex(text)
    words = [each.text for each in lexemes if each.kind == "word" and each.text.isalpha()]
    # Where all is in capitals, or every word has one, capitals name nothing.
    shouted = not any(character.islower() for character in text)
    titled = 2 * sum(word[0].isupper() for word in words) > len(words) > 1
    found: list[Token] = []
    before = Lexeme("stop", ".")
    for at, lexeme in enumerate(lexemes):
        if lexeme.kind == "word" and before.text == "'" and lexeme.text in lexicon.CLITICS:
            found.append(Token("function", lexeme.text, lexeme.text))
        elif behind := pauses(lexemes, at):
            found.append(Token("class", "pause" if behind == 1 else "pause:later", lexeme.text))
        else:
            begins = before.kind in ("stop", "mark", "dash") and before.text != ","
            found += _tokens(lexeme, shouted, titled, begins)
        if lexeme.kind != "line":
            before = lexeme
    return found


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """Return what stands for the forms of an English word: a light stemmer, and one meaning of `lexicon.SAME`."""
    return _MEANING.get(word) or _MEANING.get(stripped(word)) or stripped(word)


def stripped(word: str) -> str:
    """Return what the forms of a word have in common, whatever it means, in either spelling of `-ise`."""
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
    word = word[:-1] if word.endswith("e") and len(word) > 3 else word
    return f"{word[:-1]}z" if word.endswith(("is", "ys")) and len(word) > 5 else word.replace("isation", "ization")


_MEANING: dict[str, str] = {}
for _meaning in (*lexicon.SAME, *lexicon.SPELLINGS):
    for _form in _meaning.split():
        _MEANING.setdefault(_form, "=" + _meaning.split()[0])
        _MEANING.setdefault(stripped(_form), "=" + _meaning.split()[0])


def literal_key(text: str) -> str:
    """Return what is compared of a literal: no quotation marks around it, no slash behind a path, no double spaces."""
    inner = " ".join(text.strip().strip("\"'`“”‘’«»「」『』„").split())
    return inner.rstrip("/\\") or inner or text


def _tokens(lexeme: Lexeme, shouted: bool, titled: bool, begins: bool) -> Sequence[Token]:
    text = lexeme.text
    match lexeme.kind:
        case "word":
            return _word(text, shouted, titled, begins)
        case "stop" | "line" | "dash" | "mark" | "possessive":
            return ()
        case "plain":
            return [each for part in text.split("/") for each in _word(part, shouted, titled, begins)]
        case "quoted" | "path" | "flag" | "glob" | "operator":
            return [Token("literal", literal_key(text), text)]
        case "number":
            return [Token("number", _number(text), text)]
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


@lru_cache(maxsize=8192)
def _word(text: str, shouted: bool, titled: bool, begins: bool) -> tuple[Token, ...]:
    """Return the tokens of a word; `begins` says that it opens a sentence, where its capital means nothing."""
    folded = text.casefold()
    if folded in lexicon.PROPER:
        return (Token("name", folded, text),)
    if _is_letter(text, begins=begins):
        return (Token("name", text, text),)
    if len(text) > 1 and text.isupper() and text.isascii() and not shouted:
        return (Token("name", text, text),)  # an abbreviation, also one that reads like a word: `AS`, `IT`
    if (stemmed := negated(folded)) is not None:
        return Token("function", stemmed, text), Token("class", "negation", text)
    if folded.endswith("'s") and folded not in lexicon.FUNCTION:
        return _word(text[:-2], shouted, titled, begins)
    if folded in lexicon.COMPOUNDS:
        return tuple(Token("content", stem(part), part) for part in lexicon.COMPOUNDS[folded])
    return (_plain(text, folded, names=not begins and not titled),)


def _is_letter(text: str, *, begins: bool) -> bool:
    """Return whether a word is one letter that names something; `phrases` tells where `a` and `i` do."""
    return len(text) == 1 and text.isascii() and text.isalpha() and (text not in "AaIi" or (text == "A" and not begins))


def _plain(text: str, folded: str, *, names: bool) -> Token:
    if folded in lexicon.NUMBERS:
        return Token("number", lexicon.NUMBERS[folded], text)
    if is_identifier(text):
        return Token("literal", literal_key(text.removesuffix("()")), text)
    for name, table in (("compare", lexicon.COMPARE), ("sequence", lexicon.SEQUENCE),
                        ("superlative", lexicon.SUPERLATIVE), ("quantity", lexicon.QUANTITY)):  # fmt: skip
        if folded in table:
            return Token("class", f"{name}:{table[folded]}", text)
    if folded in lexicon.NEGATION or folded in vocabulary.NEGATIONS:
        return Token("class", "negation", text)
    if folded in lexicon.ALTERNATIVE:
        return Token("class", "alternative", text)
    if folded in lexicon.TIMES and not (folded in ("may", "march", "fall") and text.islower()):
        return Token("name", folded, text)
    if folded in lexicon.FUNCTION:
        return Token("function", folded, text)
    if folded in lexicon.FRAME or folded in lexicon.THIRD_PERSON:
        return Token("frame", lexicon.THIRD_PERSON.get(folded, folded), text)
    if names and text[0].isupper() and folded not in vocabulary.OPENERS:
        return Token("name", text, text)
    return Token("content", stem(folded), text)
