"""What a Messages API accepts: the body of a request, checked as the real one checks it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, TypeVar

import msgspec

from optafly.domain import CacheMark
from optafly.tokens import estimate_tokens

MAX_MARKS = 4


class ApiError(Exception):
    """An error as the API words it: HTTP status, type and message."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.message = message


class CacheControl(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A prompt-cache mark."""

    type: Literal["ephemeral"]
    ttl: CacheMark = "5m"


class TextBlock(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="text"):
    """The one kind of content that OptaFly sends; the simulation refuses the others."""

    text: str
    cache_control: CacheControl | None = None


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One turn."""

    role: Literal["user", "assistant"]
    content: str | list[TextBlock]


class CountRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /v1/messages/count_tokens`."""

    model: str
    messages: list[Message]
    system: str | list[TextBlock] = ""


class MessagesRequest(CountRequest, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /v1/messages`, as far as the simulation knows it."""

    max_tokens: Annotated[int, msgspec.Meta(ge=1)]
    stream: bool = False
    stop_sequences: list[str] = []
    metadata: dict[str, str] = {}


_Body = TypeVar("_Body", bound=CountRequest)


class Part(msgspec.Struct, frozen=True):
    """One block in the order in which a prompt cache sees it: where it stands, its text, its size and its mark."""

    place: str
    text: str
    tokens: int
    mark: CacheMark | None


def decode(body: bytes, kind: type[_Body]) -> _Body:
    """Decode and check a body; raises ApiError 400 in the API's own words."""
    try:
        request = msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _invalid(str(error)) from None
    if not request.messages:
        raise _invalid("messages: at least one message is required")
    if request.messages[0].role != "user":
        raise _invalid('messages: first message must use the "user" role')
    found = parts(request)
    if any(not part.text.strip() for part in found):
        raise _invalid("messages: text content blocks must contain non-whitespace text")
    _check_marks([part.mark for part in found if part.mark])
    return request


def _check_marks(marks: list[CacheMark]) -> None:
    if len(marks) > MAX_MARKS:
        raise _invalid(f"A maximum of {MAX_MARKS} blocks with cache_control may be provided. Found {len(marks)}.")
    if marks != sorted(marks, key=lambda mark: mark != "1h"):
        raise _invalid("cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' one")


def _invalid(message: str) -> ApiError:
    return ApiError(400, "invalid_request_error", message)


def parts(request: CountRequest) -> list[Part]:
    """Return every block in cache order: system first, then the messages."""
    found = [_part("system", block) for block in _blocks(request.system)]
    for message in request.messages:
        found += [_part(message.role, block) for block in _blocks(message.content)]
    return found


def _blocks(content: str | list[TextBlock]) -> Iterator[TextBlock]:
    if not isinstance(content, str):
        yield from content
    elif content:
        yield TextBlock(content)


def _part(place: str, block: TextBlock) -> Part:
    mark = block.cache_control.ttl if block.cache_control else None
    return Part(place, block.text, estimate_tokens(block.text), mark)
