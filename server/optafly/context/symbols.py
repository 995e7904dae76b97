"""Functions, classes and their like in a text: which there are, and which one a place lies in."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from optafly.context import trees
from optafly.context.grammars import GRAMMARS, Grammar
from optafly.context.lines import DocumentLines, indentation
from optafly.context.mending import last_line, without_line
from optafly.domain import Count, Line, Record

if TYPE_CHECKING:
    from tree_sitter import Node

_log = logging.getLogger(__name__)
_CLASSES = {"class", "interface", "enum", "record", "annotation", "struct", "trait", "impl", "union", "type"}
# How far below a line a decorator, a comment or an `export` may stand from the definition it belongs to.
_FAR_LINES = 40


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


class _Outer(msgspec.Struct, frozen=True):
    """A definition that is still open: where it ends, its own name and its kind, empty where it is no symbol."""

    end: int
    name: str
    kind: str


class _Placed(msgspec.Struct, frozen=True):
    """A symbol and the bytes it spans."""

    symbol: Symbol
    start: int
    end: int


def symbols_in(text: str, language: str, uri: str = "") -> tuple[Symbol, ...]:
    """Return every symbol of `text` in order of its start, outer before inner; none without a grammar for `language`.

    The same `uri` across versions of a document makes parsing an edited one fast.
    """
    parsed = _parsed(text, language, uri)
    return tuple(placed.symbol for placed in _placed(parsed, language)) if parsed else ()


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
    parsed = _parsed(text, language, uri)
    if parsed is None or position_line0 >= len(parsed.lines):
        return ()
    found = _find(parsed, language, position_line0, character)
    if not found and parsed.tree.root_node.has_error:
        # What breaks a tree is most often the very line that is being written: look again without it.
        parsed = _parsed(without_line(parsed.lines, position_line0), language, uri)
        found = _find(parsed, language, position_line0, None) if parsed else ()
    return found


def _find(parsed: trees.Parsed, language: str, line: int, character: int | None) -> tuple[Symbol, ...]:
    lines = parsed.lines
    above = next((n for n in range(line, max(line - _FAR_LINES, -1), -1) if not lines.blank(n)), line)
    placed = _placed(parsed, language, (above, min(line + _FAR_LINES, len(lines) - 1)))
    if not lines.blank(line):
        return _around(placed, lines.offset(line, character or 0))
    around = _around(placed, lines.starts[line])
    # Where Python's tree ends a function at its last statement, a person still writes in it on the line below.
    indent = max(len(lines.raw[line].rstrip(b"\r\n")), character or 0)
    before = _around(placed, lines.offset(above, len(lines.raw[above])))
    return tuple(s for s in before if s in around or indentation(lines.raw[s.name_line - 1]) < indent)


def _around(placed: tuple[_Placed, ...], offset: int) -> tuple[Symbol, ...]:
    return tuple(each.symbol for each in reversed(placed) if each.start <= offset < each.end)


def _parsed(text: str, language: str, uri: str) -> trees.Parsed | None:
    try:
        return trees.parse(text, language, uri)
    except Exception:  # a grammar is foreign native code: whatever it does, a prompt must still be refined
        _log.warning("the grammar of %s failed; going on without symbols", language, exc_info=True)
        return None


def _placed(parsed: trees.Parsed, language: str, near: tuple[int, int] | None = None) -> tuple[_Placed, ...]:
    """Return the symbols of a document in order, or only those that touch the lines `near` and those around them."""
    from tree_sitter import QueryCursor

    cursor = QueryCursor(parsed.query)
    if near is not None:
        cursor.set_byte_range(
            parsed.lines.starts[near[0]], parsed.lines.starts[near[1]] + len(parsed.lines.raw[near[1]])
        )
    nodes = cursor.captures(parsed.tree.root_node).get("definition", [])
    return _define(nodes, GRAMMARS[language], parsed.lines)


def _define(nodes: Iterable[Node], grammar: Grammar, lines: DocumentLines) -> tuple[_Placed, ...]:
    found: list[_Placed] = []
    outer: list[_Outer] = []
    for node in sorted({node.id: node for node in nodes}.values(), key=lambda n: (n.start_byte, -n.end_byte)):
        while outer and outer[-1].end <= node.start_byte:
            outer.pop()
        name, kind = _named(node, grammar, lines.data)
        if not name:
            continue
        if kind == "function" and outer and outer[-1].kind in _CLASSES:
            kind = "method"
        if kind:
            qualified = grammar.separator.join([*(each.name for each in outer), name])
            found.append(_place(node, grammar, lines, qualified, kind, sum(each.kind != "" for each in outer)))
        outer.append(_Outer(node.end_byte, name, kind))
    return tuple(found)


def _place(node: Node, grammar: Grammar, lines: DocumentLines, name: str, kind: str, depth: int) -> _Placed:
    """Widen a definition to its wrappers and to what stands right above it."""
    whole = node
    while (around := whole.parent) and around.type in grammar.wrappers and _wraps(around, whole):
        whole = around
    begun = lines.line_at(whole.start_byte)
    first = begun
    while first > 0 and lines.raw[first - 1].lstrip().startswith(grammar.above):
        first -= 1
    alone = not lines.data[lines.starts[begun] : whole.start_byte].strip()  # nothing stands before it on its line
    start = lines.starts[first] if alone else whole.start_byte
    header = lines.line_at((node.child_by_field_name("name") or node).start_byte)
    last, end = lines.line_at(max(whole.end_byte - 1, start)), whole.end_byte
    if whole.has_error and (mended := last_line(lines, header, last)) < last:
        last, end = mended, lines.starts[mended] + len(lines.raw[mended])
    symbol = Symbol(
        name=name,
        kind=kind,
        start_line=(first if alone else begun) + 1,
        end_line=last + 1,
        name_line=header + 1,
        depth=depth,
    )
    return _Placed(symbol, start, end)


def _wraps(around: Node, inner: Node) -> bool:
    """Tell whether a wrapper holds nothing else: `const a = () => 1, b = 2` belongs to neither."""
    return all(child.id == inner.id or child.type in ("decorator", "comment") for child in around.named_children)


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
        case "field_definition":  # JavaScript's grammar names this field otherwise than TypeScript's
            name = _text(node, "property", data)
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
