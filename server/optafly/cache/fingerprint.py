"""What an answer depends on besides the intent's words, as exact keys: where it may be used again at all, and the code.

The namespace is readable JSON, so that two different ones can never read the same and a person can see what is kept.
The fingerprint is a sha256 over everything that goes with the intent:

- each piece's path, symbol, kind and text, byte for byte. Their order does not matter (it changes no answer's meaning),
  how often a piece occurs does. Line numbers are left out, so that an edit further up keeps an answer; but where the
  intent holds a number, it may mean a line: then they count.
- the text of each enabled `goal` or `error` change. `code` changes are the pieces themselves.
- of an enabled `locate` change, what no piece says already: another name, or the line of the cursor.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

import msgspec

from optafly.domain import Change, Piece

SNAPSHOT = re.compile(r"(-latest|[-@]20\d{6})$")
APPENDED = ("goal", "error")


def namespace(project: str, provider: str, model: str, system_version: str, tools: Sequence[str] = ()) -> str:
    """Return the key of everything that must be the same before two prompts are compared at all.

    `project` is the workspace folder, `system_version` stands for the whole system prompt, `tools` for what the model
    may call (their order does not matter).
    """
    return msgspec.json.encode([project, provider, family(model), system_version, sorted(tools)]).decode()


def family(model: str) -> str:
    """Return a model's id without the date of its snapshot: `claude-haiku-4-5-20251001` is `claude-haiku-4-5`."""
    return SNAPSHOT.sub("", model)


def fingerprint(pieces: Iterable[Piece], changes: Iterable[Change], intent: str = "") -> str:
    """Return the sha256 (hex) of the context that goes with `intent`; see the module for what counts."""
    pieces = tuple(pieces)
    enabled = [change for change in changes if change.enabled]
    lines = any(character.isdigit() for character in intent)
    parts = [
        sorted(_piece(piece, lines=lines) for piece in pieces),
        sorted([change.kind, change.after] for change in enabled if change.kind in APPENDED),
        sorted(name for change in enabled if change.kind == "locate" for name in _beyond(change.after, pieces)),
    ]
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def _piece(piece: Piece, *, lines: bool) -> bytes:
    place = [piece.start_line, piece.end_line] if lines else []
    return hashlib.sha256(msgspec.json.encode([piece.path, piece.symbol, piece.kind, piece.text, place])).digest()


def _beyond(located: str, pieces: Sequence[Piece]) -> list[str]:
    """Return the numbers and the names in backticks of a `locate` change that no piece accounts for."""
    lines = {str(line) for piece in pieces for line in (piece.start_line, piece.end_line)}
    for name in sorted({name for piece in pieces for name in (piece.path, piece.symbol or "")}, key=len, reverse=True):
        located = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", located) if name else located
    names = [span.strip(" :,-0123456789") for span in re.findall(r"`+([^`]*)`", located)]
    numbers = [number for number in re.findall(r"\d+", located) if number not in lines]
    return [name for name in (*names, *numbers) if name]
