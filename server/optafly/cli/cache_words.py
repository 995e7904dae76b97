"""Where an answer counts, in words."""

from __future__ import annotations

import msgspec

from optafly.cli.figures import counted
from optafly.domain import Record


class Within(Record, frozen=True, array_like=True):
    """A namespace as `cache.fingerprint.namespace` writes it; one of an earlier version ends before."""

    project: str
    provider: str
    model: str
    system_version: str = ""
    tools: tuple[str, ...] = ()
    output: str = "text"
    max_tokens: int | None = None
    endpoint: str = ""


def place_of(namespace: str) -> str:
    """Return the project and the model of a namespace; one of another form, from elsewhere, as it is."""
    within = _read(namespace)
    return f"{within.project or '(no project)'} · {within.model}" if within else namespace


def described(namespace: str) -> str:
    """Return all that must be the same before two prompts are compared; a namespace of another form as it is."""
    within = _read(namespace)
    if within is None:
        return namespace
    parts = [
        f"{place_of(namespace)} of {within.provider}{f' at {within.endpoint}' if within.endpoint else ''}",
        f"system prompt {within.system_version}" if within.system_version else "",
        f"tools: {', '.join(within.tools)}" if within.tools else "",
        f"answers as {within.output}" if within.output != "text" else "",
        f"at most {counted(within.max_tokens, 'token')}" if within.max_tokens is not None else "",
    ]
    return " · ".join(filter(None, parts))


def _read(namespace: str) -> Within | None:
    try:
        return msgspec.json.decode(namespace, type=Within)
    except (msgspec.DecodeError, UnicodeError):
        return None
