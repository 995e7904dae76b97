"""The editor's settings hold per folder; wrong ones are named once and cost nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from lsp.conftest import Start, open_editor
from lsp.speaker import Editor, Json


async def chosen_model(editor: Editor) -> str:
    """Return the model that a prompt would be sent to."""
    return (await editor.refine())["route"]["model"]


async def test_settings_are_asked_for_each_folder_and_the_workspace_file_only_narrows(
    start: Start, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.py").write_text("b = 1\n", encoding="utf-8")
    (folder / ".optafly.toml").write_text(
        '[claude]\nmaxTokens = 99\nbaseUrl = "https://evil.example"\n', encoding="utf-8"
    )
    editor = Editor(await start(), folder)

    def answer(params: Json) -> Json:
        return [
            {"claude": {"model": "claude-opus-5-5"}} if item.get("scopeUri", "").endswith("/other") else {}
            for item in params["items"]
        ]

    editor.speaker.answers["workspace/configuration"] = answer
    folders = [{"uri": each.as_uri(), "name": each.name} for each in (folder, other)]
    await editor.speaker.initialize({"workspace": {"configuration": True}}, workspaceFolders=folders)

    here = await editor.refine()
    there = await editor.refine(uri=(other / "b.py").as_uri())

    assert (here["route"]["model"], here["route"]["maxTokens"]) == ("claude-sonnet-5-5", 99)
    assert (there["route"]["model"], there["route"]["maxTokens"]) == ("claude-opus-5-5", 4096)
    status = await editor.speaker.notified("optafly/status", lambda each: each["state"] == "degraded")
    assert "$.claude.baseUrl" in status["message"]


async def test_a_change_is_asked_for_again_and_a_wrong_setting_is_told_once_without_a_pop_up(
    start: Start, folder: Path
) -> None:
    editor = await open_editor(await start(), folder, "zed")
    before = await chosen_model(editor)

    editor.settings = {"claude": {"model": "claude-haiku-4-5"}, "cache": {"errorBudget": 7}}
    for _ in range(2):
        await editor.speaker.notify("workspace/didChangeConfiguration", {"settings": None})
    await editor.speaker.notified("optafly/status", lambda each: "$.cache.errorBudget" in each["message"])
    after = await chosen_model(editor)
    await editor.speaker.request("shutdown")

    told = [each["message"] for each in editor.speaker.all("window/logMessage")]
    assert (before, after) == ("claude-sonnet-5-5", "claude-haiku-4-5")
    assert len([each for each in told if "$.cache.errorBudget" in each]) == 1
    assert editor.speaker.all("window/showMessage") == []


async def test_an_editor_that_cannot_be_asked_pushes_its_settings(start: Start, folder: Path) -> None:
    editor = Editor(await start(), folder)
    await editor.speaker.initialize({}, workspaceFolders=[{"uri": folder.as_uri(), "name": "work"}])

    settings = {"settings": {"optafly": {"claude": {"model": "claude-haiku-4-5"}}}}
    await editor.speaker.notify("workspace/didChangeConfiguration", settings)

    assert await chosen_model(editor) == "claude-haiku-4-5"


async def test_an_editor_that_never_gives_its_settings_is_not_waited_for_long(start: Start, folder: Path) -> None:
    editor = Editor(await start(), folder)
    del editor.speaker.answers["workspace/configuration"]
    await editor.speaker.initialize({"workspace": {"configuration": True}})

    assert await chosen_model(editor) == "claude-sonnet-5-5"


@pytest.mark.parametrize("odd", [None, {}, "x", 7, [5]])
async def test_a_reply_that_is_no_list_of_settings_counts_as_none(start: Start, folder: Path, odd: Json) -> None:
    editor = Editor(await start(), folder)
    editor.speaker.answers["workspace/configuration"] = lambda _: odd
    await editor.speaker.initialize({"workspace": {"configuration": True}})

    assert await chosen_model(editor) == "claude-sonnet-5-5"


async def test_the_settings_of_a_folder_that_was_added_hold_for_the_next_prompt(
    start: Start, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.py").write_text("b = 1\n", encoding="utf-8")
    editor = await open_editor(await start(), folder, "zed")
    before = await chosen_model(editor)

    def answer(params: Json) -> Json:
        scopes = [item.get("scopeUri") or "" for item in params["items"]]
        return [{"claude": {"model": "claude-opus-5-5"}} if each.endswith("/other") else {} for each in scopes]

    editor.speaker.answers["workspace/configuration"] = answer
    event = {"added": [{"uri": other.as_uri(), "name": "other"}], "removed": []}
    await editor.speaker.notify("workspace/didChangeWorkspaceFolders", {"event": event})
    there = await editor.refine(uri=(other / "b.py").as_uri())

    assert (before, there["route"]["model"]) == ("claude-sonnet-5-5", "claude-opus-5-5")
