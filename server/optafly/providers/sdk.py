"""The anthropic SDK, brought in without stopping the event loop, and kept from logging what it carries.

Importing it takes a second of processor time in small pieces, without the two thirds of it that no answer needs
(`sparing`). From a thread the event loop still waits for the interpreter
lock and for the garbage collector, 60 ms and more at the worst. With a short switch interval, the collector off, and
what was imported frozen out of its sight, the worst was 5 to 7 ms on a quiet machine, and 8 to 16 ms of our own making
on one with 13 busy programs for 2 cores (tests/bench/loop_stall.py, docs/decisions/030).
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import ipaddress
import logging
import sys
import threading
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from optafly.providers.sparing import forget, sparing

if TYPE_CHECKING:
    import ssl

    import anthropic
    import httpx2

SWITCH_INTERVAL_S = 0.0005
LONGEST_CONNECT_S = 10.0
# All that is asked of the package itself: what it does not pass on shows here, not when the first answer fails.
NAMES = (
    *("AsyncAnthropic", "DefaultAsyncHttpxClient", "DEFAULT_CONNECTION_LIMITS", "Timeout"),
    *("AnthropicError", "APIConnectionError", "APIStatusError", "APITimeoutError"),
)
LOGGERS = ("anthropic", "httpx2", "httpcore2")

log = logging.getLogger(__name__)
_lock = threading.Lock()
_warm = False


async def load() -> None:
    """Import the SDK and walk one made-up answer through it, in a thread; at once when that has been done."""
    if not _warm:
        await asyncio.to_thread(_load)


def _load() -> None:
    global _warm  # the SDK is one per process, and so is this
    with _lock:
        if _warm:
            return
        interval, collecting = sys.getswitchinterval(), gc.isenabled()
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        gc.disable()
        try:
            try:
                with sparing("anthropic"):
                    _import()
            except Exception as error:  # whatever an SDK of another shape does not bear
                log.warning("The anthropic SDK is imported whole: %s.", type(error).__name__)
                forget("anthropic")
                _import()
            gc.freeze()
            _warm = True
        finally:
            sys.setswitchinterval(interval)
            if collecting:
                gc.enable()


def _import() -> None:
    package = importlib.import_module("anthropic")
    for name in NAMES:
        getattr(package, name)
    with contextlib.suppress(ImportError):  # the first error would import it on the loop; another SDK may have none
        importlib.import_module("anthropic.types.shared.error_details")
    silence()
    asyncio.run(_rehearse())


def silence() -> None:
    """Keep the SDK's and its HTTP client's logs shut: at DEBUG they hold whole bodies, at INFO addresses.

    `ANTHROPIC_LOG` opens them when the SDK is imported, so this comes after the import.
    """
    for name in (*LOGGERS, *(known for known in logging.root.manager.loggerDict if known.split(".")[0] in LOGGERS)):
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL + 1)
        logger.propagate = False


class Connections:
    """The open connections to providers, kept for the next request; close them when they are no longer needed."""

    def __init__(self) -> None:
        self._clients: dict[bool, httpx2.AsyncClient] = {}

    def client(self, *, key: str, base_url: str, timeout_s: float, max_retries: int) -> anthropic.AsyncAnthropic:
        """Make an SDK client over these connections: cheap, so each request has its own and no key is kept here."""
        return _client(key, base_url, timeout_s, max_retries, self._http(loopback=is_loopback(base_url)))

    def _http(self, *, loopback: bool) -> httpx2.AsyncClient:
        if loopback not in self._clients:
            self._clients[loopback] = _http_client(loopback=loopback)
        return self._clients[loopback]

    async def close(self) -> None:
        """Close every connection."""
        clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            await client.aclose()


def is_loopback(base_url: str) -> bool:
    """Whether `base_url` is on this machine itself."""
    host = urlsplit(base_url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _http_client(*, loopback: bool) -> httpx2.AsyncClient:
    """Make an HTTP client that follows no redirect: what was approved was approved for one address.

    The environment's proxies apply, but not to this machine itself. (The SDK's own client class takes them from the
    environment even with `trust_env=False`.)
    """
    import anthropic
    import httpx2

    if loopback:
        return httpx2.AsyncClient(
            trust_env=False, follow_redirects=False, verify=_tls(), limits=anthropic.DEFAULT_CONNECTION_LIMITS
        )
    return anthropic.DefaultAsyncHttpxClient(follow_redirects=False, verify=_tls())


@cache
def _tls() -> ssl.SSLContext:
    """The trusted certificates; reading them takes tens of milliseconds, so it is done once, by the rehearsal."""
    import httpx2

    return httpx2.create_ssl_context()


def _client(
    key: str, base_url: str, timeout_s: float, max_retries: int, http: httpx2.AsyncClient
) -> anthropic.AsyncAnthropic:
    import anthropic

    return anthropic.AsyncAnthropic(
        api_key=key,
        base_url=base_url,
        timeout=anthropic.Timeout(timeout_s, connect=min(timeout_s, LONGEST_CONNECT_S)),
        max_retries=max_retries,
        http_client=http,
        open_telemetry=False,
    )


_REHEARSAL = (
    b'event: message_start\ndata: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant",'
    b'"model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1,'
    b'"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0}}}}\n\n'
    b'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text",'
    b'"text":""}}\n\n'
    b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta",'
    b'"text":"x"}}\n\n'
    b'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n'
    b'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},'
    b'"usage":{"output_tokens":1}}\n\n'
    b'event: message_stop\ndata: {"type":"message_stop"}\n\n'
)


async def _rehearse() -> None:
    """Let the SDK build now, in this thread, what it would otherwise build on the first request; nothing is sent."""
    import anyio.lowlevel
    import httpx2

    await anyio.lowlevel.checkpoint()
    _tls()

    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=_REHEARSAL)

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(answer), trust_env=False)
    async with _client("-", "http://127.0.0.1", 1.0, 0, http) as rehearsed:
        events = await rehearsed.messages.create(
            model="m",
            max_tokens=1,
            system=[{"type": "text", "text": "x", "cache_control": {"type": "ephemeral", "ttl": "1h"}}],
            messages=[{"role": "user", "content": [{"type": "text", "text": "x"}]}],
            stream=True,
        )
        async for _ in events:
            pass
