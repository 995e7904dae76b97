"""Read the grammar files: blocks of slots and intents, each intent a meaning that can be said in several ways.

:domain shell                     what follows belongs to it
:macro show                       wordings without meaning, one a line; of every block that follows
:block files                      slots and intents that belong together; `abstract` where only others use it
:slot age restriction 0.6         a slot, the kind of trap another value makes, how often it is left empty
1d = 1 day | 24 hours ;; past = a day ago
:slot branch entity literal       its wordings are never changed by typing errors or case
:use queries                      the slots and intents of another block too
:intent find                      wordings of one meaning, one a line
:near count aggregate             another intent of the block, the same slots: a trap of this kind
:swap from to direction           two slots whose exchange is a trap
:same a b                         two slots whose exchange means the same
:weight 2                         how often the intent is taken, beside 1
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from bench.verdict.generate.grammar import Lexicon, Sequence_, parse, refs

GRAMMARS = Path(__file__).parent / "grammars"


@dataclass
class Intent:
    """What can be asked for, with its wordings and what looks like it."""

    name: str
    wordings: list[str] = field(default_factory=list[str])
    near: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    swaps: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    same: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    weight: float = 1.0

    @cached_property
    def parsed(self) -> list[Sequence_]:
        """Return the wordings, read."""
        return [parse(wording) for wording in self.wordings]

    @cached_property
    def slots(self) -> dict[str, str]:
        """Return the lexicon of each slot that every meaning of the intent has."""
        return {ref.name: ref.lexicon for node in self.parsed for ref in refs(node)}


@dataclass
class Block:
    """Slots and intents that belong together."""

    name: str
    domain: str
    abstract: bool = False
    lexicons: dict[str, Lexicon] = field(default_factory=dict[str, Lexicon])
    intents: dict[str, Intent] = field(default_factory=dict[str, Intent])
    macros: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])


class _Reader:
    """Builds blocks line by line."""

    def __init__(self, shared: dict[str, Lexicon]) -> None:
        self.blocks: dict[str, Block] = {}
        self._macros: dict[str, list[str]] = {}
        self._shared = shared
        self._domain = ""
        self._block: Block | None = None
        self._lexicon: Lexicon | None = None
        self._intent: Intent | None = None
        self._macro: list[str] | None = None

    def read(self, path: Path) -> None:
        """Read one file; an error names the line."""
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            text = line.strip()
            if not text or text.startswith("#"):
                continue
            try:
                if text.startswith(":"):
                    self._directive(*text[1:].split())
                else:
                    self._line(text)
            except (KeyError, ValueError, TypeError, AttributeError) as error:
                raise ValueError(f"{path.name}:{number}: {text!r} cannot be read: {error}") from error

    def finish(self) -> dict[str, Block]:
        """Return the blocks, each with all macros; raises KeyError where a slot has no lexicon."""
        macros = {name: tuple(wordings) for name, wordings in self._macros.items()}
        for block in self.blocks.values():
            block.macros = macros
            needed = {lexicon for intent in block.intents.values() for lexicon in intent.slots.values()}
            for name in needed:
                if name.endswith("!") and not block.abstract:
                    block.lexicons[name] = replace(block.lexicons[name[:-1]], optional=0.0)
        return self.blocks

    def _directive(self, name: str, *given: str) -> None:
        if name not in ("near", "swap", "same", "weight"):
            self._lexicon = self._macro = None
        match name, given:
            case "domain", (domain,):
                self._domain, self._block, self._intent = domain, None, None
            case "macro", (macro,):
                self._macro = self._macros.setdefault(macro, [])
            case "block", (block, *rest):
                self._block = Block(block, self._domain, abstract="abstract" in rest, lexicons=dict(self._shared))
                self.blocks[block], self._intent = self._block, None
            case "slot", (slot, kind, *rest):
                literal = "literal" in rest
                often = next((float(each) for each in rest if each != "literal"), 0.0)
                self._lexicon = Lexicon(slot, kind, literal, often)
                (self._block.lexicons if self._block else self._shared)[slot] = self._lexicon
            case "use", (other,):
                assert self._block is not None
                self._block.lexicons |= self.blocks[other].lexicons | self._block.lexicons
                self._block.intents |= self.blocks[other].intents
            case "intent", (intent,):
                assert self._block is not None
                self._intent = self._block.intents[intent] = Intent(intent)
            case _:
                self._of_intent(name, *given)

    def _of_intent(self, name: str, *given: str) -> None:
        if self._intent is None:
            raise ValueError("no intent was begun")
        match name, given:
            case "near", (other, kind):
                self._intent.near.append((other, kind))
            case "swap", (first, second, kind):
                self._intent.swaps.append((first, second, kind))
            case "same", (first, second):
                self._intent.same.append((first, second))
            case "weight", (weight,):
                self._intent.weight = float(weight)
            case _:
                raise ValueError("no such directive")

    def _line(self, text: str) -> None:
        if self._macro is not None:
            self._macro.append(text)
        elif self._lexicon is not None:
            value, forms = _value(text)
            self._lexicon.values[value] = forms
        elif self._intent is not None:
            self._intent.wordings.append(text)
        else:
            raise ValueError("no slot, intent or macro was begun")


def _value(text: str) -> tuple[str, dict[str, tuple[str, ...]]]:
    """Read `value = wording | wording ;; form = wording`; the value's name may be left out."""
    plain, *others = text.split(";;")
    name, equals, wordings = plain.partition(" = ")
    if not equals:
        name = wordings = plain
    forms = {"": _wordings(wordings)}
    for other in others:
        form, _, said = other.partition(" = ")
        forms[form.strip()] = _wordings(said)
    return (name if equals else forms[""][0]).strip(), forms


def _wordings(text: str) -> tuple[str, ...]:
    depth, found, last = 0, [""], ""
    for last in text:
        depth += (last in "[{<") - (last in "]}>")
        if last == "|" and depth == 0:
            found.append("")
        else:
            found[-1] += last
    return tuple(each.strip() for each in found)


def load(shared: dict[str, Lexicon], folder: Path = GRAMMARS) -> dict[str, Block]:
    """Return all blocks of a folder of grammar files, by name; files are read in the order of their names."""
    reader = _Reader(dict(shared))
    for path in sorted(folder.glob("*.txt")):
        reader.read(path)
    return reader.finish()
