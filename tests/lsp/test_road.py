"""The road of a prompt in every kind of editor: refine, decide by code action, hear the answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from lsp.conftest import CODE, Start, open_editor
from lsp.speaker import Refused
from optafly.demo.behaviour import Behaviour
from optafly.demo.server import MessagesApi

PROFILES = pytest.mark.parametrize("profile", ["visual-studio-code", "neovim", "zed"])
DECISIONS = ["Accept & Send", "Modify", "Use Original", "Discard"]


@PROFILES
async def test_a_prompt_is_refined_accepted_by_code_action_and_answered(
    start: Start, folder: Path, api: MessagesApi, asking: dict[str, str], profile: str
) -> None:
    editor = await open_editor(await start(**asking), folder, profile)
    speaker = editor.speaker

    proposal = await editor.refine()
    actions = await editor.actions(editor.uri("calc.py"), line=1)
    approved = await editor.run(actions["Accept & Send"])
    last = await editor.outcome(approved["traceId"])

    assert proposal["range"] == {"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 16}}
    assert list(actions) == DECISIONS
    assert (approved["state"], approved["digest"]) == ("accepted", proposal["digest"])
    events = [each for each in speaker.all("optafly/answer") if each["traceId"] == approved["traceId"]]
    assert [each["sequence"] for each in events] == list(range(len(events)))
    assert "".join(each["text"] for each in events[:-1]) == last["answer"]["text"]
    assert last["answer"]["source"] == "provider"
    assert len(api.requests) == 1
    assert proposal["refined"] in api.requests[0].body.decode().replace("\\n", "\n")


@PROFILES
async def test_the_same_prompt_again_is_answered_from_the_cache(
    start: Start, folder: Path, api: MessagesApi, asking: dict[str, str], profile: str
) -> None:
    editor = await open_editor(await start(**asking), folder, profile)
    first = await editor.outcome((await editor.accept(await editor.refine()))["traceId"])

    second = await editor.outcome((await editor.accept(await editor.refine()))["traceId"])
    status = await editor.speaker.notified(
        "optafly/status", lambda each: each["hits"] == 1 and each["state"] == "ready"
    )

    assert second["answer"]["source"] == "cache"
    assert second["answer"]["text"] == first["answer"]["text"]
    assert len(api.requests) == 1
    assert (status["answers"], status["hitRate"]) == (2, 0.5)


@PROFILES
async def test_nothing_pops_up_and_progress_ends_where_it_is_shown(
    start: Start, folder: Path, asking: dict[str, str], profile: str
) -> None:
    editor = await open_editor(await start(**asking), folder, profile)

    await editor.outcome((await editor.accept(await editor.refine()))["traceId"])
    await editor.speaker.notified("optafly/status", lambda each: each["answers"] == 1)
    await editor.speaker.request("shutdown")

    progress = [each["value"]["kind"] for each in editor.speaker.all("$/progress")]
    assert progress == ([] if profile == "visual-studio-code" else ["begin", "end"])
    assert editor.speaker.all("window/showMessage") == []
    assert bool(editor.speaker.all("experimental/serverStatus")) is (profile == "zed")


async def test_use_original_sends_the_prompt_as_it_was_written(
    start: Start, folder: Path, api: MessagesApi, asking: dict[str, str]
) -> None:
    editor = await open_editor(await start(**asking), folder)
    proposal = await editor.refine("fix this, please")

    approved = await editor.run((await editor.actions(editor.uri("calc.py")))["Use Original"])
    await editor.outcome(approved["traceId"])

    assert approved["state"] == "original"
    assert approved["digest"] == proposal["originalDigest"]
    assert "return a - b" not in api.requests[0].body.decode()
    assert "fix this, please" in api.requests[0].body.decode()


async def test_discard_sends_nothing_and_takes_the_actions_away(
    start: Start, folder: Path, api: MessagesApi, asking: dict[str, str]
) -> None:
    editor = await open_editor(await start(**asking), folder)
    await editor.refine()

    discarded = await editor.run((await editor.actions(editor.uri("calc.py")))["Discard"])

    assert (discarded["state"], discarded["traceId"]) == ("discarded", None)
    assert "Accept & Send" not in await editor.actions(editor.uri("calc.py"))
    assert api.requests == ()


async def test_an_edited_prompt_needs_a_new_approval(
    start: Start, folder: Path, api: MessagesApi, asking: dict[str, str]
) -> None:
    editor = await open_editor(await start(**asking), folder)
    proposal = await editor.refine()

    edit = {"proposalId": proposal["id"], "edited": "Why does `add` subtract?"}
    edited = (await editor.speaker.command("optafly.refine", edit))["proposal"]
    with pytest.raises(Refused) as refused:
        await editor.accept(proposal)
    approved = await editor.run((await editor.actions(editor.uri("calc.py")))["Accept & Send"])
    await editor.outcome(approved["traceId"])

    assert refused.value.data["code"] == "approval.stale"
    assert edited["revision"] > proposal["revision"]
    assert approved["state"] == "modified"
    assert "Why does `add` subtract?" in api.requests[0].body.decode()


async def test_a_change_of_the_file_behind_a_proposal_needs_a_new_approval(
    start: Start, folder: Path, api: MessagesApi, asking: dict[str, str]
) -> None:
    editor = await open_editor(await start(**asking), folder)
    proposal = await editor.refine()

    await editor.type(editor.uri("calc.py"), CODE.replace("a - b", "a + b"))
    with pytest.raises(Refused) as refused:
        await editor.accept(proposal)

    assert refused.value.data["code"] == "approval.stale"
    assert refused.value.data["todo"] == "Refine the prompt again."
    assert api.requests == ()


async def test_a_switch_makes_another_proposal_without_that_change(start: Start, folder: Path) -> None:
    editor = await open_editor(await start(), folder)
    proposal = await editor.refine()
    off = proposal["changes"][0]["id"]

    switched = (await editor.speaker.command("optafly.refine", {"proposalId": proposal["id"], "without": [off]}))[
        "proposal"
    ]
    back = (await editor.speaker.command("optafly.refine", {"proposalId": proposal["id"], "without": []}))["proposal"]

    assert [each["enabled"] for each in switched["changes"] if each["id"] == off] == [False]
    assert switched["digest"] != proposal["digest"]
    assert back["refined"] == proposal["refined"]


async def test_unsaved_text_and_utf_16_places_are_what_a_prompt_is_about(start: Start, folder: Path) -> None:
    editor = await open_editor(await start(), folder, "zed")
    text = "greeting = '😀😀'; broken = 1 / 0\n"
    await editor.type(editor.uri("calc.py"), text)

    selection = {"start": {"line": 0, "character": 19}, "end": {"line": 0, "character": 33}}
    proposal = await editor.refine("explain this", selection=selection)

    assert proposal["range"] == selection
    assert any("broken = 1 / 0" in piece["text"] for piece in proposal["pieces"])


async def test_a_file_that_is_not_open_is_read_from_disk_and_one_that_is_not_there_is_left_out(
    start: Start, folder: Path
) -> None:
    editor = await open_editor(await start(), folder)
    (folder / "other.py").write_text("def half(n):\n    return n / 3\n", encoding="utf-8")

    there = await editor.refine("fix this", uri=editor.uri("other.py"))
    gone = await editor.refine("fix this", uri=editor.uri("gone.py"))
    given = await editor.refine("fix this", uri="untitled:Untitled-1", text="x = [1\n", languageId="python")

    assert "return n / 3" in there["pieces"][0]["text"]
    assert gone["pieces"] == []
    assert "x = [1" in given["pieces"][0]["text"]


async def test_a_document_that_only_came_with_its_prompt_can_be_accepted_until_it_changes(
    start: Start, folder: Path
) -> None:
    editor = await open_editor(await start(), folder)
    uri = "untitled:Untitled-1"

    given = await editor.refine(uri=uri, text=CODE, languageId="python")
    accepted = await editor.accept(given, send=False)
    again = await editor.refine(uri=uri, text=CODE, languageId="python")
    await editor.open(uri, "nothing = 0\n")
    with pytest.raises(Refused) as refused:
        await editor.accept(again, send=False)

    assert given["pieces"] != []
    assert accepted["state"] == "accepted"
    assert refused.value.data["code"] == "approval.stale"


async def test_a_file_that_the_project_ignores_is_never_read_into_a_prompt(start: Start, folder: Path) -> None:
    (folder / ".env").write_text("TOKEN=hunter2hunter2\n", encoding="utf-8")
    editor = await open_editor(await start(), folder)

    proposal = await editor.refine("explain this", uri=editor.uri(".env"))

    assert proposal["pieces"] == []
    assert "hunter2" not in str(proposal)


async def test_diagnostics_seen_with_a_code_action_are_part_of_the_next_prompt(start: Start, folder: Path) -> None:
    editor = await open_editor(await start(), folder, "zed")
    span = {"start": {"line": 1, "character": 11}, "end": {"line": 1, "character": 16}}
    diagnostic = {"range": span, "message": "AssertionError: add(1, 2) == -1", "severity": 1, "code": 42}

    actions = await editor.actions(editor.uri("calc.py"), line=1, diagnostics=[diagnostic])
    proposal = (await editor.run(actions["Fix this"]))["proposal"]

    assert "AssertionError: add(1, 2) == -1" in proposal["refined"]


async def test_other_editors_are_offered_questions_about_a_selection_and_vs_code_is_not(
    start: Start, folder: Path
) -> None:
    zed = await open_editor(await start(), folder, "zed")
    code = await open_editor(await start(), folder, "visual-studio-code")

    assert list(await zed.actions(zed.uri("calc.py"), 0, 1)) == ["Fix this", "Explain this", "Write tests for this"]
    assert await zed.actions(zed.uri("calc.py"), 0) == {}
    assert await zed.actions(zed.uri("calc.py"), 0, 1, only=["source.fixAll"]) == {}
    assert await code.actions(code.uri("calc.py"), 0, 1) == {}


async def test_code_actions_belong_to_their_own_lines(start: Start, folder: Path) -> None:
    editor = await open_editor(await start(), folder)
    await editor.refine()

    assert "Accept & Send" in await editor.actions(editor.uri("calc.py"), line=1)
    assert await editor.actions(editor.uri("calc.py"), line=4) == {}


async def test_a_prompt_that_says_too_little_is_answered_with_a_question(start: Start, folder: Path) -> None:
    editor = await open_editor(await start(), folder)

    proposal = (await editor.speaker.command("optafly.refine", {"prompt": "fix it"}))["proposal"]

    assert proposal["question"]
    assert proposal["refined"] == "fix it"


async def test_a_slow_request_can_be_cancelled_by_its_id_and_by_its_command(
    start: Start, folder: Path, api: MessagesApi, asking: dict[str, str]
) -> None:
    editor = await open_editor(await start(**asking), folder)
    api.always(Behaviour(then="hang", after=1))
    proposal = await editor.refine()
    approved = await editor.accept(proposal)
    await editor.speaker.notified("optafly/answer", lambda each: each["kind"] == "delta")

    cancelled = await editor.speaker.command("optafly.cancel", {"proposalId": proposal["id"]})
    last = await editor.outcome(approved["traceId"])
    again = await editor.speaker.command("optafly.cancel", {"proposalId": proposal["id"]})

    assert (cancelled, again) == ({"cancelled": True}, {"cancelled": False})
    assert last["kind"] == "cancelled"


async def test_progress_can_be_cancelled_by_the_person(
    start: Start, folder: Path, api: MessagesApi, asking: dict[str, str]
) -> None:
    editor = await open_editor(await start(**asking), folder, "zed")
    api.always(Behaviour(then="hang", after=1))
    approved = await editor.accept(await editor.refine())
    begun = await editor.speaker.notified("$/progress", lambda each: each["value"]["kind"] == "begin")
    await editor.speaker.notified("optafly/answer", lambda each: each["kind"] == "delta")

    await editor.speaker.notify("window/workDoneProgress/cancel", {"token": begun["token"]})

    assert (await editor.outcome(approved["traceId"]))["kind"] == "cancelled"
