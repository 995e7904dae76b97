"""What a person is shown of the earlier answers that may do: what differs in the prompt, and what in the code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import msgspec

from optafly.cache.codechange import Moved
from optafly.domain import CacheKey, CodeChange, DiffPart, Entry, Explanation, ReuseCandidate
from optafly.pipeline.sources import since
from optafly.refine.worddiff import word_diff

MOST_CHANGES = 5
MOST_CHARACTERS = 4_000  # of one difference: a person reads it beside a prompt
KEPT_LINES = 2  # of what stayed the same, on either side of what changed
MOST_AROUND = 400  # characters that those lines may have; of longer ones, words are shown
KEPT_AROUND = 120  # characters of such words
LEFT_OUT = "…"


class Offered(NamedTuple):
    """An offer and the entry behind it, None where it was forgotten in the meantime."""

    candidate: ReuseCandidate
    entry: Entry | None


Changed = Callable[[Entry], Sequence[Moved]]


def _nothing(entry: Entry) -> tuple[Moved, ...]:
    """Say of code that nobody looks at that it has not changed."""
    return ()


def show(
    offered: Iterable[Offered], key: CacheKey, prompt: str, changed: Changed = _nothing
) -> tuple[ReuseCandidate, ...]:
    """Return the offers with what differs from `prompt` and from the code behind `key`; forgotten ones are left out.

    `changed` says what became of the code from the workspace that went along with an entry.
    """
    return tuple(
        msgspec.structs.replace(
            candidate,
            diff=word_diff(candidate.prompt, prompt),
            code=_code_since(entry, key, changed),
        )
        for candidate, entry in offered
        if entry is not None
    )


def with_code(explanation: Explanation, entries: Iterable[Entry | None], changed: Changed = _nothing) -> Explanation:
    """Return `explanation` with what changed in the code since each of its candidates, whose `entries` these are."""
    candidates = tuple(
        each if entry is None else msgspec.structs.replace(each, code=_code_since(entry, explanation.key, changed))
        for each, entry in zip(explanation.candidates, entries, strict=True)
    )
    return msgspec.structs.replace(explanation, candidates=candidates)


def _code_since(entry: Entry, key: CacheKey, changed: Changed) -> tuple[CodeChange, ...]:
    return code_changes(since(entry, key, changed(entry)))


def code_changes(differences: Sequence[Moved]) -> tuple[CodeChange, ...]:
    """Return what became of the code, in words and of a size that can be read."""
    return tuple(
        CodeChange(path=each.place.path, symbol=each.place.symbol, kind=each.kind, diff=_diff(each))
        for each in differences[:MOST_CHANGES]
    )


def _diff(each: Moved) -> tuple[DiffPart, ...]:
    before, after = each.before.text if each.before else "", each.after.text if each.after else ""
    return _bounded(_shortened(word_diff(before, after)))


def _shortened(parts: Sequence[DiffPart]) -> tuple[DiffPart, ...]:
    """Leave out the middle of what stayed the same."""
    last = len(parts) - 1
    return tuple(
        msgspec.structs.replace(part, text=_middle_out(part.text, first=at == 0, last=at == last))
        if part.op == "equal"
        else part
        for at, part in enumerate(parts)
    )


def _middle_out(text: str, *, first: bool, last: bool) -> str:
    lines = text.splitlines(keepends=True)
    head = "" if first else _beginning("".join(lines[: KEPT_LINES + 1]))  # the first ends the line that changed
    begun = not text.endswith("\n")  # then the last one begins the next line that changed
    tail = "" if last else _end("".join(lines[-KEPT_LINES - begun :]))
    if len(head) + len(tail) >= len(text) - len(LEFT_OUT):
        return text
    before = "" if not head or head.endswith("\n") else " "
    left_out = text[len(head) : len(text) - len(tail)]
    after = "\n" if left_out.endswith("\n") else " " if tail else ""
    return f"{head}{before}{LEFT_OUT}{after}{tail}"


def _beginning(text: str) -> str:
    """Return about the first `KEPT_AROUND` characters of a text that is longer than `MOST_AROUND`."""
    return text if len(text) <= MOST_AROUND else _whole_words(text[:KEPT_AROUND])


def _end(text: str) -> str:
    return text if len(text) <= MOST_AROUND else _whole_words(text[-KEPT_AROUND:][::-1])[::-1]


def _whole_words(text: str) -> str:
    """Leave out a word that was cut at the end, where there is another one before it."""
    return text[: max(text.rfind(" "), text.rfind("\n"), 0)].rstrip() or text


def _bounded(parts: Iterable[DiffPart]) -> tuple[DiffPart, ...]:
    found: list[DiffPart] = []
    room = MOST_CHARACTERS
    for part in parts:
        if len(part.text) > room:
            found.append(msgspec.structs.replace(part, text=_cut(part.text[:room])))
            break
        found.append(part)
        room -= len(part.text)
    return tuple(found)


def _cut(text: str) -> str:
    """Mark a text as cut, after its last whole line where it has one."""
    whole = text[: text.rfind("\n") + 1]
    return f"{whole or _whole_words(text) + ' '}{LEFT_OUT}"
