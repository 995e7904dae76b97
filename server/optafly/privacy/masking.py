"""Secrets are replaced before a text may leave: in a prompt, a piece, a log line, a cache row."""

from __future__ import annotations

import re

from optafly.domain import Masked
from optafly.privacy.assignments import assigned
from optafly.privacy.shapes import Span, shaped

PLACEHOLDER = re.compile(r"<masked:([a-z-]{1,40})-(\d{1,9})>")


def mask(text: str, where: str) -> tuple[str, tuple[Masked, ...]]:
    """Return `text` with every secret replaced by a placeholder such as `<masked:aws-key-1>`, and what was replaced.

    Deterministic; masking a masked text changes nothing; line breaks stay where they were; within one text the same
    secret gets the same placeholder. `where` is handed on in each Masked. Takes time linear in the text's length.
    """
    numbers: dict[str, int] = {}
    for kind, number in PLACEHOLDER.findall(text):
        numbers[kind] = max(numbers.get(kind, 0), int(number))
    names: dict[str, str] = {}
    kinds: dict[str, str] = {}
    while spans := _found(text):  # replacing one secret can bring another to light; each round leaves less to find
        parts: list[str] = []
        end = 0
        for span in spans:
            secret = text[span.start : span.end]
            if secret not in names:
                numbers[span.kind] = numbers.get(span.kind, 0) + 1
                names[secret] = f"<masked:{span.kind}-{numbers[span.kind]}>"
                kinds[names[secret]] = span.kind
            parts += (text[end : span.start], names[secret], "".join(re.findall(r"\r\n|\r|\n", secret)))
            end = span.end
        text = "".join((*parts, text[end:]))
    return text, tuple(Masked(kind=kinds[name], where=where, placeholder=name) for name in kinds if name in text)


def _found(text: str) -> list[Span]:
    """Return the secrets in `text` in order, overlapping ones joined, none that touches a placeholder."""
    kept = [match.span() for match in PLACEHOLDER.finditer(text)] if "<masked:" in text else []
    joined: list[Span] = []
    for span in sorted({*shaped(text), *assigned(text)}):
        if any(start < span.end and span.start < end for start, end in kept):
            continue
        if joined and span.start < joined[-1].end:
            last = joined.pop()
            span = Span(last.start, max(last.end, span.end), last.kind)
        joined.append(span)
    return joined
