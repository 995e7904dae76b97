"""Code from other files in the three editors: mentioned, completed, pinned, removed, and followed as it is typed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from lsp.conftest import CODE, Start, open_editor
from lsp.speaker import TIMEOUT_S, Editor, Json
from lsp.test_indexing import indexed

PROFILES = pytest.mark.parametrize("profile", ["visual-studio-code", "neovim", "zed"])
TAX = "def rate_of(country):\n    return {'pt': 23, 'de': 19}[country]\n"
NOTES = "my notes/größe #1 50%25.py"


@pytest.fixture
def folder(folder: Path) -> Path:
    """The workspace, with code in other files and one that nobody may read."""
    (folder / "till").mkdir()
    (folder / "till" / "tax.py").write_text(TAX, encoding="utf-8")
    (folder / "my notes").mkdir()
    (folder / NOTES).write_text("def größe(zahl):\n    return zahl * 2\n", encoding="utf-8")
    (folder / ".gitignore").write_text("hidden.py\n", encoding="utf-8")
    (folder / "hidden.py").write_text("def hidden_rate():\n    return 1\n", encoding="utf-8")
    return folder


async def open_indexed(with_index: Start, folder: Path, profile: str = "neovim") -> Editor:
    editor = await open_editor(await with_index(), folder, profile)
    await indexed(editor)
    return editor


async def ask(editor: Editor, prompt: str, **more: Json) -> Json:
    """Refine a prompt that is about no document."""
    return (await editor.speaker.command("optafly.refine", {"prompt": prompt, **more}))["proposal"]


async def complete(editor: Editor, kind: str, text: str) -> list[Json]:
    return (await editor.speaker.command("optafly.complete", {"kind": kind, "text": text}))["items"]


def pinned(proposal: Json) -> list[str]:
    return [each["path"] for each in proposal["pieces"] if each["pinned"]]


@PROFILES
@pytest.mark.parametrize(
    ("typed", "mention"),
    [
        ("Explain #tax", "Explain #till/tax.py"),
        ("😀 why @rate", "😀 why @rate_of"),
        ("計算 #größe", f'計算 #"{NOTES}"'),
    ],
)
async def test_a_mention_is_completed_in_a_prompt_file(
    with_index: Start, folder: Path, profile: str, typed: str, mention: str
) -> None:
    editor = await open_indexed(with_index, folder, profile)
    uri = editor.uri("ask.prompt.md")
    await editor.open(uri, f"First line\n{typed} and so on", "markdown")
    character = len(typed.encode("utf-16-le")) // 2 if editor.encoding == "utf-16" else len(typed.encode())
    if editor.encoding == "utf-32":
        character = len(typed)

    params = {"textDocument": {"uri": uri}, "position": {"line": 1, "character": character}}
    found = await editor.speaker.request("textDocument/completion", params)
    item = found["items"][0]
    edit = {"textDocument": {"uri": uri}, "edits": [item["textEdit"]]}
    await editor.speaker.answers["workspace/applyEdit"]({"edit": {"documentChanges": [edit]}})

    assert editor.texts[uri] == f"First line\n{mention} and so on"


@PROFILES
async def test_code_that_a_prompt_mentions_goes_along_and_the_mention_stays(
    with_index: Start, folder: Path, profile: str
) -> None:
    editor = await open_indexed(with_index, folder, profile)

    proposal = await ask(editor, f'Why is #till/tax.py:1-2 slower than #"{NOTES}" and @add?')

    assert set(pinned(proposal)) == {"till/tax.py", NOTES, "calc.py"}
    assert '#till/tax.py:1-2 slower than #"my notes/größe #1 50%25.py" and @add' in proposal["refined"]


async def test_code_is_pinned_and_removed_and_what_is_sent_has_another_digest(with_index: Start, folder: Path) -> None:
    editor = await open_indexed(with_index, folder)
    first = await ask(editor, "Why is `rate_of` so slow?", pin=["calc.py#twice"])

    def change(**what: list[str]) -> Json:
        return {"proposalId": first["id"], **what}

    with_notes = (await editor.speaker.command("optafly.refine", change(pin=[NOTES])))["proposal"]
    without = (await editor.speaker.command("optafly.refine", change(remove=["calc.py#twice", "till/tax.py"])))[
        "proposal"
    ]
    back = await editor.speaker.command("optafly.refine", change(unpin=["calc.py#twice", "till/tax.py", NOTES]))
    back = back["proposal"]

    assert pinned(first) == ["calc.py"]
    assert set(pinned(with_notes)) == {"calc.py", NOTES}
    assert pinned(without) == [NOTES]
    assert "till/tax.py" not in [each["path"] for each in without["pieces"]]
    assert "till/tax.py" in [each["path"] for each in back["pieces"]]
    assert pinned(back) == []
    assert len({each["digest"] for each in (first, without, back)}) == 3
    assert [each["revision"] for each in (first, with_notes, without, back)] == [0, 1, 2, 3]


async def test_a_piece_is_removed_by_an_action_in_the_review_document(with_index: Start, folder: Path) -> None:
    editor = await open_indexed(with_index, folder)
    proposal = await ask(editor, "Explain what #till/tax.py is for", review=True)
    uri = editor.shown[0]
    before = await editor.text_with(uri, "till/tax.py:1-")
    actions = await editor.actions(uri)
    title = next(title for title in actions if title.startswith("Remove till/tax.py"))

    revised = (await editor.run(actions[title]))["proposal"]
    after = await editor.text_with(uri, revised["digest"])

    assert "# Code that goes with it" in before
    assert "till/tax.py" not in [each["path"] for each in revised["pieces"]]
    assert proposal["digest"] not in after
    assert "- till/tax.py:1-" not in after


async def test_what_is_typed_and_not_saved_is_found_and_given_back_when_it_is_closed(
    with_index: Start, folder: Path
) -> None:
    editor = await open_indexed(with_index, folder)
    uri = editor.uri("calc.py")

    await editor.type(uri, CODE + "\n\ndef thrice_unsaved(n):\n    return 3 * n\n")
    found = await until(editor, "thrice_unsaved", there=True)
    await editor.speaker.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    gone = await until(editor, "thrice_unsaved", there=False)

    assert found[0]["path"] == "calc.py"
    assert gone == []


async def test_an_edit_right_before_a_prompt_is_in_the_code_that_goes_along(with_index: Start, folder: Path) -> None:
    """Nobody pauses between the last letter and the prompt."""
    editor = await open_indexed(with_index, folder)
    uri = editor.uri("till/tax.py")
    await editor.open(uri, TAX)
    await ask(editor, "Explain #till/tax.py")  # the worker is warm

    for rate in range(30, 35):
        await editor.type(uri, TAX.replace("23", str(rate)))
        proposal = await ask(editor, "Explain #till/tax.py")
        (piece,) = [each for each in proposal["pieces"] if each["path"] == "till/tax.py"]
        assert f"'pt': {rate}" in piece["text"]
        await editor.accept(proposal)


async def test_an_edit_right_before_a_name_is_completed_is_known(with_index: Start, folder: Path) -> None:
    editor = await open_indexed(with_index, folder)

    await editor.type(editor.uri("calc.py"), CODE.replace("twice", "twice_unsaved"))

    assert "twice_unsaved" in [each["symbol"] for each in await complete(editor, "symbol", "twice_uns")]


async def test_a_document_of_any_name_is_followed_as_it_is_typed(with_index: Start, folder: Path) -> None:
    editor = await open_indexed(with_index, folder)
    uri = editor.uri(NOTES)

    await editor.open(uri, "def größe(zahl):\n    return zahl * 2\n\n\ndef größer_noch(zahl):\n    return zahl * 3\n")

    assert (await until(editor, "größer_noch", there=True))[0]["path"] == NOTES


async def test_what_the_editor_saw_change_is_found(with_index: Start, folder: Path) -> None:
    editor = await open_indexed(with_index, folder)
    file = folder / "till" / "tax.py"
    file.write_text(TAX + "\n\ndef brand_new(n):\n    return n\n", encoding="utf-8")

    changes = [{"uri": file.as_uri(), "type": 2}]
    await editor.speaker.notify("workspace/didChangeWatchedFiles", {"changes": changes})

    assert (await until(editor, "brand_new", there=True))[0]["path"] == "till/tax.py"


async def test_what_is_ignored_is_neither_completed_nor_sent(with_index: Start, folder: Path) -> None:
    editor = await open_indexed(with_index, folder)
    await editor.open(editor.uri("hidden.py"), "def hidden_rate():\n    return 2\n")

    files, symbols = await complete(editor, "file", "hidden"), await complete(editor, "symbol", "hidden_rate")
    proposal = await ask(editor, "Explain #hidden.py and @hidden_rate to me")

    assert "hidden.py" not in [each["path"] for each in files]
    assert "hidden_rate" not in [each["symbol"] for each in symbols]
    assert "hidden.py" not in [each["path"] for each in proposal["pieces"]]


async def until(editor: Editor, name: str, *, there: bool) -> list[Json]:
    """Ask for a symbol until it is there, or is not any more; return what was found of that name."""
    async with asyncio.timeout(TIMEOUT_S):
        while True:
            found = [each for each in await complete(editor, "symbol", name) if each["symbol"] == name]
            if bool(found) is there:
                return found
            await asyncio.sleep(0.1)


async def test_the_open_file_of_two_with_the_same_path_says_in_which_folder_it_is(
    with_index: Start, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "calc.py").write_text(CODE.replace("a - b", "a + b"), encoding="utf-8")
    editor = await open_editor(await with_index(), folder)
    change = {"added": [{"uri": other.as_uri(), "name": "other"}], "removed": []}
    await editor.speaker.notify("workspace/didChangeWorkspaceFolders", {"event": change})
    await indexed(editor, folder, other)

    proposal = await editor.refine("Why does `add` differ from the one in #other/calc.py?")

    paths = {each["path"] for each in proposal["pieces"] if "def add" in each["text"]}
    assert paths == {"work space/calc.py", "other/calc.py"}
    assert pinned(proposal) == ["other/calc.py"]


async def look_again(editor: Editor, proposal: Json) -> Json:
    params = {"proposalId": proposal["id"], "lookAgain": True}
    return (await editor.speaker.command("optafly.refine", params))["proposal"]


async def test_the_index_is_asked_again_on_request_and_pins_stay(with_index: Start, folder: Path) -> None:
    editor = await open_indexed(with_index, folder)
    first = looked = await ask(editor, "Why does rate_of fail?", pin=[NOTES])
    (folder / "till" / "new.py").write_text("def also_rate_of():\n    return rate_of('pt')\n", encoding="utf-8")
    async with asyncio.timeout(TIMEOUT_S):
        while "till/new.py" not in [each["path"] for each in looked["pieces"]]:
            looked = await look_again(editor, first)
    assert pinned(looked) == [NOTES]
    assert looked["revision"] > first["revision"]
    assert not looked["unfinished"]
