"""Keys, entries and completions for the cache's tests."""

from __future__ import annotations

from optafly.cache.fingerprint import namespace
from optafly.domain import CacheKey, Completion, Entry, Piece, Source, StopReason, Usage

HERE = namespace("/home/me/shop", "anthropic", "claude-sonnet-5-5", "1")


def key(intent: str, *, code: str = "code", namespace: str = HERE) -> CacheKey:
    """Return a key about `code`."""
    source = Source(path="shop/sums.py", symbol=None, fingerprint=code, text=code)
    return CacheKey(namespace=namespace, fingerprint=code, intent=intent, sources=(source,))


def completion(text: str = "An answer.", stop_reason: StopReason = "end_turn") -> Completion:
    """Return a finished stream."""
    return Completion(
        text=text, model="claude-sonnet-5-5", usage=Usage(input_tokens=10, output_tokens=3), stop_reason=stop_reason
    )


def entry(
    intent: str, *, id: str = "1", code: str = "code", namespace: str = HERE, answer: str = "An answer."
) -> Entry:
    """Return a remembered answer."""
    return Entry(
        id=id,
        namespace=namespace,
        fingerprint=code,
        intent=intent,
        prompt=intent,
        answer=answer,
        model="claude-sonnet-5-5",
        usage=Usage(),
        cost_usd=0.02,
        latency_ms=1500.0,
        created_at_s=1000.0,
    )


def piece(
    text: str = "def add(a, b):\n    return a - b\n", *, path: str = "shop/sums.py", start_line: int = 1
) -> Piece:
    """Return a piece of code."""
    return Piece(
        path=path,
        uri=f"file:///home/me/{path}",
        kind="symbol",
        language="python",
        start_line=start_line,
        end_line=start_line + text.count("\n"),
        text=text,
        content_hash="0" * 64,
        tokens=10,
        reason="It is at the cursor.",
        symbol="add",
    )
