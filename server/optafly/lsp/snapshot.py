"""What the editor knows when a person asks, gathered into one Snapshot."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from optafly.context.outline.decode import text_of
from optafly.context.outline.languages import language_of
from optafly.domain import Diagnostic, Document, Folder, OpenFile, Piece, Position, Range, Snapshot
from optafly.lsp.documents import Documents
from optafly.lsp.positions import Lines, lines_of
from optafly.lsp.review import is_prompt_file
from optafly.protocol import RefineParams, WireDiagnostic
from optafly.roots import shown
from optafly.uris import path_of, spelt

MAX_FILE_BYTES = 2_000_000
_MAX_GIVEN = 20


def path_in(uri: str, folders: Sequence[Folder]) -> str:
    """Return the path of a document within the innermost folder that holds it, else as a whole.

    Where another folder has a file of that path too, it says in which it is (see `optafly.roots`).
    """
    file = path_of(uri)
    if file is None:
        return unquote(urlsplit(uri).path) or uri
    roots = [folder.path for folder in folders]
    holding = [root for root in roots if file.is_relative_to(root)]
    if not holding:
        return file.as_posix()
    root = max(holding, key=len)
    return shown(root, file.relative_to(root).as_posix(), roots, lambda other, path: Path(other, path).is_file())


def read_file(uri: str) -> str | None:
    """Return the text of a file on disk; None where it is none, too large, or not text."""
    file = path_of(uri)
    try:
        if file is None or not file.is_file() or file.stat().st_size > MAX_FILE_BYTES:
            return None
        return text_of(file.read_bytes())
    except (OSError, ValueError):
        return None


def current_text(documents: Documents, uri: str) -> str | None:
    """Return a document as the person has it now: the open buffer before the disk."""
    document = documents.get(uri)
    return document.text if document is not None else read_file(uri)


class Gatherer:
    """Builds Snapshots from what is synced and what came with the request."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._seen: dict[str, tuple[WireDiagnostic, ...]] = {}
        self._given: dict[str, str] = {}  # texts of documents that are not open with us, by URI

    def saw(self, uri: str, diagnostics: tuple[WireDiagnostic, ...]) -> None:
        """Remember diagnostics that came with a code action request, for editors that send them nowhere else."""
        if diagnostics:
            known = [old for old in self._seen.get(spelt(uri), ()) if old not in diagnostics]
            self._seen[spelt(uri)] = (*known, *diagnostics)[-100:]

    def changed(self, uri: str) -> None:
        """Forget what is known of a document whose text is another now."""
        self._seen.pop(spelt(uri), None)
        self._given.pop(spelt(uri), None)

    def read(self, piece: Piece) -> str | None:
        """Return the current text of a piece's file."""
        given = self._given.get(spelt(piece.uri))
        return current_text(self._documents, piece.uri) if given is None else given

    async def snapshot(self, params: RefineParams, folders: tuple[Folder, ...]) -> Snapshot:
        """Return what is known now. Places in the result are in code points."""
        active = await self._active(params, folders)
        files = [document for document in self._documents if not is_prompt_file(document.uri)]
        edits = self._documents.recent_edits(lambda uri: path_in(uri, folders))
        snapshot = Snapshot(
            prompt=params.prompt or "",
            open_files=tuple(
                OpenFile(path=path_in(document.uri, folders), language=document.language) for document in files
            ),
            recent_edits=tuple(edit for edit in edits if not is_prompt_file(edit.path)),
            folders=folders,
        )
        return snapshot if active is None else self._placed(snapshot, active, params)

    async def _active(self, params: RefineParams, folders: tuple[Folder, ...]) -> Document | None:
        uri = params.uri
        if uri is None or is_prompt_file(uri):
            return None
        document = self._documents.get(uri)
        if document is not None:
            language, version, text = document.language, document.version, document.text
        else:
            language = params.language_id or language_of(unquote(urlsplit(uri).path))
            version, text = None, params.text
            self._give(uri, text)
            if text is None:
                text = await asyncio.to_thread(read_file, uri)
            if text is None:
                return None
        return Document(path=path_in(uri, folders), uri=uri, language=language, text=text, version=version)

    def _give(self, uri: str, text: str | None) -> None:
        """Keep the text that came with a request, for `read`; without one, the disk says what holds."""
        self._given.pop(spelt(uri), None)
        if text is not None:
            self._given[spelt(uri)] = text
        while len(self._given) > _MAX_GIVEN:
            del self._given[next(iter(self._given))]

    def _placed(self, snapshot: Snapshot, active: Document, params: RefineParams) -> Snapshot:
        lines = lines_of(active.text, self._documents.encoding)
        selection = None if params.selection is None else lines.range_from_wire(params.selection)
        cursor = None if params.cursor is None else lines.from_wire(params.cursor)
        if cursor is None and selection is not None:
            cursor = selection.end
        seen = params.diagnostics or self._seen.get(spelt(active.uri), ())
        return Snapshot(
            prompt=snapshot.prompt,
            active=active,
            selection=None if selection is None or selection.empty else selection,
            cursor=cursor,
            diagnostics=tuple(_diagnostic(active.path, each, lines) for each in seen),
            open_files=snapshot.open_files,
            recent_edits=snapshot.recent_edits,
            folders=snapshot.folders,
        )


def _diagnostic(path: str, wire: WireDiagnostic, lines: Lines) -> Diagnostic:
    return Diagnostic(
        path=path,
        range=lines.range_from_wire(wire.range),
        severity=wire.severity,
        message=wire.message,
        source=wire.source,
        code=wire.code,
    )


def covers(lines: Range, place: Range) -> bool:
    """Return whether two ranges share a line."""
    return lines.start.line <= place.end.line and place.start.line <= lines.end.line


def at(line: int) -> Position:
    """Return the beginning of a line."""
    return Position(line=line, character=0)
