"""Secrets never leave in a request, a cache row or a log, and a person is shown what was masked."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from fakes.planted import KEYS, TOKENS, WRITTEN
from fakes.road import Workspace, decide_and_send, road
from optafly.demo.server import MessagesApi
from optafly.domain import Diagnostic, Position, Range, Snapshot
from optafly.errors import StaleProposal
from optafly.paths import Paths

CANARY = "sk-" + "ant-api03-" + "Canary0123456789" * 6
LINES = [
    *(f"#: {token}" for token in TOKENS.values()),
    *("# " + text.format(secret) for text, secret in WRITTEN if "\n" not in text),
]
PLANTED = [*TOKENS.values(), *(secret for text, secret in WRITTEN if "\n" not in text)]


@pytest.fixture
def api() -> Iterator[MessagesApi]:
    with MessagesApi(key=CANARY) as running:
        yield running


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "shop")
    body = "\n".join(f"    {line}" for line in LINES)
    made.file.write_text(f"def login():\n{body}\n    return 1\n", encoding="utf-8")
    return made


def _whole_file(made: Workspace, prompt: str) -> Snapshot:
    snapshot = made.snapshot(prompt, line=0)
    end = Position(line=len(LINES) + 1, character=12)
    message = f"refused: {TOKENS['github classic']}"
    where = Range(start=Position(line=0, character=0), end=Position(line=0, character=3))
    return msgspec.structs.replace(
        snapshot,
        selection=Range(start=Position(line=0, character=0), end=end),
        diagnostics=(Diagnostic(path="prices.py", range=where, severity="error", message=message),),
    )


async def test_planted_secrets_and_the_key_leave_no_trace(
    home: Paths, api: MessagesApi, workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    assert len(PLANTED) >= 50
    with caplog.at_level(logging.DEBUG):
        async with road(home, api, {"context": {"maxTokens": 50_000}}, key=CANARY) as pipeline:
            proposal = await pipeline.propose(_whole_file(workspace, f"Fix this bug, {TOKENS['slack bot']} is refused"))
            events = await decide_and_send(pipeline, workspace, proposal)
            assert events[-1].kind == "done"
            edited = await pipeline.propose(_whole_file(workspace, "Explain this"))
            edited = await pipeline.revise(edited.id, edited=f"{edited.refined}\nThe key is {TOKENS['stripe']}.")
            events += await decide_and_send(pipeline, workspace, edited)
            assert events[-1].kind == "done"
    assert "return 1" in proposal.refined
    assert {each.where for each in proposal.masked} >= {"prompt", "prices.py"}
    assert len(proposal.masked) >= 40
    files = [path for folder in (home.data, home.log) for path in folder.rglob("*") if path.is_file()]
    seen = b"\0".join(
        [*(request.body for request in api.requests), *(path.read_bytes() for path in files), caplog.text.encode()]
        + [msgspec.json.encode(each) for each in (proposal, edited, *events)]
    )
    assert len(api.requests) == 2
    assert [secret for secret in {*PLANTED, CANARY} if secret.encode() in seen] == []


async def test_an_answer_to_a_prompt_with_a_masked_secret_is_not_remembered(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api, key=CANARY) as pipeline:
        proposal = await pipeline.propose(_whole_file(workspace, "Explain this"))
        assert (await decide_and_send(pipeline, workspace, proposal))[-1].kind == "done"
        assert await pipeline.cache.count() == 0


async def test_lines_from_the_middle_of_a_private_key_are_masked(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    key = KEYS["rsa"].splitlines()
    workspace.file.write_text("\n".join(["def a():", "    return 1", *key, ""]), encoding="utf-8")
    async with road(home, api, {"context": {"linesAround": 2}}) as pipeline:
        proposal = await pipeline.propose(workspace.snapshot("Explain this", line=12, selected=False))
        assert [line for line in key[1:-1] if line in proposal.refined] == []


async def test_an_edit_of_a_masked_line_still_asks_again(home: Paths, api: MessagesApi, workspace: Workspace) -> None:
    async with road(home, api, key=CANARY) as pipeline:
        proposal = await pipeline.propose(_whole_file(workspace, "Explain this"))
        workspace.file.write_text(workspace.file.read_text().replace(TOKENS["stripe"], TOKENS["npm"]))
        with pytest.raises(StaleProposal, match="has changed"):
            await pipeline.approve(proposal.id, proposal.digest, "accept", read=workspace.read)


async def test_a_file_of_secrets_is_never_read_into_a_prompt(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    workspace.file = workspace.folder / ".env"
    workspace.file.write_text("NAME=value\nOTHER=value\n", encoding="utf-8")
    snapshot = workspace.snapshot("Explain this", line=0)
    assert snapshot.active is not None
    active = msgspec.structs.replace(snapshot.active, path=".env", language="dotenv")
    async with road(home, api) as pipeline:
        proposal = await pipeline.propose(msgspec.structs.replace(snapshot, active=active))
        assert proposal.pieces == ()
        assert "NAME=value" not in proposal.refined
        assert any("`.env` is never read" in note for note in proposal.notes)
