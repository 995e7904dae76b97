"""An editor with one small Python file open, its cursor in a broken function: what the refinement tests look at."""

from __future__ import annotations

import hashlib

from optafly.domain import Diagnostic, Document, OpenFile, Piece, PieceKind, Position, Range, Severity, Snapshot

PATH = "src/config.py"
SOURCE = '''import json
import os


class ConfigError(Exception):
    """The file is wrong."""


def load(path):
    with open(path) as file:
        return parse_config(file.read())


def parse_config(text):
    data = json.loads(text)
    timeout = data["timeout"]
    if timeout = 0:
        return None
    return {"timeout": tmeout}


def main():
    print(load(os.environ["CONFIG"]))
'''
FIRST, LAST = 14, 19  # the lines of parse_config


def document(text: str = SOURCE, path: str = PATH, language: str = "python") -> Document:
    """A document as the editor holds it."""
    return Document(path=path, uri=f"file:///work/{path}", language=language, text=text)


def diagnostic(line: int, message: str, severity: Severity = "error", path: str = PATH) -> Diagnostic:
    """A diagnostic on a 1-based line."""
    spot = Position(line=line - 1, character=4)
    return Diagnostic(
        path=path, range=Range(start=spot, end=spot), severity=severity, message=message, source="Pyright", code="rule1"
    )


UNDEFINED = diagnostic(19, '"tmeout" is not defined')
SYNTAX = diagnostic(17, "Expected expression")
UNUSED = diagnostic(22, '"main" is never used', "warning")


def piece(
    kind: PieceKind = "symbol",
    first: int = FIRST,
    last: int = LAST,
    symbol: str | None = "parse_config",
    text: str = "",
) -> Piece:
    """A piece of `SOURCE` (or of `text`), as the context room hands it over."""
    code = text or "".join(SOURCE.splitlines(keepends=True)[first - 1 : last])
    return Piece(
        path=PATH,
        uri=f"file:///work/{PATH}",
        kind=kind,
        language="python",
        start_line=first,
        end_line=last,
        text=code,
        content_hash=hashlib.sha256(code.encode()).hexdigest(),
        tokens=len(code) // 3,
        reason="the function around the cursor",
        symbol=symbol,
    )


SYMBOL = piece()
SELECTION = piece("selection", 15, 18)


def snapshot(
    prompt: str,
    *,
    selected: bool = False,
    active: Document | None = None,
    diagnostics: tuple[Diagnostic, ...] = (UNDEFINED, SYNTAX, UNUSED),
) -> Snapshot:
    """The cursor is in `parse_config`; with `selected`, lines 15-18 are."""
    return Snapshot(
        prompt=prompt,
        active=active or document(),
        cursor=Position(line=15, character=4),
        selection=Range(start=Position(line=14, character=0), end=Position(line=18, character=0)) if selected else None,
        diagnostics=diagnostics,
        open_files=(OpenFile(path=PATH, language="python"), OpenFile(path="src/app.ts", language="typescript")),
    )


def empty_screen(prompt: str, *, diagnostics: tuple[Diagnostic, ...] = ()) -> Snapshot:
    """An editor with files open, but no cursor and no selection anywhere."""
    return Snapshot(
        prompt=prompt,
        diagnostics=diagnostics,
        open_files=(OpenFile(path=PATH, language="python"), OpenFile(path="src/app.ts", language="typescript")),
    )
