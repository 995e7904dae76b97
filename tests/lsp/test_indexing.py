"""The index follows the editor, and the editor hears how far it is: a real server with its worker."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from fakes.project import left_behind
from lsp.conftest import CODE, Start, open_editor
from lsp.speaker import Editor, Json
from optafly.cli.processes import running
from optafly.paths import Paths

PROFILES = pytest.mark.parametrize("profile", ["visual-studio-code", "neovim", "zed"])
ENDED = {"ready", "failed", "closed"}


async def indexed(editor: Editor, *folders: Path) -> list[Json]:
    """Wait until the index of every folder (or of whichever there are) is whole, and return their states."""

    def is_whole(params: Json) -> bool:
        roots: list[Json] = params["index"]["roots"] if params["index"] else []
        there = {root["root"] for root in roots if root["state"] in ENDED}
        return bool(roots) and len(there) == len(roots) and there >= set(map(str, folders))

    return (await editor.speaker.notified("optafly/status", is_whole))["index"]["roots"]


def progress(editor: Editor) -> list[Json]:
    return [each["value"] for each in editor.speaker.all("$/progress")]


def files_read(params: Json) -> bool:
    """Say whether a status tells of files that can be found, beside the open one."""
    return bool(params["index"]) and any(root["files"] > 1 for root in params["index"]["roots"])


def worker_of(home: Paths) -> int:
    """Return the process id of the worker that keeps the index."""
    command = "optafly.context.service:create"
    return next(each.pid for each in running() if command in each.command and str(home.data) in each.command)


def many(folder: Path, count: int) -> None:
    for number in range(count):
        body = "".join(f"def step_{number}_{each}(value):\n    return value + {each}\n\n\n" for each in range(12))
        (folder / f"step_{number}.py").write_text(body, encoding="utf-8")


@PROFILES
async def test_the_folders_of_the_editor_are_indexed_and_the_status_says_so(
    with_index: Start, folder: Path, profile: str
) -> None:
    editor = await open_editor(await with_index(), folder, profile)

    (root,) = await indexed(editor)

    assert (root["root"], root["state"], root["files"]) == (str(folder), "ready", 1)
    assert root["symbols"] == 2
    status = editor.speaker.all("optafly/status")[-1]
    assert (status["state"], status["message"]) == ("ready", "ready")


@pytest.mark.parametrize(("profile", "shown"), [("neovim", True), ("zed", True), ("visual-studio-code", False)])
async def test_progress_is_shown_where_the_client_has_no_view_of_its_own(
    with_index: Start, folder: Path, profile: str, shown: bool
) -> None:
    many(folder, 600)
    editor = await open_editor(await with_index(), folder, profile)

    await indexed(editor)
    if shown:
        await editor.speaker.until(lambda _: any(each["kind"] == "end" for each in progress(editor)))

    kinds = [each["kind"] for each in progress(editor)]
    assert (kinds[:1], kinds[-1:]) == ((["begin"], ["end"]) if shown else ([], []))
    if shown:
        assert progress(editor)[0]["title"] == "OptaFly: reading the workspace"
        assert progress(editor)[0]["cancellable"]


async def stopped(editor: Editor) -> Json:
    """Wait until the status says that indexing is stopped, and return the state of the only folder."""

    def is_stopped(params: Json) -> bool:
        return bool(params["index"]) and any(root["state"] == "cancelled" for root in params["index"]["roots"])

    return (await editor.speaker.notified("optafly/status", is_stopped))["index"]["roots"][0]


async def symbols(editor: Editor, name: str) -> list[str]:
    result = await editor.speaker.command("optafly.complete", {"kind": "symbol", "text": name})
    return [each["symbol"] for each in result["items"]]


async def test_what_was_read_when_indexing_was_cancelled_is_found_and_a_person_lets_it_go_on(
    with_index: Start, folder: Path
) -> None:
    many(folder, 3_000)
    editor = await open_editor(await with_index(), folder, "neovim")
    token = (await editor.speaker.notified("$/progress"))["token"]
    await editor.speaker.notified("optafly/status", files_read)

    await editor.speaker.notify("window/workDoneProgress/cancel", {"token": token})
    await editor.speaker.until(lambda _: any(each["kind"] == "end" for each in progress(editor)))
    cancelled = await stopped(editor)
    status, ended = editor.speaker.all("optafly/status")[-1], progress(editor)[-1]["message"]
    await editor.type(editor.uri("calc.py"), CODE + "\n\ndef thrice(n):\n    return 3 * n\n")
    found = await symbols(editor, "step_"), await symbols(editor, "thrice")
    actions = await editor.actions(editor.uri("calc.py"))
    resumed = await editor.run(actions["Resume Indexing"])
    (root,) = await indexed(editor)

    assert ended == "stopped"
    assert (status["state"], status["message"]) == ("ready", "indexing is stopped")
    assert 0 < cancelled["files"] < 3_001
    assert (cancelled["done"], cancelled["total"]) == (cancelled["files"], 3_001)
    assert all(found)
    assert resumed["index"]["roots"][0]["state"] != "cancelled"
    assert root["files"] == 3_001
    assert "Resume Indexing" not in await editor.actions(editor.uri("calc.py"))


async def test_indexing_that_was_stopped_stays_so_in_a_worker_that_begins_anew_and_when_folders_are_added(
    with_index: Start, folder: Path, tmp_path: Path, home: Paths
) -> None:
    many(folder, 1_500)
    (other := tmp_path / "other").mkdir()
    (other / "more.py").write_text(CODE, encoding="utf-8")
    editor = await open_editor(await with_index(), folder, "visual-studio-code")
    await editor.speaker.notified("optafly/status", files_read)

    await editor.speaker.command("optafly.index", {"run": False})
    before = await stopped(editor)
    os.kill(worker_of(home), signal.SIGKILL)
    await editor.speaker.command("optafly.index", {"run": False})
    change = {"added": [{"uri": other.as_uri(), "name": "other"}], "removed": []}
    await editor.speaker.notify("workspace/didChangeWorkspaceFolders", {"event": change})
    roots: list[Json] = []
    while [(root["state"], root["total"] > 0) for root in roots] != [("cancelled", True)] * 2:
        await asyncio.sleep(0.1)
        roots = (await editor.speaker.command("optafly.index", {"run": False}))["index"]["roots"]
    actions = await editor.actions(editor.uri("calc.py"))
    await editor.speaker.command("optafly.index", {"run": True})

    assert 0 < before["files"] <= roots[0]["files"] < 1_501
    assert (roots[1]["files"], roots[1]["total"]) == (0, 1)
    assert "Resume Indexing" not in actions  # VS Code has a command for it
    assert [root["files"] for root in await indexed(editor, folder, other)] == [1_501, 1]


async def test_what_another_window_reads_is_found_and_said_where_indexing_is_stopped(
    with_index: Start, folder: Path
) -> None:
    many(folder, 400)
    one = await open_editor(await with_index(), folder, "visual-studio-code")
    await one.speaker.command("optafly.index", {"run": False})
    await stopped(one)

    other = await open_editor(await with_index(), folder, "visual-studio-code")
    await indexed(other)

    def has_all(params: Json) -> bool:
        roots: list[Json] = params["index"]["roots"] if params["index"] else []
        return [(root["state"], root["files"]) for root in roots] == [("cancelled", 401)]

    await one.speaker.notified("optafly/status", has_all)
    await one.speaker.command("optafly.index", {"run": True})
    assert (await indexed(one))[0]["files"] == 401


async def test_every_folder_of_the_workspace_has_its_index(with_index: Start, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "données #2"
    other.mkdir()
    (other / "größe.py").write_text(CODE, encoding="utf-8")
    editor = await open_editor(await with_index(), folder)
    change = {"added": [{"uri": other.as_uri(), "name": "other"}], "removed": []}

    await editor.speaker.notify("workspace/didChangeWorkspaceFolders", {"event": change})

    roots = await indexed(editor, folder, other)
    assert {root["root"]: root["files"] for root in roots} == {str(folder): 1, str(other): 1}


async def test_a_client_that_can_is_asked_to_watch_files(with_index: Start, folder: Path) -> None:
    editor = await open_editor(await with_index(), folder, "zed")

    await indexed(editor)

    heard = [each["params"] for each in editor.speaker.heard if each.get("method") == "client/registerCapability"]
    registered = [each for params in heard for each in params["registrations"]]
    watches = [each for each in registered if each["method"] == "workspace/didChangeWatchedFiles"]
    assert [each["registerOptions"]["watchers"] for each in watches] == [[{"globPattern": "**/*"}]]


async def test_a_worker_that_dies_is_told_again_what_is_open_and_what_is_not_saved(
    with_index: Start, folder: Path, home: Paths
) -> None:
    editor = await open_editor(await with_index(), folder)
    await editor.type(editor.uri("calc.py"), CODE + "\n\ndef thrice(n):\n    return 3 * n\n")
    await indexed(editor)
    before = worker_of(home)

    os.kill(before, signal.SIGKILL)
    found: list[Json] = []
    for _ in range(100):
        result = await editor.speaker.command("optafly.complete", {"kind": "symbol", "text": "thrice"})
        found = [each for each in result["items"] if each["symbol"] == "thrice"]
        if found and worker_of(home) != before:
            break
        await asyncio.sleep(0.1)

    assert [each["path"] for each in found] == ["calc.py"]
    assert worker_of(home) != before


async def test_events_that_make_no_sense_stop_nothing(with_index: Start, folder: Path) -> None:
    editor = await open_editor(await with_index(), folder)
    await indexed(editor)

    odd: list[Json] = [
        {"changes": 7},
        {"changes": [3, {"uri": 5}, {"uri": "::", "type": 1}, {"uri": "file:///%00", "type": 9}]},
        {"changes": [{"uri": editor.uri("calc.py"), "type": 2}]},
        [],
    ]
    for params in odd:
        await editor.speaker.notify("workspace/didChangeWatchedFiles", params)

    assert (await editor.speaker.command("optafly.stats", {}))["stats"]["answers"] == 0


async def test_where_the_settings_want_no_index_there_is_none(with_index: Start, folder: Path, home: Paths) -> None:
    editor = await open_editor(await with_index(OPTAFLY_CONTEXT_WORKSPACE="false"), folder)

    (root,) = await indexed(editor)

    assert root["state"] == "closed"
    assert "context.workspace" in root["message"]
    assert not any("optafly.context.service" in each.command and str(home.data) in each.command for each in running())


async def test_the_server_leaves_no_worker_behind(with_index: Start, folder: Path, home: Paths) -> None:
    many(folder, 500)
    editor = await open_editor(await with_index(), folder)
    await editor.speaker.notified("optafly/status", lambda each: each["index"] is not None)

    assert await editor.speaker.shut_down() == 0

    assert await asyncio.to_thread(left_behind, home) == []
