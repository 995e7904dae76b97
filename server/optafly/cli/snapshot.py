"""A Snapshot from a file on disk: what an editor would have sent for it."""

from __future__ import annotations

from pathlib import Path

from optafly.context.outline.decode import text_of
from optafly.context.outline.languages import language_of
from optafly.domain import Document, Folder, Piece, Position, Range, Snapshot
from optafly.errors import OptaflyError
from optafly.uris import path_of

MAX_BYTES = 5_000_000


def folder_for(file: Path | None) -> Path:
    """Return the workspace folder: the git root above `file` or the current folder, or else that folder itself.

    Raises OptaflyError where the current folder was removed, or the folder's name is no text.
    """
    try:
        here = Path.cwd().resolve()
    except OSError as error:
        why = "It was removed, or may not be read."
        raise OptaflyError("The current folder is not there.", why=why, todo="Go into one that is.") from error
    place = file.resolve().parent if file else here
    root = next((folder for folder in (place, *place.parents) if (folder / ".git").exists()), None)
    folder = root or (here if place.is_relative_to(here) else place)
    if folder.as_posix().encode("utf-8", "replace").decode() != folder.as_posix():
        what = f"{folder} cannot be a workspace."
        raise OptaflyError(what, why="Its name is no text in UTF-8.", todo="Rename the folder.")
    return folder


def snapshot(
    prompt: str,
    folder: Path,
    *,
    file: Path | None = None,
    line: int | None = None,
    lines: tuple[int, int] | None = None,
) -> Snapshot:
    """Build the Snapshot of `prompt` about `file` in `folder`; `line` and `lines` are 1-based, `lines` inclusive.

    Raises OptaflyError where the file cannot be read as text or has no such line.
    """
    folders = (Folder(name=folder.name, path=str(folder)),)
    if file is None:
        return Snapshot(prompt=prompt, folders=folders)
    active = _document(file.resolve(), folder)
    rows = active.text.split("\n")
    for number in (line, *(lines or ())):
        if number is not None and not 1 <= number <= len(rows):
            raise OptaflyError(
                f"{file} has no line {number}.", why=f"Its last line is {len(rows)}.", todo="Give a line it has."
            )
    selection = None
    if lines:
        first, last = lines
        selection = Range(
            start=Position(line=first - 1, character=0), end=Position(line=last - 1, character=len(rows[last - 1]))
        )
    cursor = Position(line=line - 1, character=0) if line else selection.end if selection else None
    return Snapshot(prompt=prompt, active=active, selection=selection, cursor=cursor, folders=folders)


def read(piece: Piece) -> str | None:
    """Return the text that the file of `piece` has now, or None where it is gone: the pipeline's Reader."""
    try:
        path = path_of(piece.uri)
        return None if path is None else _text(path)
    except OptaflyError:
        return None


def _document(file: Path, folder: Path) -> Document:
    path = file.relative_to(folder).as_posix() if file.is_relative_to(folder) else file.as_posix()
    return Document(path=path, uri=file.as_uri(), language=language_of(path), text=_text(file))


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise OptaflyError(f"{file} is too large.", why=f"It is more than {MAX_BYTES:,} bytes.")
        raw = file.read_bytes()
    except OSError as error:
        why = f"{error.strerror or error}."
        raise OptaflyError(f"{file} cannot be read.", why=why, todo="Check the path given to --file.") from error
    text = text_of(raw)
    if text is None:
        raise OptaflyError(f"{file} is not text.", why="It holds binary data.", todo="Choose a source file.")
    return text.replace("\r\n", "\n")
