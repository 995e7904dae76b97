"""What is never remembered, and for how long the rest may be used again."""

from __future__ import annotations

from optafly.config import CacheSettings
from optafly.domain import Completion, Entry, Intent

COMPLETE = ("end_turn", "stop_sequence")
DAY_S = 86_400.0


def why_not(completion: Completion, settings: CacheSettings, *, masked: bool) -> str | None:
    """Return why an answer is not remembered, or None. `masked`: a secret was replaced in what was asked."""
    if not settings.enabled:
        return OFF
    if settings.private:
        return PRIVATE
    if completion.stop_reason not in COMPLETE:
        return f"It is not complete (stop reason {completion.stop_reason})."
    if not completion.text.strip():
        return "It is not complete (it is empty)."
    if masked and not settings.remember_masked:
        return "A secret was masked in what was asked, and two secrets look the same then."
    return None


OFF = "The cache is off (`cache.enabled`): no answer is remembered, and none is looked up."
PRIVATE = "This project is private (`cache.private`): no answer of it is remembered, and none is looked up."


def expires_at_s(kind: Intent, now_s: float, settings: CacheSettings) -> float:
    """Return until when an answer of that kind may be used again."""
    return now_s + keep_s(kind, settings)


def keep_s(kind: Intent, settings: CacheSettings) -> float:
    """Return for how long an answer of that kind may be used again. What is about an error goes sooner."""
    days = min(settings.keep_debug_days, settings.keep_days) if kind == "debug" else settings.keep_days
    return days * DAY_S


def outlived(entry: Entry, now_s: float, settings: CacheSettings) -> bool:
    """Return whether the settings that hold now no longer let an entry be used; a pinned one always may be."""
    return not entry.pinned and now_s - entry.created_at_s >= keep_s(entry.intent_kind, settings)
