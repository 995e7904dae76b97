"""A file or a definition that is held, as it is shown to whoever asked."""

from __future__ import annotations

from optafly.context.find.corpus import Held
from optafly.context.outline.model import Definition
from optafly.domain import FileHit, SymbolHit


def file_hit(root: str, held: Held, score: float = 1.0, definition: Definition | None = None) -> FileHit:
    """Return a file, or the one definition of it that is meant."""
    symbols = (symbol_hit(definition),) if definition is not None else ()
    entry = held.entry
    return FileHit(root=root, path=entry.path, language=entry.outline.language, score=score, symbols=symbols)


def symbol_hit(definition: Definition) -> SymbolHit:
    """Return a definition."""
    return SymbolHit(
        name=definition.name,
        kind=definition.kind,
        start_line=definition.start_line,
        end_line=definition.end_line,
        signature=definition.signature,
    )
