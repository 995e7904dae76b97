"""The same road through pytest-lsp's client, which checks that we keep to the specification."""

from __future__ import annotations

import ast
import asyncio
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from lsp.conftest import CODE
from optafly.demo.server import MessagesApi

COMMAND = [sys.executable, "-c", "import sys; from optafly.lsp.server import run; sys.exit(run())"]


@pytest.mark.parametrize("profile", ["visual-studio-code", "neovim"])
async def test_a_prompt_is_refined_and_answered_within_the_specification(
    profile: str, folder: Path, api: MessagesApi, asking: dict[str, str]
) -> None:
    config = ClientServerConfig(server_command=COMMAND, server_env={**os.environ, **asking})
    client = await config.start()
    assert isinstance(client, LanguageClient)
    done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def hear(params: Any) -> None:
        if params.kind != "delta":
            done.set_result(params)

    def nothing(params: Any) -> None:
        return None

    feature: Callable[[str], Callable[[Callable[[Any], None]], object]] = client.feature
    feature("optafly/answer")(hear)
    for method in ("optafly/status", "optafly/proposal", "client/registerCapability"):
        feature(method)(partial(nothing))
    folders = [types.WorkspaceFolder(uri=folder.as_uri(), name="work")]
    said = types.InitializeParams(capabilities=client_capabilities(profile), workspace_folders=folders)
    initialized = await client.initialize_session(said)
    uri = (folder / "calc.py").as_uri()
    item = types.TextDocumentItem(uri=uri, language_id="python", version=1, text=CODE)
    client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
    span = types.Range(start=types.Position(line=0, character=0), end=types.Position(line=1, character=16))
    argument = {"prompt": "fix this", "uri": uri, "selection": {"start": vars_of(span.start), "end": vars_of(span.end)}}
    refined = types.ExecuteCommandParams(command="optafly.refine", arguments=[argument])
    await client.workspace_execute_command_async(refined)

    params = types.CodeActionParams(
        text_document=types.TextDocumentIdentifier(uri=uri), range=span, context=types.CodeActionContext(diagnostics=[])
    )
    actions = await client.text_document_code_action_async(params)
    accept = next(each for each in actions or [] if "Accept & Send" in each.title)
    assert isinstance(accept, types.Command)  # lsprotocol 2025.0.0 takes an action with a command for a command
    command = ast.literal_eval(accept.command)
    run = types.ExecuteCommandParams(command=command["command"], arguments=command["arguments"])
    await client.workspace_execute_command_async(run)
    last = await asyncio.wait_for(done, 30)
    await client.shutdown_session()
    await client.stop()

    assert initialized.server_info is not None
    assert initialized.server_info.name == "optafly"
    assert last.kind == "done"
    assert last.answer.source == "provider"
    assert client.messages == []
    assert client.error is None
    assert len(api.requests) == 1


def vars_of(place: types.Position) -> dict[str, int]:
    return {"line": place.line, "character": place.character}
