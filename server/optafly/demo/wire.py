"""HTTP/1.1 as far as a client of the Messages API needs it: requests with a length, answers whole or in chunks."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from typing import cast

import msgspec

MAX_HEAD_BYTES = 64 * 1024


class Malformed(Exception):
    """What arrived is not a request that this server can read; the connection is closed."""


class Request(msgspec.Struct, frozen=True):
    """One request as it arrived; header names are lower case. `body` is None where it was above the size limit."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None


class Connection(asyncio.StreamReaderProtocol):
    """A connection that knows when its client has left."""

    def __init__(self, number: int, serve: Callable[[Connection], Coroutine[None, None, None]]) -> None:
        self.number = number
        self.left = asyncio.Event()
        self._serve = serve
        self.reader = asyncio.StreamReader(limit=MAX_HEAD_BYTES)
        super().__init__(self.reader, self._connected)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writer = writer
        with contextlib.suppress(asyncio.CancelledError):  # the server stops; asyncio 3.11 would log it as a failure
            await self._serve(self)

    def eof_received(self) -> bool | None:
        """Note that the client sent its last byte: no client of ours goes on reading after that."""
        self.left.set()
        return super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that the connection is gone."""
        self.left.set()
        super().connection_lost(exc)

    async def request(self, max_body_bytes: int) -> Request | None:
        """Read the next request; None when the client has left. Raises Malformed."""
        try:
            head = await self.reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        except asyncio.LimitOverrunError:
            raise Malformed("The headers are too large.") from None
        first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        parts = first.split(" ")
        if len(parts) != 3:
            raise Malformed("The request line is not HTTP.")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        return Request(parts[0], parts[1], headers, await self._body(headers, max_body_bytes))

    async def _body(self, headers: Mapping[str, str], max_body_bytes: int) -> bytes | None:
        if "transfer-encoding" in headers:
            raise Malformed("A request needs a Content-Length.")
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit():
            raise Malformed("The Content-Length is no number.")
        left = int(length)
        if left <= max_body_bytes:
            return await self.reader.readexactly(left)
        while left > 0:  # read on: a client that is still writing would not see the answer
            left -= len(await self.reader.readexactly(min(left, 1 << 20)))
        return None

    async def answer(self, status: int, value: object, headers: Mapping[str, str] | None = None) -> None:
        """Send a whole answer as JSON."""
        body = json.dumps(value, ensure_ascii=False).encode()
        self._head(status, {"content-type": "application/json", "content-length": str(len(body)), **(headers or {})})
        self.writer.write(body)
        await self.writer.drain()

    async def begin(self, headers: Mapping[str, str]) -> None:
        """Begin an answer in chunks."""
        self._head(200, {"content-type": "text/event-stream; charset=utf-8", "transfer-encoding": "chunked", **headers})
        await self.writer.drain()

    async def chunk(self, data: bytes) -> None:
        """Send one chunk."""
        self.writer.write(b"%x\r\n%s\r\n" % (len(data), data))
        await self.writer.drain()

    async def end(self) -> None:
        """End an answer in chunks."""
        self.writer.write(b"0\r\n\r\n")
        await self.writer.drain()

    def cut(self) -> None:
        """Drop the connection in the middle of whatever it was saying."""
        cast(asyncio.Transport, self.writer.transport).abort()

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        try:
            phrase = HTTPStatus(status).phrase
        except ValueError:
            phrase = "Overloaded" if status == 529 else "Error"
        lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in headers.items())]
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
