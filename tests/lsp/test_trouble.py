"""What a person is told when something goes wrong, and that the next attempt works."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from lsp.conftest import Start, open_editor
from lsp.speaker import Refused
from optafly.demo.behaviour import Behaviour
from optafly.demo.server import SIMULATED_KEY, MessagesApi
from optafly.domain import Stats
from optafly.lsp.editor import Editor
from optafly.lsp.status import Status
from optafly.paths import Paths
from optafly.protocol import StatusParams


async def test_without_a_key_the_problem_says_what_to_do_and_a_key_handed_over_works_at_once(
    start: Start, folder: Path, api: MessagesApi
) -> None:
    environment = {"OPTAFLY_CLAUDE_BASE_URL": api.url, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    editor = await open_editor(await start(**environment), folder)
    proposal = await editor.refine()

    failed = await editor.outcome((await editor.accept(proposal))["traceId"])
    given = await editor.speaker.request("optafly/credential", {"keyName": "ANTHROPIC_API_KEY", "value": SIMULATED_KEY})
    done = await editor.outcome((await editor.accept(proposal))["traceId"])

    assert (failed["kind"], failed["problem"]["code"]) == ("failed", "provider.no_key")
    assert failed["problem"]["todo"]
    assert given == {"accepted": True}
    assert done["kind"] == "done"


async def test_an_api_that_is_down_fails_in_words_and_is_never_remembered(
    start: Start, folder: Path, api: MessagesApi, asking: dict[str, str]
) -> None:
    api.stop()
    editor = await open_editor(await start(**asking, OPTAFLY_CLAUDE_MAX_RETRIES="0"), folder)

    failed = await editor.outcome((await editor.accept(await editor.refine()))["traceId"])

    assert failed["problem"]["code"] == "provider.network"
    assert (await editor.speaker.command("optafly.stats", {}))["stats"]["entries"] == 0


async def test_open_proposals_are_told_again_after_a_crash_of_the_server(
    start: Start, folder: Path, asking: dict[str, str]
) -> None:
    first = await open_editor(await start(**asking), folder)
    proposal = await first.refine()
    os.kill(first.speaker.process.pid, signal.SIGKILL)
    await first.speaker.ended()

    second = await open_editor(await start(**asking), folder)
    told = await second.speaker.notified("optafly/proposal")
    approved = await second.run((await second.actions(second.uri("calc.py")))["Accept & Send"])

    assert told["proposal"] == proposal
    assert (await second.outcome(approved["traceId"]))["kind"] == "done"


async def test_proposals_of_another_window_are_not_told(start: Start, folder: Path, tmp_path: Path) -> None:
    first = await open_editor(await start(), folder)
    await first.refine()

    other = tmp_path / "elsewhere"
    other.mkdir()
    second = await start()
    await second.initialize(workspaceFolders=[{"uri": other.as_uri(), "name": "elsewhere"}])
    await second.notified("optafly/status", lambda each: each["state"] == "ready")
    await second.command("optafly.stats", {})

    assert second.all("optafly/proposal") == []


async def test_two_windows_share_what_was_answered(
    start: Start, folder: Path, api: MessagesApi, asking: dict[str, str]
) -> None:
    first = await open_editor(await start(**asking), folder, "zed")
    second = await open_editor(await start(**asking), folder, "visual-studio-code")

    await first.outcome((await first.accept(await first.refine()))["traceId"])
    again = await second.outcome((await second.accept(await second.refine()))["traceId"])

    assert again["answer"]["source"] == "cache"
    assert len(api.requests) == 1


@pytest.mark.parametrize("profile", ["zed", "visual-studio-code"])
async def test_who_accepts_by_code_action_what_another_window_sent_is_given_its_answer_and_pays_nothing(
    start: Start, folder: Path, api: MessagesApi, asking: dict[str, str], profile: str
) -> None:
    api.next(Behaviour(tokens_per_s=20))
    first = await open_editor(await start(**asking), folder, profile)
    proposal = await first.refine()
    second = await open_editor(await start(**asking), folder, profile)
    await second.speaker.notified("optafly/proposal")
    accept = (await second.actions(second.uri("calc.py")))["Accept & Send"]
    sent = await first.accept(proposal)
    await first.speaker.notified("optafly/answer")

    approved = await second.run(accept)
    here, there = await second.outcome(approved["traceId"]), await first.outcome(sent["traceId"])
    heard = await second.speaker.command("optafly.send", {"proposalId": proposal["id"]})

    assert approved["state"] in ("sent", "answered")
    assert here["answer"]["text"] == there["answer"]["text"]
    assert "another window" in here["answer"]["evidence"]
    assert (await second.outcome(heard["traceId"]))["answer"]["text"] == there["answer"]["text"]
    assert len(api.requests) == 1
    await second.speaker.notified("optafly/proposal", lambda each: each["proposal"]["state"] == "answered")
    assert [each["proposal"]["state"] for each in second.speaker.all("optafly/proposal")][-1] == "answered"


async def test_what_another_window_decided_otherwise_is_refused_and_not_offered_again(
    start: Start, folder: Path, api: MessagesApi, asking: dict[str, str]
) -> None:
    first = await open_editor(await start(**asking), folder)
    proposal = await first.refine()
    second = await open_editor(await start(**asking), folder)
    await second.speaker.notified("optafly/proposal")
    accept = (await second.actions(second.uri("calc.py")))["Accept & Send"]
    await first.speaker.command(
        "optafly.approve",
        {"proposalId": proposal["id"], "digest": proposal["digest"], "decision": "discard"},
    )

    with pytest.raises(Refused) as refused:
        await second.run(accept)

    assert "discarded" in str(refused.value)
    assert "Accept & Send" not in await second.actions(second.uri("calc.py"))
    assert len(api.requests) == 0


async def test_a_database_that_cannot_be_opened_is_told_in_the_status_until_it_can(
    start: Start, folder: Path, home: Paths
) -> None:
    home.database.mkdir(parents=True)
    editor = await open_editor(await start(), folder)

    status = await editor.speaker.notified("optafly/status", lambda each: each["state"] == "error")

    assert str(home.database) in status["message"]
    assert await editor.actions(editor.uri("calc.py"), 0, 1) != {}
    home.database.rmdir()
    await editor.refine()
    await editor.speaker.until(lambda _: editor.speaker.all("optafly/status")[-1]["state"] == "ready")
    assert await editor.speaker.shut_down() == 0


async def test_a_problem_at_the_start_is_told_though_nothing_can_be_counted_for_a_reason_nobody_foresaw() -> None:
    told: list[StatusParams] = []

    async def count() -> Stats:
        raise ImportError("half of the installation is missing")

    def tell(method: str, params: StatusParams) -> None:
        told.append(params)

    editor = SimpleNamespace(protocol=SimpleNamespace(tell=tell), abilities=SimpleNamespace(server_status=False))
    status = Status(cast("Editor", editor), count)
    status.problem("start", "OptaFly could not start; see the server's log.")

    await status.refresh()

    assert [(each.state, each.message.split(";")[0]) for each in told] == [("error", "OptaFly could not start")]


async def test_a_request_is_cancelled_by_its_id(start: Start, folder: Path) -> None:
    speaker = await start()
    wait = asyncio.Event()

    async def never(params: object) -> list[dict[str, object]]:
        await wait.wait()
        return [{}]

    speaker.answers["workspace/configuration"] = never
    await speaker.request("initialize", {"processId": None, "capabilities": {"workspace": {"configuration": True}}})
    identity = await speaker.begin(
        "workspace/executeCommand", {"command": "optafly.refine", "arguments": [{"prompt": "x"}]}
    )
    await speaker.notified("workspace/configuration")

    await speaker.notify("$/cancelRequest", {"id": identity})
    answer = await speaker.until(lambda each: each.get("id") == identity and "method" not in each)

    assert answer["error"]["code"] == -32800
    wait.set()


async def test_a_server_killed_while_it_sends_remembers_nothing_and_lets_one_ask_again(
    start: Start, folder: Path, api: MessagesApi, asking: dict[str, str]
) -> None:
    api.next(Behaviour(then="hang", after=1))
    first = await open_editor(await start(**asking), folder)
    proposal = await first.refine()
    await first.accept(proposal)
    await first.speaker.notified("optafly/answer", lambda each: each["kind"] == "delta")
    os.kill(first.speaker.process.pid, signal.SIGKILL)
    await first.speaker.ended()

    second = await open_editor(await start(**asking), folder)
    told = (await second.speaker.notified("optafly/proposal"))["proposal"]
    entries = (await second.speaker.command("optafly.stats", {}))["stats"]["entries"]
    done = await second.outcome((await second.accept(told))["traceId"])

    assert (told["id"], told["state"]) == (proposal["id"], "failed")
    assert entries == 0
    assert (done["kind"], done["answer"]["source"]) == ("done", "provider")
