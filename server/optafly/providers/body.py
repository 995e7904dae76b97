"""The JSON body of a request to the Messages API."""

from __future__ import annotations

from typing import TYPE_CHECKING, NotRequired, TypedDict

from optafly.domain import Block, Outgoing, Turn

if TYPE_CHECKING:
    from anthropic.types import MessageParam, TextBlockParam


class Body(TypedDict):
    """A whole request on the wire."""

    model: str
    max_tokens: int
    system: NotRequired[list[TextBlockParam]]
    messages: list[MessageParam]


def request_body(outgoing: Outgoing) -> Body:
    """Return exactly the JSON body that reaches the Messages API for `outgoing`, but for `stream: true`."""
    body: Body = {
        "model": outgoing.model,
        "max_tokens": outgoing.max_tokens,
        "messages": [_message(turn) for turn in outgoing.turns],
    }
    if outgoing.system:
        body["system"] = [_text(block) for block in outgoing.system]
    return body


def _message(turn: Turn) -> MessageParam:
    content = [_text(block) for block in turn.blocks]
    if turn.role == "user":  # the SDK has a type for each role
        return {"role": "user", "content": content}
    return {"role": "assistant", "content": content}


def _text(block: Block) -> TextBlockParam:
    text: TextBlockParam = {"type": "text", "text": block.text}
    if block.cache is not None:
        text["cache_control"] = {"type": "ephemeral", "ttl": block.cache}
    return text
