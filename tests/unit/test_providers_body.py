"""What was approved is what is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes.asking import MODEL, ask, outgoing, provider, requests
from optafly.demo.server import MessagesApi
from optafly.domain import Block, Outgoing, Turn
from optafly.providers.body import request_body

BASE = "https://api.anthropic.com"


def canonical(value: object) -> bytes:
    return msgspec.json.encode(value, order="deterministic")


@pytest.fixture(scope="module")
def api() -> Iterator[MessagesApi]:
    with MessagesApi() as api:
        yield api


def test_a_request_is_written_as_the_api_wants_it() -> None:
    request = outgoing(BASE, "Why?", system=(Block(text="Be short.", cache="1h"), Block(text="And kind.")))
    assert request_body(request) == {
        "model": MODEL,
        "max_tokens": 1000,
        "system": [
            {"type": "text", "text": "Be short.", "cache_control": {"type": "ephemeral", "ttl": "1h"}},
            {"type": "text", "text": "And kind."},
        ],
        "messages": [{"role": "user", "content": [{"type": "text", "text": "Why?"}]}],
    }


def test_an_empty_system_prompt_is_left_out() -> None:
    assert "system" not in request_body(outgoing(BASE))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_bytes_that_arrive_are_the_bytes_approved(api: MessagesApi, data: st.DataObject) -> None:
    request = data.draw(requests(api.url))
    api.reset()
    asyncio.run(asked_once(request))
    (arrived,) = api.requests
    assert arrived.status == 200
    assert canonical(arrived.json()) == canonical({**request_body(request), "stream": True})


async def asked_once(request: Outgoing) -> None:
    await ask(provider(), request)


@given(request=requests(BASE))
def test_the_digest_depends_on_nothing_but_the_request(request: Outgoing) -> None:
    again = msgspec.json.decode(msgspec.json.encode(request), type=Outgoing)
    assert again.digest == request.digest


@given(first=requests(BASE), second=requests(BASE))
def test_different_bodies_have_different_digests(first: Outgoing, second: Outgoing) -> None:
    same_body = canonical(request_body(first)) == canonical(request_body(second))
    assert (first.digest == second.digest) == (same_body and first == second)


@given(request=requests(BASE), data=st.data())
def test_any_change_makes_a_new_digest(request: Outgoing, data: st.DataObject) -> None:
    change = data.draw(
        st.sampled_from(
            [
                {"base_url": "http://127.0.0.1:1"},
                {"model": "claude-opus-5-5"},
                {"max_tokens": request.max_tokens + 1},
                {"system": (*request.system, Block(text="one more"))},
                {"turns": (*request.turns, Turn(role="user", blocks=(Block(text="one more"),)))},
                {"turns": (changed_text(request.turns[0]), *request.turns[1:])},
                {"turns": (changed_mark(request.turns[0]), *request.turns[1:])},
            ]
        )
    )
    assert msgspec.structs.replace(request, **change).digest != request.digest


def changed_text(turn: Turn) -> Turn:
    first = msgspec.structs.replace(turn.blocks[0], text=turn.blocks[0].text + " ")
    return msgspec.structs.replace(turn, blocks=(first, *turn.blocks[1:]))


def changed_mark(turn: Turn) -> Turn:
    return msgspec.structs.replace(turn, blocks=(msgspec.structs.replace(turn.blocks[0], cache="5m"), *turn.blocks[1:]))
