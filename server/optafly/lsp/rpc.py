"""JSON-RPC as the specification has it: every request is answered, every notification survived, nothing pops up.

pygls gives the types, the handlers and the requests of our own; reading, checking and answering messages is done here,
because pygls 2.1.1 is silent about bad params, reads nested `jsonrpc` keys as messages, shows pop-ups and sends
tracebacks.
"""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, NamedTuple, cast

import msgspec
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcMethodNotFound
from pygls.protocol import LanguageServerProtocol

from optafly.errors import OptaflyError
from optafly.lsp.framing import frame
from optafly.lsp.stdio import Writer
from optafly.protocol import Problem

log = logging.getLogger(__name__)

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
NOT_INITIALIZED = -32002
REQUEST_FAILED = -32803

MessageId = int | str


class BadParams(Exception):
    """The params of a message do not have the right shape; the text names the place, not the content."""


class Incoming(NamedTuple):
    """A message whose envelope is in order; `id` is None for a notification."""

    method: str
    id: MessageId | None
    params: object


def problem_of(error: OptaflyError, trace_id: str | None = None) -> Problem:
    """Say an error in the protocol's words."""
    return Problem(code=error.code, what=error.what, why=error.why, todo=error.todo, trace_id=trace_id)


class Protocol(LanguageServerProtocol):
    """pygls' protocol with the specification's answers to everything that can be wrong."""

    def __init__(self, server: Any, converter: Any) -> None:  # Any: pygls' own constructor is untyped
        super().__init__(server, converter)
        self.initialized = False
        self.ended: asyncio.Future[int] | None = None
        self.out: Writer | None = None
        self._asked: set[MessageId] = set()
        self.replace_builtin(types.SHUTDOWN, self._on_shutdown)
        self.replace_builtin(types.EXIT, self._on_exit)

    def replace_builtin(self, method: str, handler: Callable[[Any], object]) -> None:
        """Handle a method ourselves that pygls would handle."""
        self.fm.builtin_features[method] = handler  # pyright: ignore[reportUnknownMemberType] - pygls leaves it untyped

    # --- messages in ---

    def receive(self, value: object) -> None:
        """Take one decoded message. Never raises."""
        if not isinstance(value, dict):
            self.refuse(None, INVALID_REQUEST, "A message must be a JSON object.")
            return
        message = cast("dict[str, object]", value)
        if message.get("jsonrpc") != "2.0":
            self.refuse(_id_of(message), INVALID_REQUEST, 'A message must say "jsonrpc": "2.0".')
        elif "method" in message:
            self._receive_call(message)
        elif "result" in message or "error" in message:
            self._receive_response(message)
        else:
            self.refuse(_id_of(message), INVALID_REQUEST, "A message must be a request, a notification or a response.")

    def _receive_call(self, message: dict[str, object]) -> None:
        method, identity, params = message["method"], _id_of(message), message.get("params")
        if not isinstance(method, str) or ("id" in message and identity is None):
            self.refuse(identity, INVALID_REQUEST, "`method` must be a string and `id` a string or a whole number.")
        elif params is not None and not isinstance(params, dict | list):
            self._bad(identity, method, "`params` must be an object or an array.")
        elif identity is not None and identity in self._request_futures:
            self.refuse(identity, INVALID_REQUEST, "A request with this id is still being answered.")
        elif (refusal := self._gate(method)) is not None:
            if identity is not None:
                self.refuse(identity, *refusal)
        else:
            self._dispatch(Incoming(method, identity, params))

    def _gate(self, method: str) -> tuple[int, str] | None:
        """Return the refusal for a message at the wrong time of the server's life."""
        if method == types.EXIT:
            return None
        if self._shutdown:
            return INVALID_REQUEST, "The server is shutting down."
        if not self.initialized and method != types.INITIALIZE:
            return NOT_INITIALIZED, "The server is not initialized."
        if self.initialized and method == types.INITIALIZE:
            return INVALID_REQUEST, "The server is already initialized."
        return None

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
        if message.method == types.INITIALIZE:
            self.initialized = True

    def _params(self, message: Incoming) -> object:
        """Return params as lsprotocol's types, or as plain data for methods it does not know."""
        kind = self.get_message_type(message.method)
        if kind is None or message.method == types.WORKSPACE_EXECUTE_COMMAND:
            return message.params
        whole = {"jsonrpc": "2.0", "method": message.method}
        whole |= {} if message.params is None else {"params": message.params}
        whole |= {} if message.id is None else {"id": message.id}
        return getattr(self._converter.structure(whole, kind), "params", None)

    def _bad(self, identity: MessageId | None, method: str, words: str, error: Exception | None = None) -> None:
        log.warning("bad params of %s (%s)", method[:80], type(error).__name__)
        if identity is not None:
            self.refuse(identity, INVALID_PARAMS, words)

    def _receive_response(self, message: dict[str, object]) -> None:
        identity = _id_of(message)
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

    def refuse(self, identity: MessageId | None, code: int, words: str, data: object = None) -> None:
        """Answer a request (or, with None, something that was none) with an error."""
        error: dict[str, object] = {"code": code, "message": words}
        if data is not None:
            error["data"] = data
        self._send_data({"jsonrpc": "2.0", "id": identity, "error": error})

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
        if future.cancelled():
            self.refuse(msg_id, -32800, "The request was cancelled.")
            return
        error = future.exception()
        if error is None:
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
            self.refuse(msg_id, -32601, f"There is no method `{method_name[:80]}`.")
            return
        super()._handle_request(msg_id, method_name, params)

    def _send_data(self, data: Any) -> None:
        if self.out is None:
            return
        if hasattr(data, "__attrs_attrs__"):
            data = self._converter.unstructure(data)
        try:
            body = msgspec.json.encode(data)
        except UnicodeEncodeError:  # a lone surrogate: JSON can say it in ASCII
            body = json.dumps(msgspec.to_builtins(data)).encode()
        self.out.write(frame(body))

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
        if self.ended is not None and not self.ended.done():
            self.ended.set_result(code)


def _id_of(message: dict[str, object]) -> MessageId | None:
    identity = message.get("id")
    if isinstance(identity, bool) or not isinstance(identity, int | str):
        return None
    return identity
