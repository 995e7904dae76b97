"""The child's side of a worker: one request at a time in the main thread, an error never its death.

A second thread reads the request pipe, so that the end of the parent is noticed, and a ping answered, while the first
is busy.
Nothing of a request's params is ever printed: a fault is logged by its type and its place in the code.
"""

from __future__ import annotations

import importlib
import inspect
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from typing import BinaryIO, NoReturn, get_type_hints

import msgspec

from optafly.errors import OptaflyError, WorkerError
from optafly.processes import last
from optafly.workers.framing import PING, Event, Failure, FromChild, Request, Response, frame, read_body

Handler = Callable[[msgspec.Raw], object]
_writing = threading.Lock()


def serve(factory: str, arguments: Sequence[str], requests: int, answers: int) -> NoReturn:
    """Make the service that `factory` ("module:function") returns for `arguments` and answer requests with it.

    A method takes nothing or one parameter, whose annotation decodes the params; what it returns is encoded.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal reaches the parent too, and it decides
    inbox: queue.SimpleQueue[Request] = queue.SimpleQueue()
    reader = open(requests, "rb")  # noqa: SIM115  open for the life of the process
    writer = open(answers, "wb")  # noqa: SIM115
    threading.Thread(target=_read, args=(reader, inbox, writer), daemon=True).start()
    try:
        service = _make(factory, arguments)
    except Exception as error:  # whatever a factory raises is told to the parent, which decides what to do next
        _write(writer, Event(name="failed", error=_failure(error)))
        os._exit(1)
    _write(writer, Event(name="ready"))
    handlers: dict[str, Handler] = {}
    while True:
        request = inbox.get()
        _write(writer, _answer(service, handlers, request))


def _read(reader: BinaryIO, inbox: queue.SimpleQueue[Request], writer: BinaryIO) -> NoReturn:
    decoder = msgspec.msgpack.Decoder(Request)
    try:
        while (body := read_body(reader)) is not None:
            request = decoder.decode(body)
            if request.id == PING:
                _write(writer, Response(id=PING))
            else:
                inbox.put(request)
    except (OptaflyError, msgspec.DecodeError, OSError) as error:
        _log(error)
        _end(2)
    _end(0)  # the parent closed the pipe or is gone


def _end(code: int) -> NoReturn:
    """End this process, and before it the programs that would go on without it."""
    try:
        for each in [*last]:
            each.end()
    finally:
        os._exit(code)


def _make(factory: str, arguments: Sequence[str]) -> object:
    module, _, function = factory.partition(":")
    return getattr(importlib.import_module(module), function)(*arguments)


def _answer(service: object, handlers: dict[str, Handler], request: Request) -> Response:
    try:
        if request.method not in handlers:
            handlers[request.method] = _handler(service, request.method)
        result = handlers[request.method](request.params)
        return Response(id=request.id, result=msgspec.Raw(msgspec.msgpack.encode(result)))
    except Exception as error:  # the boundary of the service: any fault is this request's answer, not the child's end
        return Response(id=request.id, error=_failure(error))


def _handler(service: object, name: str) -> Handler:
    method = None if name.startswith("_") else getattr(service, name, None)
    if not inspect.ismethod(method):
        raise WorkerError("The worker has no such method.", why=f"It was asked for `{name}`.")
    hints = get_type_hints(method)
    hints.pop("return", None)
    if not hints:
        return lambda params: method()
    (kind,) = hints.values()
    decoder = msgspec.msgpack.Decoder(kind)
    return lambda params: method(decoder.decode(params))


def _failure(error: Exception) -> Failure:
    if isinstance(error, OptaflyError):
        return Failure(code=error.code, what=error.what, why=error.why, todo=error.todo)
    _log(error)
    return Failure(code=WorkerError.code, what="A background task failed.", why=f"{type(error).__name__}.")


def _log(error: Exception) -> None:
    """Print where and what kind, without the message: it may quote a prompt."""
    print("".join(traceback.format_tb(error.__traceback__)), type(error).__name__, file=sys.stderr, flush=True)  # noqa: T201  stderr is this process's log


def _write(writer: BinaryIO, message: FromChild) -> None:
    try:
        data = frame(message)
    except WorkerError as error:
        if not isinstance(message, Response):
            raise
        data = frame(Response(id=message.id, error=_failure(error)))
    try:
        with _writing:
            writer.write(data)
            writer.flush()
    except OSError:
        _end(0)  # nobody is left to answer
