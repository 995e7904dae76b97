"""Bytes from an editor become JSON values; whatever is malformed is reported and the stream finds its feet again.

A frame is headers, an empty line and a body of `Content-Length` bytes (LSP 3.17, base protocol). Valid JSON never holds
a raw line break inside a string nor a letter outside one, so a header block inside a body proves that the length before
it lied: reading goes on from there, and one bad frame never costs the next.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NoReturn, cast

import msgspec

_Object = dict[str, object]

MAX_HEADER_BYTES = 8 * 1024
MAX_BODY_BYTES = 32 * 1024 * 1024

_HEADER = re.compile(rb"content-length[ \t]*:[ \t]*(\d{1,19})[ \t]*\r?\n(?:[!-9;-~]+[ \t]*:[^\r\n]*\r?\n)*\r?\n", re.I)
_FIELD = re.compile(rb"content-length[ \t]*:", re.I)
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class Malformed(msgspec.Struct, frozen=True):
    """A stretch of input that is no message; `reason` never quotes it."""

    reason: str


class Value(msgspec.Struct, frozen=True):
    """One body that was valid JSON, as Python's own types."""

    value: object


class Framer:
    """Takes bytes as they come and gives the messages in them, in order. Holds at most one header and one body."""

    def __init__(self, *, max_header: int = MAX_HEADER_BYTES, max_body: int = MAX_BODY_BYTES) -> None:
        self._max_header = max_header
        self._max_body = max_body
        self._buffer = bytearray()
        self._length: int | None = None  # of the body that is being collected
        self._searched = 0  # how far an incomplete body, or lost input, was searched for a header
        self._lost = False

    def feed(self, data: bytes) -> Iterator[Value | Malformed]:
        """Yield what `data` completes. Never raises on any input."""
        self._buffer += data
        while True:
            if self._lost and not self._find_header():
                return
            found = self._read_header() if self._length is None else self._read_body(self._length)
            if isinstance(found, Value | Malformed):
                yield found
            elif not found:
                return

    def _lose(self, reason: str) -> Malformed:
        self._lost, self._length, self._searched = True, None, 0
        return Malformed(reason)

    def _find_header(self) -> bool:
        """Drop input up to the next whole header block; keep the tail that may be the beginning of one."""
        match = _HEADER.search(self._buffer)
        while match is not None and match.end() - match.start() > self._max_header:
            match = _HEADER.search(self._buffer, match.start() + 1)
        if match is None:
            if len(self._buffer) > self._max_header:
                del self._buffer[: -self._max_header]
            return False
        del self._buffer[: match.start()]
        self._lost = False
        return True

    def _read_header(self) -> Malformed | bool:
        """Read a header block; True when a body follows, False when more input is needed."""
        end = _END_OF_HEADERS.search(self._buffer, 0, self._max_header)
        if end is None:
            return self._lose("headers do not end") if len(self._buffer) >= self._max_header else False
        block = bytes(self._buffer[: end.end()])
        match = _HEADER.search(block)
        fields = [field.start() for field in _FIELD.finditer(block)]
        if match is None or len(fields) != 1 or (match.start() and block[match.start() - 1] != 0x0A):
            del self._buffer[: fields[-1] if fields else end.end()]  # the last may begin a good frame behind a cut one
            return self._lose("headers have no valid Content-Length")
        length = int(match.group(1))
        if length > self._max_body:
            del self._buffer[: end.end()]
            return self._lose(f"a message may have {self._max_body} bytes at most")
        del self._buffer[: end.end()]
        self._length, self._searched = length, 0
        return True

    def _read_body(self, length: int) -> Value | Malformed | bool:
        if len(self._buffer) < length:
            return self._lied()
        body = bytes(self._buffer[:length])
        try:
            value = parse(body)
        except ValueError:
            return self._lose("the body is not valid JSON")  # and look in it for the next frame
        del self._buffer[:length]
        self._length = None
        return Value(value)

    def _lied(self) -> Malformed | bool:
        """Notice the next frame inside an incomplete body, without searching the same bytes twice."""
        if (match := _HEADER.search(self._buffer, max(0, self._searched - 256))) is None:
            self._searched = len(self._buffer)
            return False
        del self._buffer[: match.start()]
        return self._lose("the body is shorter than its Content-Length")


def parse(body: bytes) -> object:
    """Decode one JSON text; lone surrogates, which JavaScript strings may hold, become U+FFFD. Raises ValueError."""
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_refuse)
        return _without_surrogates(value) if _SURROGATE.search(body) else value
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _without_surrogates(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_surrogates(item) for item in cast("list[object]", value)]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in cast("_Object", value).items()}
    return value


def frame(body: bytes) -> bytes:
    """Put the header before a body."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
