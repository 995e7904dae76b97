"""Syntax trees of documents, kept for the next question and grown from the version before where there is one."""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from optafly.context import grammars
from optafly.context.lines import DocumentLines
from optafly.context.outline.macros import without_macros

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Parser, Point, Query, QueryCursor, Tree

MOST_BYTES = 2_000_000
KEPT = 4
_LONGEST_PARSE_S = 1.0
_CHUNK = 65_536
# Deeper than any code that a person writes: an unfinished match is looked at again at every node below it.
_DEEPEST = 500
_WIDEST_ERROR = 2_000
# In one step, which no clock interrupts, tree-sitter takes a gigabyte for 8,000 of `a<a<` in Java or C#, and more than
# two for 3,000 of `a=>a=>` in C. What a person writes between two commas, braces or semicolons has a dozen of them.
_AMBIGUOUS = ("c", "cpp", "java", "csharp", "kotlin")
_MOST_AMBIGUITIES = 500
_AMBIGUITY = re.compile(rb"[<>=?]+")
_ENDS = re.compile(rb"[;{},]")
_NO_CODE = re.compile(rb"//[^\n]*|/\*.*?\*/|\"(?:[^\"\\\n]|\\.)*\"", re.DOTALL)


class Parsed(msgspec.Struct, frozen=True):
    """A document's lines as they were parsed, its tree, and the query that finds the definitions of its language."""

    lines: DocumentLines
    tree: Tree
    query: Query


_kept: OrderedDict[tuple[str, str], tuple[str, Parsed]] = OrderedDict()
_lock = threading.Lock()


def parse(text: str, language: str, uri: str = "") -> Parsed | None:
    """Return the tree of `text`; None without a grammar, or for what is too long or too broken to be worth the wait.

    The tree of the same `uri` before an edit makes parsing about ten times as fast. Runs in any thread; lets others
    run every few milliseconds, as tree-sitter itself holds the interpreter's lock while it parses.
    """
    loaded = grammars.load(language)
    if loaded is None or len(text) > MOST_BYTES:
        return None
    key = (language, uri)
    with _lock:
        held = _kept.get(key)
        if held is not None and held[0] == text:
            _kept.move_to_end(key)
            return held[1]
        data = without_macros(text.encode("utf-8", "surrogatepass"), language)
        parsed = _parse(data, language, loaded, held[1] if held and uri else None)
        if parsed is not None:
            _kept[key] = (text, parsed)
            _kept.move_to_end(key)
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
        return parsed


def captures_of(data: bytes, language: str) -> dict[str, list[Node]] | None:
    """Return what the query for a whole outline finds in a document that is looked at once.

    None without a grammar, and where parsing takes too long or comes to nothing. Nothing of it is kept.
    """
    from tree_sitter import Parser

    loaded = grammars.load(language, whole=True)
    if loaded is None or explodes(data, language):
        return None
    try:
        tree = _run(Parser(loaded[0]), data, None, time.thread_time)  # a busy machine is no slow file
    except ValueError:  # the parse was called off, being too slow
        return None
    if _hopeless(tree.root_node):
        return None
    return cursor_of(loaded[1]).captures(tree.root_node)


def cursor_of(query: Query) -> QueryCursor:
    """Return a cursor that runs `query` in a time linear in the tree, however deep it is.

    The clock cannot stop it, as it stops a parser: a progress callback is a segmentation fault in tree-sitter 0.26.1.
    """
    from tree_sitter import QueryCursor

    cursor = QueryCursor(query)
    cursor.set_max_start_depth(_DEEPEST)
    return cursor


def forget() -> None:
    """Drop every tree."""
    with _lock:
        _kept.clear()


def _parse(data: bytes, language: str, loaded: tuple[Language, Query], before: Parsed | None) -> Parsed | None:
    from tree_sitter import Parser

    if len(data) > MOST_BYTES or explodes(data, language):
        return None
    parser = Parser(loaded[0])
    try:
        tree = _run(parser, data, _edited(before, data) if before else None)
        if before and tree.root_node.has_error:  # how a parser recovers depends on the tree that it grows
            tree = _run(parser, data, None)
    except ValueError:  # the parse was called off, being too slow
        return None
    if _hopeless(tree.root_node):
        return None
    return Parsed(lines=DocumentLines(data), tree=tree, query=loaded[1])


def explodes(data: bytes, language: str) -> bool:
    """Tell whether an expression has so many `<`, `=` or `?` that a parser, trying all meanings, runs out of memory."""
    if language not in _AMBIGUOUS or not _crowded(data):
        return False
    return _crowded(_NO_CODE.sub(b" ", data))


def _crowded(data: bytes) -> bool:
    if len(_AMBIGUITY.findall(data)) <= _MOST_AMBIGUITIES:
        return False
    return any(len(_AMBIGUITY.findall(part)) > _MOST_AMBIGUITIES for part in _ENDS.split(data))


def _hopeless(root: Node) -> bool:
    """Tell whether a parser gave so much up at once that a query would take a time quadratic in it."""
    broken = [root] if root.has_error else []
    while broken:
        node = broken.pop()
        if node.is_error and node.child_count > _WIDEST_ERROR:
            return True
        broken += (child for child in node.children if child.has_error)
    return False


def _run(parser: Parser, data: bytes, old: Tree | None, clock: Callable[[], float] = time.monotonic) -> Tree:
    began = clock()

    def chunk(offset: int, _point: Point) -> bytes:
        return data[offset : offset + _CHUNK]

    def too_slow(_offset: int, _error: bool) -> bool:  # each call lets other threads take the interpreter's lock
        return clock() - began > _LONGEST_PARSE_S

    if old is None:
        return parser.parse(chunk, progress_callback=too_slow)
    return parser.parse(chunk, old, progress_callback=too_slow)


def _edited(before: Parsed, data: bytes) -> Tree:
    """Return the earlier tree with the one span that differs marked as edited."""
    old = before.lines.data
    start = _common(old, data)
    tail = _common(old[start:][::-1], data[start:][::-1])
    old_end, new_end = len(old) - tail, len(data) - tail
    tree = before.tree.copy()
    tree.edit(start, old_end, new_end, _point(old, start), _point(old, old_end), _point(data, new_end))
    return tree


def _common(a: bytes, b: bytes) -> int:
    """Return the length of the longest common prefix, by halving."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _point(data: bytes, offset: int) -> tuple[int, int]:
    return data.count(b"\n", 0, offset), offset - (data.rfind(b"\n", 0, offset) + 1)
