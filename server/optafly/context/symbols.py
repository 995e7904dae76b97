"""Functions, classes and their like in a text: which there are, and which one a place lies in."""

from __future__ import annotations

import logging

from optafly.context import trees
from optafly.context.grammars import GRAMMARS
from optafly.context.lines import indentation
from optafly.context.mending import without_line
from optafly.context.outline.definitions import Placed, definitions
from optafly.domain import Count, Line, Record

_log = logging.getLogger(__name__)
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


def symbols_in(text: str, language: str, uri: str = "") -> tuple[Symbol, ...]:
    """Return every symbol of `text` in order of its start, outer before inner; none without a grammar for `language`.

    The same `uri` across versions of a document makes parsing an edited one fast.
    """
    parsed = _parsed(text, language, uri)
    return tuple(_symbol(placed) for placed in _placed(parsed, language)) if parsed else ()


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


def _around(placed: tuple[Placed, ...], offset: int) -> tuple[Symbol, ...]:
    return tuple(_symbol(each) for each in reversed(placed) if each.start <= offset < each.end)


def _parsed(text: str, language: str, uri: str) -> trees.Parsed | None:
    try:
        return trees.parse(text, language, uri)
    except Exception:  # a grammar is foreign native code: whatever it does, a prompt must still be refined
        _log.warning("the grammar of %s failed; going on without symbols", language, exc_info=True)
        return None


def _placed(parsed: trees.Parsed, language: str, near: tuple[int, int] | None = None) -> tuple[Placed, ...]:
    """Return the symbols of a document in order, or only those that touch the lines `near` and those around them."""
    cursor = trees.cursor_of(parsed.query)
    if near is not None:
        cursor.set_byte_range(
            parsed.lines.starts[near[0]], parsed.lines.starts[near[1]] + len(parsed.lines.raw[near[1]])
        )
    captures = cursor.captures(parsed.tree.root_node)
    return tuple(definitions(captures, GRAMMARS[language], parsed.lines))


def _symbol(placed: Placed) -> Symbol:
    return Symbol(
        name=placed.name,
        kind=placed.kind,
        start_line=placed.first + 1,
        end_line=placed.last + 1,
        name_line=placed.header + 1,
        depth=placed.depth,
    )
