"""Functions, classes and their like in a text: which there are, and which one a place lies in."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from optafly.context import trees
from optafly.context.grammars import GRAMMARS, Grammar
from optafly.context.lines import DocumentLines, indentation
from optafly.domain import Count, Line, Record

if TYPE_CHECKING:
    from tree_sitter import Node

_log = logging.getLogger(__name__)
_CLASSES = {"class", "interface", "enum", "record", "annotation", "struct", "trait", "impl", "union", "type"}


class Symbol(Record, frozen=True):
    """A definition: its qualified name (`Class.method`; `Type::method` in Rust), kind and lines, 1-based and inclusive.

    The lines include decorators, attributes and the comment right above; `name_line` is where the name stands.
    `depth` counts the symbols around it.
    """

    name: str
    kind: str
    start_line: Line
    end_line: Line
    name_line: Line
    depth: Count


class _Placed(msgspec.Struct, frozen=True):
    """A symbol and the bytes it spans."""

    symbol: Symbol
    start: int
    end: int


def symbols_in(text: str, language: str, uri: str = "") -> tuple[Symbol, ...]:
    """Return every symbol of `text` in order of its start, outer before inner; none without a grammar for `language`.

    The same `uri` across versions of a document makes parsing an edited one fast.
    """
    return tuple(placed.symbol for placed in _placed(text, language, uri)[0])


def enclosing(
    text: str, language: str, position_line0: int, character: int | None = None, *, uri: str = ""
) -> Symbol | None:
    """Return the innermost symbol around a 0-based line, or None. `character` decides where a line holds several."""
    around = enclosing_all(text, language, position_line0, character, uri=uri)
    return around[0] if around else None


def enclosing_all(
    text: str, language: str, position_line0: int, character: int | None = None, *, uri: str = ""
) -> tuple[Symbol, ...]:
    """Return the symbols around a place, innermost first."""
    placed, lines = _placed(text, language, uri)
    if not placed or position_line0 >= len(lines):
        return ()
    if lines.blank(position_line0):
        return _around_blank(placed, lines, position_line0, character or 0)
    return _around(placed, lines.offset(position_line0, character or 0))


def _around(placed: tuple[_Placed, ...], offset: int) -> tuple[Symbol, ...]:
    return tuple(each.symbol for each in reversed(placed) if each.start <= offset < each.end)


def _around_blank(placed: tuple[_Placed, ...], lines: DocumentLines, line: int, character: int) -> tuple[Symbol, ...]:
    """Where Python's tree ends a function at its last statement, a person still writes in it on the line below."""
    around = _around(placed, lines.starts[line])
    indent = max(len(lines.raw[line].rstrip(b"\r\n")), character)
    above = next((n for n in range(line - 1, -1, -1) if not lines.blank(n)), None)
    if indent == 0 or above is None:
        return around
    last = lines.offset(above, len(lines.raw[above]))
    return tuple(s for s in _around(placed, last) if s in around or indentation(lines.raw[s.name_line - 1]) < indent)


@lru_cache(maxsize=trees.KEPT)
def _placed(text: str, language: str, uri: str) -> tuple[tuple[_Placed, ...], DocumentLines]:
    try:
        parsed = trees.parse(text, language, uri)
        if parsed is None:
            return (), DocumentLines(b"")
        lines = DocumentLines(parsed.data)
        return _define(parsed, GRAMMARS[language], lines), lines
    except Exception:  # a grammar is foreign native code: whatever it does, a prompt must still be refined
        _log.warning("the grammar of %s failed; going on without symbols", language, exc_info=True)
        return (), DocumentLines(b"")


def _define(parsed: trees.Parsed, grammar: Grammar, lines: DocumentLines) -> tuple[_Placed, ...]:
    from tree_sitter import QueryCursor

    nodes = QueryCursor(parsed.query).captures(parsed.tree.root_node).get("definition", [])
    found: list[_Placed] = []
    open_names: list[tuple[int, str, bool, bool]] = []  # of the definitions around: end, name, class-like, is a symbol
    for node in sorted({node.id: node for node in nodes}.values(), key=lambda n: (n.start_byte, -n.end_byte)):
        while open_names and open_names[-1][0] <= node.start_byte:
            open_names.pop()
        name, kind = _named(node, grammar, parsed.data)
        if not name:
            continue
        in_class = bool(open_names) and open_names[-1][2]
        qualified = grammar.separator.join([*(outer[1] for outer in open_names), name])
        is_symbol = kind != ""
        if is_symbol:
            kind = "method" if kind == "function" and in_class else kind
            depth = sum(outer[3] for outer in open_names)
            found.append(
                _place(
                    node,
                    grammar,
                    lines,
                    Symbol(name=qualified, kind=kind, start_line=1, end_line=1, name_line=1, depth=depth),
                )
            )
        open_names.append((node.end_byte, name, kind in _CLASSES, is_symbol))
    return tuple(found)


def _place(node: Node, grammar: Grammar, lines: DocumentLines, symbol: Symbol) -> _Placed:
    """Widen a definition to its wrappers and to what stands right above it."""
    outer = node
    while outer.parent and outer.parent.type in grammar.wrappers and outer.parent.named_child_count <= 2:
        if any(
            child.id != outer.id and child.type not in ("decorator", "comment") for child in outer.parent.named_children
        ):
            break
        outer = outer.parent
    above = tuple(mark.encode() for mark in grammar.above)
    named = node.child_by_field_name("name") or node
    first, start = lines.line_at(outer.start_byte), outer.start_byte
    while first > 0 and lines.raw[first - 1].lstrip().startswith(above):
        first -= 1
    if not lines.raw[first][: max(start - lines.starts[first], 0)].strip():
        start = min(start, lines.starts[first])
    end = outer.end_byte
    symbol = msgspec.structs.replace(
        symbol,
        start_line=first + 1,
        end_line=lines.line_at(max(end - 1, start)) + 1,
        name_line=lines.line_at(named.start_byte) + 1,
    )
    return _Placed(symbol, start, end)


def _named(node: Node, grammar: Grammar, data: bytes) -> tuple[str, str]:
    """Return a definition's own name and kind; no kind where it only adds to the names inside it."""
    kind = grammar.kinds[node.type]
    value = node.child_by_field_name("value") or node.child_by_field_name("right")
    match node.type:
        case "method_declaration" if receiver := node.child_by_field_name("receiver"):
            return f"{_receiver(receiver, data)}.{_text(node, 'name', data)}", kind
        case "type_spec":
            body = node.child_by_field_name("type")
            return _text(node, "name", data), {"struct_type": "struct", "interface_type": "interface"}.get(
                body.type if body else "", kind
            )
        case "impl_item":
            return _bare(_text(node, "type", data)), kind
        case "pair":
            name = _text(node, "key", data).strip("\"'`")
        case "assignment_expression":
            name = _text(node, "left", data)
        case "export_statement":
            name = "default"
        case _:
            name = _text(node, "name", data).strip("\"'`")
    if value and value.type == "object":
        kind = ""
    elif value and value.type == "class":
        kind = "class"
    return name, kind


def _text(node: Node, field: str, data: bytes) -> str:
    child = node.child_by_field_name(field)
    return data[child.start_byte : child.end_byte].decode("utf-8", "replace") if child else ""


def _receiver(node: Node, data: bytes) -> str:
    """Return `T` of a Go receiver `(t *T[K])`."""
    declared = next(iter(node.named_children), None)
    return _bare(_text(declared, "type", data)).lstrip("*( ") if declared else ""


def _bare(type_name: str) -> str:
    return type_name.partition("<")[0].partition("[")[0].rpartition("::")[2].strip()
