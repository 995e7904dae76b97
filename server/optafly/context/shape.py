"""The shape of a definition: what stays the same while only its formatting or its comments change."""

from __future__ import annotations

import hashlib
import logging
import re
import time
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec

from optafly.context.grammars import GRAMMARS, Grammar, load
from optafly.context.trees import explodes

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Point

T = TypeVar("T")

_log = logging.getLogger(__name__)

MOST_BYTES = 32_000
_LONGEST_PARSE_S = 0.2
_DEEPEST = 200
_CHUNK = 65_536
# White space means something in these, and not every part of their text has a node of its own.
_VERBATIM = re.compile(r"string|template_(?:s|l)|char|regex|text|quot|heredoc|literal_content|macro|token_tree")
# What a comment says to a tool, or of what is still to do, shapes an answer as code does.
_TELLING = re.compile(
    r"todo|fixme|xxx|hack|type:|noqa|pragma|pylint|pyright|mypy|fmt:|ruff|eslint|prettier|@ts-|@jsx|nolint|go:|\+build"
    r"|@flow|^#!|coding[:=]|safety:|istanbul|c8 ignore",
    re.IGNORECASE,
)
_BESIDE = frozenset({"attribute_item", "inner_attribute_item", "decorated_definition", "php_tag", ";"})
# These stand at the top of a file too, where a sentence can look like one.
_NO_WHOLE = frozenset({"expression_statement", "declaration", "assignment"})
_IN_A_CLASS = ("javascript", "javascriptreact", "typescript", "typescriptreact", "java", "csharp", "kotlin", "php")
# What a file has to begin with.
_OPENING = {"php": b"<?php\n"}


@lru_cache(maxsize=256)
def shape(text: str, language: str) -> str | None:
    """Return a hash of the syntax tree of a whole definition: the same for another formatting and for other comments.

    Strings count to the letter, and so does a comment that tells a tool something or says what is still to do. None
    where nothing may be left out: for what is no whole definition, does not parse, is long, or has no grammar. Never
    raises.
    """

    def hashed(read: _Read) -> str | None:
        parts: list[bytes] = []
        if not _write(read.root, read.data, parts, 0):
            return None
        if any(b"\n" in part for part in parts):  # a string over several lines holds its own indentation
            parts.append(read.indent.encode())
        return hashlib.sha256(msgspec.msgpack.encode([language, parts])).hexdigest()

    return _tried(text, language, hashed)


@lru_cache(maxsize=256)
def above(text: str, language: str, line: int) -> int | None:
    """Return how many leaves of the syntax tree of a whole definition begin above a line (0: its first).

    Where two texts have one shape, this tells places in them apart, and finds the same place in both: comments and line
    ends do not count. None where there is no shape. Never raises.
    """
    if shape(text, language) is None:
        return None
    return _tried(text, language, lambda read: _leaves(read.root, line + read.lines))


class _Read(NamedTuple):
    """A definition that was parsed: from the node that holds it; `lines` stand before its own in `data`."""

    root: Node
    data: bytes
    indent: str
    lines: int


def _tried(text: str, language: str, work: Callable[[_Read], T | None]) -> T | None:
    """Parse a whole definition and return what `work` makes of it; None where it is none, or that fails."""
    grammar, loaded = GRAMMARS.get(language), load(language)
    if grammar is None or loaded is None or len(text) > MOST_BYTES:
        return None
    if explodes(text.encode("utf-8", "replace"), language):
        return None
    try:
        read = _whole(text, language, grammar, loaded[0])
        return None if read is None else work(read)
    except Exception:  # a grammar is foreign native code: whatever it does, a prompt must still be answered
        _log.warning("the grammar of %s failed; comparing text instead", language, exc_info=True)
        return None


def _whole(text: str, language: str, grammar: Grammar, loaded: Language) -> _Read | None:
    indent, flush = _dedented(text)
    data = flush.encode("utf-8", "surrogatepass")
    opening = b"" if data.startswith(b"<?") else _OPENING.get(language, b"")
    data = opening + data
    root = _parsed(data, loaded)
    if root is None or not _defines(root, grammar):
        if language not in _IN_A_CLASS:
            return None
        before = opening + b"class _ {\n"
        data = before + data.removeprefix(opening) + b"\n}"
        held = _parsed(data, loaded)
        root = _body_of_class(held) if held else None
        if root is None or not _defines(root, grammar):
            return None
        return _Read(root, data, indent, before.count(b"\n"))
    return _Read(root, data, indent, opening.count(b"\n"))


def _leaves(node: Node, line: int) -> int:
    """Return how many leaves below `node` begin above a line of what was parsed; comments and line ends are none."""
    count, waiting = 0, [node]
    while waiting:
        each = waiting.pop()
        if each.start_point.row >= line or "comment" in each.type:
            continue
        waiting += each.children
        count += each.child_count == 0 and bool(each.text and not each.text.isspace())
    return count


def _body_of_class(root: Node) -> Node | None:
    """Return the body of the one class that a file holds, if it holds nothing else."""
    held = [child for child in root.named_children if child.type not in _BESIDE]
    if len(held) != 1 or held[0].type != "class_declaration":
        return None
    return held[0].child_by_field_name("body") or held[0].named_children[-1]


def _dedented(text: str) -> tuple[str, str]:
    """Return the indentation of the first line, and the text without it; as it is where not every line has it."""
    lines = text.split("\n")
    first = next((line for line in lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip())]
    if not indent or any(line.strip() and not line.startswith(indent) for line in lines):
        return "", text
    return indent, "\n".join(line.removeprefix(indent) for line in lines)


def _parsed(data: bytes, language: Language) -> Node | None:
    """Return the root of the tree of `data`, or None where it has an error or takes too long."""
    from tree_sitter import Parser

    began = time.monotonic()

    def chunk(offset: int, _point: Point) -> bytes:
        return data[offset : offset + _CHUNK]

    def too_slow(_offset: int, _error: bool) -> bool:
        return time.monotonic() - began > _LONGEST_PARSE_S

    try:
        root = Parser(language).parse(chunk, progress_callback=too_slow).root_node
    except ValueError:  # the parse was called off, being too slow
        return None
    return None if root.has_error else root


def _defines(root: Node, grammar: Grammar) -> bool:
    """Say whether a tree holds definitions and nothing else: a sentence can look like code, hardly like a function."""
    found = [child.type for child in root.named_children if "comment" not in child.type]
    allowed = (grammar.kinds.keys() | grammar.wrappers | _BESIDE) - _NO_WHOLE
    return any(kind != "php_tag" for kind in found) and all(kind in allowed for kind in found)


def _write(node: Node, data: bytes, parts: list[bytes], depth: int) -> bool:
    """Write the nodes below `node`: their types in order, each with its text where it has no parts. False: too deep."""
    if depth > _DEEPEST:
        return False
    for child in node.children:
        kind = child.type
        if "comment" in kind:
            text = data[child.start_byte : child.end_byte]
            if _TELLING.search(text.decode("utf-8", "replace")):
                parts += (b"comment", b" ".join(text.split()))
        elif child.child_count == 0 or (child.is_named and _VERBATIM.search(kind)) or _gaps(child, data):
            text = data[child.start_byte : child.end_byte]
            if child.is_named or not text.isspace():  # Go ends statements with line ends; the tree says the same
                parts += (kind.encode(), text)
        else:
            parts += (b"(", kind.encode())
            if not _write(child, data, parts, depth + 1):
                return False
            parts.append(b")")
    return True


def _gaps(node: Node, data: bytes) -> bool:
    """Say whether a node has text that none of its children has."""
    at = node.start_byte
    for child in node.children:
        if child.start_byte > at and not data[at : child.start_byte].isspace():
            return True
        at = child.end_byte
    return at < node.end_byte and not data[at : node.end_byte].isspace()
