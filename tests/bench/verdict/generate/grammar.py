"""The little language in which wordings are written, and how one wording is made of it.

    [a|b|]          one of these; an empty one leaves it out
    {a & b & c}     all of these, in any order
    <slot>          a value that carries meaning; `<slot.form>` in another grammatical form; `<x:slot>` a second one;
                    `<slot!>` never left out
    $macro          one of several wordings that carry no meaning of their own

Every choice is a hash of the seed and of the place where it is made, so that one seed words two meanings alike: that is
how traps come about that differ in nothing but what matters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from itertools import permutations
from typing import TypeVar

T = TypeVar("T")

NONE = "-"  # the value of a restriction that is not made
OPEN, CLOSE = "\ue000", "\ue001"  # around literals, which no later change of wording may touch

_TOKEN = re.compile(r"\[|\]|\{|\}|\||&|<[\w:.!]+>|\$\w+|[^\[\]{}|&<$]+|.")


class Choices:
    """Choices that depend on the seed and on the name of the place only."""

    def __init__(self, seed: str) -> None:
        self._seed = seed

    def number(self, place: str) -> float:
        """Return a number in [0, 1) for this place."""
        return int.from_bytes(blake2b(f"{self._seed}/{place}".encode(), digest_size=6).digest(), "big") / 2**48

    def pick(self, place: str, options: Sequence[T]) -> T:
        """Return one of the options."""
        return options[int(self.number(place) * len(options))]

    def chance(self, place: str, probability: float) -> bool:
        """Return whether something happens at this place that happens so often."""
        return self.number(place) < probability


@dataclass(frozen=True)
class Ref:
    """A slot in a wording: its name, its lexicon and the grammatical form asked for."""

    name: str
    lexicon: str
    form: str


@dataclass(frozen=True)
class Macro:
    """A wording without meaning, by name."""

    name: str


@dataclass(frozen=True)
class Either:
    """One of several."""

    options: tuple[Sequence_, ...]


@dataclass(frozen=True)
class AnyOrder:
    """All of several, in any order."""

    items: tuple[Sequence_, ...]


Node = str | Ref | Macro | Either | AnyOrder
Sequence_ = tuple[Node, ...]


@dataclass
class Lexicon:
    """The values of a slot, each with its wordings by grammatical form ("" is the plain one)."""

    name: str
    kind: str  # how two prompts differ that have different values
    literal: bool = False
    optional: float = 0.0  # how often the slot is left empty
    values: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict[str, dict[str, tuple[str, ...]]])

    def wordings(self, value: str, form: str) -> tuple[str, ...]:
        """Return the wordings of a value in a form, or in the plain form where it has no such one."""
        forms = self.values[value]
        return forms.get(form) or forms[""]


@cache
def parse(text: str) -> Sequence_:
    """Read a wording; raises ValueError where a bracket is left open."""
    tokens = _TOKEN.findall(text)
    node, at = _sequence(tokens, 0, "")
    if at != len(tokens):
        raise ValueError(f"{text!r} has a closing bracket that nothing opened")
    return node


def _sequence(tokens: list[str], at: int, end: str) -> tuple[Sequence_, int]:
    found: list[Node] = []
    while at < len(tokens):
        token = tokens[at]
        if token in ("]", "}") or (token in ("|", "&") and end):
            break
        if token == "[":
            options, at = _several(tokens, at + 1, "|", "]")
            found.append(Either(options))
        elif token == "{":
            items, at = _several(tokens, at + 1, "&", "}")
            found.append(AnyOrder(items))
        else:
            found.append(_leaf(token))
            at += 1
    return tuple(found), at


def _several(tokens: list[str], at: int, separator: str, end: str) -> tuple[tuple[Sequence_, ...], int]:
    found: list[Sequence_] = []
    while True:
        node, at = _sequence(tokens, at, end)
        found.append(node)
        if at >= len(tokens) or tokens[at] not in (separator, end):
            raise ValueError(f"{''.join(tokens)!r} lacks {end!r}")
        at += 1
        if tokens[at - 1] == end:
            return tuple(found), at


def _leaf(token: str) -> Node:
    if token.startswith("<") and len(token) > 1:
        name, _, form = token[1:-1].partition(".")
        name, _, lexicon = name.partition(":")
        return Ref(name.rstrip("!"), lexicon or name, form)
    if token.startswith("$") and len(token) > 1:
        return Macro(token[1:])
    return token


def refs(node: Sequence_) -> list[Ref]:
    """Return the slots that a wording names, in order."""
    found: list[Ref] = []
    for part in node:
        match part:
            case Ref():
                found.append(part)
            case Either():
                found += [ref for option in part.options for ref in refs(option)]
            case AnyOrder():
                found += [ref for item in part.items for ref in refs(item)]
            case _:
                pass
    return found


@dataclass(frozen=True)
class Speaker:
    """Words a meaning: the lexicons and macros it knows, the values to say, and the choices to take."""

    lexicons: Mapping[str, Lexicon]
    macros: Mapping[str, tuple[str, ...]]
    values: Mapping[str, str]
    choices: Choices

    def say(self, node: Sequence_, place: str) -> str:
        """Return the wording, with literals between `OPEN` and `CLOSE`."""
        return "".join(self._part(part, f"{place}.{at}") for at, part in enumerate(node))

    def _part(self, part: Node, place: str) -> str:
        match part:
            case str():
                return part
            case Macro():
                wording = self.choices.pick(f"{place}${part.name}", self.macros[part.name])
                return self.say(parse(wording), f"{place}${part.name}")
            case Either():
                at = int(self.choices.number(place) * len(part.options))
                return self.say(part.options[at], f"{place}|{at}")
            case AnyOrder():
                order = self.choices.pick(place, tuple(permutations(range(len(part.items)))))
                said = [self.say(part.items[at], f"{place}&{at}").strip() for at in order]
                return " ".join(text for text in said if text)
            case Ref():
                return self._slot(part, place)

    def _slot(self, ref: Ref, place: str) -> str:
        value = self.values[ref.name]
        if value == NONE:
            return ""
        lexicon = self.lexicons[ref.lexicon]
        wording = self.choices.pick(f"{place}<{ref.name}", lexicon.wordings(value, ref.form))
        said = self.say(parse(wording), f"{place}<{ref.name}")
        return f"{OPEN}{said}{CLOSE}" if lexicon.literal else said
