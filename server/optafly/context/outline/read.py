"""One file read: its definitions, imports, references and chunks."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from optafly.context import trees
from optafly.context.grammars import GRAMMARS, Grammar
from optafly.context.lines import DocumentLines
from optafly.context.outline import embedded, plain
from optafly.context.outline.chunks import chunks, coarse
from optafly.context.outline.definitions import Placed, definitions
from optafly.context.outline.heads import doc_of, signature_of
from optafly.context.outline.imported import loaded_by, package_of, taken_by
from optafly.context.outline.lost import with_lost
from optafly.context.outline.macros import without_macros
from optafly.context.outline.model import Definition, Import, Outline

if TYPE_CHECKING:
    from tree_sitter import Node

_log = logging.getLogger(__name__)

MOST_BYTES = 1_000_000
_LONG_LINE = 1_000
_MOST_DEFINITIONS = 4_000
_MOST_IMPORTS = 2_000
_MOST_NAMES = 4_000
_LONGEST_STATEMENT = 20_000
_LONGEST_NAME = 80
_FAR_ABOVE = 3
_NAME = re.compile(rb"[A-Za-z_$][\w$]+")

Captures = Mapping[str, Sequence["Node"]]


def outline_of(text: str, language: str) -> Outline:
    """Read a file of an LSP language id. Never raises; what is enormous, minified or too slow to parse gets a note."""
    lines = DocumentLines.of(text)
    if len(lines.data) > MOST_BYTES:
        return _coarse(lines, language, f"it is longer than {MOST_BYTES // 1_000_000} MB")
    if _minified(lines):
        return _coarse(lines, language, "it is minified")
    try:
        return _outlined(lines, language)
    except Exception:  # a grammar is foreign native code: whatever it does, the file can still be found by its words
        _log.warning("the grammar of %s failed; going on without definitions", language, exc_info=True)
        return _coarse(lines, language, "it could not be parsed")


def _coarse(lines: DocumentLines, language: str, note: str) -> Outline:
    return Outline(language=language, lines=len(lines), chunks=coarse(lines), note=note)


def _minified(lines: DocumentLines) -> bool:
    """Tell whether most of a file stands in lines that no person wrote."""
    if len(lines.data) < 5 * _LONG_LINE:
        return False
    return 2 * sum(len(raw) for raw in lines.raw if len(raw) > _LONG_LINE) > len(lines.data)


def _outlined(lines: DocumentLines, language: str) -> Outline:
    if language in embedded.LANGUAGES:
        inside = DocumentLines(embedded.scripts_of(lines.data))
        found = _parsed(inside, embedded.READ_AS)
        return msgspec.structs.replace(found, language=language, chunks=chunks(lines, found.definitions))
    if language in GRAMMARS:
        return _parsed(DocumentLines(without_macros(lines.data, language)), language)
    return _by_words(lines, language)


def _by_words(lines: DocumentLines, language: str, note: str = "") -> Outline:
    found = plain.definitions_in(lines, language)
    return Outline(
        language=language,
        lines=len(lines),
        definitions=tuple(found),
        imports=plain.imports_in(lines, language),
        references=plain.references_in(lines, language, found),
        chunks=chunks(lines, found),
        note=note,
    )


def _parsed(lines: DocumentLines, language: str) -> Outline:
    grammar, captures = GRAMMARS[language], trees.captures_of(lines.data, language)
    if captures is None:
        return _by_words(lines, language, "it could not be parsed: it was read by its words")
    found = [_definition(each, lines) for each in definitions(captures, grammar, lines)]
    if lost := captures.get("lost"):
        found = with_lost(found, [_span(node, lines) for node in lost], lines, language, grammar.separator)
    kept = found[:_MOST_DEFINITIONS]
    imports = sorted(_imports(captures, grammar, lines, language), key=lambda each: each.line)
    return Outline(
        language=language,
        lines=len(lines),
        definitions=tuple(kept),
        imports=tuple(imports[:_MOST_IMPORTS]),
        references=_references(captures, grammar, lines.data, found, imports),
        chunks=chunks(lines, kept),
        note=f"it has more than {_MOST_DEFINITIONS:,} definitions" if len(found) > _MOST_DEFINITIONS else "",
        package=next((package_of(_text(node, lines.data)) for node in captures.get("package", ())), ""),
    )


def _definition(placed: Placed, lines: DocumentLines) -> Definition:
    return Definition(
        name=placed.name,
        kind=placed.kind,
        start_line=placed.first + 1,
        end_line=placed.last + 1,
        name_line=placed.header + 1,
        depth=placed.depth,
        signature=signature_of(placed, lines.data),
        doc=doc_of(placed, lines),
    )


def _imports(captures: Captures, grammar: Grammar, lines: DocumentLines, language: str) -> Iterator[Import]:
    data = lines.data
    for node in _in_order(captures, "import"):
        line = lines.line_at(node.start_byte) + 1
        end = min(node.end_byte, node.start_byte + _LONGEST_STATEMENT)
        for offset, module, names in taken_by(data[node.start_byte : end].decode("utf-8", "replace"), language):
            yield Import(module=module, line=line + offset, names=names)
    if not grammar.loaders:
        return
    for node in _in_order(captures, "ref"):
        loader = data[node.start_byte : node.end_byte].decode("utf-8", "replace")
        if loader in grammar.loaders:
            arguments = node.next_sibling or (node.parent.next_sibling if node.parent else None)
            if arguments and (module := loaded_by(loader, _text(arguments, data))):
                yield Import(module, lines.line_at(node.start_byte) + 1, _taken_into(node, data))


def _in_order(captures: Captures, name: str) -> list[Node]:
    """Return captures as they stand in the file: the library hands them out in any order."""
    return sorted(captures.get(name, ()), key=lambda node: node.start_byte)


def _taken_into(loader: Node, data: bytes) -> tuple[str, ...]:
    """Return the names that the result of `const { a, b } = await import("./x")` goes to."""
    around = loader.parent
    for _ in range(_FAR_ABOVE):
        if around is None or around.type == "variable_declarator":
            break
        around = around.parent
    if around is None or around.type != "variable_declarator" or (name := around.child_by_field_name("name")) is None:
        return ()
    if name.type == "object_pattern":
        return tuple(_text(child, data).partition(":")[0].partition("=")[0].strip() for child in name.named_children)
    return (_text(name, data),)


def _span(node: Node, lines: DocumentLines) -> tuple[int, int]:
    """Return the lines of a node; of one after which a parser went no further, all to the end."""
    is_last = node.parent is None or (node.parent.parent is None and node.next_sibling is None)
    return node.start_point[0], len(lines) - 1 if is_last else node.end_point[0]


def _text(node: Node, data: bytes) -> str:
    return data[node.start_byte : min(node.end_byte, node.start_byte + _LONGEST_STATEMENT)].decode("utf-8", "replace")


def _references(
    captures: Captures, grammar: Grammar, data: bytes, found: Sequence[Definition], imports: Sequence[Import]
) -> dict[str, int]:
    counts = Counter(data[node.start_byte : node.end_byte] for node in captures.get("ref", ()))
    names = (data[node.start_byte : node.end_byte] for node in captures.get("upper", ()))
    counts.update(name for name in names if name[:1].isupper())
    # A name that is imported may be used as a value only, where no call, type or attribute shows it.
    taken = {name.encode() for each in imports for name in each.names} - counts.keys()
    if taken:
        used = Counter(_NAME.findall(data))
        for node in captures.get("import", ()):
            used.subtract(_NAME.findall(data[node.start_byte : node.end_byte]))
        counts.update({name: used[name] for name in taken if used[name] > 0})
    own = {re.split(r"\.|::", definition.name)[-1] for definition in found} | grammar.loaders
    most = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_NAMES]  # the same file, the same bytes
    named = ((name.decode("utf-8", "replace"), count) for name, count in most)
    return {name: count for name, count in named if 1 < len(name) <= _LONGEST_NAME and name not in own}
