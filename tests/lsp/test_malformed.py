"""Thousands of bad messages: no crash, no pop-up, and whatever is asked after each is answered."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lsp.conftest import Start
from lsp.speaker import Json, Refused, frame

FRAMES = 2_000
SLOW = (HealthCheck.too_slow, HealthCheck.differing_executors)

METHODS = [
    "initialize",
    "textDocument/didOpen",
    "textDocument/didChange",
    "textDocument/didClose",
    "textDocument/codeAction",
    "workspace/executeCommand",
    "workspace/didChangeConfiguration",
    "workspace/didChangeWorkspaceFolders",
    "workspace/didChangeWatchedFiles",
    "window/workDoneProgress/cancel",
    "notebookDocument/didOpen",
    "notebookDocument/didChange",
    "optafly/credential",
    "$/cancelRequest",
    "$/setTrace",
    "no/such/method",
    "",
    7,
    None,
]
ODD: list[Json] = [None, 0, -1, 1.5, True, "", "x", [], {}, [[]], {"jsonrpc": "2.0"}, {"id": {}}, "\ud800", 2**70]
EMPTY: Json = {}
COMMANDS = [
    "optafly.refine",
    "optafly.approve",
    "optafly.send",
    "optafly.cancel",
    "optafly.stats",
    "optafly.feedback",
    "rm",
    "",
    None,
    4,
]


def garbage() -> list[bytes]:
    """Byte strings that hypothesis made, a few hundred of them."""
    made: list[bytes] = []

    @settings(max_examples=400, database=None, phases=[Phase.generate], suppress_health_check=SLOW)
    @given(st.binary(max_size=80))
    def collect(data: bytes) -> None:
        made.append(data)

    collect()
    return made


def odd_params(dice: random.Random) -> Json:
    """Params of nearly the right shape."""
    shape = dice.randrange(5)
    if shape == 0:
        return dice.choice(ODD)
    if shape == 1:
        return {
            "command": dice.choice(COMMANDS),
            "arguments": dice.choice([*ODD, [{"x": 1}], [EMPTY, EMPTY], [dice.choice(ODD)]]),
        }
    if shape == 2:
        return {
            "textDocument": {"uri": dice.choice([*ODD, "file:///x", "::", "file://%zz"])},
            "contentChanges": dice.choice(ODD),
        }
    if shape == 3:
        place = {"line": dice.choice(ODD), "character": dice.choice(ODD)}
        uri = {"uri": "file:///x.prompt.md"}
        return {"textDocument": uri, "range": {"start": place, "end": place}, "context": dice.choice(ODD)}
    return {"keyName": "ANTHROPIC_API_KEY", "value": dice.choice([7, "", *ODD]), "jsonrpc": dice.choice(ODD)}


def malformed(dice: random.Random, bytes_made: list[bytes]) -> bytes:
    """One bad frame of many kinds."""
    message: Json = {"jsonrpc": "2.0", "method": dice.choice(METHODS), "params": odd_params(dice)}
    if dice.random() < 0.5:
        message["id"] = dice.choice([*ODD, f"bad-{dice.random()}"])
    good = frame(message)
    kind = dice.randrange(10)
    if kind < 4:
        return good
    if kind == 4:
        return frame(dice.choice(ODD))
    if kind == 5:
        del message[dice.choice(list(message))]
        return frame(message)
    if kind == 6:
        return frame(dice.choice(bytes_made))
    if kind == 7:
        return dice.choice(bytes_made)
    if kind == 8:
        return b"Content-Length: %d\r\n\r\n%b" % (dice.choice([0, 1, 5, 10**6, 10**12]), good[20:])
    return good[: dice.randrange(len(good))]


@pytest.mark.timeout(300)
async def test_no_malformed_frame_crashes_pops_up_or_costs_the_next_answer(start: Start) -> None:
    speaker = await start()
    await speaker.initialize()
    dice, made = random.Random(20261121), garbage()

    for number in range(FRAMES):
        bad = malformed(dice, made)
        if b"shutdown" in bad or b'"exit"' in bad:
            continue
        await speaker.raw(bad)
        identity = f"after-{number}"
        await speaker.raw(frame({"jsonrpc": "2.0", "id": identity, "method": "no/such/method", "params": {}}))

    await speaker.until(lambda each: each.get("id") == f"after-{FRAMES - 1}")
    answered = {each.get("id") for each in speaker.heard}
    assert {f"after-{number}" for number in range(FRAMES)} <= answered
    assert speaker.all("window/showMessage") == []
    assert [each for each in speaker.heard if each.get("method") == "window/showMessageRequest"] == []
    assert (await speaker.command("optafly.stats", {}))["stats"]["proposals"] == 0
    assert await speaker.shut_down() == 0
    assert "traceback" not in json.dumps(speaker.heard).lower()


@pytest.mark.parametrize(
    ("message", "code", "identity"),
    [
        (b"{not json", -32700, None),
        (b"[]", -32600, None),
        (b'"x"', -32600, None),
        (b'{"jsonrpc": "1.0", "id": 9, "method": "x"}', -32600, 9),
        (b'{"jsonrpc": "2.0", "id": 9}', -32600, 9),
        (b'{"jsonrpc": "2.0", "id": {}, "method": "x"}', -32600, None),
        (b'{"jsonrpc": "2.0", "id": 9, "method": 5}', -32600, 9),
        (b'{"jsonrpc": "2.0", "id": 9, "method": "x", "params": 5}', -32602, 9),
        (b'{"jsonrpc": "2.0", "id": "a", "method": "textDocument/codeAction", "params": {}}', -32602, "a"),
        (b'{"jsonrpc": "2.0", "id": 9, "method": "workspace/executeCommand"}', -32602, 9),
        (b'{"jsonrpc": "2.0", "id": 9, "method": "optafly/credential", "params": {"keyName": "X"}}', -32602, 9),
        (b'{"jsonrpc": "2.0", "id": 9, "method": "no/such"}', -32601, 9),
    ],
)
async def test_each_kind_of_bad_message_gets_its_own_answer(
    start: Start, message: bytes, code: int, identity: int | str | None
) -> None:
    speaker = await start()
    await speaker.request("initialize", {"processId": None, "capabilities": {}})

    await speaker.raw(frame(message))
    answer = await speaker.until(lambda each: "error" in each)

    assert (answer["error"]["code"], answer["id"]) == (code, identity)


async def test_a_jsonrpc_key_deep_inside_params_is_only_data(start: Start) -> None:
    speaker = await start()
    await speaker.initialize()

    with pytest.raises(Refused) as refused:
        await speaker.command(
            "optafly.refine", {"prompt": "x", "nested": {"jsonrpc": "2.0", "id": 3, "method": "exit"}}
        )

    assert refused.value.code == -32602
    assert (await speaker.command("optafly.stats", {}))["stats"]["answers"] == 0


async def test_a_refusal_quotes_nothing_of_what_was_sent(start: Start) -> None:
    speaker = await start()
    await speaker.initialize()

    with pytest.raises(Refused) as refused:
        await speaker.command("optafly.approve", {"decision": "my secret plan", "digest": "x", "proposalId": "y"})

    assert refused.value.message == "The argument is not valid ApproveParams, at `$.decision`."


async def test_an_overlong_message_is_refused_and_the_next_one_answered(start: Start) -> None:
    speaker = await start()
    await speaker.initialize()

    await speaker.raw(
        frame(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "x", "params": ["y" * 40_000_000]}).encode())
    )

    assert (await speaker.command("optafly.stats", {}))["stats"]["answers"] == 0
    refused = await speaker.until(lambda each: "error" in each)
    assert refused["error"]["code"] == -32700
