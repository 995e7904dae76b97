"""What a definition is called and of which kind it is, by its node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optafly.context.outline.grammar import Grammar

if TYPE_CHECKING:
    from tree_sitter import Node

_LONGEST = 200


def named(node: Node, grammar: Grammar, data: bytes) -> tuple[str, str]:
    """Return a definition's own name and kind; no kind where it only adds to the names inside it, no name for none."""
    kind = grammar.kinds[node.type]
    value = node.child_by_field_name("value") or node.child_by_field_name("right")
    match node.type:
        case "method_declaration" if receiver := node.child_by_field_name("receiver"):
            return f"{_receiver(receiver, data)}.{field_text(node, 'name', data)}", kind
        case "type_spec":
            body = node.child_by_field_name("type")
            named_kind = {"struct_type": "struct", "interface_type": "interface"}.get(body.type if body else "", kind)
            return field_text(node, "name", data), named_kind
        case "impl_item":
            return _bare(field_text(node, "type", data)), kind
        case "pair":
            name = field_text(node, "key", data).strip("\"'`")
        case "assignment_expression":
            name = field_text(node, "left", data)
        case "export_statement":
            name = "default"
        case "field_definition":  # JavaScript's grammar names this field otherwise than TypeScript's
            name = field_text(node, "property", data)
        case _:
            name = field_text(node, "name", data).strip("\"'`")
    if value and value.type == "object":
        kind = ""
    elif value and value.type == "class":
        kind = "class"
    return name, kind


def text_of(node: Node, data: bytes) -> str:
    """Return the text of a node, cut where it is longer than any name."""
    return data[node.start_byte : min(node.end_byte, node.start_byte + _LONGEST)].decode("utf-8", "replace")


def field_text(node: Node, field: str, data: bytes) -> str:
    """Return the text of a node's field, "" where it has none."""
    child = node.child_by_field_name(field)
    return text_of(child, data) if child else ""


def _receiver(node: Node, data: bytes) -> str:
    """Return `T` of a Go receiver `(t *T[K])`."""
    declared = next(iter(node.named_children), None)
    return _bare(field_text(declared, "type", data)).lstrip("*( ") if declared else ""


def _bare(type_name: str) -> str:
    return type_name.partition("<")[0].partition("[")[0].rpartition("::")[2].strip()
