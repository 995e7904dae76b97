"""What has been chosen from a document so far, within the budget."""

from __future__ import annotations

from dataclasses import dataclass, field

from optafly.config import ContextSettings
from optafly.context.lines import DocumentLines
from optafly.context.symbols import Symbol, enclosing_all
from optafly.domain import Document, Piece, PieceKind
from optafly.tokens import estimate_tokens


@dataclass(slots=True)
class Chosen:
    """The pieces taken from one document, and notes on what was left out. Lines are 0-based here, as in the editor."""

    document: Document
    settings: ContextSettings
    lines: DocumentLines
    pieces: list[Piece] = field(default_factory=list[Piece])
    notes: list[str] = field(default_factory=list[str])

    @property
    def tokens_left(self) -> int:
        """How much of the budget is left."""
        return self.settings.max_tokens - sum(piece.tokens for piece in self.pieces)

    def symbols_at(self, line: int, character: int | None = None) -> tuple[Symbol, ...]:
        """Return the symbols around a place, innermost first; none where the settings switch them off."""
        if not self.settings.symbols:
            return ()
        document = self.document
        return enclosing_all(document.text, document.language, line, character, uri=document.uri)

    def overlaps(self, first: int, last: int) -> bool:
        """Tell whether any of the lines `first` to `last` was taken already."""
        return any(piece.start_line <= last + 1 and first + 1 <= piece.end_line for piece in self.pieces)

    def take(
        self,
        kind: PieceKind,
        first: int,
        last: int,
        reason: str,
        *,
        symbol: Symbol | None = None,
        near: tuple[int, int] = (0, 0),
    ) -> bool:
        """Take lines `first` to `last` if they hold anything and fit; a long line keeps the characters `near`."""
        text, cut = self.lines.text(first, last, near=near)
        tokens = estimate_tokens(text)
        if not text.strip() or tokens > self.tokens_left:
            return False
        self.pieces.append(
            Piece(
                path=self.document.path,
                uri=self.document.uri,
                kind=kind,
                language=self.document.language,
                start_line=first + 1,
                end_line=last + 1,
                text=text,
                content_hash=self.lines.content_hash(first, last),
                tokens=tokens,
                reason=reason,
                symbol=symbol.name if symbol else None,
            )
        )
        if cut:
            self.notes.append(f"Very long lines of `{self.document.path}` were cut.")
        return True

    def take_symbol(self, symbol: Symbol, reason: str, kind: PieceKind = "symbol") -> bool:
        """Take all lines of `symbol` if they fit the budget."""
        return self.take(kind, symbol.start_line - 1, symbol.end_line - 1, reason, symbol=symbol)
