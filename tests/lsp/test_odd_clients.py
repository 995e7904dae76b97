"""Editors that send what no editor should: each is told clearly, and loses nothing."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import Any

import pytest

from lsp.conftest import CODE, Start, open_editor
from lsp.speaker import Json, Refused
from optafly.demo.behaviour import Behaviour
from optafly.demo.server import MessagesApi

NOBODY = "0" * 32
DECIDED: dict[str, Any] = {"digest": "0" * 64, "decision": "accept", "send": True}


@pytest.mark.parametrize(
    ("command", "argument"),
    [
        ("optafly.refine", {"proposalId": NOBODY}),
        ("optafly.refine", {"proposalId": NOBODY, "without": ["a"]}),
        ("optafly.refine", {"proposalId": NOBODY, "pin": ["calc.py"]}),
        ("optafly.approve", {"proposalId": NOBODY, **DECIDED}),
        ("optafly.approve", {"proposalId": NOBODY, **DECIDED, "decision": "reuse", "entryId": NOBODY}),
        ("optafly.send", {"proposalId": NOBODY, "digest": "0" * 64}),
        ("optafly.send", {"proposalId": NOBODY}),
        ("optafly.feedback", {"proposalId": NOBODY, "entryId": NOBODY, "kind": "wrong"}),
        ("optafly.feedback", {"proposalId": NOBODY, "entryId": NOBODY, "kind": "regenerate"}),
    ],
)
async def test_a_proposal_that_is_not_there_is_refused_by_its_code(
    start: Start, folder: Path, command: str, argument: dict[str, Any]
) -> None:
    editor = await open_editor(await start(), folder)
    with pytest.raises(Refused) as refused:
        await editor.speaker.command(command, argument)
    assert refused.value.data["code"] == "approval.unknown"
    assert refused.value.data["todo"]
    assert await editor.speaker.command("optafly.cancel", {"proposalId": NOBODY}) == {"cancelled": False}
    assert (await editor.refine())["state"] == "proposed"


@pytest.mark.parametrize("decision", ["accept", "modify", "original", "discard"])
async def test_a_digest_that_nobody_was_shown_decides_nothing(
    start: Start, folder: Path, api: MessagesApi, asking: dict[str, str], decision: str
) -> None:
    editor = await open_editor(await start(**asking), folder)
    proposal = await editor.refine()
    with pytest.raises(Refused) as refused:
        await editor.speaker.command("optafly.approve", {"proposalId": proposal["id"], **DECIDED, "decision": decision})
    assert refused.value.data["code"] == "approval.stale"
    assert api.requests == ()
    accepted = await editor.accept(proposal)
    assert (await editor.outcome(accepted["traceId"]))["kind"] == "done"


@pytest.mark.parametrize(
    "place",
    [
        {"cursor": {"line": 10_000, "character": 10_000}},
        {"cursor": {"line": 2**31 - 1, "character": 2**31 - 1}},
        {"selection": {"start": {"line": 5, "character": 3}, "end": {"line": 1, "character": 0}}},
        {"selection": {"start": {"line": 0, "character": 9_999}, "end": {"line": 9_999, "character": 0}}},
    ],
)
async def test_a_place_beyond_the_document_is_brought_into_it(
    start: Start, folder: Path, place: dict[str, Any]
) -> None:
    editor = await open_editor(await start(), folder)
    proposal = await editor.refine("explain this", uri=editor.uri("calc.py"), **place)
    assert proposal["state"] == "proposed"
    lines = CODE.count("\n")
    assert all(1 <= piece["startLine"] <= piece["endLine"] <= lines + 1 for piece in proposal["pieces"])


@pytest.mark.parametrize("place", [{"line": -1, "character": 0}, {"line": 0, "character": -5}, {"line": 2**70}])
async def test_a_place_that_is_none_is_refused_and_named(start: Start, folder: Path, place: dict[str, Any]) -> None:
    editor = await open_editor(await start(), folder)
    with pytest.raises(Refused) as refused:
        await editor.speaker.command(
            "optafly.refine", {"prompt": "fix this", "uri": editor.uri("calc.py"), "cursor": place}
        )
    assert "cursor" in str(refused.value)
    assert (await editor.refine())["state"] == "proposed"


async def test_a_prompt_that_is_too_long_is_refused_in_words_and_the_longest_is_taken(
    start: Start, folder: Path
) -> None:
    editor = await open_editor(await start(), folder)
    proposal = await editor.refine("explain this " + "a" * 199_000)
    for argument in ({"prompt": "a" * 1_000_000}, {"proposalId": proposal["id"], "edited": "a" * 1_000_000}):
        with pytest.raises(Refused) as refused:
            await editor.speaker.command("optafly.refine", argument)
        assert refused.value.data["code"] == "provider.too_long"
        assert "00,000 characters" in refused.value.data["why"]
    assert (await editor.refine())["state"] == "proposed"


async def test_words_about_documents_that_are_not_open_are_no_text(start: Start, folder: Path) -> None:
    editor = await open_editor(await start(), folder)
    uri, never = editor.uri("calc.py"), editor.uri("never.py")
    nowhere = {"start": {"line": 900, "character": 9}, "end": {"line": 901, "character": 0}}
    words: list[tuple[str, Json]] = [
        ("didChange", {"textDocument": {"uri": never, "version": 2}, "contentChanges": [{"text": "x = 1\n"}]}),
        ("didSave", {"textDocument": {"uri": never}}),
        ("didClose", {"textDocument": {"uri": never}}),
        ("didClose", {"textDocument": {"uri": never}}),
        ("didChange", {"textDocument": {"uri": uri, "version": -3}, "contentChanges": []}),
        (
            "didChange",
            {"textDocument": {"uri": uri, "version": 4}, "contentChanges": [{"range": nowhere, "text": "# end\n"}]},
        ),
        ("didOpen", {"textDocument": {"uri": uri, "languageId": "python", "version": 1, "text": CODE + "# twice\n"}}),
    ]
    for method, params in words:
        await editor.speaker.notify(f"textDocument/{method}", params)
    proposal = await editor.refine("explain this", uri=uri, cursor={"line": 0, "character": 0})
    assert "return a - b" in proposal["refined"]
    assert not editor.speaker.all("window/showMessage")


async def test_what_is_accepted_twice_at_once_is_sent_once(
    start: Start, folder: Path, api: MessagesApi, asking: dict[str, str]
) -> None:
    editor = await open_editor(await start(**asking), folder)
    proposal = await editor.refine()
    accepted = {"proposalId": proposal["id"], "digest": proposal["digest"], "decision": "accept", "send": True}
    params: Json = {"command": "optafly.approve", "arguments": [accepted]}
    twice = [await editor.speaker.begin("workspace/executeCommand", params) for _ in range(2)]
    traces: list[str] = []
    for each in twice:
        with contextlib.suppress(Refused):
            traces.append((await editor.speaker.answer_to(each))["traceId"])
    ends = [(await editor.outcome(trace))["kind"] for trace in traces]
    assert "done" in ends
    assert len(api.requests) == 1
    shown = (await editor.speaker.command("optafly.refine", {"proposalId": proposal["id"]}))["proposal"]
    assert shown["state"] == "answered"


@pytest.mark.parametrize(
    "uri", ["", "nonsense", "file:///", "file://other-machine/x.py", "untitled:Untitled-1", "git:/a"]
)
async def test_a_prompt_about_an_address_that_leads_nowhere_is_refined_as_it_is(
    start: Start, folder: Path, uri: str
) -> None:
    editor = await open_editor(await start(), folder)
    proposal = await editor.refine("explain what a mutex is", uri=uri)
    assert proposal["state"] == "proposed"
    assert proposal["pieces"] == []
    found = await editor.speaker.command("optafly.complete", {"kind": "file", "text": "calc", "uri": uri})
    assert isinstance(found["items"], list)


async def test_a_server_that_is_shut_down_while_it_sends_ends_and_remembers_nothing_half(
    start: Start, folder: Path, api: MessagesApi, asking: dict[str, str]
) -> None:
    api.next(Behaviour(text="word " * 400, tokens_per_s=20))
    first = await open_editor(await start(**asking), folder)
    proposal = await first.refine()
    await first.accept(proposal)
    await first.speaker.notified("optafly/answer")
    assert await first.speaker.shut_down() == 0

    second = await open_editor(await start(**asking), folder)
    found = (await second.speaker.command("optafly.refine", {"proposalId": proposal["id"]}))["proposal"]
    assert found["state"] == "cancelled"
    accepted = await second.accept(found)
    answer = (await second.outcome(accepted["traceId"]))["answer"]
    assert answer["source"] == "provider"


def _ready(index: Json) -> bool:
    return (
        index is not None
        and len(index["roots"]) == 2
        and {root["state"] for root in index["roots"]} <= {"lexical", "ready"}
    )


async def test_folders_that_lie_in_one_another_are_one_workspace(with_index: Start, folder: Path) -> None:
    inner = folder / "inner"
    inner.mkdir()
    (inner / "deep.py").write_text("def dig(depth):\n    return depth + 1\n", encoding="utf-8")
    speaker = await with_index()
    editor = await open_editor(speaker, folder)
    await speaker.notify(
        "workspace/didChangeWorkspaceFolders",
        {"event": {"added": [{"uri": inner.as_uri(), "name": "inner"}], "removed": []}},
    )
    await speaker.notified("optafly/status", lambda said: _ready(said["index"]))
    proposal = await editor.refine("what does @dig do?")
    deep = [each for each in proposal["pieces"] if each["uri"].endswith("/deep.py")]
    assert len({(each["uri"], each["startLine"]) for each in deep}) == len(deep) >= 1


async def test_a_folder_that_vanishes_takes_nothing_with_it(
    with_index: Start, folder: Path, tmp_path: Path, api: MessagesApi, asking: dict[str, str]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "far.py").write_text("def far():\n    return 1\n", encoding="utf-8")
    speaker = await with_index(**asking)
    editor = await open_editor(speaker, folder)
    await speaker.notify(
        "workspace/didChangeWorkspaceFolders",
        {"event": {"added": [{"uri": other.as_uri(), "name": "other"}], "removed": []}},
    )
    before = await editor.refine("explain this", uri=editor.uri("calc.py"), cursor={"line": 1, "character": 0})
    shutil.rmtree(other)
    await speaker.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": other.as_uri(), "type": 3}]})
    accepted = await editor.accept(before)
    assert (await editor.outcome(accepted["traceId"]))["kind"] == "done"
    assert (await editor.refine("explain this too"))["state"] == "proposed"
