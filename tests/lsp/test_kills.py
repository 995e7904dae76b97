"""kill -9, of the worker and of the server, in the middle of a sending."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psutil
import pytest

from fakes.road import SOURCE
from lsp.speaker import Editor, Json, Speaker
from optafly.demo.behaviour import Behaviour
from optafly.demo.server import SIMULATED_KEY, MessagesApi
from optafly.paths import Paths

ENDED = ("done", "failed", "cancelled")


@pytest.fixture
def api() -> Iterator[MessagesApi]:
    with MessagesApi() as running:
        yield running


class Window:
    """One editor window after another, on the same home and workspace."""

    def __init__(self, home: Paths, folder: Path, api: MessagesApi) -> None:
        self.home = home
        self.folder = folder
        self.environment = {
            "OPTAFLY_HOME": str(home.data.parent),
            "OPTAFLY_CLAUDE_BASE_URL": api.url,
            "ANTHROPIC_API_KEY": SIMULATED_KEY,
            "OPTAFLY_CONTEXT_WORKSPACE": "false",  # the one child is the worker of the models
        }
        self.speaker: Speaker
        folder.mkdir(exist_ok=True)
        (folder / "prices.py").write_text(SOURCE, encoding="utf-8")

    async def open(self) -> None:
        """Start a server and open the source file."""
        self.speaker = await Speaker.start(self.environment)
        editor = Editor(self.speaker, self.folder)
        await self.speaker.initialize(
            workspaceFolders=[{"uri": self.folder.as_uri(), "name": "shop"}], rootUri=self.folder.as_uri()
        )
        await editor.open(editor.uri("prices.py"), SOURCE)

    async def propose(self, prompt: str) -> Json:
        """Refine `prompt` about the function in the source file."""
        spot = {"line": 6, "character": 0}
        argument = {"prompt": prompt, "uri": (self.folder / "prices.py").as_uri(), "cursor": spot}
        return (await self.speaker.command("optafly.refine", argument))["proposal"]

    async def accept(self, proposal: Json) -> str:
        """Accept and send, and return the trace id."""
        argument = {"proposalId": proposal["id"], "digest": proposal["digest"], "decision": "accept", "send": True}
        return (await self.speaker.command("optafly.approve", argument))["traceId"]

    async def end_of(self, trace_id: str) -> Json:
        """Wait for the event that ends a trace."""
        return await self.speaker.notified(
            "optafly/answer", lambda each: each["traceId"] == trace_id and each["kind"] in ENDED
        )

    async def ask(self, prompt: str) -> Json:
        """Refine, accept, send, and return the last event."""
        return await self.end_of(await self.accept(await self.propose(prompt)))

    def worker(self) -> int:
        """Return the pid of the models worker."""
        (child,) = psutil.Process(self.speaker.process.pid).children()
        return child.pid

    async def kill(self) -> None:
        """End the server as a crash would."""
        os.kill(self.speaker.process.pid, signal.SIGKILL)
        await self.speaker.ended()
        await self.speaker.close()


@pytest.fixture
async def window(home_with_model: Paths, tmp_path: Path, api: MessagesApi) -> AsyncIterator[Window]:
    opened = Window(home_with_model, tmp_path / "shop", api)
    await opened.open()
    yield opened
    await opened.speaker.close()


@pytest.mark.embedder
async def test_a_killed_worker_costs_nobody_an_answer_and_comes_back(window: Window, api: MessagesApi) -> None:
    first = await window.ask("Explain what this function does")
    assert first["answer"]["source"] == "provider"
    killed = window.worker()
    api.next(Behaviour(first_token_s=0.5))
    trace = await window.accept(await window.propose("Fix this bug"))
    os.kill(killed, signal.SIGKILL)
    assert (await window.end_of(trace))["kind"] == "done"
    async with asyncio.timeout(60):  # until it is back only the same text is found
        while not (again := await window.propose("Please explain what this function is doing"))["reuse"]:
            pass
    assert [offer["prompt"] for offer in again["reuse"]] == ["Explain what this function does"]
    assert window.worker() != killed


@pytest.mark.embedder
async def test_a_killed_server_loses_nothing_acknowledged_and_remembers_nothing_unfinished(
    window: Window, api: MessagesApi
) -> None:
    whole = await window.ask("Explain what this function does")
    worker = psutil.Process(window.worker())
    api.next(Behaviour(then="hang"))
    proposal = await window.propose("Fix this bug")
    trace = await window.accept(proposal)
    await window.speaker.notified("optafly/answer", lambda each: each["traceId"] == trace and each["kind"] == "delta")
    await window.kill()
    psutil.wait_procs([worker], timeout=10)
    assert not worker.is_running(), "the worker outlived its server"

    await window.open()
    served = await window.ask("Explain what this function does")
    assert (served["answer"]["source"], served["answer"]["text"]) == ("cache", whole["answer"]["text"])
    retried = await window.end_of(await window.accept(proposal))
    assert retried["answer"]["source"] == "provider"
    assert retried["answer"]["text"]


@pytest.mark.embedder
async def test_the_editor_is_told_quietly_when_the_model_does_not_load(
    home_with_model: Paths, tmp_path: Path, api: MessagesApi
) -> None:
    models = home_with_model.models.resolve()
    home_with_model.models.unlink()
    shutil.copytree(models, home_with_model.models)
    (tokenizer,) = home_with_model.models.rglob("tokenizer.json")
    tokenizer.write_text("{}", encoding="utf-8")
    opened = Window(home_with_model, tmp_path / "shop", api)
    await opened.open()
    status = await opened.speaker.notified("optafly/status", lambda each: each["state"] == "degraded")
    assert "only the same words are found again" in status["message"]
    assert "optafly models install" in status["message"]
    assert (await opened.ask("Explain what this function does"))["answer"]["source"] == "provider"
    assert (await opened.ask("Explain what this function does"))["answer"]["source"] == "cache"
    assert opened.speaker.all("window/showMessage") == []
    await opened.speaker.close()
