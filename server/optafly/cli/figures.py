"""Numbers as a person reads them, each with its unit."""

from __future__ import annotations


def money(usd: float | None) -> str:
    """Return US dollars with as many places as a small amount needs."""
    if usd is None:
        return "no price known"
    return f"${usd:.2f}" if usd >= 1 or usd == 0 else f"${usd:.4f}" if usd >= 0.0001 else f"${usd:.6f}"


def counted(count: int, what: str) -> str:
    """Return how many there are of something: `1 answer`, `1,200 answers`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def seconds(latency_ms: float) -> str:
    """Return a latency: milliseconds below one second, seconds above."""
    if latency_ms >= 1000:
        return f"{latency_ms / 1000:.1f} s"
    return f"{latency_ms:.0f} ms" if latency_ms >= 10 else f"{latency_ms:.1f} ms"


def tokens(count: int) -> str:
    """Return an estimated count of tokens, as one."""
    return f"about {count:,} tokens"


def age(age_s: float) -> str:
    """Return how old something is, in the largest unit of which there are two."""
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if age_s >= 2 * size:
            return f"{age_s / size:.0f} {unit} old"
    return "just now"


def until(at_s: float | None, now_s: float) -> str:
    """Return for how long something is kept, in the largest unit of which there are two."""
    if at_s is None:
        return "never expires"
    left_s = at_s - now_s
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if left_s >= 2 * size:
            return f"expires in {left_s / size:.0f} {unit}"
    return "expires now"


def odds(probability: float) -> str:
    """Return a calibrated probability as a frequency, which people judge better than a percentage.

    Gigerenzer and Hoffrage 1995, "How to improve Bayesian reasoning without instruction: frequency formats".
    """
    if probability >= 0.995:
        return "in more than 99 of 100 such cases"
    if probability >= 0.95:
        return f"in about {probability * 100:.0f} of 100 such cases"
    return f"in about {probability * 10:.0f} of 10 such cases" if probability >= 0.06 else "in hardly any such case"
