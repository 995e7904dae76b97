"""Claude, through the anthropic SDK: streams an answer and then says whether it is whole."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator

from optafly.config import ClaudeSettings
from optafly.domain import Completion, Outgoing
from optafly.privacy.credentials import Credentials
from optafly.providers import sdk
from optafly.providers.body import request_body
from optafly.providers.faults import from_sdk, no_key, unusable_key
from optafly.providers.heard import Heard

KEY_NAME = "ANTHROPIC_API_KEY"
COUNT_S = 3.0


class Anthropic:
    """Asks Claude. With `connections` given, they are reused from answer to answer and closed by who made them."""

    def __init__(
        self, credentials: Credentials, settings: ClaudeSettings, connections: sdk.Connections | None = None
    ) -> None:
        self._credentials = credentials
        self._settings = settings
        self._connections = connections

    async def stream(self, outgoing: Outgoing) -> AsyncGenerator[str | Completion, None]:
        """Yield the answer's text as it comes and then exactly one Completion, if the stream said that it ended.

        Raises a ProviderError otherwise: a cut or refused answer never has a Completion. Without a key nothing is
        sent. Cancelling, or closing the iterator, closes the connection at once.
        """
        key = await self._key()
        await sdk.load()
        heard = Heard()
        async with self._open() as connections:
            async for text in self._texts(connections, key, outgoing, heard):
                yield text
        yield heard.completion()

    async def count(self, outgoing: Outgoing) -> int:
        """Return how many tokens of input Anthropic counts. This sends `outgoing`: only for whom asked for it before.

        Raises a ProviderError; without a key nothing is sent.
        """
        key = await self._key()
        await sdk.load()
        import anthropic
        import httpx2

        timeout_s = min(self._settings.timeout_s, COUNT_S)
        async with self._open() as connections:
            try:
                client = connections.client(key=key, base_url=outgoing.base_url, timeout_s=timeout_s, max_retries=0)
                body = request_body(outgoing)
                counted = await client.messages.count_tokens(
                    model=body["model"], messages=body["messages"], system=body.get("system", [])
                )
            except (anthropic.AnthropicError, httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
                raise from_sdk(error, outgoing, timeout_s=timeout_s, begun=False) from None
        return counted.input_tokens

    async def _key(self) -> str:
        key = (await asyncio.to_thread(self._credentials.get, KEY_NAME) or "").strip()  # a keyring may block
        if not key:
            raise no_key(KEY_NAME)
        if not all("!" <= character <= "~" for character in key):
            raise unusable_key(KEY_NAME)
        return key

    @contextlib.asynccontextmanager
    async def _open(self) -> AsyncGenerator[sdk.Connections]:
        if self._connections is not None:
            yield self._connections
            return
        connections = sdk.Connections()
        try:
            yield connections
        finally:
            await connections.close()

    async def _texts(
        self, connections: sdk.Connections, key: str, outgoing: Outgoing, heard: Heard
    ) -> AsyncIterator[str]:
        import anthropic
        import httpx2

        timeout_s = self._settings.timeout_s
        try:
            client = connections.client(
                key=key, base_url=outgoing.base_url, timeout_s=timeout_s, max_retries=self._settings.max_retries
            )
            async with await client.messages.create(**request_body(outgoing), stream=True) as events:
                async for event in events:
                    if text := heard.take(event):
                        yield text
        except (anthropic.AnthropicError, httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise from_sdk(error, outgoing, timeout_s=timeout_s, begun=heard.begun) from None
