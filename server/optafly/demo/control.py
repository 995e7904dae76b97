"""Scripting the simulated API from another program, over HTTP: for tests that are not written in Python.

`POST /_simulate` takes a `Script`; `GET /_simulate/requests` lists what arrived; `DELETE /_simulate` starts afresh.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from optafly.demo.behaviour import Behaviour
from optafly.demo.recorded import Recorded

if TYPE_CHECKING:
    from optafly.demo.server import MessagesApi


class Script(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """`behaviour` for the next `times` requests, `always` for whenever nothing else is scripted, both optional.

    `advance_s` lets the prompt cache's clock run ahead.
    """

    behaviour: Behaviour | None = None
    times: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    always: Behaviour | None = None
    advance_s: Annotated[float, msgspec.Meta(ge=0)] = 0.0


def handle(api: MessagesApi, method: str, path: str, body: bytes) -> tuple[int, object]:
    """Carry out one control request and return status and JSON value."""
    match method, path:
        case "GET", "/_simulate/requests":
            return 200, [_shown(recorded) for recorded in api.requests]
        case "DELETE", "/_simulate":
            api.reset()
            return 200, {"ok": True}
        case "POST", "/_simulate":
            try:
                script = msgspec.json.decode(body, type=Script)
            except msgspec.DecodeError as error:
                return 400, {"ok": False, "problem": str(error)}
            if script.behaviour:
                api.next(*[script.behaviour] * script.times)
            if script.always:
                api.always(script.always)
            api.advance(script.advance_s)
            return 200, {"ok": True}
        case _:
            return 404, {"ok": False, "problem": f"No such control: {method} {path}"}


def _shown(recorded: Recorded) -> dict[str, object]:
    try:
        body: object = recorded.json()
    except msgspec.DecodeError:
        body = recorded.body.decode(errors="replace")
    return {
        "method": recorded.method,
        "path": recorded.path,
        "headers": dict(recorded.headers),
        "body": body,
        "status": recorded.status,
        "over": recorded.over.is_set(),
        "left": recorded.left.is_set(),
    }
