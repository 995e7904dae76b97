"""The outside of JSON-RPC messages: which kind one is, and what is wrong with one that is of none."""

from __future__ import annotations

from typing import NamedTuple, cast

from optafly.protocol import Problem

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
NOT_INITIALIZED = -32002
REQUEST_FAILED = -32803
REQUEST_CANCELLED = -32800

MessageId = int | str


class Incoming(NamedTuple):
    """A request, or, where `id` is None, a notification."""

    method: str
    id: MessageId | None
    params: object


class Response(NamedTuple):
    """The editor's answer to a request of ours; `id` is None where it answers nothing that could be named."""

    id: MessageId | None
    message: dict[str, object]


class Refusal(NamedTuple):
    """The error to answer with. Its words never quote the message."""

    id: MessageId | None
    code: int
    words: str
    problem: Problem | None = None

    def message(self) -> dict[str, object]:
        """Return it as a message."""
        error: dict[str, object] = {"code": self.code, "message": self.words}
        if self.problem is not None:
            error["data"] = self.problem
        return {"jsonrpc": "2.0", "id": self.id, "error": error}


def open_envelope(value: object) -> Incoming | Response | Refusal:
    """Tell what a decoded message is. Never raises."""
    if not isinstance(value, dict):
        return Refusal(None, INVALID_REQUEST, "A message must be a JSON object.")
    message = cast("dict[str, object]", value)
    identity = _id_of(message)
    if message.get("jsonrpc") != "2.0":
        return Refusal(identity, INVALID_REQUEST, 'A message must say "jsonrpc": "2.0".')
    if "method" not in message:
        if "result" in message or "error" in message:
            return Response(identity, message)
        return Refusal(identity, INVALID_REQUEST, "A message must be a request, a notification or a response.")
    method, params = message["method"], message.get("params")
    if not isinstance(method, str) or ("id" in message and identity is None):
        return Refusal(identity, INVALID_REQUEST, "`method` must be a string and `id` a string or a whole number.")
    if params is not None and not isinstance(params, dict | list):
        return Refusal(identity, INVALID_PARAMS, "`params` must be an object or an array.")
    return Incoming(method, identity, cast("object", params))


def an_object(value: object) -> dict[str, object]:
    """Return a JSON object; anything else counts as an empty one."""
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def a_list(value: object) -> list[object]:
    """Return a JSON array; anything else counts as an empty one."""
    return cast("list[object]", value) if isinstance(value, list) else []


def _id_of(message: dict[str, object]) -> MessageId | None:
    identity = message.get("id")
    return identity if isinstance(identity, int | str) and not isinstance(identity, bool) else None
