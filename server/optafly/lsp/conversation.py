"""Messages in and out over the wire, malformed ones answered, with back-pressure both ways."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator

import msgspec

from optafly.lsp.envelope import PARSE_ERROR, MessageId, Refusal
from optafly.lsp.framing import Framer, Malformed, frame
from optafly.lsp.stdio import Reader, Wire, Writer
from optafly.protocol import Problem

log = logging.getLogger(__name__)

_TURN_S = 0.005


class Conversation:
    """One editor's messages. `lost` is done when the editor no longer reads."""

    def __init__(self, wire: Wire) -> None:
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._out = Writer(wire.write, self._lose)
        self._messages = self._read(Reader(wire.read))

    def messages(self) -> AsyncIterator[object]:
        """Return the one stream of decoded messages; it ends with stdin."""
        return self._messages

    def send(self, message: object) -> None:
        """Queue one message: plain data, with our own Structs in it."""
        try:
            body = msgspec.json.encode(message)
        except UnicodeEncodeError:  # a lone surrogate: JSON can say it in ASCII
            body = json.dumps(msgspec.to_builtins(message)).encode()
        self._out.write(frame(body))

    def refuse(self, identity: MessageId | None, code: int, words: str, problem: Problem | None = None) -> None:
        """Answer a request (or, with None, something that was none) with an error."""
        self.send(Refusal(identity, code, words, problem).message())

    async def drain(self) -> None:
        """Wait while the editor is slow to read."""
        await self._out.drain()

    async def close(self) -> None:
        """Write what is queued, and stop."""
        await self._out.close()

    async def _read(self, reader: Reader) -> AsyncIterator[object]:
        framer = Framer()
        turn = time.monotonic()
        async for data in reader.chunks():
            for found in framer.feed(data):
                if isinstance(found, Malformed):
                    log.warning("malformed input: %s", found.reason)
                    self.refuse(None, PARSE_ERROR, f"Parse error: {found.reason}.")
                else:
                    yield found.value
                await self.drain()
                if time.monotonic() - turn > _TURN_S:  # others get their turn in a flood
                    await asyncio.sleep(0)
                    turn = time.monotonic()

    def _lose(self) -> None:
        if not self.lost.done():
            self.lost.set_result(None)
