"""A Snapshot from a file on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from optafly.cli.snapshot import folder_for, read, snapshot
from optafly.domain import Piece, Position
from optafly.errors import OptaflyError


def test_paths_are_relative_to_the_git_root(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    file = tmp_path / "src" / "a.py"
    file.parent.mkdir()
    file.write_text("x = 1\n", encoding="utf-8")
    found = snapshot("why?", folder_for(file), file=file)
    assert found.active is not None
    assert (found.active.path, found.active.language) == ("src/a.py", "python")
    assert found.folders[0].path == str(tmp_path)


def test_a_selection_holds_whole_lines_in_code_points(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("one\ntwo = '🙂'\nthree\n", encoding="utf-8")
    found = snapshot("why?", tmp_path, file=file, lines=(1, 2))
    assert found.selection is not None
    assert (found.selection.start, found.selection.end) == (
        Position(line=0, character=0),
        Position(line=1, character=9),
    )


def test_windows_line_ends_and_a_byte_order_mark_are_not_part_of_the_text(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"\xef\xbb\xbfone\r\ntwo\r\n")
    found = snapshot("why?", tmp_path, file=file)
    assert found.active is not None
    assert found.active.text == "one\ntwo\n"


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_a_file_in_another_encoding_is_text_all_the_same(tmp_path: Path, encoding: str) -> None:
    """It is in the index, so that its pieces must be found in it."""
    file = tmp_path / "a.py"
    file.write_bytes("größe = 1\r\n".encode(encoding))
    found = snapshot("why?", tmp_path, file=file)
    assert found.active is not None
    assert found.active.text == "größe = 1\n"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("gone.py", None, "cannot be read"), ("a.bin", b"\0\1", "is not text"), ("big.py", b" " * 5_000_001, "too large")],
)
def test_a_file_that_cannot_be_asked_about_is_named(
    tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(OptaflyError, match=words):
        snapshot("why?", tmp_path, file=file)


def test_a_line_beyond_the_end_is_refused_with_the_last_one(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("one\ntwo", encoding="utf-8")
    with pytest.raises(OptaflyError, match=r"no line 3.*last line is 2"):
        snapshot("why?", tmp_path, file=file, line=3)


def test_the_reader_finds_a_file_with_any_name_and_says_when_it_is_gone(tmp_path: Path) -> None:
    file = tmp_path / "50%25 of #1?.py"
    file.write_text("x = 1\n", encoding="utf-8")
    piece = Piece(
        path=file.name,
        uri=file.as_uri(),
        kind="lines",
        language="python",
        start_line=1,
        end_line=1,
        text="x = 1\n",
        content_hash="",
        tokens=3,
        reason="",
    )
    assert read(piece) == "x = 1\n"
    file.unlink()
    assert read(piece) is None


def test_a_current_folder_that_was_removed_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(OptaflyError, match="current folder is not there"):
        folder_for(None)


def test_a_folder_whose_name_is_no_text_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(OptaflyError, match="no text in UTF-8"):
        folder_for(tmp_path / "bad\udcff" / "a.py")
