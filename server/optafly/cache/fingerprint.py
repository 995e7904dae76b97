"""What an answer depends on besides the intent's words, as exact keys: where it may be used again at all, and the code.

The namespace is readable JSON, so that two different ones can never read the same and a person can see what is kept.
The fingerprint is a sha256 over everything that goes with the intent:

- each piece's path, symbol, kind, language and text. The text of a whole definition counts by its `shape`, where the
  pipeline knows one: formatting and comments are nothing then. The order of pieces does not matter (it changes no
  answer's meaning), how often a piece occurs does. Line numbers are left out, so that an edit further up keeps an
  answer; but where the intent holds a number, it may mean a line: then they count, and so does every character.
- of a selection that stands several times in the code around it, which one it is: by what stands above it, formatting
  and comments aside, where the pipeline knows (`place`), or among the equal lines.
- the text of each enabled `goal` or `error` change. `code` changes are the pieces themselves.
- of an enabled `locate` change, what no piece says already: another name, or the line of the cursor, and with a line
  every character. A line inside a piece, here and in an error, is counted from the piece's first.
- the conversation so far.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence

import msgspec

from optafly.domain import Change, Piece, Source, Turn

SNAPSHOT = re.compile(r"(-latest|[-@]20\d{6})$")
APPENDED = ("goal", "error")
REPORTED = re.compile(r"(- `+ ?)([^`\n]*):(\d+)( ?`)")  # the place of a diagnostic, as `refine.rules.error` writes it
NO_CONVERSATION = ""

Shape = Callable[[Piece], str | None]
"""Gives what stays the same about a piece while its formatting and comments change; None: every character counts."""
Place = Callable[[Piece, int], int | None]
"""Gives how much of a piece that has a shape stands above its line n (0: the first), the same in every formatting."""


def namespace(
    project: str,
    provider: str,
    model: str,
    system_version: str,
    tools: Sequence[str] = (),
    *,
    output: str = "text",
    max_tokens: int | None = None,
    endpoint: str = "",
) -> str:
    """Return the key of everything that must be the same before two prompts are compared at all.

    `project` is the workspace folder, `system_version` stands for the whole system prompt, `tools` for what the model
    may call (their order does not matter), `output` for the form of its answer, `endpoint` for the machine that is
    asked. `max_tokens` counts because a model may be told of it, and another limit is another answer.
    """
    parts = [project, provider, family(model), system_version, sorted(tools), output, max_tokens, endpoint]
    return msgspec.json.encode(parts).decode()


def family(model: str) -> str:
    """Return a model's id without the date of its snapshot: `claude-haiku-4-5-20251001` is `claude-haiku-4-5`."""
    return SNAPSHOT.sub("", model)


def conversation(turns: Sequence[Turn]) -> str:
    """Return what stands for the turns before the last one: another conversation, another answer."""
    earlier = [[turn.role, [block.text for block in turn.blocks]] for turn in turns[:-1]]
    return hashlib.sha256(msgspec.json.encode(earlier)).hexdigest() if earlier else NO_CONVERSATION


def exactly(piece: Piece) -> None:
    """Be the `Shape` that knows none: every character counts."""


def among_equals(piece: Piece, line: int) -> None:
    """Be the `Place` that knows none: a selection is counted among the lines that read the same."""


def sources(
    pieces: Iterable[Piece],
    changes: Iterable[Change],
    intent: str = "",
    *,
    shape: Shape = exactly,
    place: Place = among_equals,
) -> tuple[Source, ...]:
    """Return each piece with its own fingerprint; see the module for what counts."""
    pieces = tuple(pieces)
    lines = any(character.isdigit() for character in intent)
    if lines or any(numbers for _, numbers in _located(changes, pieces)):
        shape, place = exactly, among_equals
    return tuple(
        Source(
            path=piece.path,
            symbol=piece.symbol,
            fingerprint=_piece(piece, pieces, shape, place, lines=lines),
            text=piece.text,
        )
        for piece in pieces
    )


def fingerprint(
    pieces: Iterable[Piece],
    changes: Iterable[Change],
    intent: str = "",
    *,
    shape: Shape = exactly,
    conversation: str = NO_CONVERSATION,
) -> str:
    """Return the sha256 (hex) of the context that goes with `intent`; see the module for what counts."""
    pieces, changes = tuple(pieces), tuple(changes)
    return combined(sources(pieces, changes, intent, shape=shape), pieces, changes, conversation)


def combined(
    made: Iterable[Source], pieces: Sequence[Piece], changes: Iterable[Change], conversation: str = NO_CONVERSATION
) -> str:
    """Return the fingerprint of a context whose `sources` are known."""
    changes = tuple(changes)
    parts = [
        sorted(source.fingerprint for source in made),
        sorted(
            [change.kind, _counted(change, pieces)] for change in changes if change.enabled and change.kind in APPENDED
        ),
        sorted(each for names, numbers in _located(changes, pieces) for each in (*names, *numbers)),
        conversation,
    ]
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def _piece(piece: Piece, pieces: Sequence[Piece], shape: Shape, place: Place, *, lines: bool) -> str:
    known = shape(piece)
    parts = [
        *(piece.path, piece.symbol, piece.kind, piece.language),
        ["shape", known] if known is not None else ["text", piece.text],
        [piece.start_line, piece.end_line] if lines else [],
        [_which(piece, around, place) for around in pieces if around is not piece and _holds(around, piece)],
    ]
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def _holds(around: Piece, piece: Piece) -> bool:
    return around.path == piece.path and around.start_line <= piece.start_line and piece.end_line <= around.end_line


def _which(piece: Piece, around: Piece, place: Place) -> list[int]:
    """Return which of the equal texts in `around` a piece is: what stands above it there, or how many of them do.

    Equal lines may differ in a comment alone, and which of them do may change: where the shape of `around` is all that
    counts of it, the count of equal lines would tell nothing.
    """
    line = piece.start_line - around.start_line
    if (known := place(around, line)) is not None:
        return [known]
    lines, mine = around.text.split("\n"), piece.text.split("\n")
    return [0, sum(lines[at : at + len(mine)] == mine for at in range(min(line, len(lines))))]


def _counted(change: Change, pieces: Sequence[Piece]) -> str:
    """Return what a change adds, with the lines of its reports counted from the beginning of their piece."""
    if change.kind != "error":
        return change.after
    return REPORTED.sub(
        lambda found: f"{found[1]}{found[2]}:{_line(int(found[3]), found[2], pieces)}{found[4]}", change.after
    )


def _line(line: int, path: str | None, pieces: Sequence[Piece]) -> str:
    """Return a line of the file `path` (None: of any) as it is counted from the first piece around it, if any is."""
    around = [piece for piece in pieces if piece.start_line <= line <= piece.end_line and path in (None, piece.path)]
    first = min(around, key=lambda piece: piece.start_line, default=None)
    return f"{first.symbol}+{line - first.start_line}" if first else str(line)


def _located(changes: Iterable[Change], pieces: Sequence[Piece]) -> list[tuple[list[str], list[str]]]:
    """Return the names and the lines of each `locate` change that no piece accounts for."""
    located = [change.after for change in changes if change.enabled and change.kind == "locate"]
    return [_beyond(after, pieces) for after in located]


def _beyond(located: str, pieces: Sequence[Piece]) -> tuple[list[str], list[str]]:
    lines = {str(line) for piece in pieces for line in (piece.start_line, piece.end_line)}
    for name in sorted({name for piece in pieces for name in (piece.path, piece.symbol or "")}, key=len, reverse=True):
        located = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", located) if name else located
    names = [span.strip(" :,-0123456789") for span in re.findall(r"`+([^`]*)`", located)]
    numbers = [_line(int(number), None, pieces) for number in re.findall(r"\d+", located) if number not in lines]
    return [name for name in names if name], numbers
