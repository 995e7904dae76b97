"""What was found in a workspace, what did not fit, and what could not be decided without a person."""

from __future__ import annotations

from optafly.domain.record import Count, Line, Record


class SymbolHit(Record, frozen=True):
    """A definition in a file: qualified name, kind, lines (1-based, inclusive) and its signature in one line."""

    name: str
    kind: str
    start_line: Line
    end_line: Line
    signature: str = ""


class Part(Record, frozen=True):
    """Lines of a file (1-based, inclusive) and how much they say to the question; comparable within one answer."""

    start_line: Line
    end_line: Line
    score: float


class FileHit(Record, frozen=True):
    """A file that was found: where, how well (higher is better; comparable within one answer), and why.

    `path` is relative to `root`, with `/` between parts. `reasons` are words for a person, the weightiest first.
    `symbols` are its definitions that matter for the question, best first. `parts` are its lines with their scores, as
    far as they were compared with the question at all; packing chooses among them.
    """

    root: str
    path: str
    language: str
    score: float
    reasons: tuple[str, ...] = ()
    symbols: tuple[SymbolHit, ...] = ()
    parts: tuple[Part, ...] = ()


class LeftOut(Record, frozen=True):
    """Code that would have helped but is not sent, what it would have taken, and why.

    `pin` is the name by which a person asked for it, `mentioned`: in the prompt itself; None where nobody did.
    """

    path: str
    tokens: Count
    reason: str
    symbol: str | None = None
    pin: str | None = None
    mentioned: bool = False


class Choice(Record, frozen=True):
    """Words of a prompt that may mean several definitions: a person picks one, nothing is guessed.

    `words` stand in the prompt at `start` (code points).
    """

    words: str
    start: Count
    candidates: tuple[FileHit, ...]
