"""The real SDK against the simulated Messages API, over real connections."""

from __future__ import annotations

import asyncio
import threading
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing

import pytest

from fakes.asking import ask, outgoing, provider
from optafly.demo.behaviour import Behaviour
from optafly.demo.server import SIMULATED_KEY, MessagesApi
from optafly.domain import Block, Completion, StopReason, Usage
from optafly.errors import (
    BadKey,
    CutOff,
    InvalidRequest,
    NetworkDown,
    NoKey,
    Overloaded,
    ProviderError,
    ProviderFault,
    RateLimited,
    Refused,
    TooLong,
)
from optafly.providers.sdk import Connections

LONG_S = 30.0


@pytest.fixture
def api() -> Iterator[MessagesApi]:
    with MessagesApi() as api:
        yield api


@pytest.fixture
async def connections() -> AsyncIterator[Connections]:
    connections = Connections()
    yield connections
    await connections.close()


async def failure(api: MessagesApi, behaviour: Behaviour, *, timeout_s: float = 20.0) -> ProviderError:
    """Return what asking raises when the API behaves like that."""
    api.next(behaviour)
    with pytest.raises(ProviderError) as caught:
        await ask(provider(timeout_s=timeout_s), outgoing(api.url))
    assert caught.value.what
    assert caught.value.why
    assert caught.value.todo
    return caught.value


async def test_an_answer_streams_and_ends_with_one_completion(api: MessagesApi) -> None:
    api.next(Behaviour(text="A short answer, in parts: ä 漢 😀."))
    deltas, completion = await ask(provider(), outgoing(api.url))
    assert len(deltas) > 3
    assert completion.text == "".join(deltas) == "A short answer, in parts: ä 漢 😀."
    assert completion.stop_reason == "end_turn"
    assert completion.model == "claude-sonnet-5-5"
    assert completion.usage.input_tokens > 0
    assert completion.usage.output_tokens > 1


async def test_an_answer_that_reached_its_limit_says_so(api: MessagesApi) -> None:
    api.next(Behaviour(text="word " * 100))
    _, completion = await ask(provider(), outgoing(api.url, max_tokens=5))
    assert completion.stop_reason == "max_tokens"


@pytest.mark.parametrize("reason", ["stop_sequence", "tool_use", "pause_turn", "model_context_window_exceeded"])
async def test_every_other_end_is_told_as_it_was(api: MessagesApi, reason: StopReason) -> None:
    api.next(Behaviour(stop_reason=reason))
    _, completion = await ask(provider(), outgoing(api.url))
    assert completion.stop_reason == reason


async def test_a_refusal_is_no_answer(api: MessagesApi) -> None:
    assert isinstance(await failure(api, Behaviour(stop_reason="refusal")), Refused)


async def test_an_empty_answer_is_no_answer(api: MessagesApi) -> None:
    assert isinstance(await failure(api, Behaviour(text=" \n")), ProviderFault)


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        (Behaviour(status=400), InvalidRequest),
        (Behaviour(status=400, message="prompt is too long: 210000 tokens > 200000 maximum"), TooLong),
        (Behaviour(status=400, message="Your credit balance is too low to access the API."), InvalidRequest),
        (Behaviour(status=401), BadKey),
        (Behaviour(status=402, error_type="billing_error"), InvalidRequest),
        (Behaviour(status=403), BadKey),
        (Behaviour(status=404), InvalidRequest),
        (Behaviour(status=413), TooLong),
        (Behaviour(status=422, error_type="invalid_request_error"), InvalidRequest),
        (Behaviour(status=429), RateLimited),
        (Behaviour(status=500), ProviderFault),
        (Behaviour(status=503, error_type="api_error"), ProviderFault),
        (Behaviour(status=504), ProviderFault),
        (Behaviour(status=529), Overloaded),
        (Behaviour(then="error"), Overloaded),
        (Behaviour(then="error", error_type="api_error"), ProviderFault),
        (Behaviour(then="error", error_type="rate_limit_error"), RateLimited),
        (Behaviour(then="error", error_type="something_new"), InvalidRequest),
        (Behaviour(then="garbage"), ProviderFault),
        (Behaviour(then="cut"), CutOff),
        (Behaviour(then="end"), CutOff),
        (Behaviour(then="cut", after=0), CutOff),
        (Behaviour(then="end", after=0), CutOff),
    ],
)
async def test_every_failure_becomes_one_of_our_errors(
    api: MessagesApi, behaviour: Behaviour, expected: type[ProviderError]
) -> None:
    assert type(await failure(api, behaviour)) is expected


async def test_a_cut_stream_has_shown_its_text_but_has_no_completion(api: MessagesApi) -> None:
    api.next(Behaviour(then="cut", after=3))
    seen: list[str | Completion] = []

    async def follow() -> None:
        async for item in provider().stream(outgoing(api.url)):
            seen.append(item)

    with pytest.raises(CutOff):
        await follow()
    assert len(seen) == 3
    assert all(isinstance(item, str) for item in seen)


async def test_a_rate_limit_says_when_to_come_back(api: MessagesApi) -> None:
    error = await failure(api, Behaviour(status=429, retry_after_s=17))
    assert isinstance(error, RateLimited)
    assert error.retry_after_s == 17
    assert "17 s" in error.todo


async def test_an_unknown_model_is_named(api: MessagesApi) -> None:
    with pytest.raises(InvalidRequest, match="claude-nonesuch"):
        await ask(provider(), outgoing(api.url, model="claude-nonesuch"))


async def test_without_a_key_nothing_is_sent(api: MessagesApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "a-token-of-another-program")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with pytest.raises(NoKey):
        await ask(provider(None), outgoing(api.url))
    assert api.requests == ()


@pytest.mark.parametrize("key", ["two words", "schlüssel", "a\nb"])
async def test_a_key_that_cannot_be_one_is_not_sent_and_not_named(api: MessagesApi, key: str) -> None:
    with pytest.raises(BadKey) as caught:
        await ask(provider(key), outgoing(api.url))
    assert key not in str(caught.value)
    assert api.requests == ()


async def test_a_key_with_a_newline_at_its_end_works(api: MessagesApi) -> None:
    await ask(provider(SIMULATED_KEY + "\n"), outgoing(api.url))
    assert api.requests[0].headers["authorization"] == f"Bearer {SIMULATED_KEY}"


async def test_a_wrong_key_is_a_bad_key(api: MessagesApi) -> None:
    with pytest.raises(BadKey):
        await ask(provider("sk-ant-wrong"), outgoing(api.url))


async def test_an_api_that_is_not_there_is_a_network_fault() -> None:
    with MessagesApi() as gone:
        url = gone.url
    with pytest.raises(NetworkDown, match=r"127\.0\.0\.1"):
        await ask(provider(), outgoing(url))


async def test_silence_before_the_first_byte_ends_after_the_timeout(api: MessagesApi) -> None:
    error = await failure(api, Behaviour(first_byte_s=LONG_S), timeout_s=0.2)
    assert isinstance(error, NetworkDown)
    assert "0.2 s" in error.why


async def test_silence_in_mid_stream_ends_after_the_timeout(api: MessagesApi) -> None:
    assert isinstance(await failure(api, Behaviour(then="hang"), timeout_s=0.2), NetworkDown)


async def test_an_overload_is_tried_again_as_often_as_the_settings_say(api: MessagesApi) -> None:
    api.next(Behaviour(status=529, retry_after_s=0.01), Behaviour(status=429, retry_after_s=0.01))
    await ask(provider(max_retries=2), outgoing(api.url))
    assert [request.status for request in api.requests] == [529, 429, 200]
    assert len({request.body for request in api.requests}) == 1


async def test_a_bad_request_is_not_tried_again(api: MessagesApi) -> None:
    api.next(Behaviour(status=400))
    with pytest.raises(InvalidRequest):
        await ask(provider(max_retries=2), outgoing(api.url))
    assert len(api.requests) == 1


async def test_a_redirect_is_not_followed(api: MessagesApi) -> None:
    with MessagesApi() as elsewhere:
        error = await failure(api, Behaviour(redirect=f"{elsewhere.url}/v1/messages"))
        assert isinstance(error, NetworkDown)
        assert elsewhere.requests == ()


async def test_a_proxy_in_the_environment_does_not_come_between_this_machine_and_itself(
    api: MessagesApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    _, completion = await ask(provider(), outgoing(api.url))
    assert completion.stop_reason == "end_turn"


async def test_cancelling_in_mid_stream_closes_the_connection(api: MessagesApi) -> None:
    api.next(Behaviour(then="hang", after=1))
    first = asyncio.Event()

    async def follow() -> None:
        async for _ in provider().stream(outgoing(api.url)):
            first.set()

    following = asyncio.create_task(follow())
    await first.wait()
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await following
    assert await happens(api.requests[0].left)


async def test_cancelling_before_the_first_byte_closes_the_connection(api: MessagesApi) -> None:
    api.next(Behaviour(first_byte_s=LONG_S))
    following = asyncio.create_task(ask(provider(), outgoing(api.url)))
    (request,) = await asyncio.to_thread(api.wait_for, 1)
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await following
    assert await happens(request.left)


async def test_cancelling_between_two_tries_sends_no_more(api: MessagesApi) -> None:
    api.always(Behaviour(status=429, retry_after_s=LONG_S))
    following = asyncio.create_task(ask(provider(max_retries=2), outgoing(api.url)))
    (request,) = await asyncio.to_thread(api.wait_for, 1)
    assert await happens(request.over)
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await following
    assert len(api.requests) == 1


async def test_leaving_a_stream_early_closes_the_connection(api: MessagesApi, connections: Connections) -> None:
    api.next(Behaviour(then="hang", after=1))
    async with aclosing(provider(connections=connections).stream(outgoing(api.url))) as stream:
        async for _ in stream:
            break
    assert await happens(api.requests[0].left)


async def test_connections_are_used_again(api: MessagesApi, connections: Connections) -> None:
    for _ in range(3):
        await ask(provider(connections=connections), outgoing(api.url))
    assert len({request.connection for request in api.requests}) == 1


async def test_ten_answers_at_once_do_not_mix(api: MessagesApi, connections: Connections) -> None:
    asked = [
        ask(provider(connections=connections), outgoing(api.url, f"Explain `part{n}.name` please")) for n in range(10)
    ]
    answers = [completion.text for _, completion in await asyncio.gather(*asked)]
    assert all(f"`part{n}.name`" in answer for n, answer in enumerate(answers))


async def test_usage_counts_what_the_prompt_cache_wrote_and_read(api: MessagesApi) -> None:
    system = (Block(text="Our conventions. " * 400, cache="1h"),)
    _, first = await ask(provider(), outgoing(api.url, system=system))
    _, second = await ask(provider(), outgoing(api.url, "Another question", system=system))
    written = first.usage.cache_write_1h_tokens
    assert written > 512
    assert first.usage == Usage(
        input_tokens=first.usage.input_tokens,
        output_tokens=first.usage.output_tokens,
        cache_write_1h_tokens=written,
    )
    assert second.usage.cache_read_tokens == written
    assert second.usage.cache_write_1h_tokens == 0


async def test_no_error_holds_the_key_or_the_prompt(api: MessagesApi) -> None:
    prompt = "the canary sings in the prompt"
    api.next(Behaviour(status=400, message=f"messages.0.content: {prompt} is not allowed"))
    with pytest.raises(InvalidRequest) as caught:
        await ask(provider(), outgoing(api.url, prompt))
    shown = "".join(traceback.format_exception(caught.value))
    assert "canary" not in str(caught.value)
    assert "canary" not in shown
    assert SIMULATED_KEY not in shown


async def test_what_the_api_said_about_a_bad_request_is_passed_on(api: MessagesApi) -> None:
    error = await failure(api, Behaviour(status=400, message="max_tokens: 200000 > 128000"))
    assert "max_tokens: 200000 > 128000" in error.why


async def test_a_key_in_what_the_api_said_is_masked(api: MessagesApi) -> None:
    key = "sk-ant-api03-" + "Q7vK2mXw9ZpL4tRb" * 5
    error = await failure(api, Behaviour(status=400, message=f"the header held {key}"))
    assert "the header held" in error.why
    assert key not in str(error)


async def happens(event: threading.Event) -> bool:
    """Wait for something that the API's thread notices."""
    return await asyncio.to_thread(event.wait, 10.0)
