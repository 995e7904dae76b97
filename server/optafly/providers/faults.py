"""What the anthropic SDK raises, turned into this project's errors in plain words.

No error made here carries a key or the text of a request; the caller raises it `from None`, because the SDK's own
errors hold both.
"""

from __future__ import annotations

import email.utils
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from optafly.domain import Outgoing
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
from optafly.privacy.masking import mask

if TYPE_CHECKING:
    import anthropic

LONGEST_QUOTE = 200
SHORTEST_TELLTALE = 12

_KINDS = {
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    529: "overloaded_error",
}
_SET_KEY = "Set a valid key with `optafly keys set` or in your editor with “OptaFly: Set API Key”, then send again."


def no_key(key_name: str) -> NoKey:
    """There is no key in any allowed place."""
    return NoKey(
        "There is no API key for Claude.",
        why=f"{key_name} is neither in the editor's secret store, nor in the environment, nor in the OS keyring.",
        todo=_SET_KEY,
    )


def unusable_key(key_name: str) -> BadKey:
    """The key holds characters that no key has and that no HTTP header may carry."""
    return BadKey(
        f"The API key in {key_name} cannot be one.", why="It holds spaces or unusual characters.", todo=_SET_KEY
    )


def cut_off() -> CutOff:
    """The stream ended before the answer did."""
    return CutOff(
        "The answer broke off.",
        why="The connection to Claude ended before the answer was complete.",
        todo="What arrived is shown but not remembered: send it again.",
    )


def refused() -> Refused:
    """The model declined."""
    return Refused(
        "Claude declined to answer.",
        why="Its safety rules stopped this answer.",
        todo="Say what you need the answer for, or ask for a part of it.",
    )


def unreadable(detail: str) -> ProviderFault:
    """What arrived is not what the Messages API sends."""
    return ProviderFault(
        "The answer could not be read.",
        why=f"What arrived is not a Messages API stream: {detail}.",
        todo="Send it again; if it happens twice, check `claude.baseUrl`.",
    )


def empty() -> ProviderFault:
    """The stream was whole but held no text."""
    return ProviderFault("Claude sent an empty answer.", why="It ended without a word.", todo="Send it again.")


def from_sdk(error: Exception, outgoing: Outgoing, *, timeout_s: float, begun: bool) -> ProviderError:
    """Return the ProviderError for anything that the SDK or its HTTP client raises; `begun`: an answer had begun."""
    import anthropic
    import httpx2

    match error:
        case anthropic.APIStatusError():
            return _from_status(error, outgoing)
        case anthropic.APITimeoutError() | httpx2.TimeoutException():
            return NetworkDown(
                "Claude did not answer in time.",
                why=f"Nothing came from {_host(outgoing)} for {timeout_s:g} s.",
                todo="Send it again, or raise `claude.timeoutS`.",
            )
        case httpx2.TransportError() if begun:
            return cut_off()
        case anthropic.APIConnectionError() | httpx2.TransportError() | httpx2.InvalidURL():
            return NetworkDown(
                "Claude could not be reached.",
                why=f"No connection to {_host(outgoing)} could be made or kept.",
                todo="Check the network, a proxy and `claude.baseUrl`, then send again.",
            )
        case _:
            return unreadable(type(error).__name__)


def _from_status(error: anthropic.APIStatusError, outgoing: Outgoing) -> ProviderError:
    if 300 <= error.status_code < 400:
        return NetworkDown(
            "The request was sent elsewhere.",
            why=f"{_host(outgoing)} answered with a redirect, and what you approved goes to no other address.",
            todo="Set `claude.baseUrl` to the right address on this machine.",
        )
    kind = _KINDS.get(error.status_code) or error.type or ""
    said = error.api_message or ""
    if kind == "request_too_large" or "prompt is too long" in said or "exceed context limit" in said:
        return TooLong(
            "The request is too long for Claude.",
            why=f"It does not fit {outgoing.model}.",
            todo="Switch off some of the pieces, select less code, or lower `context.maxTokens`.",
        )
    if kind in ("authentication_error", "permission_error"):
        return _about_key(kind, outgoing)
    if kind == "rate_limit_error":
        return _rate_limited(error)
    if kind == "overloaded_error":
        return Overloaded(
            "Claude is overloaded.", why="Too many people ask it at this moment.", todo="Send it again in a minute."
        )
    if kind == "not_found_error":
        return InvalidRequest(
            f"There is no model `{outgoing.model}` here.",
            why=f"{_host(outgoing)} does not know it, or your key may not use it.",
            todo="Set `claude.model` to a model that you can use.",
        )
    if kind == "billing_error" or "credit balance" in said:
        return InvalidRequest(
            "Claude's bill is not settled.", why="The account has no credit left.", todo="Check the account's billing."
        )
    if error.status_code >= 500 or kind in ("api_error", "timeout_error"):
        return ProviderFault("Claude failed inside.", why=_reference(error), todo="Send it again in a minute.")
    return InvalidRequest(
        "Claude rejected the request.",
        why=" ".join(filter(None, (_quote(said, outgoing), _reference(error)))),
        todo="Check the settings under `claude`.",
    )


def _about_key(kind: str, outgoing: Outgoing) -> BadKey:
    if kind == "authentication_error":
        return BadKey(
            "Claude does not accept the API key.", why="It may be mistyped, revoked or expired.", todo=_SET_KEY
        )
    return BadKey(
        "The API key is not allowed to do this.",
        why=f"It has no permission for {outgoing.model} at {_host(outgoing)}.",
        todo=_SET_KEY,
    )


def _rate_limited(error: anthropic.APIStatusError) -> RateLimited:
    wait_s = retry_after_s(error.response.headers.get("retry-after"))
    when = "in a minute" if wait_s is None else f"in {wait_s:.0f} s"
    return RateLimited(
        "Claude's rate limit was reached.",
        why="Your account sent too much in a short time.",
        todo=f"Send it again {when}.",
        retry_after_s=wait_s,
    )


def retry_after_s(header: str | None) -> float | None:
    """Read a Retry-After header: seconds or an HTTP date; None where there is none that makes sense."""
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = email.utils.parsedate_to_datetime(header).timestamp() - time.time()
        except ValueError:
            return None
    return max(0.0, seconds) if seconds < float("inf") else None


def _reference(error: anthropic.APIStatusError) -> str:
    known = f" (request id {error.request_id})" if error.request_id else ""
    return f"HTTP status {error.status_code}{known}."


def _quote(said: str, outgoing: Outgoing) -> str:
    """Quote what the API said, secrets masked, unless it repeats a line of the request."""
    blocks = [*outgoing.system, *(block for turn in outgoing.turns for block in turn.blocks)]
    lines = (line.strip() for block in blocks for line in block.text.splitlines())
    if len(said) > LONGEST_QUOTE or any(len(line) >= SHORTEST_TELLTALE and line in said for line in lines):
        return ""
    return f"It said: {mask(said, 'error')[0].rstrip('.')}." if said else ""


def _host(outgoing: Outgoing) -> str:
    return urlsplit(outgoing.base_url).hostname or outgoing.base_url
