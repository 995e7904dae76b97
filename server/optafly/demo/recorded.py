"""A request as it arrived at the simulated API, for tests to look at."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import msgspec


class Recorded:
    """One request. `over` is set when its answer ended in any way, `left` when the client left before that.

    `headers` have lower-case names and hold the key. `connection` counts connections from 0. `status` is that of the
    answer, None before it.
    """

    def __init__(self, *, connection: int, method: str, path: str, headers: Mapping[str, str], body: bytes) -> None:
        self.connection = connection
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.status: int | None = None
        self.over = threading.Event()
        self.left = threading.Event()

    def json(self) -> dict[str, object]:
        """The body as an object; raises msgspec.DecodeError."""
        return msgspec.json.decode(self.body, type=dict[str, object])
