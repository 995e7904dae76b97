"""What has been chosen from a document so far, within the budget."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from optafly.config import ContextSettings
from optafly.context.lines import DocumentLines
from optafly.context.symbols import Symbol, enclosing_all
from optafly.domain import Document, Piece, PieceKind
from optafly.tokens import estimate_tokens

_MOST_HEAD_LINES = 12


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
        """Tell whether any of the lines `first` to `last` was taken already, and not only in outline."""
        taken = (piece for piece in self.pieces if piece.kind != "skeleton")
        return any(piece.start_line <= last + 1 and first + 1 <= piece.end_line for piece in taken)

    def has(self, first: int, last: int) -> bool:
        """Tell whether just the lines `first` to `last` were taken already."""
        return any((piece.start_line, piece.end_line) == (first + 1, last + 1) for piece in self.pieces)

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
        if not text.strip() or estimate_tokens(text) > self.tokens_left:
            return False
        self.pieces.append(self._piece(kind, first, last, text, reason, symbol))
        if cut:
            self.notes.append(f"Very long lines of `{self.document.path}` were cut.")
        return True

    def take_outline(self, symbol: Symbol, inside: Iterable[Symbol], reason: str) -> bool:
        """Take the head of `symbol` and of each of those `inside` it, if they fit the budget.

        Above them stands an ellipsis, where an outline of a whole file has its path.
        """
        heads = dict.fromkeys(each.name_line - 1 for each in (symbol, *inside))
        text = "\n".join(("…", *(self._head(line) for line in heads)))
        if estimate_tokens(text) > self.tokens_left:
            return False
        first, last = symbol.start_line - 1, symbol.end_line - 1
        self.pieces.append(self._piece("skeleton", first, last, text, reason, symbol))
        return True

    def take_symbol(self, symbol: Symbol, reason: str, kind: PieceKind = "symbol") -> bool:
        """Take all lines of `symbol` if they fit the budget."""
        return self.take(kind, symbol.start_line - 1, symbol.end_line - 1, reason, symbol=symbol)

    def _head(self, line: int) -> str:
        """Return the lines of a definition from that of its name on, until its brackets are closed."""
        last = line
        text = self.lines.text(line, last)[0]
        while text.count("(") > text.count(")") and last < min(line + _MOST_HEAD_LINES, len(self.lines)) - 1:
            last += 1
            text = self.lines.text(line, last)[0]
        return text

    def _piece(self, kind: PieceKind, first: int, last: int, text: str, reason: str, symbol: Symbol | None) -> Piece:
        return Piece(
            path=self.document.path,
            uri=self.document.uri,
            kind=kind,
            language=self.document.language,
            start_line=first + 1,
            end_line=last + 1,
            text=text,
            content_hash=self.lines.content_hash(first, last),
            tokens=estimate_tokens(text),
            reason=reason,
            symbol=symbol.name if symbol else None,
        )
