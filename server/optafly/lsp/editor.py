"""What the editor can do, and the road to it: documents to show and edit, progress, its status bar."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from typing import cast

import msgspec
from lsprotocol import types

from optafly.lsp.documents import TextChange
from optafly.lsp.envelope import a_list, an_object
from optafly.lsp.sync import SyncedProtocol, range_to

log = logging.getLogger(__name__)


class Abilities(msgspec.Struct, frozen=True):
    """What the client said of itself in `initialize`."""

    vscode: bool = False
    configuration: bool = False
    register_configuration: bool = False
    register_watched_files: bool = False
    show_document: bool = False
    apply_edit: bool = False
    create_file: bool = False
    progress: bool = False
    server_status: bool = False


def abilities_of(params: object) -> Abilities:
    """Read the params of `initialize`; what the client does not mention, or says oddly, it cannot do."""

    def said(*path: str) -> object:
        value = params
        for name in path:
            value = an_object(value).get(name)
        return value

    def can(*path: str) -> bool:
        return said("capabilities", *path) is True

    creates = "create" in a_list(said("capabilities", "workspace", "workspaceEdit", "resourceOperations"))
    return Abilities(
        vscode=said("initializationOptions", "client") == "vscode",
        configuration=can("workspace", "configuration"),
        register_configuration=can("workspace", "didChangeConfiguration", "dynamicRegistration"),
        register_watched_files=can("workspace", "didChangeWatchedFiles", "dynamicRegistration"),
        show_document=can("window", "showDocument", "support"),
        apply_edit=can("workspace", "applyEdit"),
        create_file=creates and can("workspace", "workspaceEdit", "documentChanges"),
        progress=can("window", "workDoneProgress"),
        server_status=can("experimental", "serverStatusNotification"),
    )


class Editor:
    """Asks the editor for things it can do; what it cannot do, or refuses, is False, never an error."""

    def __init__(self, protocol: SyncedProtocol) -> None:
        self.protocol = protocol
        self.abilities = Abilities()
        self._cancels: dict[str | int, Callable[[], Awaitable[object]]] = {}
        self._tasks: set[asyncio.Task[object]] = set()

    async def show(self, uri: str) -> bool:
        """Open a document for the person; True when it is in front of them."""
        if not self.abilities.show_document:
            return False
        params = types.ShowDocumentParams(uri=uri, take_focus=True)
        result = await self._ask(types.WINDOW_SHOW_DOCUMENT, params)
        return bool(result and result.success)

    async def edit(self, uri: str, version: int | None, change: TextChange) -> bool:
        """Apply one change to a document."""
        if not self.abilities.apply_edit or change.range is None:
            return False
        edit = types.TextEdit(range=range_to(change.range), new_text=change.text)
        return await self._apply([_document_edit(uri, version, edit)] if version is not None else None, {uri: [edit]})

    async def create(self, uri: str) -> bool:
        """Have the editor take notice of a file that it cannot be asked to show."""
        if not (self.abilities.apply_edit and self.abilities.create_file):
            return False
        create = types.CreateFile(uri=uri, options=types.CreateFileOptions(ignore_if_exists=True))
        return await self._apply([create], None)

    async def _apply(
        self,
        documents: list[types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile] | None,
        changes: dict[str, list[types.TextEdit]] | None,
    ) -> bool:
        edit = types.WorkspaceEdit(document_changes=documents) if documents else types.WorkspaceEdit(changes=changes)
        params = types.ApplyWorkspaceEditParams(label="OptaFly", edit=edit)
        result = await self._ask(types.WORKSPACE_APPLY_EDIT, params)
        return bool(result and result.applied)

    def say(self, words: str) -> None:
        """Put a line in the editor's log of this server; nothing pops up."""
        params = {"type": types.MessageType.Info.value, "message": words}
        self.protocol.tell(types.WINDOW_LOG_MESSAGE, params)

    async def register(self, method: str, options: object) -> None:
        """Ask to be told of something."""
        registration = types.Registration(id=uuid.uuid4().hex, method=method, register_options=options)
        await self._ask(types.CLIENT_REGISTER_CAPABILITY, types.RegistrationParams(registrations=[registration]))

    async def configuration(self, scopes: list[str | None]) -> list[object] | None:
        """Return the `optafly` section for each scope URI (None: the editor's own)."""
        items = [types.ConfigurationItem(scope_uri=scope, section="optafly") for scope in scopes]
        values: object = await self._ask(types.WORKSPACE_CONFIGURATION, types.ConfigurationParams(items=items))
        return list(cast("list[object]", values)) if isinstance(values, list | tuple) else None

    async def begin(self, title: str, cancel: Callable[[], Awaitable[object]]) -> str | None:
        """Show that work goes on, with a way to cancel it; return its token, None where the editor cannot."""
        if not self.abilities.progress or self.abilities.vscode:
            return None
        token = uuid.uuid4().hex
        self._cancels[token] = cancel
        created = await self._ask(
            types.WINDOW_WORK_DONE_PROGRESS_CREATE, types.WorkDoneProgressCreateParams(token=token), default=False
        )
        if created is False:
            self._cancels.pop(token, None)
            return None
        self._progress(token, {"kind": "begin", "title": title, "cancellable": True})
        return token

    def report(self, token: str | None, message: str, percentage: int | None = None) -> None:
        """Say how far it is."""
        if token in self._cancels:
            value: dict[str, object] = {"kind": "report", "message": message}
            self._progress(token, value if percentage is None else {**value, "percentage": percentage})

    def end(self, token: str | None, message: str) -> None:
        """Close what `begin` opened."""
        if token is not None and self._cancels.pop(token, None) is not None:
            self._progress(token, {"kind": "end", "message": message})

    def cancelled(self, token: str | int) -> None:
        """Hear that the person cancelled."""
        if (cancel := self._cancels.get(token)) is not None:
            task = asyncio.ensure_future(cancel())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _progress(self, token: str, value: dict[str, object]) -> None:
        self.protocol.tell(types.PROGRESS, {"token": token, "value": value})

    async def _ask(self, method: str, params: object, default: object = None) -> ...:
        try:
            return await self.protocol.ask(method, params)
        except Exception as error:  # whatever a converter raises on an odd reply counts as no reply
            log.info("%s: %s", method, type(error).__name__)
            return default


def _document_edit(uri: str, version: int | None, edit: types.TextEdit) -> types.TextDocumentEdit:
    identifier = types.OptionalVersionedTextDocumentIdentifier(uri=uri, version=version)
    return types.TextDocumentEdit(text_document=identifier, edits=[edit])
