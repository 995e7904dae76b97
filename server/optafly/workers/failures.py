"""Errors cross the pipe by their code and come out as what they were."""

from __future__ import annotations

from optafly.errors import ConfigError, OptaflyError, WorkerError
from optafly.workers.framing import Failure


def raised(failure: Failure) -> OptaflyError:
    """Return the error that the child raised; one whose code is not known here becomes a WorkerError."""
    kind = _kinds().get(failure.code, WorkerError)
    return kind(failure.what, why=failure.why, todo=failure.todo)


def _kinds() -> dict[str, type[OptaflyError]]:
    found: dict[str, type[OptaflyError]] = {}
    waiting = [OptaflyError]
    while waiting:
        kind = waiting.pop()
        if kind is not ConfigError:  # it needs a path and a source, which do not cross the pipe
            found[kind.code] = kind
            waiting += kind.__subclasses__()
    return found
