"""How far a prompt reaches: into the workspace, perhaps into it, or to nothing that the workspace knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Literal

import msgspec

from optafly.domain import Intent, Piece, Snapshot
from optafly.mentions import mentions
from optafly.refine.general import asks_generally
from optafly.refine.phrases import Word
from optafly.refine.reading import Reading, is_elsewhere, read_prompt
from optafly.refine.sought import Sought, sought
from optafly.scripts import apart

Reach = Literal["workspace", "named", "general", "outside", "nowhere"]

_ON_EXISTING_CODE = frozenset({"debug", "refactor", "test", "document", "optimise", "review"})
_NAMED_AFTER: tuple[Intent, ...] = ("implement", "optimise")  # what code does, and is called by
# A prompt that names its language is about that: who asks about their own code seldom says what it is written in.
# fmt: off
_LANGUAGES = frozenset({
    "python", "javascript", "typescript", "rust", "golang", "java", "kotlin", "swift", "scala", "haskell", "ruby",
    "php", "perl", "lua", "elixir", "erlang", "clojure", "fortran", "cobol", "julia", "matlab", "ocaml", "zig", "dart",
})
# fmt: on
# What "this hook" means on the screen, and what a workspace may have a file for: beside other words, one of them.
_KINDS = frozenset(
    {
        "handler",
        "handlers",
        "hook",
        "hooks",
        "component",
        "components",
        "endpoint",
        "endpoints",
        "route",
        "routes",
    }
)  # fmt: skip
# Where a stack trace or a compiler says that something happened.
_PLACE = re.compile(r"""File "([^"\n]{1,1000})", line \d|(?<![\w./\\@~+-])([\w./\\@~+-]+\.[A-Za-z]{1,5})[:(]\d""")
_MOST_PLACES = 50


class Scope(msgspec.Struct, frozen=True):
    """`named`: it is about the workspace only if that has something by one of its own `words`.

    Each word comes with what code calls it behind it, where it is in another language than code is written in.

    `outside`: it names a tool or a language, so one word alone says nothing; `general`: it asks what anybody could, so
    that only a whole name says something. `vague`: its words do not say where to look, so that the open file must; the
    files that it mentions go along in any case. `said` is what is searched for (see `sought`), "" for the prompt.
    """

    reach: Reach
    words: tuple[tuple[str, ...], ...] = ()
    vague: bool = False
    said: str = ""


def scope_of(snapshot: Snapshot, pieces: tuple[Piece, ...]) -> Scope:
    """Say whether code from the workspace may help with a prompt. Costs no more than reading it."""
    reading = read_prompt(snapshot, pieces)
    asked = sought(reading.prose, reading.tongue)
    scope = _scope(reading, asked)
    said = (asked if scope.reach == "workspace" else asked.of_code).text
    return scope if said == snapshot.prompt else msgspec.structs.replace(scope, said=said)


def _scope(reading: Reading, asked: Sought) -> Scope:
    prompt = reading.snapshot.prompt
    nothing = {at for each in mentions(prompt) if each.kind == "file" for at in range(each.start, each.end)}
    nothing.update(hit.start for hit in asked.silent)
    own = tuple(word for word in reading.own if word.start not in nothing)
    kinds = tuple(word for word in reading.prose.words if own and word.text in _KINDS)
    vague = msgspec.structs.replace(reading, own=own).vague
    words = _with_names((*own, *kinds), asked.of_code)
    here = Scope("workspace", _with_names((*own, *kinds), asked), vague)
    if reading.about_screen or reading.names_code:
        return here
    if reading.documents is not None:
        return Scope("named", (*words, (reading.documents.text,)), vague)
    if vague and reading.lexicon is None and asked.silent:
        return here  # "popraw ten błąd": no more than "fix this bug", as far as we know
    outside = is_elsewhere(reading.prose)
    if reading.intent in _ON_EXISTING_CODE and not reading.prose.code and not outside:
        return here
    if places := tuple(dict.fromkeys(_places(prompt))):
        return Scope("named", (*words, *((place,) for place in places)))
    outside = outside or any(word.text in _LANGUAGES for word in reading.prose.words)
    if outside:
        return Scope("outside" if words else "nowhere", words, vague)
    if (since := asks_generally(reading)) is not None:
        words = tuple((word.text,) for word in own if word.start >= since)
        return Scope("general" if words else "nowhere", words, vague)
    if own and _asks_beside_the_code(reading, own):
        return msgspec.structs.replace(here, vague=True)
    return Scope("named", (*words, *_work(reading)), vague) if words else Scope("nowhere", words, vague)


def _work(reading: Reading) -> Iterator[tuple[str, ...]]:
    """Return the words for work that a question may mean code by: the "todo" of "where are todo files written?"."""
    prose, lexicon = reading.prose, reading.lexicon
    tables = () if lexicon is None or not lexicon.spaced else (lexicon.intents[each] for each in _NAMED_AFTER)
    for hit in (hit for table in tables for hit in table.find(prose.covered, prose.words)):
        yield from ((word.text,) for word in prose.words[hit.first : hit.last])


def _asks_beside_the_code(reading: Reading, own: tuple[Word, ...]) -> bool:
    """Say whether a prompt asks "why" or "where" in words that no code can hold, in a script of its own, at a cursor.

    Nobody can tell then what it names; what stands at the cursor is the likeliest.
    """
    lexicon, prose = reading.lexicon, reading.prose
    if lexicon is None or lexicon.spaced or reading.screen.around is None or prose.code:
        return False
    return not any(word.text.isascii() for word in own) and lexicon.local.first(prose.covered, prose.words) is not None


def _with_names(words: tuple[Word, ...], asked: Sought) -> tuple[tuple[str, ...], ...]:
    """Return each word, with what code calls it behind it; the words of one phrase ("mot de passe") are together."""
    holding = {at: word for word in words for at in range(word.start, word.end)}
    named: list[tuple[str, ...]] = []
    known: set[Word] = set()
    for hit, names in asked.concepts:
        held = dict.fromkeys(holding[at] for at in range(hit.start, hit.end) if at in holding)
        if hit.start in holding:
            named.append((*dict.fromkeys(word.text for word in held), *names.split()))
            known.update(held)
    return (*((word.text,) for word in words if word not in known), *named)


def _places(prompt: str) -> Iterator[str]:
    """Return the names of the files in which a stack trace says that something happened, without their endings."""
    for _, match in zip(range(_MOST_PLACES), _PLACE.finditer(apart(prompt)), strict=False):
        path = (match[1] or match[2]).replace("\\", "/")
        yield PurePosixPath(path).stem
