"""What a definition is called and of which kind it is, by its node."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from optafly.context.outline.grammar import Grammar

if TYPE_CHECKING:
    from tree_sitter import Node

_LONGEST = 200
_DEEPEST_DECLARATOR = 16
_AROUND = ("parenthesized_declarator", "reference_declarator", "attributed_declarator")
_ARGUMENTS = re.compile(r"<[^<>]*>")
_QUOTES = "\"'`"
# What the type of a Go `type_spec` or of a C `type_definition` makes of the name.
_KINDS_OF_TYPES = {
    "struct_type": "struct",
    "interface_type": "interface",
    "struct_specifier": "struct",
    "union_specifier": "union",
    "enum_specifier": "enum",
    "class_specifier": "class",
}
_NAME_FIELDS = ("name", "left", "declarator", "pattern")
_NAME_TYPES = ("identifier", "constant", "name", "variable_declaration", "variable_declarator", "const_element")
_CONSTANTS = ("const_declaration", "const_spec", "const_item", "preproc_def")
_DECLARED = ("function_definition", "declaration", "field_declaration", "type_definition")


def named(node: Node, grammar: Grammar, data: bytes) -> tuple[str, str]:
    """Return a definition's own name and kind; no kind where it only adds to the names inside it, no name for none."""
    kind, type_ = grammar.kinds[node.type], node.type
    if type_ in _DECLARED and (declarator := node.child_by_field_name("declarator")):
        return _declared(declarator, data), _kind_of_type(node, kind) if type_ == "type_definition" else kind
    match type_:
        case "method_declaration" if receiver := node.child_by_field_name("receiver"):
            return f"{_receiver(receiver, data)}.{field_text(node, 'name', data)}", kind
        case "type_spec":
            return field_text(node, "name", data), _kind_of_type(node, kind)
        case "impl_item":
            return _bare(field_text(node, "type", data)), kind
        case "class_declaration" | "function_declaration" | "property_declaration" if "kotlin" in grammar.module:
            return _kotlin(node, kind, data)
        case "companion_object":
            return field_text(node, "name", data), kind
        case "operator_declaration" | "indexer_declaration" | "destructor_declaration":
            return _csharp(node, data), kind
        case "class_specifier" | "struct_specifier" | "union_specifier":
            return _without_arguments(field_text(node, "name", data)), kind
        case _:
            return _by_field(node, kind, data)


def _by_field(node: Node, kind: str, data: bytes) -> tuple[str, str]:
    value = node.child_by_field_name("value") or node.child_by_field_name("right")
    match node.type:
        case "pair":
            name = field_text(node, "key", data)
        case "assignment_expression" | "assignment":
            name = field_text(node, "left", data)
        case "export_statement":
            name = "default"
        case "field_definition":  # JavaScript's grammar names this field otherwise than TypeScript's
            name = field_text(node, "property", data)
        case "type_alias":
            name = field_text(node, "name", data) or field_text(node, "type", data)
        case _:
            name = field_text(node, "name", data)
    if value and value.type == "object":
        kind = ""
    elif value and value.type == "class":
        kind = "class"
    return name.strip(_QUOTES), kind


def place_of_name(node: Node) -> int:
    """Return the byte where a definition's name stands, or else where it begins."""
    found = node.child_by_field_name("name") or node.child_by_field_name("declarator")
    return (found or node).start_byte


def constant(node: Node, data: bytes) -> tuple[str, str]:
    """Return the name and the kind of what is named in one place; no name where several are."""
    found = node
    for _ in range(_DEEPEST_DECLARATOR):
        inner = next((child for field in _NAME_FIELDS if (child := found.child_by_field_name(field))), None)
        inner = inner or next((child for child in found.named_children if child.type in _NAME_TYPES), None)
        if inner is None:
            break
        found = inner
    name = text_of(found, data)
    if not re.fullmatch(r"[\w$]+", name):
        return "", ""
    if node.type == "type_item" or "type_alias" in node.type:
        return name, "type"
    head = data[node.start_byte : found.start_byte]
    said = b"const" in head or b"final" in head
    fixed = said or name.upper() == name or node.type in _CONSTANTS or found.type == "constant"
    return name, "constant" if fixed else "variable"


def text_of(node: Node, data: bytes) -> str:
    """Return the text of a node in one line, cut where it is longer than any name."""
    text = data[node.start_byte : min(node.end_byte, node.start_byte + _LONGEST)].decode("utf-8", "replace")
    return " ".join(text.split()) if "\n" in text else text


def field_text(node: Node, field: str, data: bytes) -> str:
    """Return the text of a node's field, "" where it has none."""
    child = node.child_by_field_name(field)
    return text_of(child, data) if child else ""


def _kind_of_type(node: Node, kind: str) -> str:
    body = node.child_by_field_name("type")
    return _KINDS_OF_TYPES.get(body.type, kind) if body else kind


def _receiver(node: Node, data: bytes) -> str:
    """Return `T` of a Go receiver `(t *T[K])`."""
    declared = next(iter(node.named_children), None)
    return _bare(field_text(declared, "type", data)).lstrip("*( ") if declared else ""


def _bare(type_name: str) -> str:
    return type_name.partition("<")[0].partition("[")[0].rpartition("::")[2].strip()


def _declared(declarator: Node, data: bytes) -> str:
    """Return the name inside a C declarator such as `*(*name(int))[3]` or `ns::Type<T>::name(int)`."""
    found = declarator
    for _ in range(_DEEPEST_DECLARATOR):
        if found.type == "operator_cast":
            return text_of(found, data).partition("(")[0].strip()
        inner = found.child_by_field_name("declarator")
        if inner is None and found.type in (
            "parenthesized_declarator",
            "reference_declarator",
            "attributed_declarator",
        ):
            inner = next(iter(found.named_children), None)
        if inner is None:
            break
        found = inner
    return _without_arguments(text_of(found, data)).removeprefix("::")


def _without_arguments(name: str) -> str:
    if "operator" in name:
        return name.replace(" ", "")
    while (shorter := _ARGUMENTS.sub("", name)) != name:
        name = shorter
    return name.partition("<")[0].strip()  # what is longer than any name was cut


def _kotlin(node: Node, kind: str, data: bytes) -> tuple[str, str]:
    """Return the name of a class, of a function or of a property, after the type that it extends, if any."""
    name, receiver = field_text(node, "name", data), ""
    for child in node.children:
        if child.type == "interface":
            kind = "interface"
        elif child.type == "enum_class_body":
            kind = "enum"
        elif child.type in ("user_type", "nullable_type") and kind != "class":
            receiver = text_of(child, data).partition("<")[0].rstrip("?") + "."
        elif child.type == "variable_declaration":
            name = text_of(child, data).partition(":")[0].strip()
        if child.type in ("identifier", "variable_declaration"):
            break
    if kind == "class" and node.named_child_count and node.named_children[-1].type == "enum_class_body":
        kind = "enum"
    return (receiver + name if name else ""), kind


def _csharp(node: Node, data: bytes) -> str:
    match node.type:
        case "operator_declaration":
            return "operator" + field_text(node, "operator", data)
        case "destructor_declaration":
            return "~" + field_text(node, "name", data)
        case _:
            return "this[]"
