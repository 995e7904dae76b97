"""A pipeline in a workspace of its own, against the simulated Messages API."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Protocol

import msgspec

from optafly.demo.server import SIMULATED_KEY
from optafly.domain import Answer, Decision, Document, Folder, Piece, Position, Proposal, Range, Snapshot
from optafly.paths import Paths
from optafly.pipeline import Pipeline
from optafly.privacy.credentials import Credentials
from optafly.protocol import AnswerEvent
from optafly.settings import Settings

SOURCE = '''\
"""Prices."""


def total(prices: list[float], rate: float) -> float:
    """Return the sum of prices with tax."""
    amount = 0.0
    for index in range(1, len(prices)):
        amount += prices[index]
    return amount * (1 + rate)


def label(name: str) -> str:
    return name.title()
'''


class Addressed(Protocol):
    """A simulated API, here or in another process: all that a road needs of it is its address."""

    @property
    def url(self) -> str:
        """Where it listens."""
        ...


class Workspace:
    """A folder with one source file, and snapshots of an editor that has it open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "prices.py"
        folder.mkdir(parents=True, exist_ok=True)
        self.file.write_text(SOURCE, encoding="utf-8")

    def snapshot(self, prompt: str, *, line: int = 6, selected: bool = True) -> Snapshot:
        """Return what the editor knows when `prompt` is asked with the cursor on the 0-based `line`."""
        text = self.file.read_text(encoding="utf-8")
        start, end = Position(line=line, character=0), Position(line=line, character=len(text.splitlines()[line]))
        return Snapshot(
            prompt=prompt,
            active=Document(path="prices.py", uri=self.file.as_uri(), language="python", text=text, version=1),
            selection=Range(start=start, end=end) if selected else None,
            cursor=end,
            folders=(Folder(name=self.folder.name, path=str(self.folder)),),
        )

    def read(self, piece: Piece) -> str | None:
        """Read a piece's file from the disk."""
        path = self.folder / piece.path
        return path.read_text(encoding="utf-8") if path.exists() else None


@contextlib.asynccontextmanager
async def road(
    home: Paths, api: Addressed, settings: Mapping[str, Mapping[str, object]] | None = None, key: str = SIMULATED_KEY
) -> AsyncGenerator[Pipeline, None]:
    """Open a pipeline that sends to `api`; without the models unless `settings` say otherwise."""
    values: dict[str, dict[str, object]] = {"claude": {"maxRetries": 0, "timeoutS": 5.0}, "cache": {"semantic": False}}
    for section, fields in (settings or {}).items():
        values.setdefault(section, {}).update(fields)
    held = Settings(home, {"OPTAFLY_CLAUDE_BASE_URL": api.url})
    held.from_editor(None, values)
    assert held.problems() == ()
    credentials = Credentials()
    credentials.hand_over("ANTHROPIC_API_KEY", key)
    pipeline = Pipeline(paths=home, credentials=credentials, configure=held.config)
    await pipeline.start()
    try:
        yield pipeline
    finally:
        await pipeline.close()


async def decide_and_send(
    pipeline: Pipeline, workspace: Workspace, proposal: Proposal, decision: Decision = "accept"
) -> list[AnswerEvent]:
    """Take `decision` on `proposal` and return everything that was said while it was sent."""
    digest = proposal.original_digest if decision == "original" else proposal.digest
    entry = proposal.reuse[0].entry_id if decision == "reuse" else None
    await pipeline.approve(proposal.id, digest, decision, read=workspace.read, entry_id=entry)
    return [event async for event in pipeline.send(proposal.id, digest, read=workspace.read)]


async def ask(
    pipeline: Pipeline, workspace: Workspace, prompt: str, decision: Decision = "accept"
) -> list[AnswerEvent]:
    """Propose `prompt` about the workspace's bug, decide and send."""
    proposal = await pipeline.propose(workspace.snapshot(prompt))
    return await decide_and_send(pipeline, workspace, proposal, decision)


def answer_of(events: list[AnswerEvent]) -> Answer:
    """Return the answer that a stream of events ended with."""
    answer = events[-1].answer
    assert answer is not None, events[-1]
    return answer


def canonical(value: object) -> bytes:
    """Return the canonical JSON of `value`."""
    return msgspec.json.encode(value, order="deterministic")
