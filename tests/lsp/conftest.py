"""Servers for one test each, an API for them to ask, and the editors that drive them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lsprotocol.converters import get_converter
from pytest_lsp import client_capabilities

from lsp.speaker import PATIENT, SERVER, Editor, Speaker
from optafly.demo.server import SIMULATED_KEY, MessagesApi

Start = Callable[..., Awaitable[Speaker]]

# What Zed says of itself in `initialize` (crates/lsp/src/lsp.rs at 1.6, what matters here): no showDocument.
ZED: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {
        "applyEdit": True,
        "configuration": True,
        "workspaceFolders": True,
        "didChangeConfiguration": {"dynamicRegistration": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True, "relativePatternSupport": True},
        "workspaceEdit": {"resourceOperations": ["create", "rename", "delete"], "documentChanges": True},
    },
    "textDocument": {
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["refactor", "quickfix", "source"]}},
            "dataSupport": True,
            "resolveSupport": {"properties": ["kind", "diagnostics", "isPreferred", "disabled", "edit", "command"]},
        },
        "synchronization": {"didSave": True},
    },
    "window": {"workDoneProgress": True, "showMessage": {}},
    "experimental": {"serverStatusNotification": True, "localDocs": True},
}

CODE = "def add(a, b):\n    return a - b\n\n\ndef twice(n):\n    return add(n, n)\n"


def capabilities(profile: str) -> dict[str, Any]:
    """Return a client's capabilities as JSON."""
    return ZED if profile == "zed" else get_converter().unstructure(client_capabilities(profile))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with one file, which has a bug."""
    folder = tmp_path / "work space"
    folder.mkdir()
    (folder / "calc.py").write_text(CODE, encoding="utf-8")
    return folder


@pytest.fixture
def api() -> Iterator[MessagesApi]:
    """The simulated Messages API."""
    with MessagesApi() as api:
        yield api


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Start servers that end with the test, without an index unless a test wants one.

    Which code of other files goes along would depend on how quick this machine is.
    """
    speakers: list[Speaker] = []

    async def start(**environment: str) -> Speaker:
        environment = {"OPTAFLY_CONTEXT_WORKSPACE": "false", **environment}
        command = SERVER if environment["OPTAFLY_CONTEXT_WORKSPACE"] == "false" else PATIENT
        speakers.append(await Speaker.start(environment, command))
        return speakers[-1]

    yield start
    for speaker in speakers:
        await speaker.close()


@pytest.fixture
def with_index(start: Start) -> Start:
    """Start servers that index the workspace."""

    async def with_index(**environment: str) -> Speaker:
        return await start(**{"OPTAFLY_CONTEXT_WORKSPACE": "true", **environment})

    return with_index


@pytest.fixture
def asking(api: MessagesApi) -> dict[str, str]:
    """The environment of a server that may ask the simulated API."""
    return {"ANTHROPIC_API_KEY": SIMULATED_KEY, "OPTAFLY_CLAUDE_BASE_URL": api.url}


async def open_editor(speaker: Speaker, folder: Path, profile: str = "neovim", **params: Any) -> Editor:
    """Shake hands as a known editor would, with the workspace's file open."""
    editor = Editor(speaker, folder)
    if profile == "visual-studio-code":
        params["initializationOptions"] = {"client": "vscode"}
    said = capabilities(profile)
    editor.can_show = bool(said.get("window", {}).get("showDocument", {}).get("support"))
    result = await speaker.initialize(said, workspaceFolders=[{"uri": folder.as_uri(), "name": "work"}], **params)
    editor.encoding = result["capabilities"]["positionEncoding"]
    await editor.open(editor.uri("calc.py"), CODE)
    return editor
