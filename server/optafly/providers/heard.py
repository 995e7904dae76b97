"""What has been heard of a streamed answer so far, and whether it is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, get_args

from optafly.domain import Completion, StopReason, Usage
from optafly.providers.faults import cut_off, empty, refused, unreadable

if TYPE_CHECKING:
    from anthropic.types import MessageDeltaUsage, RawMessageStreamEvent
    from anthropic.types import Usage as StartUsage


class Heard:
    """Gathers the events of one stream. `begun` once the first one came."""

    def __init__(self) -> None:
        self.begun = False
        self._parts: list[str] = []
        self._model = ""
        self._usage: dict[str, int] = {}
        self._stop_reason: str | None = None
        self._stopped = False

    def take(self, event: RawMessageStreamEvent) -> str:
        """Take in one event and return the text it adds. Raises ProviderFault for one that makes no sense."""
        self.begun = True
        try:
            text = self._take(event)
        except (AttributeError, TypeError) as error:  # the SDK builds events without checking them
            raise unreadable(type(error).__name__) from None
        if not text.isascii():
            text = text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair cannot be stored or shown
        self._parts.append(text)
        return text

    def _take(self, event: RawMessageStreamEvent) -> str:
        match event.type:
            case "message_start":
                self._model = event.message.model
                self._start(event.message.usage)
            case "content_block_start" if event.content_block.type == "text":
                return "" + event.content_block.text
            case "content_block_delta" if event.delta.type == "text_delta":
                return "" + event.delta.text
            case "message_delta":
                self._stop_reason = event.delta.stop_reason or self._stop_reason
                self._update(event.usage)
            case "message_stop":
                self._stopped = True
            case _:
                pass
        return ""

    def _start(self, usage: StartUsage) -> None:
        written = usage.cache_creation
        self._usage = {
            "input_tokens": usage.input_tokens,
            "output_tokens": usage.output_tokens,
            # Without the split by lifetime, a write is one of the default lifetime.
            "cache_write_5m_tokens": written.ephemeral_5m_input_tokens
            if written
            else usage.cache_creation_input_tokens or 0,
            "cache_write_1h_tokens": written.ephemeral_1h_input_tokens if written else 0,
            "cache_read_tokens": usage.cache_read_input_tokens or 0,
        }

    def _update(self, usage: MessageDeltaUsage) -> None:
        """Take the counts of the end, which are cumulative; those it leaves out stay as they were."""
        self._usage["output_tokens"] = usage.output_tokens
        if usage.input_tokens is not None:
            self._usage["input_tokens"] = usage.input_tokens
        if usage.cache_read_input_tokens is not None:
            self._usage["cache_read_tokens"] = usage.cache_read_input_tokens

    def completion(self) -> Completion:
        """Return the whole answer. Raises CutOff where it is not whole, Refused where it is a refusal."""
        if not self._stopped or self._stop_reason is None:
            raise cut_off()
        if self._stop_reason == "refusal":
            raise refused()
        if self._stop_reason not in get_args(StopReason):
            raise unreadable("it ended for a reason that this version does not know")
        text = "".join(self._parts)
        if not text.strip():
            raise empty()
        return Completion(
            text=text, model=self._model, usage=Usage(**self._usage), stop_reason=cast(StopReason, self._stop_reason)
        )
