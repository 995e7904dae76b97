"""How the simulated API is to behave for one request: well by default, badly on demand."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from optafly.domain import StopReason

Seconds = Annotated[float, msgspec.Meta(ge=0)]


class Behaviour(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """One scripted answer; every field left alone is as in an ordinary answer.

    `status`: an error of that HTTP status instead of an answer, with `retry_after_s` as its header where set.
    `error_type` and `message` replace the usual words of that error, or of the error event.
    `then`: what happens after `after` text deltas of a stream: `error` (an error event), `cut` (the connection is
    dropped), `end` (the stream ends early and quietly), `hang` (silence until the client leaves), `garbage` (an event
    that is not JSON).
    `redirect`: 307 to that address.
    """

    status: Annotated[int, msgspec.Meta(ge=400, le=599)] | None = None
    retry_after_s: Seconds | None = None
    error_type: str | None = None
    message: str | None = None
    then: Literal["error", "cut", "end", "hang", "garbage"] | None = None
    after: Annotated[int, msgspec.Meta(ge=0)] = 2
    first_byte_s: Seconds = 0.0
    first_token_s: Seconds | None = None
    tokens_per_s: Annotated[float, msgspec.Meta(gt=0)] | None = None
    stop_reason: StopReason = "end_turn"
    text: str | None = None
    redirect: str | None = None


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How fast an answer comes; no `tokens_per_s` means at once."""

    first_token_s: Seconds = 0.0
    tokens_per_s: Annotated[float, msgspec.Meta(gt=0)] | None = None


LIFELIKE = Pace(first_token_s=0.6, tokens_per_s=80.0)
"""The pace of `optafly demo`: chosen to look like a hosted model, not measured on one."""

ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}

ERROR_WORDS = {
    401: "invalid x-api-key",
    403: "Your API key does not have permission to use the specified resource.",
    413: "Request exceeds the maximum size",
    429: "This request would exceed your account's rate limit. Please try again later.",
    500: "Internal server error",
    529: "Overloaded",
}
