"""A person edits the refined prompt: in their own editor, or line by line where none is set."""

from __future__ import annotations

import asyncio
import os
import shlex
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from optafly.errors import OptaflyError
from optafly.processes import program

if TYPE_CHECKING:
    from rich.console import Console

    from optafly.cli.keypress import Keys

_ENDINGS = (".exe", ".cmd", ".bat", ".com", "")  # VS Code has a `code` for other systems beside its `code.cmd`


async def edit(text: str, keys: Keys, console: Console) -> str:
    """Return what the person made of `text`. Raises OptaflyError where the editor cannot be started or fails."""
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    with keys.lines():
        return await _in_editor(text, command) if command else await _by_line(text, keys, console)


async def _in_editor(text: str, command: str) -> str:
    with tempfile.TemporaryDirectory(prefix="optafly-") as folder:  # 0700: the prompt is nobody else's business
        file = Path(folder) / "prompt.md"
        file.write_text(text, encoding="utf-8")
        try:
            child = await asyncio.create_subprocess_exec(*parts(command), str(file))
        except (OSError, ValueError) as error:
            raise _failed(command, f"{error}.") from error
        if await child.wait():  # an editor may be open as long as the person likes
            raise _failed(command, f"It ended with code {child.returncode}.")
        edited = file.read_text(encoding="utf-8", errors="replace")
    return edited if text.endswith("\n") else edited.removesuffix("\n")


def parts(command: str, *, windows: bool = os.name == "nt") -> list[str]:
    """Return an editor's command as program and arguments.

    Raises ValueError for quotes that do not end, OSError where Windows has no such program.

    On Windows a backslash parts folders, and `code` is the file `code.cmd` in a folder of the `PATH`.
    """
    words = shlex.split(command, posix=not windows)
    if not windows:
        return words
    editor, *rest = [word.strip('"') for word in words]
    is_path = any(mark in editor for mark in "\\/:")
    return [editor if is_path else program(editor, endings=_ENDINGS, windows=True), *rest]


def _failed(command: str, why: str) -> OptaflyError:
    return OptaflyError(
        f"The editor `{command}` did not work.", why=why, todo="Set $VISUAL or $EDITOR to one that does."
    )


async def _by_line(text: str, keys: Keys, console: Console) -> str:
    console.print("Neither $VISUAL nor $EDITOR is set. Type the whole prompt; a line with a single dot ends it,")
    console.print("a dot at once keeps the prompt as it is.")
    typed: list[str] = []
    while (line := await keys.line()) and line.rstrip("\r\n") != ".":
        typed.append(line)
    return "".join(typed).removesuffix("\n") or text
