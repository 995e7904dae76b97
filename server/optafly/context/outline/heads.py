"""The head of a definition in one line, and the first sentence of what is written about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from optafly.context.lines import DocumentLines
from optafly.context.outline.definitions import Placed

if TYPE_CHECKING:
    from tree_sitter import Node

LONGEST_SIGNATURE = 300
LONGEST_DOC = 200
_LONGEST_VALUE = 80
_MOST_BYTES = 2_000
_MOST_COMMENT_LINES = 60
_DEEPEST_BODY = 4
# Decorators, annotations and attributes before the head itself: `@Entity(name = "x")`, `[Serializable]`, `#[Entity]`.
_ADORNED = re.compile(
    r"^(?:\s*(?:@[\w.:]+(?:\((?:[^()]|\([^()]*\))*\))?|#?\[[^\]\n]*\](?=\s)|//[^\n]*\n|/\*.*?\*/))+\s*", re.DOTALL
)
_BODY_FIELDS = ("body", "accessors", "block")
# Kotlin's grammar has no field for the body.
_BODY_LAST = {"class_declaration", "object_declaration", "companion_object", "function_declaration"}
_BODIES = {"class_body", "enum_class_body", "function_body"}
_RUBY = {"method", "singleton_method", "class", "module", "singleton_class"}
_EMPTY = re.compile(r"(;|\s+end\b).*", re.DOTALL)
_IN_BRACES = re.compile(r"\{.*\}", re.DOTALL)
_REMARK = re.compile(r"[ \t]+(?://|#)(?=\s|\Z)[^\n]*")
_SPACE = re.compile(r"\s+")
_AT_THE_END = re.compile(r"\s*(?:=>|[{:=;,])\s*$")
_DOCSTRING = re.compile(rb"""[rRuUbB]{0,2}(\"{3}|'{3}|["'])(.*?)(?:\1|\Z)""", re.S)
_MARKS = re.compile(r"^\s*(?:/\*+!?|\*+/|\*(?!\*)|//[/!]?|#+!?|--)\s?|\s*\*+/\s*$")
# Lines of a comment that tell a tool something, and those that only rule a line.
_NO_PROSE = re.compile(
    r"^(?:@|#\[|#!|go:|nolint|noqa|eslint|prettier|tslint|pylint|pyright|type:|region\b|\+build|[-=*#~\s]*$|https?://\S*$)"
)
_NAMED_IN_TAG = re.compile(r"""<\w+\s+(?:cref|name|langword|href)="(?:\w:)?([^"]*)"\s*/>""")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>|\{@\w+\s+([^}]*)\}")
_SENTENCE = re.compile(r"(.+?[.!?。])(?:\s|$)", re.S)


def signature_of(placed: Placed, data: bytes) -> str:
    """Return the head of a definition without its body and its decorators, in one line of at most 300 characters."""
    node, whole = placed.node, placed.whole
    start = node.start_byte if whole.type == "decorated_definition" else whole.start_byte
    end = _head_end(node, whole)
    text = data[start : min(end, start + _MOST_BYTES)].decode("utf-8", "replace")
    if node.type == "type_spec":  # Go's grammar has no field for what stands in the braces
        text = text.partition("{")[0]
    elif node.type == "type_definition":
        text = _IN_BRACES.sub("{…}", text)
    elif node.type in _RUBY:  # `def empty?; end`
        text = _EMPTY.sub("", text)
    text = _SPACE.sub(" ", _REMARK.sub("", _ADORNED.sub("", text))).strip()
    while (shorter := _AT_THE_END.sub("", text)) != text:
        text = shorter
    most = _LONGEST_VALUE if placed.kind in ("constant", "variable") else LONGEST_SIGNATURE
    return text if len(text) <= most else text[: most - 1] + "…"


def _head_end(node: Node, whole: Node) -> int:
    """Return where the body of a definition begins, or where all of it ends."""
    holder: Node | None = node
    for _ in range(_DEEPEST_BODY):  # of itself, its value, or the function that its value is called with
        if holder is None:
            break
        for field in _BODY_FIELDS:
            if body := holder.child_by_field_name(field):
                return _before_initializers(holder, body)
        if holder.type in _BODY_LAST and (body := holder.named_children[-1]).type in _BODIES:
            return body.start_byte
        holder = (
            holder.child_by_field_name("value")
            or holder.child_by_field_name("right")
            or holder.child_by_field_name("arguments")
            or (next(iter(holder.named_children), None) if holder.type in ("arguments", "expression_list") else None)
        )
    return whole.end_byte


def _before_initializers(holder: Node, body: Node) -> int:
    """Return where `: total(0)` begins in `Cart() : total(0) {}`, or where the body does."""
    before = body.prev_named_sibling if holder.type == "function_definition" else None
    return (before if before and before.type == "field_initializer_list" else body).start_byte


def doc_of(placed: Placed, lines: DocumentLines) -> str:
    """Return the first sentence of a docstring, or of the comment right above, at most 200 characters; "" for none."""
    body = placed.node.child_by_field_name("body")
    if body is not None and lines.data[body.start_byte : body.start_byte + 1] in b"\"'rRuUbB":
        found = _DOCSTRING.match(lines.data[body.start_byte : body.start_byte + _MOST_BYTES])
        if found:
            return _sentence(found[2].decode("utf-8", "replace").strip().split("\n"))
    return comment_in(lines, placed.first, placed.begun)


def comment_in(lines: DocumentLines, first: int, end: int) -> str:
    """Return the first sentence of the comment on lines `first` to before `end`."""
    comment = (raw.decode("utf-8", "replace") for raw in lines.raw[first : min(end, first + _MOST_COMMENT_LINES)])
    return _sentence([_MARKS.sub("", line.strip()) for line in comment if not line.lstrip().startswith(("#[", "@"))])


def _sentence(comment: list[str]) -> str:
    said: list[str] = []
    for line in comment:
        text = _TAG.sub(r"\1", _NAMED_IN_TAG.sub(r"\1", line)).strip()
        if _NO_PROSE.match(text):
            if said:
                break
            continue
        said.append(text)
    text = " ".join(said)
    found = _SENTENCE.match(text)
    text = _SPACE.sub(" ", found[1] if found else text)
    return text if len(text) <= LONGEST_DOC else text[: LONGEST_DOC - 1] + "…"
