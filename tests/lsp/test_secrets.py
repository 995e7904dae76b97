"""A canary key and planted secrets are in no log, no cache row, no notification and no request."""

from __future__ import annotations

import json
from pathlib import Path

from lsp.conftest import Start, open_editor
from optafly.demo.behaviour import Behaviour
from optafly.demo.server import MessagesApi
from optafly.paths import Paths

CANARY = "sk-ant-api03-" + "CANARYcanary0123456789" * 4 + "-AA"
PLANTED = {
    "aws": "AKIA" + "QWERTYUIOPASDFGH",
    "github": "ghp_" + "a1B2c3D4e5F6g7H8i9J0" * 2,
    "slack": "xoxb-" + "123456789012-123456789012-abcdefABCDEF123456789012",
    "password": "hunter2-" + "correct-horse-battery",
}


async def test_no_secret_is_ever_written_or_sent(
    start: Start, folder: Path, home: Paths, api: MessagesApi, asking: dict[str, str]
) -> None:
    lines = [f'{name.upper()}_PASSWORD = "{secret}"' for name, secret in PLANTED.items()]
    code = "\n".join([*lines, "def login():", "    return connect(PASSWORD_PASSWORD)", ""])
    editor = await open_editor(await start(**{**asking, "ANTHROPIC_API_KEY": ""}), folder)
    speaker = editor.speaker
    await editor.type(editor.uri("calc.py"), code)
    await speaker.request("optafly/credential", {"keyName": "ANTHROPIC_API_KEY", "value": CANARY})
    end = {"line": len(lines) + 1, "character": 5}
    selection = {"start": {"line": 0, "character": 0}, "end": end}

    for words in ("fix this", f"why is {PLANTED['github']} refused here"):
        proposal = await editor.refine(words, selection=selection, review=True)
        await editor.outcome((await editor.accept(proposal))["traceId"])
    api.always(Behaviour())
    await speaker.begin("optafly/credential", {"keyName": CANARY, "value": 7})
    await speaker.raw(b"Content-Length: 9\r\n\r\n" + CANARY.encode())
    await speaker.begin("workspace/executeCommand", {"command": CANARY, "arguments": [PLANTED["aws"]]})
    await speaker.shut_down()

    kept = {path: path.read_bytes() for folder in (home.data, home.log) for path in folder.rglob("*") if path.is_file()}
    heard = json.dumps(speaker.heard).encode()
    sent = b"".join(each.body for each in api.requests)
    assert home.log / "server.log" in kept
    for secret in (CANARY, *PLANTED.values()):
        assert [path for path, content in kept.items() if secret.encode() in content] == []
        assert secret.encode() not in sent + heard + speaker.stderr


async def test_the_log_holds_no_prompt_and_no_answer(
    start: Start, folder: Path, home: Paths, api: MessagesApi, asking: dict[str, str]
) -> None:
    editor = await open_editor(await start(**asking, OPTAFLY_LOG_LEVEL="debug"), folder)
    api.always(Behaviour(text="a very particular answer"))

    approved = await editor.accept(await editor.refine("fix this most peculiar thing"))
    await editor.outcome(approved["traceId"])
    await editor.actions(editor.uri("calc.py"))
    await editor.speaker.notify("textDocument/didOpen", {"textDocument": {"text": "most peculiar"}})
    await editor.speaker.shut_down()

    log = (home.log / "server.log").read_text(encoding="utf-8")
    assert approved["traceId"] in log
    for words in ("peculiar", "particular", "return a - b"):
        assert words not in log
