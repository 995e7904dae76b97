"""From the captures of a query to definitions: how they nest, what they are called, and which lines are theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from optafly.context.lines import DocumentLines
from optafly.context.mending import last_line
from optafly.context.outline.grammar import Grammar
from optafly.context.outline.names import constant, named, place_of_name

if TYPE_CHECKING:
    from tree_sitter import Node

CLASSES = {"class", "interface", "enum", "record", "annotation", "struct", "trait", "impl", "union", "type", "object"}
_LONGEST_COMMENT_LINES = 200
_METHODS = ("function", "declaration")
_MOST_BESIDE = 40
_WRAPPER, _DEFINITION, _CONSTANT = range(3)
_DEEPEST = 32


class Placed(msgspec.Struct, frozen=True):
    """A definition in its document: lines are 0-based and inclusive, `start` and `end` are bytes.

    `first` counts what stands right above it, `begun` is where its own text begins. `whole` is the node with what is
    wrapped around it.
    """

    name: str
    kind: str
    depth: int
    first: int
    begun: int
    header: int
    last: int
    start: int
    end: int
    node: Node
    whole: Node


class _Outer(msgspec.Struct, frozen=True):
    """A definition that is still open: where it ends, its own name, its kind (none: empty) and its node's type."""

    end: int
    name: str
    kind: str
    type: str


def definitions(captures: Mapping[str, Sequence[Node]], grammar: Grammar, lines: DocumentLines) -> Iterable[Placed]:
    """Yield what was captured as `definition` or `constant`, in order of their start, outer before inner."""
    outer: list[_Outer] = []
    wrappers: list[Node] = []
    constants = {node.id for node in captures.get("constant", ())}
    for start, end, role, node in _in_order(captures):
        while wrappers and wrappers[-1].end_byte <= start:
            wrappers.pop()
        if role == _WRAPPER:
            wrappers.append(node)
            continue
        while outer and outer[-1].end <= start:
            outer.pop()
        # No person nests so deep, and every name holds those around it. `typedef struct node {…} node_t` is one name.
        if len(outer) >= _DEEPEST or (outer and outer[-1].type == "type_definition"):
            continue
        name, kind = constant(node, lines.data) if role == _CONSTANT else named(node, grammar, lines.data)
        if not name:
            continue
        if kind in _METHODS and outer and outer[-1].kind in CLASSES:
            kind = "method"
        shown = kind or (constant(node, lines.data)[1] if node.id in constants else "")
        if shown:
            qualified = grammar.separator.join([*(each.name for each in outer), name])
            depth = sum(each.kind != "" for each in outer)
            yield _placed(node, _wrapped(node, wrappers, grammar), grammar, lines, qualified, shown, depth)
        if role == _DEFINITION:
            outer.append(_Outer(-end, name, shown, node.type))


def _in_order(captures: Mapping[str, Sequence[Node]]) -> list[tuple[int, int, int, Node]]:
    """Return the start, the negative end and the role of every node of interest, each once, outer before inner."""
    defined = {node.id: node for node in captures.get("definition", ())}
    constants = {node.id: node for node in captures.get("constant", ()) if node.id not in defined}
    around = {node.id: node for node in captures.get("wrapper", ())}
    places = [(node.start_byte, -node.end_byte, _WRAPPER, node) for node in around.values()]
    places += [(node.start_byte, -node.end_byte, _DEFINITION, node) for node in defined.values()]
    places += [(node.start_byte, -node.end_byte, _CONSTANT, node) for node in constants.values()]
    places.sort(key=_place)
    return places


def _place(item: tuple[int, int, int, Node]) -> tuple[int, int, int]:
    return item[:3]


def _wrapped(node: Node, wrappers: Sequence[Node], grammar: Grammar) -> Node:
    """Return the outermost of the wrappers around a node that holds nothing else."""
    whole = node
    for around in reversed(wrappers):
        # `const a = () => 1, b = 2` belongs to neither.
        if around.named_child_count > _MOST_BESIDE or not all(
            child.id == whole.id or child.type in grammar.beside for child in around.named_children
        ):
            break
        whole = around
    return whole


def _placed(
    node: Node, whole: Node, grammar: Grammar, lines: DocumentLines, name: str, kind: str, depth: int
) -> Placed:
    """Widen a definition to what stands right above it, and narrow it where the code does not parse."""
    begun = lines.line_at(whole.start_byte)
    alone = not lines.data[lines.starts[begun] : whole.start_byte].strip()  # nothing stands before it on its line
    first = _first_above(lines, begun, grammar.above) if alone else begun
    start = lines.starts[first] if alone else whole.start_byte
    header = lines.line_at(place_of_name(node))
    last, end = lines.line_at(max(whole.end_byte - 1, start)), whole.end_byte
    if whole.has_error and (mended := last_line(lines, header, last)) < last:
        last, end = mended, lines.starts[mended] + len(lines.raw[mended])
    return Placed(name, kind, depth, first, begun, header, last, start, end, node, whole)


def _first_above(lines: DocumentLines, begun: int, above: tuple[bytes, ...]) -> int:
    """Return the first line of the comments and decorators that stand right above a line."""
    first = begun
    while first > 0:
        text = lines.raw[first - 1].strip()
        if text.startswith(above):
            first -= 1
        elif text.endswith(b"*/") and b"/*" in above:
            opened = _opened(lines, first - 1)
            if opened is None:
                break
            first = opened
        else:
            break
    if first < begun and lines.raw[first].lstrip().startswith(b"*"):  # the rest of a comment without a star per line
        first = opened if (opened := _opened(lines, first)) is not None else first
    return first


def _opened(lines: DocumentLines, line: int) -> int | None:
    """Return the line on which the comment begins that ends on `line`, if it begins that line."""
    for number in range(line, max(line - _LONGEST_COMMENT_LINES, -1), -1):
        raw = lines.raw[number]
        if b"/*" in raw:
            return number if raw.lstrip().startswith(b"/*") else None
        if number < line and b"*/" in raw:
            return None
    return None
