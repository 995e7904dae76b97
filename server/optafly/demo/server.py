"""A simulated Messages API: a real HTTP server on this machine that speaks it, streaming included.

No model answers. Tests script how it behaves; `python -m optafly.demo.server` serves other programs, which script it
over `POST /_simulate` and read what arrived at `GET /_simulate/requests`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import secrets
import threading
import time
from collections import deque
from collections.abc import Mapping
from typing import Self

from optafly.config import DEFAULT_PRICES, Price
from optafly.demo import control
from optafly.demo.behaviour import LIFELIKE, Behaviour, Pace
from optafly.demo.recorded import Recorded
from optafly.demo.requests import ApiError
from optafly.demo.simulation import Answers, Simulation, scripted_error
from optafly.demo.stream import Reply, stream
from optafly.demo.wire import Connection, Malformed, Request

SIMULATED_KEY = "sk-ant-simulated"
MAX_BODY_BYTES = 32 * 1024 * 1024
START_TIMEOUT_S = 10.0


class MessagesApi:
    """The server, in a thread of its own; a context manager.

    `key` is the one it accepts (None: any). `answers` may give the answer to a prompt. `pace` is how fast answers come.
    """

    def __init__(
        self,
        *,
        key: str | None = SIMULATED_KEY,
        models: Mapping[str, Price] = DEFAULT_PRICES,
        answers: Answers | None = None,
        pace: Pace = Pace(),  # noqa: B008 - frozen
        context_tokens: int = 200_000,
        max_body_bytes: int = MAX_BODY_BYTES,
        port: int = 0,
    ) -> None:
        self._simulation = Simulation(
            key=key, models=models, answers=answers, context_tokens=context_tokens, now=self._now
        )
        self._pace = pace
        self._max_body_bytes = max_body_bytes
        self._port = port
        self._ahead_s = 0.0
        self._script: deque[Behaviour] = deque()
        self._otherwise = Behaviour()
        self._arrived = threading.Condition()
        self._requests: list[Recorded] = []
        self._started = threading.Event()
        self._failed: BaseException | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None

    # --- what a test says -------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The base URL, without a slash at its end."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def requests(self) -> tuple[Recorded, ...]:
        """Every request so far, oldest first; those that script the simulation are not among them."""
        with self._arrived:
            return tuple(self._requests)

    def next(self, *behaviours: Behaviour) -> None:
        """Script the next requests, one behaviour each; after that it behaves as `always` said."""
        with self._arrived:
            self._script.extend(behaviours)

    def always(self, behaviour: Behaviour) -> None:
        """Behave like this whenever nothing else is scripted."""
        with self._arrived:
            self._otherwise = behaviour

    def reset(self) -> None:
        """Forget the script and what was recorded; the prompt cache stays."""
        with self._arrived:
            self._script.clear()
            self._otherwise = Behaviour()
            self._requests.clear()

    def advance(self, seconds: float) -> None:
        """Let the prompt cache's clock run ahead."""
        self._ahead_s += seconds

    def wait_for(self, count: int, timeout_s: float = 10.0) -> tuple[Recorded, ...]:
        """Wait until `count` requests have arrived and return all; raises TimeoutError."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self._requests) >= count, timeout_s):
                raise TimeoutError(f"{len(self._requests)} of {count} requests arrived in {timeout_s} s")
            return tuple(self._requests)

    # --- its life ---------------------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen; returns when requests can come. Raises OSError where the port is taken."""
        self._thread = threading.Thread(target=self._run, name="simulated-messages-api", daemon=True)
        self._thread.start()
        if not self._started.wait(START_TIMEOUT_S):
            raise TimeoutError("The simulated Messages API did not start")
        if self._failed:
            raise self._failed

    def stop(self) -> None:
        """Drop every connection and stop listening."""
        if self._loop and self._stop and not self._loop.is_closed():
            with contextlib.suppress(RuntimeError):  # it stopped by itself in between
                self._loop.call_soon_threadsafe(self._stop.set)
        if self._thread:
            self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._listen())
        except OSError as error:
            self._failed = error
            self._started.set()

    async def _listen(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        numbers = itertools.count()
        server = await self._loop.create_server(lambda: Connection(next(numbers), self._serve), "127.0.0.1", self._port)
        self._port = server.sockets[0].getsockname()[1]
        self._started.set()
        try:
            await self._stop.wait()
        finally:
            server.close()

    def _now(self) -> float:
        return time.monotonic() + self._ahead_s

    # --- one connection ---------------------------------------------------------------------------------------------

    async def _serve(self, connection: Connection) -> None:
        try:
            while (request := await connection.request(self._max_body_bytes)) is not None:
                if not await self._until_left(connection, request):
                    break
        except Malformed as error:
            await connection.answer(400, _error_body(ApiError(400, "invalid_request_error", str(error)), ""))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            connection.cut() if connection.left.is_set() else connection.writer.close()

    async def _until_left(self, connection: Connection, request: Request) -> bool:
        """Answer `request` unless the client leaves first; say whether the connection can be used again."""
        answering = asyncio.create_task(self._answer(connection, request))
        leaving = asyncio.create_task(connection.left.wait())
        try:
            await asyncio.wait((answering, leaving), return_when=asyncio.FIRST_COMPLETED)
            if not answering.done():
                return False
            await answering
            return not connection.left.is_set()
        finally:
            for task in (answering, leaving):
                task.cancel()
            await asyncio.gather(answering, leaving, return_exceptions=True)

    async def _answer(self, connection: Connection, request: Request) -> None:
        path = request.path.partition("?")[0]
        if path.startswith("/_simulate"):
            await connection.answer(*control.handle(self, request.method, path, request.body or b""))
            return
        recorded = Recorded(
            connection=connection.number,
            method=request.method,
            path=path,
            headers=request.headers,
            body=request.body or b"",
        )
        behaviour = self._record(recorded)
        try:
            await asyncio.sleep(behaviour.first_byte_s)
            await self._behave(connection, path, request, behaviour, recorded)
        except asyncio.CancelledError:
            recorded.left.set()
            raise
        finally:
            if connection.left.is_set():
                recorded.left.set()
            recorded.over.set()

    def _record(self, recorded: Recorded) -> Behaviour:
        with self._arrived:
            self._requests.append(recorded)
            self._arrived.notify_all()
            return self._script.popleft() if self._script else self._otherwise

    async def _behave(
        self, connection: Connection, path: str, request: Request, behaviour: Behaviour, recorded: Recorded
    ) -> None:
        request_id = f"req_sim{secrets.token_hex(8)}"
        try:
            if behaviour.redirect:
                recorded.status = 307
                await connection.answer(307, {}, {"location": behaviour.redirect})
                return
            decided = self._decide(path, request, behaviour)
            recorded.status = 200
            if isinstance(decided, Reply) and decided.streamed:
                await stream(connection, decided, behaviour, self._pace, request_id)
            else:
                value = decided.message(finished=True) if isinstance(decided, Reply) else decided
                await connection.answer(200, value, {"request-id": request_id})
        except ApiError as error:
            recorded.status = error.status
            headers = {"request-id": request_id}
            if behaviour.retry_after_s is not None:
                headers["retry-after"] = f"{behaviour.retry_after_s:g}"
            await connection.answer(error.status, _error_body(error, request_id), headers)

    def _decide(self, path: str, request: Request, behaviour: Behaviour) -> Reply | dict[str, int]:
        if error := scripted_error(behaviour):
            raise error
        self._simulation.admit(request)
        match request.method, path:
            case "POST", "/v1/messages":
                return self._simulation.reply(request.body or b"", behaviour)
            case "POST", "/v1/messages/count_tokens":
                return self._simulation.count(request.body or b"")
            case _:
                raise ApiError(404, "not_found_error", f"Not found: {request.method} {path}")


def _error_body(error: ApiError, request_id: str) -> dict[str, object]:
    return {"type": "error", "error": {"type": error.kind, "message": error.message}, "request_id": request_id}


def main(arguments: list[str] | None = None) -> None:
    """Serve until interrupted; the first line of output is `{"url": …, "simulated": true}`."""
    parser = argparse.ArgumentParser(prog="python -m optafly.demo.server", description="A simulated Messages API.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--lifelike", action="store_true", help="answer at the pace of a hosted model")
    options = parser.parse_args(arguments)
    with MessagesApi(pace=LIFELIKE if options.lifelike else Pace(), port=options.port) as api:
        print(json.dumps({"url": api.url, "simulated": True}), flush=True)  # noqa: T201 - its output
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
