"""The documents that the editor has open, as it holds them now, and where they changed lately."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator

import msgspec

from optafly.domain import Position, Range, RecentEdit
from optafly.lsp.positions import Encoding, Lines, lines_of, offsets_of
from optafly.uris import spelt

MAX_RECENT_EDITS = 50
_SAME_EDIT_S = 2.0


class OpenDocument(msgspec.Struct):
    """One open document; `text` is what the editor shows, saved or not."""

    uri: str
    language: str
    version: int
    text: str


class TextChange(msgspec.Struct, frozen=True):
    """One change of a document; without a range, `text` is the whole new document."""

    text: str
    range: Range | None = None


class Edit(msgspec.Struct, frozen=True):
    """Lines of a document that changed: 0-based, end exclusive."""

    uri: str
    start_line: int
    end_line: int
    at_s: float


class Documents:
    """Keeps step with the editor's open documents. Places are in the editor's units on the way in."""

    def __init__(self, encoding: Encoding = "utf-16", clock: Callable[[], float] = time.time) -> None:
        self.encoding: Encoding = encoding
        self._clock = clock
        self._open: dict[str, OpenDocument] = {}
        self._edits: deque[Edit] = deque(maxlen=MAX_RECENT_EDITS)

    def __iter__(self) -> Iterator[OpenDocument]:
        return iter(tuple(self._open.values()))

    def get(self, uri: str) -> OpenDocument | None:
        """Return the open document, however the client spelt its URI."""
        return self._open.get(spelt(uri))

    def open(self, uri: str, language: str, version: int, text: str) -> None:
        """Take a document in; opening it again replaces it."""
        self._open[spelt(uri)] = OpenDocument(uri=uri, language=language, version=version, text=text)

    def close(self, uri: str) -> None:
        """Let a document go; its recent edits stay."""
        self._open.pop(spelt(uri), None)

    def change(self, uri: str, version: int, changes: list[TextChange]) -> bool:
        """Apply changes in order and return whether the document is open."""
        document = self.get(uri)
        if document is None:
            return False
        for change in changes:
            self._apply(document, change)
        document.version = version
        return True

    def lines(self, document: OpenDocument) -> Lines:
        """Return the document's lines, for converting places."""
        return lines_of(document.text, self.encoding)

    def recent_edits(self, path_of: Callable[[str], str]) -> tuple[RecentEdit, ...]:
        """Return recent edits, newest first, with paths as `path_of` names a URI."""
        paths = {uri: path_of(uri) for uri in {edit.uri for edit in self._edits}}
        return tuple(
            RecentEdit(path=paths[edit.uri], start_line=edit.start_line, end_line=edit.end_line, at_s=edit.at_s)
            for edit in reversed(self._edits)
        )

    def _apply(self, document: OpenDocument, change: TextChange) -> None:
        if change.range is None:
            first, last = _changed_lines(document.text, change.text)
            document.text = change.text
        else:
            start, end = offsets_of(document.text, change.range, self.encoding)
            first = change.range.start.line
            document.text = document.text[:start] + change.text + document.text[max(start, end) :]
            last = first + len(Lines(change.text, "utf-32"))
        self._note(Edit(document.uri, first, last, self._clock()))

    def _note(self, edit: Edit) -> None:
        """Remember an edit; typing on in the same lines is one edit."""
        last = self._edits[-1] if self._edits else None
        touching = last is not None and last.uri == edit.uri and edit.at_s - last.at_s < _SAME_EDIT_S
        if last is not None and touching and last.start_line <= edit.end_line and edit.start_line <= last.end_line:
            self._edits.pop()
            edit = Edit(edit.uri, min(last.start_line, edit.start_line), max(last.end_line, edit.end_line), edit.at_s)
        self._edits.append(edit)


def _changed_lines(before: str, after: str) -> tuple[int, int]:
    """Return the lines of `after` (0-based, end exclusive) that differ from `before`."""
    old, new = before.split("\n"), after.split("\n")
    first = 0
    while first < min(len(old), len(new)) and old[first] == new[first]:
        first += 1
    tail = 0
    while tail < min(len(old), len(new)) - first and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return first, max(first, len(new) - tail)


def smallest_edit(before: str, after: str, encoding: Encoding) -> TextChange | None:
    """Return the one edit of whole lines, in the editor's units, that turns `before` into `after`; None if equal."""
    if before == after:
        return None
    old, new = before.split("\n"), after.split("\n")
    first, last = _changed_lines(before, after)
    removed = len(old) - (len(new) - last)
    lines = Lines(before, encoding)
    start = sum(len(line) + 1 for line in old[:first])
    end = sum(len(line) + 1 for line in old[:removed])
    replacement = "\n".join(new[first:last]) + ("\n" if last > first and removed < len(old) else "")
    if removed == len(old):  # the change reaches the end, which has no line break of its own
        end = len(before)
        if first and first == last:
            start -= 1
        if first == len(old):
            start, replacement = len(before), "\n" + replacement
    return TextChange(replacement, _wire(lines, start, min(end, len(before))))


def _wire(lines: Lines, start: int, end: int) -> Range:
    def place(offset: int) -> Position:
        return lines.to_wire(lines.place(offset))

    return Range(start=place(start), end=place(end))
