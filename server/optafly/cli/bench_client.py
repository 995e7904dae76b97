"""A minimal JSON-RPC client over a child's pipes: blocking, so that it adds next to nothing to what it times."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self, cast

import msgspec

TIMEOUT_S = 60.0
Message = dict[str, Any]  # Any: JSON of any shape, read by its reader


class Client:
    """Starts a language server and speaks to it. Requests of the server are answered with null."""

    def __init__(self, command: list[str], environment: Mapping[str, str], folder: Path) -> None:
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=folder,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._in = self.process.stdin.fileno()
        self._out = self.process.stdout.fileno()
        self._received = b""
        self._notifications: deque[Message] = deque()
        self._last_id = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError, RuntimeError, TimeoutError):
            self.request("shutdown", None)
            self.notify("exit", None)
            self.process.wait(timeout=5)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()

    def initialize(self, folder: Path) -> float:
        """Shake hands and return the milliseconds from the start of the process to the server's answer."""
        workspace = [{"uri": folder.as_uri(), "name": folder.name}]
        self.request("initialize", {"processId": os.getpid(), "capabilities": {}, "workspaceFolders": workspace})
        took = (time.perf_counter() - self.started) * 1000
        self.notify("initialized", {})
        return took

    def request(self, method: str, params: object) -> Any:  # Any: the result is JSON of any shape
        """Return the result of a request. Raises RuntimeError with the server's own words for an error."""
        self._last_id += 1
        self._write({"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": params})
        answer = self._until(lambda message: message.get("id") == self._last_id and "method" not in message)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error'].get('message')}")
        return answer.get("result")

    def command(self, command: str, argument: object) -> Any:  # Any: as in `request`
        """Run one of the server's commands and return its result."""
        return self.request("workspace/executeCommand", {"command": command, "arguments": [argument]})

    def notify(self, method: str, params: object) -> None:
        """Send a notification."""
        self._write({"jsonrpc": "2.0", "method": method, "params": params})

    def wait_for(self, method: str, wanted: Callable[[Message], bool]) -> Message:
        """Return the params of the next notification that is `wanted`; others of that method before it are dropped."""
        while self._notifications:
            message = self._notifications.popleft()
            if message["method"] == method and wanted(message["params"]):
                return cast(Message, message["params"])
        found = self._until(lambda each: each.get("method") == method and wanted(each["params"]))
        self._notifications.clear()
        return cast(Message, found["params"])

    def _until(self, wanted: Callable[[Message], bool]) -> Message:
        while True:
            message = self._read()
            if wanted(message):
                return message
            if "method" not in message:
                continue
            if "id" in message:
                self._write({"jsonrpc": "2.0", "id": message["id"], "result": None})
            else:
                self._notifications.append(message)

    def _write(self, message: Message) -> None:
        body = msgspec.json.encode(message)
        frame = memoryview(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        while frame:
            frame = frame[os.write(self._in, frame) :]

    def _read(self) -> Message:
        while b"\r\n\r\n" not in self._received:
            self._receive()
        headers, _, self._received = self._received.partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b":", 1) for line in headers.split(b"\r\n"))
        length = int(fields[b"content-length"])
        while len(self._received) < length:
            self._receive()
        body, self._received = self._received[:length], self._received[length:]
        return msgspec.json.decode(body, type=Message)

    def _receive(self) -> None:
        if not select.select([self._out], [], [], TIMEOUT_S)[0]:
            raise TimeoutError(f"The server said nothing for {TIMEOUT_S:.0f} s")
        data = os.read(self._out, 1 << 16)
        if not data:
            raise RuntimeError("The server ended")
        self._received += data
