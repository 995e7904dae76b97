"""The language server put together: which message goes to which part."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

import msgspec
from lsprotocol import types
from pygls.lsp.server import LanguageServer

from optafly import __version__
from optafly.approval import OPEN
from optafly.domain import Position, Proposal, Range, State, Stats
from optafly.errors import OptaflyError
from optafly.lsp import actions, parent
from optafly.lsp.ahead import Ahead
from optafly.lsp.answers import Answers
from optafly.lsp.commands import Commands, take_credential
from optafly.lsp.completion import TRIGGERS, Completer
from optafly.lsp.configuration import Configuration
from optafly.lsp.conversation import Conversation
from optafly.lsp.documents import Documents
from optafly.lsp.editor import Editor, abilities_of
from optafly.lsp.envelope import a_list, an_object
from optafly.lsp.given import Given
from optafly.lsp.greeting import Greeted
from optafly.lsp.indexing import Indexing
from optafly.lsp.proposals import Proposals
from optafly.lsp.review import is_prompt_file
from optafly.lsp.reviews import Reviews, review_at
from optafly.lsp.road import Road
from optafly.lsp.snapshot import Gatherer
from optafly.lsp.status import Status
from optafly.lsp.sync import SyncedProtocol, range_from
from optafly.models.installed import installed
from optafly.paths import Paths
from optafly.privacy.credentials import Credentials
from optafly.protocol import CREDENTIAL, WireDiagnostic
from optafly.settings import WORKSPACE_FILE, Settings
from optafly.uris import path_of

if TYPE_CHECKING:  # imported late: it brings every room with it
    from optafly.pipeline import Pipeline

log = logging.getLogger(__name__)

ANSWERED: frozenset[State] = frozenset({"answered"})
_SEVERITY = {1: "error", 2: "warning", 3: "information", 4: "hint"}


class Server(LanguageServer):
    """pygls' server, which reports its errors to the log alone."""

    def __init__(self, conversation: Conversation) -> None:
        speak = partial(SyncedProtocol, conversation=conversation)
        start = cast("Callable[..., None]", super().__init__)  # pyright: ignore[reportUnknownMemberType] - pygls
        start("optafly", __version__, protocol_cls=speak, max_workers=1)

    def report_server_error(self, error: Exception, source: object) -> None:
        """Log the class of an error; nothing ever pops up."""
        log.error("%s", getattr(source, "__name__", "error"), exc_info=error)


class Face:
    """One editor, one server."""

    def __init__(self, conversation: Conversation, paths: Paths) -> None:
        self._conversation = conversation
        self._paths = paths
        self._server = Server(conversation)
        self._protocol = cast("SyncedProtocol", self._server.protocol)
        self._editor = Editor(self._protocol)
        self._credentials = Credentials()
        self._settings = Settings(self._paths)
        self._status = Status(self._editor, self._stats)
        self._configuration = Configuration(self._editor, self._settings, self._status)
        self._road = Road(
            self._paths, self._credentials, self._settings, self._configuration.pull, self._models_changed
        )
        self._documents: Documents = self._protocol.documents
        self._gatherer = Gatherer(self._documents)
        self._ahead = Ahead(self._documents, self._protocol.folders, self._road.pipeline)
        self._indexing = Indexing(
            self._editor, self._documents, self._protocol.folders, self._road.pipeline, self._status
        )
        self._completer = Completer(self._documents, self._protocol.folders, self._road.pipeline, self._indexing.settle)
        self._proposals = Proposals(self._documents, self._protocol.tell)
        self._reviews = Reviews(self._editor, self._proposals, self._paths.reviews)
        self._given = Given()
        self._answers = Answers(
            self._editor,
            self._road.pipeline,
            self._proposals,
            self._reviews,
            self._given,
            self._gatherer,
            self._status,
        )
        self._tasks: set[asyncio.Task[None]] = set()
        self._pulling: asyncio.Task[None] | None = None
        self._register()

    # --- the main loop ---

    async def serve(self, greeted: Greeted) -> int:
        """Serve until `exit`, the end of stdin, or the end of the editor's process; return the exit code."""
        self._documents.encoding = greeted.encoding
        self._editor.abilities = abilities_of(greeted.request.params)
        self._protocol.welcome(greeted.request)
        process = an_object(greeted.request.params).get("processId")
        if isinstance(process, int) and process > 0:
            self._soon(asyncio.create_task(self._watch(process)))
        reading = asyncio.create_task(self._read())
        self._conversation.lost.add_done_callback(lambda _: self._protocol.end(1))
        code = await self._protocol.ended
        reading.cancel()
        await self._close()
        log.info("ended with %s", code)
        return code

    async def _read(self) -> None:
        try:
            async for value in self._conversation.messages():
                self._protocol.receive(value)
        except Exception as error:  # a server that ends is started again; one that is deaf stays so
            log.error("could not read on", exc_info=error)
            self._protocol.end(1)
        self._protocol.end(0 if self._protocol.shut_down() else 1)

    async def _close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await self._ahead.close()
        await self._indexing.close()
        await self._answers.close()
        try:
            await asyncio.wait_for(self._road.close(), 3)
        except Exception as error:  # the process ends all the same
            log.error("could not close", exc_info=error)

    def _soon(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- what the editor says ---

    def _register(self) -> None:
        commands = Commands(
            self._pipeline,
            self._protocol.folders,
            self._gatherer,
            self._proposals,
            self._reviews,
            self._answers,
            self._given,
            self._status,
            self._completer,
            self._indexing,
        ).table()
        self._protocol.command_table = commands
        for name in commands:
            self._server.command(name)(_listed)
        self._hear(types.INITIALIZED, self._initialized)
        self._hear(types.WORKSPACE_DID_CHANGE_CONFIGURATION, self._configuration_changed)
        self._hear(types.WORKSPACE_DID_CHANGE_WATCHED_FILES, self._files_changed)
        self._hear(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, self._folders_changed)
        self._hear(types.WINDOW_WORK_DONE_PROGRESS_CANCEL, self._progress_cancelled)
        options = types.CodeActionOptions(code_action_kinds=actions.KINDS, resolve_provider=False)
        self._hear(types.TEXT_DOCUMENT_CODE_ACTION, self._code_actions, options)
        completes = types.CompletionOptions(trigger_characters=TRIGGERS, resolve_provider=False)
        self._hear(types.TEXT_DOCUMENT_COMPLETION, self._completion, completes)
        self._hear(CREDENTIAL, self._credential)
        self._protocol.on_text += [self._gatherer.changed, self._ahead.changed, self._indexing.text_changed]

    def _hear(self, method: str, handler: Callable[..., object], options: object = None) -> None:
        self._server.feature(method, options)(partial(handler))  # pygls marks what it is given; a method takes no mark

    async def _watch(self, process: int) -> None:
        await parent.until_gone(process)
        log.warning("the editor has ended")
        self._protocol.end(1)

    def _initialized(self, params: types.InitializedParams) -> None:
        self._soon(asyncio.create_task(self._start()))

    async def _start(self) -> None:
        """Open the road, and tell the editor what an earlier run left open."""
        self._status.tell()
        try:
            pipeline = await self._road.pipeline()
            await self._configuration.listen()
            self._indexing.open()
            for given in reversed(await pipeline.served()):
                self._proposals.know(given.proposal)
                self._given.know(given.proposal.id, given.entry_id, wrong=given.wrong)
            for proposal in reversed(await pipeline.open_proposals()):
                if proposal.uri is not None and self._is_ours(proposal.uri):
                    self._proposals.announce(proposal)
                else:
                    self._proposals.know(proposal)
            await self._reviews.sweep()
        except OptaflyError as error:
            log.error("could not start: %s", error.code)
            self._status.problem("start", str(error))
        except Exception as error:
            log.error("could not start", exc_info=error)
            self._status.problem("start", "OptaFly could not start; see the server's log.")
        await self._status.refresh()

    def _models_changed(self, state: str, reason: str) -> None:
        """Tell the editor once that an installed model does not work, and that it does again."""
        if state == "starting" or self._protocol.ended.done():
            return
        broken = state == "down" and installed(self._paths) is not None
        self._status.problem("models", f"only the same words are found again. {reason}" if broken else None)
        self._status.tell()

    def _is_ours(self, uri: str) -> bool:
        """Return whether a document is in one of our folders, and not in those of another window."""
        file = path_of(uri)
        return file is not None and any(file.is_relative_to(folder.path) for folder in self._protocol.folders())

    async def _stats(self) -> Stats:
        return await (await self._road.pipeline()).stats()

    def _configuration_changed(self, params: types.DidChangeConfigurationParams) -> None:
        if self._editor.abilities.configuration:
            self._pull_soon()
        else:
            self._configuration.pushed(params.settings)
            self._status.tell()
            self._indexing.open()

    def _files_changed(self, params: object) -> None:
        changes = a_list(an_object(params).get("changes"))
        uris = {uri for each in changes if isinstance(uri := an_object(each).get("uri"), str)}
        if any(uri.endswith(f"/{WORKSPACE_FILE}") for uri in uris):
            self._pull_soon()
        self._indexing.files_changed(uris)

    def _folders_changed(self, params: types.DidChangeWorkspaceFoldersParams) -> None:
        self._pull_soon()

    def _pull_soon(self) -> None:
        self._pulling = asyncio.create_task(self._pull_again())
        self._soon(self._pulling)

    async def _pipeline(self) -> Pipeline:
        """Return the pipeline, once the settings that are being asked for are there."""
        if self._pulling is not None:
            await asyncio.wait({self._pulling})
        return await self._road.pipeline()

    async def _pull_again(self) -> None:
        await self._configuration.pull()
        self._status.tell()
        self._indexing.open()

    def _progress_cancelled(self, params: types.WorkDoneProgressCancelParams) -> None:
        self._editor.cancelled(params.token)

    async def _credential(self, params: object) -> dict[str, object]:
        return take_credential(self._credentials, params)

    async def _completion(self, params: types.CompletionParams) -> types.CompletionList:
        place = Position(line=params.position.line, character=params.position.character)
        return await self._completer.in_document(params.text_document.uri, place)

    async def _code_actions(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        uri, place = params.text_document.uri, range_from(params.range)
        if is_prompt_file(uri):
            found = await self._in_prompt_file(uri)
        else:
            diagnostics = tuple(_diagnostic(each) for each in params.context.diagnostics)
            self._gatherer.saw(uri, diagnostics)
            found = self._in_code(uri, place, diagnostic=bool(diagnostics))
        if self._status.is_index_stopped and not self._editor.abilities.vscode:
            found = [*found, actions.RESUME]
        return actions.to_lsp(found, params.context.only)

    def _in_code(self, uri: str, place: Range, *, diagnostic: bool) -> list[actions.Act]:
        proposal = self._proposals.at(uri, place)
        answered = self._proposals.at(uri, place, ANSWERED)
        judged: list[actions.Act] = []
        if answered is not None and (proposal is None or proposal.created_at_s < answered.created_at_s):
            judged = self._on_given(answered)
        if proposal is not None:
            return [*actions.on_proposal(proposal), *judged]
        return judged if self._editor.abilities.vscode else [*actions.asks(uri, place, diagnostic=diagnostic), *judged]

    def _on_given(self, proposal: Proposal) -> list[actions.Act]:
        entry_id = self._given.entry(proposal.id)
        return [] if entry_id is None else actions.on_given(proposal, entry_id, wrong=self._given.wrong(proposal.id))

    async def _in_prompt_file(self, uri: str) -> list[actions.Act]:
        document = self._documents.get(uri)
        if document is None:
            return []
        review = review_at(document)
        if review is None:
            return actions.in_prompt_file(uri, document.text)
        try:
            pipeline = await self._road.pipeline()
            proposal = await pipeline.proposal(review.proposal_id)
        except OptaflyError as error:
            log.info("a review document without its proposal: %s", error.code)
            return []
        if proposal.state not in OPEN:
            return [*actions.while_sending(proposal), *self._on_given(proposal)]
        return actions.in_review(review, proposal)


def _listed() -> None:
    """Stand for a command in the server's capabilities; `SyncedProtocol` runs it."""


def _diagnostic(diagnostic: types.Diagnostic) -> WireDiagnostic:
    severity = _SEVERITY[(diagnostic.severity or types.DiagnosticSeverity.Error).value]
    return msgspec.convert(
        {
            "range": range_from(diagnostic.range),
            "severity": severity,
            "message": diagnostic.message,
            "source": diagnostic.source,
            "code": None if diagnostic.code is None else str(diagnostic.code),
        },
        WireDiagnostic,
    )
