"""The simulated Messages API answers as the real one does, and misbehaves only when told."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from optafly.demo.answer import OPENING
from optafly.demo.behaviour import Behaviour
from optafly.demo.server import SIMULATED_KEY, MessagesApi

HEADERS = {"x-api-key": SIMULATED_KEY, "anthropic-version": "2023-06-01", "content-type": "application/json"}
BODY: dict[str, Any] = {  # Any: JSON
    "model": "claude-sonnet-5-5",
    "max_tokens": 1000,
    "messages": [{"role": "user", "content": "Why does `total` in src/cart.py fail?"}],
}


@pytest.fixture
def api() -> Iterator[MessagesApi]:
    with MessagesApi() as api:
        yield api


def call(
    url: str,
    body: object = None,
    *,
    path: str = "/v1/messages",
    headers: dict[str, str] = HEADERS,
    method: str = "POST",
) -> tuple[int, dict[str, str], bytes]:
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=20)
    try:
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    finally:
        connection.close()


def events(stream: bytes) -> list[dict[str, Any]]:
    return [
        json.loads(line.removeprefix("data: ")) for line in stream.decode().splitlines() if line.startswith("data: ")
    ]


def test_a_whole_answer_is_a_message(api: MessagesApi) -> None:
    status, headers, body = call(api.url, BODY)
    message = json.loads(body)
    assert status == 200
    assert headers["request-id"].startswith("req_")
    assert message["role"] == "assistant"
    assert message["stop_reason"] == "end_turn"
    assert message["content"][0]["text"].startswith(OPENING)
    assert message["usage"]["cache_creation"] == {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0}


def test_a_stream_has_the_events_of_the_real_one_in_its_order(api: MessagesApi) -> None:
    status, headers, body = call(api.url, {**BODY, "stream": True})
    found = events(body)
    kinds = [event["type"] for event in found]
    assert status == 200
    assert headers["content-type"].startswith("text/event-stream")
    assert kinds[:3] == ["message_start", "content_block_start", "ping"]
    assert set(kinds[3:-3]) == {"content_block_delta"}
    assert kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    assert found[-2]["delta"]["stop_reason"] == "end_turn"
    assert found[-2]["usage"]["output_tokens"] > 1


def test_the_same_request_gets_the_same_words(api: MessagesApi) -> None:
    texts = {json.loads(call(api.url, BODY)[2])["content"][0]["text"] for _ in range(2)}
    assert len(texts) == 1
    assert "`total`" in next(iter(texts))
    assert "`src/cart.py`" in next(iter(texts))


def test_answers_can_be_given() -> None:
    with MessagesApi(answers=lambda prompt: "Known." if "cart" in prompt else None) as api:
        known = json.loads(call(api.url, BODY)[2])
        other = json.loads(call(api.url, {**BODY, "messages": [{"role": "user", "content": "Hello"}]})[2])
    assert known["content"][0]["text"] == "Known."
    assert other["content"][0]["text"].startswith(OPENING)


def test_counting_agrees_with_what_is_billed(api: MessagesApi) -> None:
    asked = {"model": BODY["model"], "messages": BODY["messages"]}
    counted = json.loads(call(api.url, asked, path="/v1/messages/count_tokens")[2])
    billed = json.loads(call(api.url, BODY)[2])["usage"]
    assert counted == {"input_tokens": billed["input_tokens"]}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"x-api-key": "wrong"}, 401),
        ({"authorization": "Bearer wrong"}, 401),
        ({"x-api-key": SIMULATED_KEY}, 200),
        ({"authorization": f"Bearer {SIMULATED_KEY}"}, 200),
    ],
)
def test_only_the_right_key_is_let_in(api: MessagesApi, headers: dict[str, str], status: int) -> None:
    found, _, body = call(api.url, BODY, headers={"anthropic-version": "2023-06-01", **headers})
    assert found == status
    if status != 200:
        assert json.loads(body)["error"]["type"] == "authentication_error"


def marked(count: int, ttl: str = "5m") -> list[dict[str, Any]]:
    mark = {"type": "ephemeral", "ttl": ttl}
    return [{"type": "text", "text": f"block {n}", "cache_control": mark} for n in range(count)]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"model": None}, 400),
        ({"max_tokens": None}, 400),
        ({"messages": None}, 400),
        ({"max_tokens": 0}, 400),
        ({"max_tokens": "many"}, 400),
        ({"messages": []}, 400),
        ({"messages": [{"role": "wizard", "content": "Hi"}]}, 400),
        ({"messages": [{"role": "assistant", "content": "Hi"}]}, 400),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": " "}]}]}, 400),
        ({"messages": [{"role": "user", "content": [{"type": "image", "text": "x"}]}]}, 400),
        ({"system": marked(4)}, 200),
        ({"system": marked(5)}, 400),
        ({"system": [*marked(1), *marked(1, "1h")]}, 400),
        ({"system": [*marked(1, "1h"), *marked(1)]}, 200),
        ({"system": marked(1, "2h")}, 400),
        ({"unheard_of": 1}, 400),
        ({"model": "claude-nonesuch"}, 404),
    ],
)
def test_a_body_is_checked(api: MessagesApi, change: dict[str, Any], status: int) -> None:
    body = {name: value for name, value in {**BODY, **change}.items() if value is not None}
    found, _, answer = call(api.url, body)
    assert found == status
    if status != 200:
        assert json.loads(answer)["type"] == "error"
        assert json.loads(answer)["error"]["type"] == {400: "invalid_request_error", 404: "not_found_error"}[status]


def test_a_body_that_is_not_json_is_refused(api: MessagesApi) -> None:
    address = urlsplit(api.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=20)
    connection.request("POST", "/v1/messages", b"\xff{", HEADERS)
    assert connection.getresponse().status == 400
    connection.close()


def test_a_request_without_a_version_is_refused(api: MessagesApi) -> None:
    assert call(api.url, BODY, headers={"x-api-key": SIMULATED_KEY})[0] == 400


def test_a_body_above_the_limit_is_too_large() -> None:
    with MessagesApi(max_body_bytes=1000) as api:
        status, _, body = call(api.url, {**BODY, "system": "x" * 300_000})
    assert status == 413
    assert json.loads(body)["error"]["type"] == "request_too_large"


def test_a_prompt_above_the_context_window_is_too_long() -> None:
    with MessagesApi(context_tokens=50) as api:
        status, _, body = call(api.url, {**BODY, "system": "words and words " * 100})
    assert status == 400
    assert json.loads(body)["error"]["message"].startswith("prompt is too long")


def test_an_answer_above_max_tokens_stops_there(api: MessagesApi) -> None:
    assert json.loads(call(api.url, {**BODY, "max_tokens": 5})[2])["stop_reason"] == "max_tokens"


def test_an_unknown_address_is_not_found(api: MessagesApi) -> None:
    assert call(api.url, BODY, path="/v1/nothing")[0] == 404


def test_a_scripted_error_comes_once_and_in_the_words_of_the_api(api: MessagesApi) -> None:
    api.next(Behaviour(status=429, retry_after_s=7))
    status, headers, body = call(api.url, BODY)
    assert (status, headers["retry-after"]) == (429, "7")
    assert json.loads(body)["error"]["type"] == "rate_limit_error"
    assert call(api.url, BODY)[0] == 200


def test_always_holds_until_it_is_reset(api: MessagesApi) -> None:
    api.always(Behaviour(status=529))
    assert [call(api.url, BODY)[0] for _ in range(3)] == [529] * 3
    api.reset()
    assert call(api.url, BODY)[0] == 200


def test_every_request_is_recorded_with_its_headers_and_bytes(api: MessagesApi) -> None:
    call(api.url, BODY)
    (recorded,) = api.requests
    assert recorded.body == json.dumps(BODY).encode()
    assert recorded.headers["x-api-key"] == SIMULATED_KEY
    assert recorded.status == 200
    assert recorded.over.wait(10)


def test_the_prompt_cache_is_accounted_by_its_marks(api: MessagesApi) -> None:
    system = [{"type": "text", "text": "Our rules. " * 500, "cache_control": {"type": "ephemeral", "ttl": "1h"}}]
    first, second = (json.loads(call(api.url, {**BODY, "system": system})[2])["usage"] for _ in range(2))
    api.advance(3600)
    third = json.loads(call(api.url, {**BODY, "system": system})[2])["usage"]
    written = first["cache_creation"]["ephemeral_1h_input_tokens"]
    assert written == first["cache_creation_input_tokens"] > 512
    assert (second["cache_read_input_tokens"], second["cache_creation_input_tokens"]) == (written, 0)
    assert third == first


def test_it_stops_while_a_client_waits(api: MessagesApi) -> None:
    api.next(Behaviour(first_byte_s=60))
    failed = threading.Event()

    def wait() -> None:
        try:
            call(api.url, BODY)
        except (http.client.HTTPException, OSError):
            failed.set()

    waiting = threading.Thread(target=wait)
    waiting.start()
    api.wait_for(1)
    api.stop()
    waiting.join(10)
    assert failed.is_set()


def test_a_taken_port_is_an_error(api: MessagesApi) -> None:
    with pytest.raises(OSError, match="address already in use"), MessagesApi(port=urlsplit(api.url).port or 0):
        pass


def test_another_program_can_start_and_script_it() -> None:
    command = [sys.executable, "-m", "optafly.demo.server", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            told = json.loads(server.stdout.readline())
            assert told["simulated"] is True
            url = told["url"]
            script = {"behaviour": {"status": 429, "retryAfterS": 3}, "times": 2, "always": {"text": "Scripted."}}
            assert call(url, script, path="/_simulate")[0] == 200
            assert [call(url, BODY)[0] for _ in range(2)] == [429, 429]
            assert json.loads(call(url, BODY)[2])["content"][0]["text"] == "Scripted."
            listed = json.loads(call(url, path="/_simulate/requests", method="GET")[2])
            assert [request["status"] for request in listed] == [429, 429, 200]
            assert listed[0]["body"] == BODY
            assert call(url, path="/_simulate", method="DELETE")[0] == 200
            assert json.loads(call(url, path="/_simulate/requests", method="GET")[2]) == []
            assert call(url, {"behaviour": {"status": 7}}, path="/_simulate")[0] == 400
            assert call(url, path="/_simulate/else", method="GET")[0] == 404
        finally:
            server.kill()
