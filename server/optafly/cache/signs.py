"""Signs that are meant where others only end or part words: `replace ( with [`, `explain save!`, `else:`, `print(“x”)`.

What reads a prompt as words (`wording`, `reading`) leaves such signs out, or takes a sign of full width for the narrow
one. Here they are looked at as they were written. Where it cannot be told whether a sign is meant, it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from optafly.cache.lexicon import BEING, NAMED_KINDS, POINTING, POINTING_BACK
from optafly.cache.lexing import LONGEST, is_identifier
from optafly.cache.normalise import breaks_off
from optafly.cache.quotes import quotes_in_code
from optafly.cache.tongue import ENGLISH, SHARED
from optafly.cache.vocabulary import OPENERS, QUESTION_OPENERS

OTHER_SIGNS = "a sign that may be what is asked about is not the same"
_ENDS = ".?!…。？！"  # of a sentence
_DASHES = frozenset(("-", "–", "—", "*"))  # also in prose: between clauses, and in front of the lines of a list
_AROUND = "`\"'“”‘’«»「」『』"
_CHUNK = re.compile(r"\S+")
_WIDE = re.compile(r"[\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65、。]")
_BRACKETS = dict(zip("（［｛）］｝", "）］｝（［｛", strict=True))
_MARKED = re.compile(r"(?<![\w.])(\w[\w.]*)([?!]*)(?![\w(])")
_GOES_ON = re.compile(r"[^\S\n]+[^\sA-Z]")  # behind `?` and `!`: no sentence begins there
_ASKS = re.compile(rf"\b(?:{'|'.join(sorted(QUESTION_OPENERS))})\b", re.IGNORECASE)
# Behind one of these comes what a thing is called, not what it is.
_NAMING = (
    (OPENERS - QUESTION_OPENERS - {"this", "there", "if", "i", "it", "the"})
    | {"in", "of", "to", "with", "from", "and", "or", "vs", "than", "called", "named", "call", "calls", "does", "do"}
    | BEING
    | NAMED_KINDS
)
_OF_ENGLISH = ENGLISH | SHARED
_JOINED = (":", ".", "#", "@", "$")
_POINTING = POINTING | POINTING_BACK | {"that", "me", "us", "there", "now", "please", "again", "all", "everything"}
_PARTING = re.compile(r"(?<=[\w)\]}])(?:[:;](?=\s)|;(?=\Z))")
_JOINING = re.compile(r"(?<=[A-Za-z0-9_])[:(\[{](?=[A-Za-z0-9_\"'])")
_NEAR = 80  # characters beside a sign that are looked at
_IN_CODE = re.compile(
    r"""
    (?: \b(?:else|try|finally|default|public|private|protected)
      | \b(?:if|elif|while|except|case|def|lambda)\s+(?:\S+\s+){0,2}\S+
      | \bfor\s+\S+\s+in\s+\S+
      | (?<![\w'’])(?:[A-Za-z]|\d[\w.]*)
      | [\])}] )\Z
    """,
    re.VERBOSE,
)


class _Signs(NamedTuple):
    """Of one prompt: signs between spaces, those of full width in code, marks behind each word, what parts code, and
    typographic quotation marks in it.

    `widths` are the signs that occur in both widths. A mark that may only end a sentence is None.
    """

    alone: tuple[str, ...]
    wide: tuple[str, ...]
    widths: frozenset[str]
    marks: dict[str, tuple[str | None, ...]]
    parting: Counter[str]
    quotes: Counter[str]


def other_signs(before: str, after: str) -> str | None:
    """Return why the signs of two prompts forbid one answer for both, or None."""
    if before == after:
        return None
    old, new = _signs(before[:LONGEST]), _signs(after[:LONGEST])
    widths = old.widths | new.widths
    alike = (
        _same_alone(old.alone, new.alone)
        and old.wide == new.wide
        and (not widths or _either(before, widths) == _either(after, widths))
        and all(_same_marks(old.marks[word], new.marks[word]) for word in old.marks.keys() & new.marks.keys())
        and old.parting == new.parting
        and old.quotes == new.quotes
    )
    return None if alike else OTHER_SIGNS


@lru_cache(maxsize=128)
def _signs(prompt: str) -> _Signs:
    text = prompt.strip()
    body = text.rstrip(_ENDS + " ")
    wide = [match[0] for match in _WIDE.finditer(body)]
    return _Signs(
        alone=tuple(_alone(text)),
        wide=tuple(match[0] for match in _WIDE.finditer(body) if not _beside_script(text, match.start())),
        widths=frozenset(sign for sign in wide if (narrow := _narrow(sign)) != sign and narrow in body),
        marks=_marks(text),
        parting=_parting(text),
        quotes=quotes_in_code(text),
    )


def _alone(text: str) -> list[str]:
    found = [match[0].strip(_AROUND) or match[0] for match in _CHUNK.finditer(text)]
    if found and not (found[-1].strip(_ENDS) == "" and breaks_off(text.removesuffix(found[-1]))):
        found[-1] = found[-1].rstrip(_ENDS)
    return [chunk for chunk in found if chunk and not any(character.isalnum() for character in chunk)]


def _same_alone(old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    """Compare signs between spaces; a dash that only one has, or has more of, parts clauses as a colon does."""
    if Counter(old) == Counter(new):
        return old == new
    return [sign for sign in old if sign not in _DASHES] == [sign for sign in new if sign not in _DASHES]


def _beside_script(text: str, at: int) -> bool:
    """Return whether a sign of full width, or the bracket that belongs to it, stands beside what is written in it."""
    if _beside_letter(text, at):
        return True
    partner = _BRACKETS.get(text[at])
    if partner is None:
        return False
    near = (at, at + _NEAR) if text[at] in "（［｛" else (max(0, at - _NEAR), at)
    other = text.find(partner, *near) if text[at] in "（［｛" else text.rfind(partner, *near)
    return other >= 0 and _beside_letter(text, other)


def _beside_letter(text: str, at: int) -> bool:
    beside = text[max(0, at - 1) : at] + text[at + 1 : at + 2]
    return any(character.isalnum() and not character.isascii() for character in beside)


def _either(prompt: str, widths: frozenset[str]) -> list[str]:
    """Return the signs of a prompt that some prompt has in both widths, as they were written."""
    meant = widths | {_narrow(sign) for sign in widths}
    return [character for character in prompt[:LONGEST].rstrip(_ENDS + " \n") if character in meant]


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _marks(text: str) -> dict[str, tuple[str | None, ...]]:
    found: dict[str, tuple[str | None, ...]] = {}
    named = ("!",) if _ASKS.search(text) else ("!", "?")
    for match in _MARKED.finditer(text):
        ends = match[2] and not _GOES_ON.match(text, match.end())
        mark = None if ends and not (match[2] in named and _is_name(match, text)) else match[2]
        word = match[1].casefold()
        found[word] = (*found.get(word, ()), mark)
    return found


def _is_name(match: re.Match[str], text: str) -> bool:
    """Tell whether a word may have its mark as a part of its name: `explain save!`, not `fix this bug!`.

    Behind words that are none of English, as in `mejora save!`, there is no telling.
    """
    before = text[max(0, match.start() - _NEAR) : match.start()]
    if is_identifier(match[1]) or before[-1:] in _JOINED:
        return True
    words = before.casefold().split()
    naming = not _NAMING.isdisjoint(words[-1:]) or (words != [] and _OF_ENGLISH.isdisjoint(words))
    return naming and match[1].casefold() not in _POINTING


def _same_marks(old: tuple[str | None, ...], new: tuple[str | None, ...]) -> bool:
    if len(old) == len(new):
        return all(one == other or one is None or other is None for one, other in zip(old, new, strict=True))
    return None in old or None in new or set(old) - {""} == set(new) - {""}


def _parting(text: str) -> Counter[str]:
    """Return the colons and semicolons that are code, each with the word in front of it, and what joins two words."""
    found: Counter[str] = Counter(_JOINING.findall(_narrow(text)))
    for match in _PARTING.finditer(text):
        before = text[max(0, match.start() - _NEAR) : match.start()]
        if match.end() == len(text) or _IN_CODE.search(before):
            found[before.split()[-1] + match[0]] += 1
    return found
