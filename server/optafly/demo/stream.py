"""An answer as the Messages API streams it: server-sent events, at a pace, with whatever was scripted to go wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

import msgspec

from optafly.demo.answer import deltas
from optafly.demo.behaviour import Behaviour, Pace
from optafly.demo.prefixes import Accounted
from optafly.demo.wire import Connection
from optafly.domain import StopReason
from optafly.tokens import estimate_tokens


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What the simulation decided to answer."""

    id: str
    model: str
    text: str
    stop_reason: StopReason
    streamed: bool
    billed: Accounted

    @property
    def usage(self) -> dict[str, object]:
        """The usage of the finished message, in the API's words."""
        billed = self.billed
        return {
            "input_tokens": billed.uncached,
            "cache_creation_input_tokens": billed.written_5m + billed.written_1h,
            "cache_read_input_tokens": billed.read,
            "cache_creation": {
                "ephemeral_5m_input_tokens": billed.written_5m,
                "ephemeral_1h_input_tokens": billed.written_1h,
            },
            "output_tokens": estimate_tokens(self.text),
            "service_tier": "standard",
        }

    def message(self, *, finished: bool) -> dict[str, object]:
        """The whole message, or its empty beginning."""
        usage = self.usage if finished else {**self.usage, "output_tokens": 1}
        return {
            "id": self.id,
            "type": "message",
            "role": "assistant",
            "model": self.model,
            "content": [{"type": "text", "text": self.text}] if finished else [],
            "stop_reason": self.stop_reason if finished else None,
            "stop_sequence": None,
            "usage": usage,
        }


async def stream(connection: Connection, reply: Reply, behaviour: Behaviour, pace: Pace, request_id: str) -> None:
    """Send `reply` event by event; returns early, or with the connection dropped, where that was scripted."""
    await connection.begin({"request-id": request_id, "cache-control": "no-cache"})
    await connection.chunk(_event({"type": "message_start", "message": reply.message(finished=False)}))
    await connection.chunk(
        _event({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}})
    )
    await connection.chunk(_event({"type": "ping"}))
    await asyncio.sleep(pace.first_token_s if behaviour.first_token_s is None else behaviour.first_token_s)
    pieces = deltas(reply.text)
    for number, piece in enumerate(pieces):
        if behaviour.then and number == behaviour.after:
            break
        delta = {"type": "text_delta", "text": piece}
        await connection.chunk(_event({"type": "content_block_delta", "index": 0, "delta": delta}))
        per_s = behaviour.tokens_per_s or pace.tokens_per_s
        await asyncio.sleep(1 / per_s if per_s else 0)
    if behaviour.then:
        await _go_wrong(connection, behaviour)
        return
    await connection.chunk(_event({"type": "content_block_stop", "index": 0}))
    ending = {"stop_reason": reply.stop_reason, "stop_sequence": None}
    await connection.chunk(_event({"type": "message_delta", "delta": ending, "usage": reply.usage}))
    await connection.chunk(_event({"type": "message_stop"}))
    await connection.end()


async def _go_wrong(connection: Connection, behaviour: Behaviour) -> None:
    match behaviour.then:
        case "error":
            error = {
                "type": behaviour.error_type or "overloaded_error",
                "message": behaviour.message or "Overloaded",
            }
            await connection.chunk(_event({"type": "error", "error": error}))
            await connection.end()
        case "garbage":
            await connection.chunk(b"event: content_block_delta\ndata: {this is not JSON\n\n")
            await connection.end()
        case "end":
            await connection.end()
        case "cut":
            connection.cut()
        case _:
            await connection.left.wait()


def _event(value: Mapping[str, object]) -> bytes:
    return f"event: {value['type']}\ndata: {json.dumps(value, ensure_ascii=False)}\n\n".encode()
