"""The shape of what we know about one language: words to recognise and sentences to write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NotRequired, TypedDict, Unpack

import msgspec

from optafly.domain import Intent
from optafly.refine.phrases import Phrases

# What a noun after "this" stands for: code (function), a part of it (loop), a whole file, a class, one line, something
# that is wrong, or the whole project, which is no place at all.
Thing = Literal["code", "part", "file", "class", "line", "trouble", "project"]


class Goal(msgspec.Struct, frozen=True):
    """One sentence of ours, and the words by which a person has said the same already."""

    text: str
    said: Phrases


class Wording(msgspec.Struct, frozen=True):
    """How a place is written: `{}` are line numbers. `inside` goes before a place that only holds what is meant.

    `framework` is the sentence that names the test framework in use. `stop` goes between two sentences.
    """

    line: str
    lines: str
    framework: str
    inside: str = ""
    opening: str = " ("
    closing: str = ")"
    comma: str = ", "
    stop: str = " "


class Questions(msgspec.Struct, frozen=True):
    """What to ask when a prompt is too vague: what is broken, or which code is meant; `{}` are the candidates."""

    broken: str
    which: str
    candidates: str


class Lexicon(msgspec.Struct, frozen=True, eq=False):
    """One language as data; the module `languages` says what each field holds."""

    code: str
    spaced: bool
    verb_last: bool
    function_words: Phrases
    demonstratives: Phrases
    articles: Phrases
    possessives: Phrases
    of: Phrases
    adjectives: Phrases
    pronouns: Phrases
    subjects: Phrases
    methods: Phrases
    types: Phrases
    interfaces: Phrases
    behaves: Phrases
    should_behave: Phrases
    here: Phrases
    things: Mapping[Thing, Phrases]
    intents: Mapping[Intent, Phrases]
    ask: Phrases
    whether: Phrases
    requests: Phrases
    indefinite: Phrases
    set_phrases: Phrases
    local: Phrases
    small: Phrases
    make: Phrases
    test_things: Phrases
    document_things: Phrases
    all_documents: Phrases
    filler: Phrases
    expectation: Phrases
    goals: Mapping[Intent, tuple[Goal, ...]]
    wording: Wording
    questions: Questions
    typical: frozenset[str]  # words that tell the language
    known: Phrases  # everything that a prompt can be made of without naming anything of its own


class Tables(TypedDict):
    """The words of a language as text: phrases in small letters separated by `|`, `*` for any ending of a word."""

    function_words: str
    demonstratives: str
    pronouns: str
    here: str
    ask: str
    requests: str
    make: str
    test_things: str
    document_things: str
    filler: str
    expectation: str
    articles: NotRequired[str]
    possessives: NotRequired[str]
    subjects: NotRequired[str]
    whether: NotRequired[str]
    methods: NotRequired[str]
    types: NotRequired[str]
    interfaces: NotRequired[str]
    behaves: NotRequired[str]
    should_behave: NotRequired[str]
    of: NotRequired[str]
    adjectives: NotRequired[str]
    all_documents: NotRequired[str]
    indefinite: NotRequired[str]
    set_phrases: NotRequired[str]
    local: NotRequired[str]
    small: NotRequired[str]


# What tells the language, and what a prompt can be made of without naming anything of its own.
_TYPICAL = ("function_words", "demonstratives", "articles", "pronouns", "here", "filler")
_KNOWN = (
    *_TYPICAL,
    "small",
    "adjectives",
    "ask",
    "set_phrases",
    "all_documents",
    "make",
    "test_things",
    "document_things",
)


def define(
    code: str,
    *,
    things: Mapping[Thing, str],
    intents: Mapping[Intent, str],
    goals: Mapping[Intent, tuple[tuple[str, str], ...]],
    wording: Wording,
    questions: Questions,
    spaced: bool = True,
    verb_last: bool = False,
    **tables: Unpack[Tables],
) -> Lexicon:
    """Make a Lexicon from plain text."""

    def phrases(*texts: str) -> Phrases:
        return Phrases("|".join(text for text in texts if text), spaced=spaced)

    texts = {name: str(tables.get(name, "")) for name in Tables.__annotations__}
    typical = "|".join(texts[name] for name in _TYPICAL)
    return Lexicon(
        code=code,
        spaced=spaced,
        verb_last=verb_last,
        things={thing: phrases(text) for thing, text in things.items()},
        intents={intent: phrases(text) for intent, text in intents.items()},
        goals={intent: tuple(Goal(text, phrases(said)) for text, said in each) for intent, each in goals.items()},
        wording=wording,
        questions=questions,
        typical=frozenset(word for phrase in typical.split("|") for word in phrase.split()),
        known=phrases(*(texts[name] for name in _KNOWN), *things.values(), *intents.values()),
        **{name: phrases(text) for name, text in texts.items()},
    )
