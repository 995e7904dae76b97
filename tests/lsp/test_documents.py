"""Our documents say what the editor's say, after any edits."""

from __future__ import annotations

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from optafly.domain import Position, Range, RecentEdit
from optafly.lsp.documents import Documents, TextChange, smallest_edit
from optafly.lsp.positions import Encoding, Lines

URI = "file:///w/a.py"
TEXT = st.text(st.sampled_from("ab 漢😀\n"), max_size=40)
WINDOWS = st.lists(st.sampled_from(["a", "漢", "😀", "\r\n"]), max_size=20).map("".join)
ENCODINGS = st.sampled_from(get_args(Encoding))


def opened(text: str, encoding: Encoding = "utf-16") -> Documents:
    documents = Documents(encoding)
    documents.open(URI, "python", 1, text)
    return documents


def text_of(documents: Documents) -> str:
    document = documents.get(URI)
    assert document is not None
    return document.text


def at(line: int, start: int, end_line: int, end: int) -> Range:
    return Range(start=Position(line=line, character=start), end=Position(line=end_line, character=end))


@given(WINDOWS, WINDOWS, ENCODINGS, st.data())
def test_an_edit_changes_what_the_editor_changed(
    before: str, inserted: str, encoding: Encoding, data: st.DataObject
) -> None:
    lines = Lines(before, encoding)
    spots = [number for number in range(len(before) + 1) if before[number - 1 : number + 1] != "\r\n"]
    start, end = sorted([data.draw(st.sampled_from(spots)), data.draw(st.sampled_from(spots))])
    span = Range(start=lines.to_wire(lines.place(start)), end=lines.to_wire(lines.place(end)))
    documents = opened(before, encoding)

    documents.change(URI, 2, [TextChange(inserted, span)])

    assert text_of(documents) == before[:start] + inserted + before[end:]


@given(TEXT, TEXT, ENCODINGS)
def test_the_smallest_edit_makes_one_text_of_the_other(before: str, after: str, encoding: Encoding) -> None:
    documents = opened(before, encoding)

    change = smallest_edit(before, after, encoding)
    documents.change(URI, 2, [change] if change else [])

    assert text_of(documents) == after
    assert (change is None) is (before == after)


def test_the_smallest_edit_leaves_equal_lines_alone() -> None:
    change = smallest_edit("one\ntwo\nthree\nfour", "one\nzwei\nthree\nfour", "utf-16")

    assert change == TextChange("zwei\n", at(1, 0, 2, 0))


def test_an_edit_of_a_document_that_is_not_open_is_no_edit() -> None:
    assert Documents().change(URI, 2, [TextChange("x")]) is False


def test_a_uri_may_be_spelt_with_or_without_escapes() -> None:
    documents = Documents()
    documents.open("file:///w/a%20b.py", "python", 1, "x")

    assert documents.get("file:///w/a b.py") is not None


def test_recent_edits_are_newest_first_and_typing_on_is_one_edit() -> None:
    now = 100.0
    documents = Documents(clock=lambda: now)
    documents.open(URI, "python", 1, "a\nb\nc\nd\n")

    documents.change(URI, 2, [TextChange("x", at(0, 0, 0, 0))])
    documents.change(URI, 3, [TextChange("y", at(0, 1, 0, 1))])
    now = 200.0
    documents.change(URI, 4, [TextChange("z\n", at(3, 0, 3, 0))])

    assert documents.recent_edits(lambda uri: uri.removeprefix("file:///w/")) == (
        RecentEdit(path="a.py", start_line=3, end_line=5, at_s=200.0),
        RecentEdit(path="a.py", start_line=0, end_line=1, at_s=100.0),
    )


def test_a_whole_new_text_is_an_edit_of_the_lines_that_differ() -> None:
    documents = Documents(clock=lambda: 1.0)
    documents.open(URI, "python", 1, "a\nb\nc")

    documents.change(URI, 2, [TextChange("a\nB\nc")])

    assert documents.recent_edits(lambda _: "a.py") == (RecentEdit(path="a.py", start_line=1, end_line=2, at_s=1.0),)


def test_a_document_is_found_by_every_spelling_of_its_drive() -> None:
    """VS Code writes `file:///c%3A/…`, Python and most other editors `file:///C:/…`."""
    documents = Documents()
    documents.open("file:///c%3A/a%20b.py", "python", 1, "x = 1\n")

    for uri in ("file:///C:/a%20b.py", "file:///c:/a b.py", "file:///C%3A/a b.py"):
        document = documents.get(uri)
        assert document is not None
        assert document.text == "x = 1\n"
    assert documents.get("file:///d%3A/a%20b.py") is None
