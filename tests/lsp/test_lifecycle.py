"""The server's life as the specification has it, from the first request to the exit code."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pygls.lsp.server import LanguageServer

from lsp.conftest import Start, capabilities
from lsp.speaker import SERVER, TIMEOUT_S, Json, Refused, Speaker, frame
from optafly.lsp.greeting import capabilities as greeted
from optafly.paths import Paths

HEAVY = {
    "anthropic",
    "httpx2",
    "onnxruntime",
    "onnx",
    "usearch",
    "torch",
    "numpy",
    "tokenizers",
    "tree_sitter",
    "keyring",
}


async def test_requests_before_initialize_are_refused_and_notifications_dropped(start: Start) -> None:
    speaker = await start()

    await speaker.notify("textDocument/didOpen", {"nonsense": True})
    with pytest.raises(Refused) as refused:
        await speaker.request("textDocument/codeAction", {})

    assert refused.value.code == -32002
    assert len(speaker.heard) == 1
    await speaker.initialize()
    assert await speaker.shut_down() == 0


async def test_initialize_can_be_asked_again_after_bad_params_but_not_after_good_ones(start: Start) -> None:
    speaker = await start()

    with pytest.raises(Refused) as bad:
        await speaker.request("initialize", {"capabilities": 7})
    await speaker.initialize()
    with pytest.raises(Refused) as again:
        await speaker.request("initialize", {"capabilities": {}})

    assert (bad.value.code, again.value.code) == (-32602, -32600)


@pytest.mark.parametrize(
    ("capabilities", "params"),
    [
        ({"window": 3, "general": {"positionEncodings": "utf-8"}, "workspace": []}, {}),
        ({"experimental": 7}, {"initializationOptions": "x", "workspaceFolders": 9}),
        ({}, {"rootUri": "no uri at all", "rootPath": 3}),
        ({}, {"rootUri": "file:///%zz%00", "workspaceFolders": [{"uri": "::", "name": ""}]}),
        ({}, {"rootUri": "", "workspaceFolders": [{"uri": "untitled:x", "name": "x"}], "processId": -5}),
    ],
)
async def test_an_editor_that_makes_no_sense_is_served_all_the_same(
    start: Start, capabilities: Json, params: Json
) -> None:
    speaker = await start()

    await speaker.initialize(capabilities, **params)

    assert (await speaker.command("optafly.stats", {}))["stats"]["answers"] == 0


async def test_after_shutdown_everything_but_exit_is_refused(start: Start) -> None:
    speaker = await start()
    await speaker.initialize()
    await speaker.request("shutdown")

    with pytest.raises(Refused) as refused:
        await speaker.command("optafly.stats", {})
    await speaker.notify("exit", None)

    assert refused.value.code == -32600
    assert await speaker.ended() == 0


@pytest.mark.parametrize("initialized", [True, False])
async def test_exit_without_shutdown_is_a_failure(start: Start, initialized: bool) -> None:
    speaker = await start()
    if initialized:
        await speaker.initialize()

    await speaker.notify("exit", None)

    assert await speaker.ended() == 1


@pytest.mark.parametrize("initialized", [True, False])
async def test_the_end_of_stdin_ends_the_server(start: Start, initialized: bool) -> None:
    speaker = await start()
    if initialized:
        await speaker.initialize()

    assert speaker.process.stdin is not None
    speaker.process.stdin.close()

    assert await speaker.ended() == 1


async def test_the_death_of_the_editor_ends_the_server_even_if_stdin_stays_open(start: Start) -> None:
    speaker = await start()
    editor = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=subprocess.PIPE)
    await speaker.request("initialize", {"processId": editor.pid, "capabilities": {}})

    editor.kill()
    await editor.wait()

    assert await speaker.ended() == 1


async def test_the_death_of_the_parent_ends_the_server_even_if_nobody_has_buried_it() -> None:
    script = "import os, subprocess, sys, time\nchild = subprocess.Popen(sys.argv[1:], stdin=0)\ntime.sleep(600)\n"
    ours, theirs = os.pipe()
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, *SERVER, stdin=ours, stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    params: Json = {"processId": parent.pid, "capabilities": {}}
    os.write(theirs, frame({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}))
    await asyncio.wait_for(parent.stdout.readuntil(b"serverInfo"), TIMEOUT_S)

    os.kill(parent.pid, signal.SIGKILL)
    rest = await asyncio.wait_for(parent.stdout.read(), TIMEOUT_S)  # ends when the server, which holds it, has ended

    assert b"Content-Length" not in rest
    await parent.wait()
    os.close(ours)
    os.close(theirs)


async def test_an_editor_that_stops_reading_ends_the_server(start: Start) -> None:
    speaker = await start()
    await speaker.initialize()

    speaker.process._transport.get_pipe_transport(1).close()  # pyright: ignore  # asyncio has no other way
    for _ in range(50):
        try:
            await speaker.begin("optafly/nothing", {})
        except ConnectionError:
            break

    assert await speaker.ended() == 1


async def test_a_server_that_cannot_read_on_ends_instead_of_staying_deaf(start: Start, home: Paths) -> None:
    broken = (
        "import sys\n"
        "from optafly.lsp.rpc import Protocol\n"
        "def receive(self, value):\n"
        "    raise RuntimeError('on purpose')\n"
        "Protocol.receive = receive\n"
        "from optafly.lsp.server import run\n"
        "sys.exit(run())\n"
    )
    speaker = await Speaker.start({}, (sys.executable, "-c", broken))
    await speaker.initialize()

    assert await speaker.ended() == 1
    await speaker.close()
    assert "could not read on" in (home.log / "server.log").read_text(encoding="utf-8")


async def test_the_greeting_says_what_pygls_would_have_said(start: Start) -> None:
    from lsprotocol import types
    from pygls.capabilities import ServerCapabilitiesBuilder

    from optafly.lsp.completion import TRIGGERS
    from optafly.lsp.greeting import COMMANDS

    bare = LanguageServer("x", "1")
    options = types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, types.CodeActionKind.Refactor])
    options.resolve_provider = False
    features: Json = bare.protocol.fm
    builtin: list[str] = list(features.builtin_features)
    completes = types.CompletionOptions(trigger_characters=TRIGGERS, resolve_provider=False)
    built = ServerCapabilitiesBuilder(
        types.ClientCapabilities(),
        {*builtin, types.TEXT_DOCUMENT_CODE_ACTION, types.TEXT_DOCUMENT_COMPLETION},
        {types.TEXT_DOCUMENT_CODE_ACTION: options, types.TEXT_DOCUMENT_COMPLETION: completes},
        list(COMMANDS),
        types.TextDocumentSyncKind.Incremental,
    ).build()

    assert greeted("utf-16") == bare.protocol._converter.unstructure(built)  # pyright: ignore[reportPrivateUsage]


async def test_initialize_is_answered_before_anything_heavy_is_imported(start: Start) -> None:
    probe = (
        "import sys, json, builtins\n"
        "from optafly.lsp import conversation\n"
        "send = conversation.Conversation.send\n"
        "def tell(self, message):\n"
        "    print(json.dumps(sorted(sys.modules)), file=sys.stderr, flush=True)\n"
        "    send(self, message)\n"
        "conversation.Conversation.send = tell\n"
        "from optafly.lsp.server import run\n"
        "sys.exit(run())\n"
    )
    speaker = await Speaker.start({}, (sys.executable, "-c", probe))
    await speaker.request("initialize", {"processId": None, "capabilities": capabilities("neovim")})
    assert speaker.process.stdin is not None
    speaker.process.stdin.close()
    await speaker.ended()
    await speaker.close()

    loaded = {name.split(".")[0] for name in json.loads(speaker.stderr.splitlines()[0])}

    assert "msgspec" in loaded
    assert loaded & (HEAVY | {"pygls", "lsprotocol"}) == set()


async def test_an_idle_server_has_imported_nothing_heavy_either(start: Start) -> None:
    probe = (
        "import sys, json, atexit\n"
        "atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr, flush=True))\n"
        "from optafly.lsp.server import run\n"
        "sys.exit(run())\n"
    )
    speaker = await Speaker.start({}, (sys.executable, "-c", probe))
    await speaker.initialize()
    await speaker.command("optafly.stats", {})
    await speaker.shut_down()
    await speaker.close()

    loaded = {name.split(".")[0] for name in json.loads(speaker.stderr.splitlines()[-1])}

    assert "pygls" in loaded
    assert loaded & HEAVY == set()


async def test_prints_even_native_ones_never_reach_the_wire(start: Start) -> None:
    noisy = (
        "import os, sys\n"
        "from optafly.lsp import stdio\n"
        "import optafly.lsp.server as server\n"
        "claim = server.claim\n"
        "def noise():\n"
        "    wire = claim()\n"
        "    print('printed')\n"
        "    sys.stdout.flush()\n"
        "    os.system('echo from a child; cat')\n"
        "    return wire\n"
        "server.claim = noise\n"
        "sys.exit(server.run())\n"
    )
    speaker = await Speaker.start({}, (sys.executable, "-c", noisy))
    await speaker.initialize()

    assert await speaker.shut_down() == 0
    await speaker.close()
    assert speaker.stderr.startswith(b"printed\nfrom a child\n")


async def test_the_log_is_private_and_says_how_it_ended(start: Start, home: Paths) -> None:
    speaker = await start()
    await speaker.initialize()
    await speaker.shut_down()

    log = home.log / "server.log"

    assert log.stat().st_mode & 0o777 == 0o600
    assert Path(log.parent).stat().st_mode & 0o777 == 0o700
    assert "ended with 0" in log.read_text(encoding="utf-8")
