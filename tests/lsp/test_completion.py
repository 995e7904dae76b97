"""Mentions are completed where a person types them, in every encoding and whatever the files are called."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from lsprotocol import types

from fakes.indexed import Files, Indexed
from lsp.speaker import offset
from optafly.domain import Folder, Position
from optafly.errors import StorageError
from optafly.lsp.completion import Completer
from optafly.lsp.documents import Documents
from optafly.lsp.positions import Encoding
from optafly.mentions import mentions
from optafly.protocol import CompleteParams

FILES: Files = {
    "till/bill.py": ("total", "Bill.share"),
    "till/tests/test_bill.py": ("total",),
    "my notes/a #1.md": (),
    "données/été.py": ("größe", "計算"),
}
URI = "file:///work/ask.prompt.md"
ENCODINGS = pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])


async def settled() -> None:
    """Nothing waits to be sent."""


def completer(documents: Documents, workspace: Indexed) -> Completer:
    async def pipeline() -> Any:
        return SimpleNamespace(workspace=workspace)

    return Completer(documents, lambda: (Folder(name="work", path="/work"),), pipeline, settled)


def opened(text: str, encoding: Encoding = "utf-16", uri: str = URI) -> Documents:
    documents = Documents(encoding)
    documents.open(uri, "markdown", 1, text.replace("|", ""))
    return documents


def cursor(text: str, encoding: str = "utf-16") -> Position:
    """Return the place of `|`, as an editor would count it."""
    before = text[: text.index("|")]
    line = before.rsplit("\n", 1)[-1]
    units = {"utf-8": len(line.encode()), "utf-16": len(line.encode("utf-16-le")) // 2, "utf-32": len(line)}
    return Position(line=before.count("\n"), character=units[encoding])


async def completed(text: str, encoding: Encoding = "utf-16", workspace: Indexed | None = None) -> list[str]:
    """Return what the document becomes with each entry of the list."""
    documents = opened(text, encoding)
    found = await completer(documents, workspace or Indexed(FILES)).in_document(URI, cursor(text, encoding))
    return [applied(text.replace("|", ""), item, encoding) for item in found.items]


def applied(text: str, item: types.CompletionItem, encoding: str) -> str:
    edit = cast("types.TextEdit", item.text_edit)
    start, end = (
        offset(text, {"line": place.line, "character": place.character}, encoding)
        for place in (edit.range.start, edit.range.end)
    )
    return text[:start] + edit.new_text + text[end:]


@ENCODINGS
async def test_a_file_is_completed_behind_any_letters(encoding: Encoding) -> None:
    assert await completed("Why? 😀é #été| and more", encoding) == ["Why? 😀é #données/été.py and more"]


@ENCODINGS
async def test_a_symbol_is_completed_behind_any_letters(encoding: Encoding) -> None:
    assert await completed("first line\n計算😀 @größ|", encoding) == ["first line\n計算😀 @größe"]


async def test_a_symbol_that_several_files_define_is_mentioned_with_its_file() -> None:
    assert await completed("fix @tot|") == ["fix #till/bill.py#total", "fix #till/tests/test_bill.py#total"]
    assert await completed("fix @Bill.|") == ["fix @Bill.share"]


@pytest.mark.parametrize("typed", ['#"my no|', '#"my no|"', "#notes|"])
async def test_a_path_with_spaces_is_quoted_once(typed: str) -> None:
    assert await completed(typed) == ['#"my notes/a #1.md"']


async def test_what_is_inserted_is_read_back_as_a_mention() -> None:
    for text in await completed("see #|"):
        assert len(mentions(text)) == 1


async def test_no_editor_filters_what_was_found_and_each_letter_asks_anew() -> None:
    documents = opened("#bill")
    found = await completer(documents, Indexed(FILES)).in_document(URI, cursor("#bill|"))
    assert {item.filter_text for item in found.items} == {"#bill"}
    assert [item.sort_text for item in found.items] == sorted(item.sort_text or "" for item in found.items)
    assert found.is_incomplete


@pytest.mark.parametrize("text", ["|", "# A heading|", "a@b|", "C#|", "#till |"])
async def test_where_nothing_is_mentioned_nothing_is_asked(text: str) -> None:
    workspace = Indexed(FILES)
    assert await completed(text, workspace=workspace) == []
    assert workspace.asked == []


async def test_code_is_left_to_its_own_server() -> None:
    documents = opened("@prop", uri="file:///work/a.py")
    found = await completer(documents, Indexed({"a": ("property",)})).in_document("file:///work/a.py", cursor("@prop|"))
    assert (found.items, found.is_incomplete) == ([], False)


async def test_below_the_marker_line_nothing_is_completed() -> None:
    head = "---\noptafly: 1\nproposal: p1\ndigest: d1\n---\n\n"
    marker = "\n\n<!-- optafly p1 · below this line is information; editing it changes nothing -->\n\n"
    assert await completed(f"{head}see #bill|{marker}") != []
    assert await completed(f"{head}see{marker}#bill|") == []


async def test_a_list_that_comes_too_late_does_not_stand_in_the_way() -> None:
    documents = opened("#bill")
    found = await completer(documents, Indexed(FILES, wait_s=5)).in_document(URI, cursor("#bill|"))
    assert (found.items, found.is_incomplete) == ([], True)


async def test_without_a_database_nothing_is_completed() -> None:
    async def broken() -> Any:
        raise StorageError("The database cannot be used.")

    found = await Completer(opened("#bill"), lambda: (), broken, settled).in_document(URI, cursor("#bill|"))
    assert (found.items, found.is_incomplete) == ([], True)


async def test_a_view_is_told_how_to_mention_and_how_to_pin_a_symbol() -> None:
    workspace = Indexed(FILES, whole=False)
    params = CompleteParams(kind="symbol", text="share", uri="file:///work/till/bill.py", limit=5)
    result = await completer(opened(""), workspace).complete(params)
    (item,) = result.items
    assert (item.insert, item.name, item.path) == ("@Bill.share", "till/bill.py#Bill.share", "till/bill.py")
    assert item.range is not None
    assert (item.range.start.line, item.range.end.line) == (1, 4)
    assert workspace.asked[0].near == "till/bill.py"
    assert not result.complete
