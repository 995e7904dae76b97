"""How lines stand in a terminal: rows beside a name, and the words in which two texts differ.

What is inserted is underlined and green, what is deleted struck and red; without styles (a pipe, a dumb terminal) the
words are marked `{+so+}` and `[-so-]`. Text from files and answers is stripped of control characters.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

from optafly.cli.streams import printable
from optafly.domain import DiffPart

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


def open_console(stream: TextIO | None = None) -> Console:
    """Return a console on `stream` (stderr by default) that shows text as it is: no markup, no emoji codes."""
    from rich.console import Console

    class Plain(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # rich would end the process as if something had failed

    return Plain(file=stream or sys.stderr, markup=False, emoji=False, highlight=False, soft_wrap=True)


def row(console: Console, name: str, words: str | Text, style: str = "") -> None:
    """Print a name and words beside it; in a terminal the words keep to their column."""
    from rich.text import Text

    text = Text(printable(words)) if isinstance(words, str) else words
    lines = text.wrap(console, max(20, console.width - 10)) if console.is_terminal else [text]
    for number, line in enumerate(lines):
        line.rstrip()
        console.print(Text(f"  {'' if number else name:<8}") + line, style=style)


def is_plain(console: Console) -> bool:
    """Whether `console` cannot show styles, so that inserted and deleted words need marks."""
    return not console.is_terminal or console.is_dumb_terminal


def diff_text(parts: tuple[DiffPart, ...], *, marked: bool, code: bool = False) -> Text:
    """Return a word diff as styled text; inserted code (all, with `code`) is green alone, so that it stays readable."""
    from rich.text import Text

    shown = Text()
    fenced = code
    for part in _joined(parts):
        if marked:
            opening, closing = {"equal": ("", ""), "insert": ("{+", "+}"), "delete": ("[-", "-]")}[part.op]
            shown.append(f"{opening}{printable(part.text)}{closing}")
            continue
        for line in printable(part.text).splitlines(keepends=True):
            is_fence = line.lstrip().startswith("```")
            shown.append(line, _style(part.op, code=fenced or is_fence))
            fenced = fenced ^ (is_fence and part.op != "delete")
    return shown


def _joined(parts: tuple[DiffPart, ...]) -> list[DiffPart]:
    """Return `parts` with neighbours of the same kind as one."""
    joined: list[DiffPart] = []
    for part in parts:
        if joined and joined[-1].op == part.op:
            joined[-1] = DiffPart(op=part.op, text=joined[-1].text + part.text)
        else:
            joined.append(part)
    return joined


def _style(op: str, *, code: bool) -> str:
    if op == "equal":
        return ""
    return "red strike" if op == "delete" else "green" if code else "green underline"
