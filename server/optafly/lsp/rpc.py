"""JSON-RPC as the specification has it: every request is answered, every notification survived, nothing pops up.

pygls gives the types, the handlers and the requests of our own; reading, checking and answering messages is done here,
because pygls 2.1.1 is silent about bad params, reads nested `jsonrpc` keys as messages, shows pop-ups and sends
tracebacks.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcMethodNotFound
from pygls.protocol import LanguageServerProtocol

from optafly.errors import OptaflyError
from optafly.lsp.conversation import Conversation
from optafly.lsp.envelope import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    REQUEST_CANCELLED,
    REQUEST_FAILED,
    Incoming,
    MessageId,
    Refusal,
    Response,
    a_list,
    an_object,
    open_envelope,
)
from optafly.protocol import Problem

log = logging.getLogger(__name__)


# Commands have types of our own; a branch switch comes as thousands of events, too many to make objects of on the loop.
PLAIN = frozenset({types.WORKSPACE_EXECUTE_COMMAND, types.WORKSPACE_DID_CHANGE_WATCHED_FILES})


class BadParams(Exception):
    """The params of a message do not have the right shape; the text names the place, not the content."""


def problem_of(error: OptaflyError, trace_id: str | None = None) -> Problem:
    """Say an error in the protocol's words."""
    return Problem(code=error.code, what=error.what, why=error.why, todo=error.todo, trace_id=trace_id)


class Protocol(LanguageServerProtocol):
    """pygls' protocol with the specification's answers to everything that can be wrong."""

    def __init__(self, server: Any, converter: Any, conversation: Conversation) -> None:  # Any: as in pygls
        super().__init__(server, converter)
        self._conversation = conversation
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._greeted: MessageId | None = None
        self._asked: set[MessageId] = set()
        self.replace_builtin(types.SHUTDOWN, self._on_shutdown)
        self.replace_builtin(types.EXIT, self._on_exit)

    def replace_builtin(self, method: str, handler: Callable[[Any], object]) -> None:
        """Handle a method ourselves that pygls would handle."""
        self.fm.builtin_features[method] = handler  # pyright: ignore[reportUnknownMemberType] - pygls leaves it untyped

    # --- messages in ---

    def welcome(self, request: Incoming) -> None:
        """Take in an `initialize` that was answered already; what makes no sense in it counts as not said.

        Its capabilities stay plain data: building their converter would hold the event loop for about 40 ms.
        """
        said = an_object(request.params)
        root = said.get("rootUri")
        folders = [an_object(each) for each in a_list(said.get("workspaceFolders"))]
        self._greeted = request.id
        params = types.InitializeParams(
            capabilities=types.ClientCapabilities(),
            root_uri=root if isinstance(root, str) else None,
            workspace_folders=[
                types.WorkspaceFolder(uri=uri, name=str(each.get("name")))
                for each in folders
                if isinstance(uri := each.get("uri"), str)
            ],
        )
        self._handle_request(request.id or 0, request.method, params)

    def receive(self, value: object) -> None:
        """Take one decoded message. Never raises."""
        message = open_envelope(value)
        if isinstance(message, Refusal):
            self._conversation.send(message.message())
        elif isinstance(message, Response):
            self._receive_response(message)
        elif message.id is not None and message.id in self._request_futures:
            self.refuse(message.id, INVALID_REQUEST, "A request with this id is still being answered.")
        elif message.method != types.EXIT and self._shutdown:
            self._too_late(message, "The server is shutting down.")
        elif message.method == types.INITIALIZE:
            self._too_late(message, "The server is already initialized.")
        else:
            self._dispatch(message)

    def _too_late(self, message: Incoming, words: str) -> None:
        if message.id is not None:
            self.refuse(message.id, INVALID_REQUEST, words)

    def _dispatch(self, message: Incoming) -> None:
        try:
            params = self._params(message)
        except Exception as error:  # whatever a converter raises on odd input
            self._bad(message.id, message.method, f"The params of `{message.method[:80]}` are not valid.", error)
            return
        try:
            if message.id is not None:
                self._handle_request(message.id, message.method, params)
            else:
                self._handle_notification(message.method, params)
        except Exception as error:
            log.error("could not handle %s", message.method[:80], exc_info=error)
            if message.id is not None:
                self.refuse(message.id, INTERNAL_ERROR, "Something failed inside OptaFly.")

    def _params(self, message: Incoming) -> object:
        """Return params as lsprotocol's types; as plain data for methods that it does not know and those in `PLAIN`."""
        kind = self.get_message_type(message.method)
        if kind is None or message.method in PLAIN:
            return message.params
        whole = {"jsonrpc": "2.0", "method": message.method}
        whole |= {} if message.params is None else {"params": message.params}
        whole |= {} if message.id is None else {"id": message.id}
        return getattr(self._converter.structure(whole, kind), "params", None)

    def _bad(self, identity: MessageId | None, method: str, words: str, error: Exception | None = None) -> None:
        log.warning("bad params of %s (%s)", method[:80], type(error).__name__)
        if identity is not None:
            self.refuse(identity, INVALID_PARAMS, words)

    def _receive_response(self, response: Response) -> None:
        identity, message = response
        if identity is None or identity not in self._asked:
            log.info("a response to nothing was dropped")
            return
        self._asked.discard(identity)
        future, kind = self._request_futures.pop(identity), self._result_types.pop(identity, None)
        if future.done():
            return
        if "error" in message:
            future.set_exception(JsonRpcException("The editor refused.", code=INTERNAL_ERROR))
            return
        try:
            future.set_result(message["result"] if kind is None else self._converter.structure(message, kind).result)
        except Exception as error:  # whatever a converter raises on odd input
            future.set_exception(error)

    # --- answers out ---

    def refuse(self, identity: MessageId, code: int, words: str, problem: Problem | None = None) -> None:
        """Answer a request with an error."""
        self._conversation.refuse(identity, code, words, problem)

    async def drain(self) -> None:
        """Wait while the editor is slow to read."""
        await self._conversation.drain()

    def tell(self, method: str, params: object) -> None:
        """Send a notification; `params` may be one of our Structs."""
        self._send_data({"jsonrpc": "2.0", "method": method, "params": params})

    async def ask(self, method: str, params: object, timeout_s: float = 10.0) -> Any:  # Any: lsprotocol's result
        """Send a request to the editor and return its result. Raises TimeoutError or JsonRpcException."""
        identity = str(uuid.uuid4())
        self._asked.add(identity)
        try:
            return await asyncio.wait_for(self.send_request_async(method, params, msg_id=identity), timeout_s)
        finally:
            self._asked.discard(identity)
            self._request_futures.pop(identity, None)
            self._result_types.pop(identity, None)

    def _send_handler_result(self, future: Future[Any], *, msg_id: MessageId) -> None:
        self._request_futures.pop(msg_id, None)
        if msg_id == self._greeted:
            self._greeted = None
        elif future.cancelled():
            self.refuse(msg_id, REQUEST_CANCELLED, "The request was cancelled.")
        elif (error := future.exception()) is None:
            self._send_data({"jsonrpc": "2.0", "id": msg_id, "result": self._converter.unstructure(future.result())})
        elif isinstance(error, OptaflyError):
            log.info("request refused: %s", error.code)
            self.refuse(msg_id, REQUEST_FAILED, str(error), problem_of(error))
        elif isinstance(error, BadParams):
            self.refuse(msg_id, INVALID_PARAMS, str(error))
        else:
            self._report_inside(msg_id, error)

    def _report_inside(self, msg_id: MessageId, error: BaseException) -> None:
        trace = uuid.uuid4().hex
        log.error("request failed inside, trace %s", trace, exc_info=error)
        what, todo = "Something failed inside OptaFly.", f"Look for trace {trace} in the server's log."
        problem = Problem(code="internal", what=what, why="", todo=todo, trace_id=trace)
        self.refuse(msg_id, INTERNAL_ERROR, f"{what} {todo}", problem)

    def _check_handler_result(self, future: Future[Any]) -> None:
        if not future.cancelled() and (error := future.exception()) is not None:
            log.error("a notification could not be handled", exc_info=error)

    def _handle_cancel_notification(self, msg_id: MessageId) -> None:
        future = None if msg_id in self._asked else self._request_futures.get(msg_id)
        if future is not None:
            future.cancel()

    def _handle_request(self, msg_id: MessageId, method_name: str, params: Any) -> None:
        try:
            self._get_handler(method_name)
        except JsonRpcMethodNotFound:
            self.refuse(msg_id, METHOD_NOT_FOUND, f"There is no method `{method_name[:80]}`.")
            return
        super()._handle_request(msg_id, method_name, params)

    def _send_data(self, data: Any) -> None:
        self._conversation.send(self._converter.unstructure(data) if hasattr(data, "__attrs_attrs__") else data)

    # --- life ---

    def shut_down(self) -> bool:
        """Whether the editor asked us to."""
        return self._shutdown

    def _on_shutdown(self, params: object) -> None:
        """Stop what is under way; only `exit` is heard from here on."""
        self._shutdown = True
        for future in list(self._request_futures.values()):
            future.cancel()

    def _on_exit(self, params: object) -> None:
        """End the process: with 0 after `shutdown`, else with 1."""
        self.end(0 if self._shutdown else 1)

    def end(self, code: int) -> None:
        """Let the server's main loop return `code`."""
        if not self.ended.done():
            self.ended.set_result(code)
