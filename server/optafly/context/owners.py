"""The type or trait that code written outside of it belongs to: an `impl`, a method of Go, `Cart::total` in C++."""

from __future__ import annotations

import re
from collections.abc import Sequence

from optafly.context.lines import DocumentLines
from optafly.context.outline.definitions import CLASSES
from optafly.context.symbols import Symbol

BLOCK = "impl"
"""The kind of a block of methods beside the type that they are of."""

_TYPES = frozenset(CLASSES - {BLOCK})
_INTERFACES = frozenset({"trait", "interface"})
_SCOPED = re.compile(r"(.+)(?:\.|::)([^.:]+)")
_TRAIT = re.compile(r"\s*(?:unsafe\s+)?impl\b\s*(?:<.*?>)?\s*(\w+)\s*(?:<.*>)?\s+for\b")


def owner(around: Sequence[Symbol], every: Sequence[Symbol], lines: DocumentLines, *, trait: bool) -> Symbol | None:
    """Return what the symbols `around` a place belong to if it is written elsewhere in a file, else None.

    `trait`: it is the trait or interface that is looked for, which in an `impl` is the one that it implements.
    """
    block = next((each for each in around if each.kind in CLASSES), None)
    if not around or (block is not None and block.kind != BLOCK):
        return None
    code = block or around[0]
    name = _owner_of(code, _line(lines, code.name_line))
    if block is not None and trait:
        name = _trait_of(code, _line(lines, code.name_line))
    kinds = _INTERFACES if trait else _TYPES
    found = [each for each in every if each.name == name and each.kind in kinds]
    defined = [each for each in found if _has_body(each, lines)] or found
    before = [each for each in defined if each.start_line < code.start_line]
    return next(iter([*reversed(before), *defined]), None)


def _owner_of(code: Symbol, head: str) -> str | None:
    """Return the name of the type, if its own is written where the code begins and not with a path that leads to it."""
    if code.kind == BLOCK:
        name = code.name.lstrip("&*")
        own = re.escape(name.rpartition("::")[2])
        return None if re.search(rf"::\s*{own}\b(?!.*\bfor\b)", head) else name
    scoped = _SCOPED.fullmatch(code.name)
    if scoped is None:
        return None
    own = re.escape(re.split(r"\.|::", scoped[1])[-1])
    return scoped[1] if re.search(rf"\b{own}\b", head) else None  # a namespace that a function stands in is not


def _trait_of(block: Symbol, head: str) -> str | None:
    trait = _TRAIT.match(head)
    scope = block.name.rpartition("::")[0]
    return None if trait is None else f"{scope}::{trait[1]}" if scope else trait[1]


def _has_body(symbol: Symbol, lines: DocumentLines) -> bool:
    text = lines.text(symbol.name_line - 1, symbol.end_line - 1)[0]
    return "{" in text or "(" in text


def _line(lines: DocumentLines, number: int) -> str:
    return lines.text(number - 1, number - 1)[0]
