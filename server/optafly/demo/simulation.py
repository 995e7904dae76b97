"""What the simulated Messages API decides for a request; how it is carried is the server's business."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

from optafly.config import Price
from optafly.demo.answer import plausible_answer
from optafly.demo.behaviour import ERROR_TYPES, ERROR_WORDS, Behaviour
from optafly.demo.prefixes import PrefixCache
from optafly.demo.requests import ApiError, CountRequest, MessagesRequest, decode, parts
from optafly.demo.stream import Reply
from optafly.demo.wire import Request
from optafly.tokens import estimate_tokens

Answers = Callable[[str], str | None]
"""From the text of the last user turn to an answer, or None for the ordinary one."""


class Simulation:
    """The rules: keys, models, limits, the prompt cache and the words of an answer."""

    def __init__(
        self,
        *,
        key: str | None,
        models: Mapping[str, Price],
        answers: Answers | None,
        context_tokens: int,
        now: Callable[[], float],
    ) -> None:
        self._key = key
        self._models = models
        self._answers = answers
        self._context_tokens = context_tokens
        self._cache = PrefixCache(now)

    def admit(self, request: Request) -> None:
        """Check key, version and size; raises ApiError."""
        given = request.headers.get("x-api-key") or request.headers.get("authorization", "").removeprefix("Bearer ")
        if not given:
            raise ApiError(401, "authentication_error", "x-api-key header is required")
        if self._key is not None and not secrets.compare_digest(given.encode(), self._key.encode()):
            raise ApiError(401, "authentication_error", "invalid x-api-key")
        if request.body is None:
            raise ApiError(413, "request_too_large", "Request exceeds the maximum size")
        if "anthropic-version" not in request.headers:
            raise ApiError(400, "invalid_request_error", "anthropic-version: header is required")

    def count(self, body: bytes) -> dict[str, int]:
        """Answer `count_tokens`; raises ApiError."""
        request = decode(body, CountRequest)
        self._price(request.model)
        return {"input_tokens": sum(part.tokens for part in parts(request))}

    def reply(self, body: bytes, behaviour: Behaviour) -> Reply:
        """Answer `messages`; raises ApiError."""
        request = decode(body, MessagesRequest)
        price = self._price(request.model)
        found = parts(request)
        total = sum(part.tokens for part in found)
        if total > self._context_tokens:
            words = f"prompt is too long: {total} tokens > {self._context_tokens} maximum"
            raise ApiError(400, "invalid_request_error", words)
        last = request.messages[-1].content
        prompt = last if isinstance(last, str) else "\n".join(block.text for block in last)
        text, stop_reason = self._words(prompt, behaviour), behaviour.stop_reason
        if estimate_tokens(text) > request.max_tokens:
            text, stop_reason = text[: 2 * request.max_tokens], "max_tokens"
        return Reply(
            id=f"msg_sim{secrets.token_hex(8)}",
            model=request.model,
            text=text,
            stop_reason=stop_reason,
            streamed=request.stream,
            billed=self._cache.account(request.model, found, price.least_cacheable_tokens),
        )

    def _words(self, prompt: str, behaviour: Behaviour) -> str:
        if behaviour.text is not None:
            return behaviour.text
        return (self._answers(prompt) if self._answers else None) or plausible_answer(prompt)

    def _price(self, model: str) -> Price:
        if model not in self._models:
            raise ApiError(404, "not_found_error", f"model: {model}")
        return self._models[model]


def scripted_error(behaviour: Behaviour) -> ApiError | None:
    """Return the error that `behaviour` asks for instead of an answer."""
    if behaviour.status is None:
        return None
    kind = behaviour.error_type or ERROR_TYPES.get(behaviour.status, "api_error")
    return ApiError(behaviour.status, kind, behaviour.message or ERROR_WORDS.get(behaviour.status, "Error"))
