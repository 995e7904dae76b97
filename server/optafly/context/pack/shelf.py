"""What was taken so far: pieces, the tokens that are left, what was left out, and what a person is to say."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from optafly.context.outline.model import Definition
from optafly.context.pack.lines import Lines, roomy, trimmed
from optafly.context.pack.reader import File, times_in
from optafly.context.pack.skeleton import paths_in, paths_text, skeleton
from optafly.domain import Choice, LeftOut, Piece, PieceKind
from optafly.tokens import estimate_tokens
from optafly.uris import path_of

LIST = "."
"""The name of the piece that lists bare paths: no file is called so."""
AROUND_PIECE = 15  # tokens of the place and the fence that are written around a piece
_AROUND_PATHS = 10
_STEPS = 4  # how finely files are told apart by how much they change: the order must not jump about


class Shelf:
    """Takes pieces until the tokens are used up. `taken` are those that somebody else chose."""

    def __init__(self, taken: Sequence[Piece], tokens: int) -> None:
        self.tokens_left = max(tokens, 0)
        self.left_out: list[LeftOut] = []
        self.choices: list[Choice] = []
        self._pieces: list[tuple[Piece, float]] = []
        self._lines: dict[str, list[Lines]] = defaultdict(list)
        self._outlined: set[str] = set()
        for piece in taken:
            if piece.kind != "skeleton":
                self._lines[_place(piece.uri)].append((piece.start_line, piece.end_line))

    def lines(self, file: File) -> list[Lines]:
        """Return the lines of a file that were taken."""
        return self._lines.get(_place(file.uri), [])

    def has(self, file: File) -> bool:
        """Say whether anything of a file was taken."""
        return _place(file.uri) in self._lines or file.uri in self._outlined

    def paths(self) -> frozenset[str]:
        """Return the paths of which something was taken here."""
        return frozenset(piece.path for piece, _ in self._pieces)

    def take(self, file: File, lines: Lines, reason: str, *, pin: str | None = None) -> bool:
        """Take lines that were not taken before, if they hold anything and fit; say whether.

        `pin` is the name by which a person asked for them.
        """
        inside = _holding(file, lines)
        if inside is None:
            return True
        first, last = inside
        tokens = _tokens(file, inside)
        if tokens > self.tokens_left:
            return False
        whole = first == 1 and last >= file.last
        definition = None if whole else _defined(file, inside)
        kind: PieceKind = "file" if whole else "symbol" if definition and _all_of(definition, inside) else "lines"
        text = file.part(first, last)
        self._add(
            Piece(
                path=file.path,
                uri=file.uri,
                kind=kind,
                language=file.outline.language,
                start_line=first,
                end_line=last,
                text=text,
                content_hash=file.raw.content_hash(first - 1, last - 1),
                tokens=tokens,
                reason=reason,
                symbol=definition.name if definition else None,
                pinned=pin is not None,
                pin=pin,
                times=max(times_in(file.content, text), 1),
            ),
            1 + file.changed,
        )
        self._lines[_place(file.uri)].append(inside)
        return True

    def take_skeleton(self, file: File, wanted: Iterable[str], reason: str, tokens: int) -> bool:
        """Take the skeleton of a file if it takes no more than `tokens`; say whether."""
        text = skeleton(file, wanted)
        needed = estimate_tokens(text) + 1
        if needed > min(tokens, self.tokens_left):
            return False
        if "\n" in text:
            self._add(_outlined(file.path, file.uri, file.outline.language, text, needed, reason), -1.0)
            self._outlined.add(file.uri)
        return True

    def take_paths(self, paths: Sequence[str], root: str) -> bool:
        """Take the bare paths of files of one root, if they fit; say whether."""
        text = paths_text(paths)
        tokens = estimate_tokens(text) + _AROUND_PATHS
        if tokens > self.tokens_left or not paths:
            return False
        reason = f"The names of {len(paths)} more files that may matter, so that they can be asked for."
        self._add(_outlined(LIST, Path(root).absolute().as_uri(), "plaintext", text, tokens, reason), -2.0)
        return True

    def symbol(self, file: File, lines: Lines) -> str | None:
        """Return the name of the innermost definition around some lines."""
        definition = _defined(file, lines)
        return definition.name if definition else None

    def ordered(self) -> tuple[Piece, ...]:
        """Return the pieces, those of files that change least first, each file's together in its own order."""

        def place(item: tuple[Piece, float]) -> tuple[float, str, str, int]:
            piece, changes = item
            return round(changes * _STEPS) / _STEPS, piece.uri, piece.path, piece.start_line

        return tuple(piece for piece, _ in sorted(self._pieces, key=place))

    def _add(self, piece: Piece, changes: float) -> None:
        self._pieces.append((msgspec.structs.replace(piece, rank=len(self._pieces)), changes))
        self.tokens_left -= piece.tokens


def paths_of(pieces: Iterable[Piece]) -> frozenset[str]:
    """Return every path that stands in some pieces, those of which there is nothing but the path included."""
    found: set[str] = set()
    for piece in pieces:
        found |= set(paths_in(piece.text)) if is_paths(piece) else {piece.path}
    return frozenset(found)


def is_paths(piece: Piece) -> bool:
    """Say whether a piece is a list of bare paths."""
    return piece.kind == "skeleton" and piece.path == LIST


def needed(file: File, lines: Lines) -> int:
    """Return how many tokens it takes to take some lines of a file, none where they hold nothing."""
    inside = _holding(file, lines)
    return _tokens(file, inside) if inside else 0


def _tokens(file: File, inside: Lines) -> int:
    return file.tokens(*inside) + AROUND_PIECE


def _holding(file: File, lines: Lines) -> Lines | None:
    inside = trimmed(file, lines)
    return roomy(file, inside) if inside else None


def _place(uri: str) -> str:
    """Return what two URIs of one file share: editors escape more or less than we do."""
    return str(path_of(uri) or uri)


def _outlined(path: str, uri: str, language: str, text: str, tokens: int, reason: str) -> Piece:
    return Piece(
        path=path,
        uri=uri,
        kind="skeleton",
        language=language,
        start_line=1,
        end_line=1,
        text=text,
        content_hash=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        tokens=tokens,
        reason=reason,
    )


def _defined(file: File, lines: Lines) -> Definition | None:
    """Return the innermost definition around some lines, or the only one in them."""
    first, last = lines
    around = [each for each in file.outline.definitions if each.start_line <= first and last <= each.end_line]
    if around:
        return max(around, key=lambda each: (each.depth, each.start_line))
    inside = [each for each in file.outline.definitions if first <= each.start_line and each.end_line <= last]
    outer = [each for each in inside if each.depth == min(other.depth for other in inside)]
    return outer[0] if len(outer) == 1 else None


def _all_of(definition: Definition, lines: Lines) -> bool:
    return lines[0] <= definition.start_line and definition.end_line <= lines[1]
