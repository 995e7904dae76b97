"""What the editor sent."""

from __future__ import annotations

from typing import Literal

from optafly.domain.record import Count, Record

Severity = Literal["error", "warning", "information", "hint"]


class Position(Record, frozen=True, order=True):
    """A place in a document: 0-based line, 0-based character in Unicode code points."""

    line: Count
    character: Count


class Range(Record, frozen=True, order=True):
    """A half-open span of a document."""

    start: Position
    end: Position

    @property
    def empty(self) -> bool:
        """Whether nothing lies between start and end."""
        return self.start == self.end


class Document(Record, frozen=True):
    """A document as the editor holds it now, saved or not.

    `path` is relative to its workspace folder with `/` between parts, or absolute for a file outside every folder.
    """

    path: str
    uri: str
    language: str
    text: str
    version: int | None = None


class OpenFile(Record, frozen=True):
    """A document that is open in the editor, without its text."""

    path: str
    language: str


class Diagnostic(Record, frozen=True):
    """One error or warning that a compiler, linter or language server reported."""

    path: str
    range: Range
    severity: Severity
    message: str
    source: str | None = None
    code: str | None = None


class RecentEdit(Record, frozen=True):
    """Lines (0-based, end exclusive) that changed in a file, newest first in a Snapshot; `at_s` is Unix time."""

    path: str
    start_line: Count
    end_line: Count
    at_s: float


class Folder(Record, frozen=True):
    """A workspace folder: its name and absolute path."""

    name: str
    path: str


class Snapshot(Record, frozen=True):
    """What the editor knew when the person asked."""

    prompt: str
    active: Document | None = None
    selection: Range | None = None
    cursor: Position | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    open_files: tuple[OpenFile, ...] = ()
    recent_edits: tuple[RecentEdit, ...] = ()
    folders: tuple[Folder, ...] = ()
