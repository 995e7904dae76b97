"""An LSP client as small as it can be: sends what it is told, valid or not, and remembers all it hears."""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote, urlsplit

Json = Any  # JSON of any shape: tests look into it

SERVER = (sys.executable, "-c", "import sys; from optafly.lsp.server import run; sys.exit(run())")
PATIENT = (
    sys.executable,
    "-c",
    "import sys\n"
    "from optafly.lsp import completion\n"
    "from optafly.lsp.server import run\n"
    "from optafly.pipeline import workspace\n"
    "completion.LATE_S = workspace.NAMED_S = workspace.Workspace.__init__.__kwdefaults__['gather_s'] = 20.0\n"
    "sys.exit(run())\n",
)
"""A server that waits for the index as long as a slow machine takes, where a person would get an answer without it."""
TIMEOUT_S = 60.0


class Refused(Exception):
    """The server answered a request with an error."""

    def __init__(self, error: dict[str, Json]) -> None:
        super().__init__(f"{error['code']}: {error['message']}")
        self.code: int = error["code"]
        self.message: str = error["message"]
        self.data: Json = error.get("data")


def frame(message: Json) -> bytes:
    """Return a message as it goes over the wire."""
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


class Speaker:
    """A running server and the client's end of its wire."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.heard: list[Json] = []  # every message, in order
        self.answers: dict[str, Callable[[Json], Json]] = {}  # to what the server asks, by method
        self.stderr = b""
        self._id = 0
        self._news = asyncio.Condition()
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._drain_stderr())]

    @classmethod
    async def start(cls, environment: Mapping[str, str] | None = None, command: tuple[str, ...] = SERVER) -> Self:
        """Start a server."""
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, **(environment or {})},
            limit=64 * 1024 * 1024,
        )
        return cls(process)

    # --- talking ---

    async def raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        await self.process.stdin.drain()

    async def notify(self, method: str, params: Json) -> None:
        """Send a notification."""
        await self.raw(frame({"jsonrpc": "2.0", "method": method, "params": params}))

    async def begin(self, method: str, params: Json = None) -> int:
        """Send a request and return its id."""
        self._id += 1
        await self.raw(frame({"jsonrpc": "2.0", "id": self._id, "method": method, "params": params}))
        return self._id

    async def request(self, method: str, params: Json = None) -> Json:
        """Send a request and return its result. Raises Refused."""
        return await self.answer_to(await self.begin(method, params))

    async def answer_to(self, identity: int) -> Json:
        """Wait for the response to a request."""
        message = await self.until(lambda each: each.get("id") == identity and "method" not in each)
        if "error" in message:
            raise Refused(message["error"])
        return message["result"]

    async def command(self, name: str, argument: Json) -> Json:
        """Run a command of ours."""
        return await self.request("workspace/executeCommand", {"command": name, "arguments": [argument]})

    # --- hearing ---

    async def until(self, wanted: Callable[[Json], bool]) -> Json:
        """Return the first message, already heard or to come, that is wanted."""
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: any(map(wanted, self.heard))), TIMEOUT_S)
        return next(filter(wanted, self.heard))

    async def notified(self, method: str, wanted: Callable[[Json], bool] = lambda _: True) -> Json:
        """Return the params of the first notification of a method that is wanted."""
        return (await self.until(lambda each: each.get("method") == method and wanted(each["params"])))["params"]

    def all(self, method: str) -> list[Json]:
        """Return the params of everything heard of a method so far."""
        return [each["params"] for each in self.heard if each.get("method") == method]

    async def _listen(self) -> None:
        assert self.process.stdout is not None
        try:
            while True:
                header = await self.process.stdout.readuntil(b"\r\n\r\n")
                message = json.loads(await self.process.stdout.readexactly(int(header.split(b":")[1])))
                async with self._news:
                    self.heard.append(message)
                    self._news.notify_all()
                if "method" in message and "id" in message:
                    self._tasks.append(asyncio.create_task(self._reply(message)))
        except (asyncio.IncompleteReadError, ConnectionError):
            return

    async def _reply(self, message: Json) -> None:
        answer = self.answers.get(message["method"])
        reply: dict[str, Json] = {"jsonrpc": "2.0", "id": message["id"]}
        if answer is None:
            reply["error"] = {"code": -32601, "message": "no such method"}
        else:
            result = answer(message["params"])
            reply["result"] = await result if inspect.isawaitable(result) else result
        await self.raw(frame(reply))
        async with self._news:
            self._news.notify_all()

    async def _drain_stderr(self) -> None:
        assert self.process.stderr is not None
        while data := await self.process.stderr.read(65536):
            self.stderr += data

    # --- its life ---

    async def initialize(self, capabilities: Json = None, **params: Json) -> Json:
        """Shake hands."""
        said: Json = {"processId": os.getpid(), "rootUri": None, "capabilities": capabilities or {}}
        result = await self.request("initialize", {**said, **params})
        await self.notify("initialized", {})
        return result

    async def ended(self) -> int:
        """Wait for the server's end and return its exit code."""
        return await asyncio.wait_for(self.process.wait(), TIMEOUT_S)

    async def shut_down(self) -> int:
        """End the server as the specification asks, and return its exit code."""
        await self.request("shutdown")
        await self.notify("exit", None)
        return await self.ended()

    async def close(self) -> None:
        """Leave nothing behind."""
        if self.process.returncode is None:
            os.kill(self.process.pid, signal.SIGKILL)
            await self.process.wait()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


class Editor:
    """What an editor does on top of the wire: documents it holds, edits it applies, code actions it runs."""

    def __init__(self, speaker: Speaker, folder: Path) -> None:
        self.speaker = speaker
        self.folder = folder
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.shown: list[str] = []
        self.edits = 0
        self.settings: dict[str, Json] = {}
        self.can_show = False
        self.encoding = "utf-16"
        speaker.answers["window/workDoneProgress/create"] = lambda _: None
        speaker.answers["client/registerCapability"] = lambda _: None
        speaker.answers["workspace/configuration"] = lambda params: [self.settings for _ in params["items"]]
        speaker.answers["window/showDocument"] = self._show
        speaker.answers["workspace/applyEdit"] = self._apply

    def uri(self, name: str) -> str:
        """Return the URI of a file in the workspace."""
        return (self.folder / name).as_uri()

    async def open(self, uri: str, text: str, language: str = "python") -> None:
        """Open a document with the server."""
        self.texts[uri], self.versions[uri] = text, 1
        document = {"uri": uri, "languageId": language, "version": 1, "text": text}
        await self.speaker.notify("textDocument/didOpen", {"textDocument": document})

    async def open_file(self, uri: str) -> str:
        """Open a document from disk, and return its text."""
        text = path_of(uri).read_text(encoding="utf-8")
        await self.open(uri, text, "markdown")
        return text

    async def type(self, uri: str, text: str) -> None:
        """Replace a document's whole text, as a person typing would."""
        self.texts[uri] = text
        self.versions[uri] += 1
        identifier = {"uri": uri, "version": self.versions[uri]}
        changes = [{"text": text}]
        await self.speaker.notify("textDocument/didChange", {"textDocument": identifier, "contentChanges": changes})

    async def actions(self, uri: str, line: int = 0, end_line: int | None = None, **context: Json) -> dict[str, Json]:
        """Return the code actions at some lines, by title."""
        end = {"line": line, "character": 0} if end_line is None else {"line": end_line, "character": 1}
        span = {"start": {"line": line, "character": 0}, "end": end}
        params: Json = {"textDocument": {"uri": uri}, "range": span, "context": {"diagnostics": [], **context}}
        found = await self.speaker.request("textDocument/codeAction", params)
        return {each["title"].removeprefix("OptaFly: "): each for each in found}

    async def run(self, action: Json) -> Json:
        """Run a code action's command."""
        command = action["command"]
        params = {"command": command["command"], "arguments": command["arguments"]}
        return await self.speaker.request("workspace/executeCommand", params)

    async def refine(self, prompt: str = "fix this", **more: Json) -> Json:
        """Refine a prompt about the first function of the workspace's file."""
        selection = {"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 16}}
        argument = {"prompt": prompt, "uri": self.uri("calc.py"), "selection": selection, **more}
        return (await self.speaker.command("optafly.refine", argument))["proposal"]

    async def accept(self, proposal: Json, **more: Json) -> Json:
        """Accept a proposal as it is and send it."""
        argument = {"proposalId": proposal["id"], "digest": proposal["digest"], "decision": "accept", "send": True}
        return await self.speaker.command("optafly.approve", {**argument, **more})

    async def outcome(self, trace_id: str) -> Json:
        """Wait for the event that ends a trace."""
        return await self.speaker.notified(
            "optafly/answer", lambda each: each["traceId"] == trace_id and each["kind"] != "delta"
        )

    async def text_with(self, uri: str, wanted: str) -> str:
        """Wait until a document in the editor holds some words."""
        await self.speaker.until(lambda _: wanted in self.texts.get(uri, ""))
        return self.texts[uri]

    async def _show(self, params: Json) -> Json:
        self.shown.append(params["uri"])
        if params["uri"] not in self.texts:
            await self.open_file(params["uri"])
        return {"success": self.can_show}

    async def _apply(self, params: Json) -> Json:
        changes: list[Json] = params["edit"].get("documentChanges") or [
            {"textDocument": {"uri": uri}, "edits": edits} for uri, edits in params["edit"]["changes"].items()
        ]
        for change in changes:
            if change.get("kind") == "create":
                assert path_of(change["uri"]).is_file()
                continue
            uri = change["textDocument"]["uri"]
            if change["textDocument"].get("version") not in (None, self.versions[uri]):
                return {"applied": False}
            self.edits += 1
            text = self.texts[uri]
            for edit in change["edits"]:
                start, end = (offset(text, edit["range"][side], self.encoding) for side in ("start", "end"))
                text = text[:start] + edit["newText"] + text[end:]
            await self.type(uri, text)
        return {"applied": True}


def path_of(uri: str) -> Path:
    """Return the file that a URI names."""
    return Path(unquote(urlsplit(uri).path))


def offset(text: str, place: Json, encoding: str) -> int:
    """Return the index of an LSP place, as an editor would work it out."""
    lines = [*text.split("\n"), ""]
    codec, width = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}[encoding]
    number: int = place["line"]
    before = lines[number].encode(codec)[: place["character"] * width]
    return sum(len(each) + 1 for each in lines[:number]) + len(before.decode(codec))
