"""The part of LSP that keeps us in step with the editor: documents, folders, and commands in their plain form."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast

from lsprotocol import types

from optafly.domain import Folder, Position, Range
from optafly.lsp.conversation import Conversation
from optafly.lsp.documents import Documents, TextChange
from optafly.lsp.rpc import BadParams, Protocol
from optafly.uris import path_of

Command = Callable[[object], Awaitable[object]]


def range_from(span: types.Range) -> Range:
    """Take an LSP range as our own, still in the editor's units."""
    return Range(
        start=Position(line=span.start.line, character=span.start.character),
        end=Position(line=span.end.line, character=span.end.character),
    )


def range_to(span: Range) -> types.Range:
    """Give a range, already in the editor's units, as LSP's."""
    return types.Range(
        start=types.Position(line=span.start.line, character=span.start.character),
        end=types.Position(line=span.end.line, character=span.end.character),
    )


class SyncedProtocol(Protocol):
    """Keeps documents with line ends as LSP defines them, and runs a command as a task that can be cancelled."""

    def __init__(self, server: Any, converter: Any, conversation: Conversation) -> None:  # Any: as in pygls
        super().__init__(server, converter, conversation)
        self.documents = Documents()
        self.command_table: dict[str, Command] = {}
        self.on_text: list[Callable[[str], None]] = []  # called with the URI of a document that opened or changed
        self.replace_builtin(types.TEXT_DOCUMENT_DID_OPEN, self._did_open)
        self.replace_builtin(types.TEXT_DOCUMENT_DID_CHANGE, self._did_change)
        self.replace_builtin(types.TEXT_DOCUMENT_DID_CLOSE, self._did_close)
        self.replace_builtin(types.WORKSPACE_EXECUTE_COMMAND, self._execute_command)

    def folders(self) -> tuple[Folder, ...]:
        """The workspace folders that are on this machine's disk."""
        known = self.workspace.folders.values()
        pairs = [(folder.name, path_of(folder.uri)) for folder in known if folder.uri.startswith("file:")]
        if not pairs and self.workspace.root_uri:
            pairs = [("", path_of(self.workspace.root_uri))]
        return tuple(Folder(name=name or path.name, path=str(path)) for name, path in pairs if path is not None)

    def _did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        """Take a document in."""
        item = params.text_document
        self.documents.open(item.uri, item.language_id, item.version, item.text)
        self._tell_text(item.uri)

    def _did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        """Apply changes in order."""
        changes = [
            TextChange(
                change.text,
                range_from(change.range) if isinstance(change, types.TextDocumentContentChangePartial) else None,
            )
            for change in params.content_changes
        ]
        if self.documents.change(params.text_document.uri, params.text_document.version, changes):
            self._tell_text(params.text_document.uri)

    def _did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        """Let a document go."""
        self.documents.close(params.text_document.uri)
        self._tell_text(params.text_document.uri)

    def _tell_text(self, uri: str) -> None:
        for listener in self.on_text:
            listener(uri)

    async def _execute_command(self, params: object) -> object:
        """Run one of our commands with its one argument object."""
        given = cast("dict[str, object]", params) if isinstance(params, dict) else {}
        command = self.command_table.get(str(given.get("command")))
        if command is None:
            raise BadParams("There is no such command.")
        arguments = given.get("arguments")
        if arguments is not None and not isinstance(arguments, list):
            raise BadParams("`arguments` must be an array.")
        known = cast("list[object]", arguments or [])
        if len(known) > 1:
            raise BadParams("A command takes one argument object.")
        return await command(known[0] if known else {})
