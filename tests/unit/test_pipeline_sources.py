"""Whether the code that went along with an answer still stands: moved it is the same, changed it is not."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.beside import hit
from optafly.context.outline.languages import language_of
from optafly.context.outline.read import outline_of
from optafly.context.pack.pack import pack
from optafly.context.pack.reader import File
from optafly.context.pack.shelf import Shelf
from optafly.domain import FileHit, Part, Piece
from optafly.errors import StaleProposal
from optafly.pipeline.freshness import saved, verify
from optafly.pipeline.sources import came_along, changed_since

CODE = '''\
"""Till."""


def open_till(key: str) -> bool:
    """Open it."""
    return key == "a"


def close_till(key: str) -> bool:
    return not open_till(key)
'''
_LINES = st.lists(st.sampled_from(["x = 1", "", "    y = 2", "def f():", "é = 'ü'", "# end"]), min_size=3, max_size=12)


class _One:
    """A workspace of one file."""

    def __init__(self, text: str) -> None:
        self.text = text

    def open(self, root: str, path: str) -> File | None:
        return File(root, path, f"file:///shop/{path}", self.text, outline_of(self.text, language_of(path)))

    def parts(self, root: str, path: str) -> list[Part]:
        return []

    def named(self, name: str) -> list[FileHit]:
        return [hit(Path("/shop"), name.partition(":")[0])]


def _pieces(text: str, *pinned: str, tokens: int = 4_000) -> tuple[Piece, ...]:
    return pack([], _One(text), max_tokens=tokens, pinned=pinned).pieces


def _changed(pieces: tuple[Piece, ...], now: str | None) -> bool:
    return bool(changed_since(came_along(pieces), lambda _: now, masked=True))


@given(_LINES, st.data())
def test_code_counts_as_changed_where_any_of_its_lines_did(lines: list[str], data: st.DataObject) -> None:
    text = "\n".join(lines)
    first = data.draw(st.integers(1, len(lines)))
    last = data.draw(st.integers(first, len(lines)))
    pieces = _pieces(text, f"till.py:{first}-{last}")
    assert not _changed(pieces, text)
    for piece in pieces:
        at = data.draw(st.integers(piece.start_line, piece.end_line)) - 1
        now = [*lines[:at], f"{lines[at]} # changed", *lines[at + 1 :]]
        assert _changed((piece,), "\n".join(now)), piece
    assert not pieces or _changed(pieces, None)


@given(_LINES, _LINES)
def test_code_that_moved_is_the_same_code(before: list[str], after: list[str]) -> None:
    code = CODE.rstrip("\n")
    pieces = _pieces(code, "till.py")
    for end in ("\n", "\r\n"):
        assert not _changed(pieces, end.join([*before, *code.split("\n"), *after]))


def test_of_two_equal_functions_neither_may_change() -> None:
    twice = f"{CODE}\n\n{CODE}"
    pieces = _pieces(twice, "till.py:4-5")
    assert [piece.times for piece in pieces] == [2]
    assert not _changed(pieces, f"import os\n{twice}")
    assert _changed(pieces, twice.replace("Open it", "Shut it", 1))
    assert _changed(pieces, twice[: len(CODE)] + twice[len(CODE) :].replace("Open it", "Shut it"))


def test_of_an_outline_the_signatures_count() -> None:
    shelf = Shelf((), 1_000)
    file = _One(CODE).open("/shop", "till.py")
    assert file is not None
    assert shelf.take_skeleton(file, (), "It may help.", 1_000)
    outlines = shelf.ordered()
    assert outlines[0].text.split("\n") == [
        "till.py",
        "  def open_till(key: str) -> bool",
        "  def close_till(key: str) -> bool",
    ]
    assert not _changed(outlines, CODE.replace('"a"', '"b"'))
    assert _changed(outlines, CODE.replace("key: str", "key: bytes"))
    verify(outlines, lambda _: CODE.replace('"a"', '"b"'))
    with pytest.raises(StaleProposal, match="outline"):
        verify(outlines, lambda _: CODE.replace("key: str", "key: bytes"))
    with pytest.raises(StaleProposal):
        verify(outlines, lambda _: None)


def test_what_is_asked_about_is_not_looked_at_here() -> None:
    asked = tuple(msgspec.structs.replace(each, role="asked") for each in came_along(_pieces(CODE, "till.py")))
    assert changed_since(asked, lambda _: None, masked=True) == ()


def test_the_successor_of_changed_code_is_told_by_its_name_or_its_first_line() -> None:
    (piece,) = _pieces(CODE, "till.py#close_till")
    (moved,) = changed_since(came_along((piece,)), lambda _: CODE.replace("not open", "open"), masked=True)
    assert moved.kind == "changed"
    assert moved.after is not None
    assert moved.after.text.endswith("return open_till(key)")
    (gone,) = changed_since(came_along((piece,)), lambda _: "", masked=True)
    assert gone.kind == "gone"


def test_a_file_on_the_disk_is_read_where_there_is_one(tmp_path: Path) -> None:
    file = tmp_path / "till.py"
    file.write_text(CODE, encoding="utf-8")
    (piece,) = _pieces(CODE, "till.py")
    assert saved(msgspec.structs.replace(piece, uri=file.as_uri())) == CODE
    assert saved(msgspec.structs.replace(piece, uri=(tmp_path / "none.py").as_uri())) is None
    assert saved(msgspec.structs.replace(piece, uri="untitled:Untitled-1")) is None


def test_line_ends_and_marks_that_a_reader_leaves_out_are_no_change(tmp_path: Path) -> None:
    (piece,) = _pieces(CODE.replace("\n", "\r\n"), "till.py")
    verify((piece,), lambda _: CODE)
    verify((piece,), lambda _: "\ufeff" + CODE.replace("\n", "\r\n"))
    with pytest.raises(StaleProposal):
        verify((piece,), lambda _: CODE.replace("key", "clef"))
    file = tmp_path / "till.py"
    file.write_bytes("# é\n".encode("cp1252"))
    assert saved(msgspec.structs.replace(piece, uri=file.as_uri())) == "# é\n"
