"""How the front and a child process talk: msgpack messages, each behind its length in four big-endian bytes.

A frame above `MAX_FRAME_BYTES` is refused on both sides before its body is read or written, so neither a fault nor a
huge request can eat the other side's memory.
"""

from __future__ import annotations

from typing import IO, Literal

import msgspec

from optafly.errors import WorkerError

MAX_FRAME_BYTES = 16 * 1024 * 1024
HEADER_BYTES = 4
NIL = msgspec.Raw(msgspec.msgpack.encode(None))
PING = 0  # the id of a request that is answered as soon as it is read, whatever the service does meanwhile


class Failure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An error as it crosses the pipe: the stable code of an OptaflyError and its three sentences."""

    code: str
    what: str
    why: str = ""
    todo: str = ""


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A call of one method; `params` is still encoded, the method's own type decodes it."""

    id: int
    method: str
    params: msgspec.Raw


class Response(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """The answer to the Request with that id: `result` (still encoded) or `error`."""

    id: int
    result: msgspec.Raw = NIL
    error: Failure | None = None


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """What a child says unasked: that it is ready, or that its service could not be made (`error`) and it ends."""

    name: Literal["ready", "failed"]
    error: Failure | None = None


FromChild = Response | Event


def frame(message: Request | FromChild) -> bytes:
    """Encode `message` with its header. Raises WorkerError above the cap."""
    body = msgspec.msgpack.encode(message)
    if len(body) > MAX_FRAME_BYTES:
        raise _too_long(len(body))
    return len(body).to_bytes(HEADER_BYTES, "big") + body


def body_length(header: bytes) -> int:
    """Return the length that `header` announces. Raises WorkerError above the cap."""
    length = int.from_bytes(header, "big")
    if length > MAX_FRAME_BYTES:
        raise _too_long(length)
    return length


def read_body(stream: IO[bytes]) -> bytes | None:
    """Read one frame's body from a blocking stream; None at a clean end. Raises WorkerError for a cut or long frame."""
    header = stream.read(HEADER_BYTES)
    if not header:
        return None
    if len(header) < HEADER_BYTES:
        raise _cut_off()
    length = body_length(header)
    body = stream.read(length)
    if len(body) < length:
        raise _cut_off()
    return body


def _too_long(length: int) -> WorkerError:
    return WorkerError(
        "A message between OptaFly's processes was refused.",
        why=f"It has {length:,} bytes; {MAX_FRAME_BYTES:,} are allowed.",
        todo="Ask for less at once.",
    )


def _cut_off() -> WorkerError:
    return WorkerError("A message between OptaFly's processes was cut off.", why="The other side ended in the middle.")
