"""Nothing that takes long runs on the event loop: the editor never waits for us."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any  # any function can be watched

import pytest

from fakes.road import Workspace, ask, road
from optafly.demo.server import MessagesApi
from optafly.paths import Paths
from optafly.pipeline import drafting, offers, planning
from optafly.pipeline import road as pipeline_road
from optafly.providers import sdk
from optafly.storage import Database


class Watched:
    """Remembers in which threads a function ran."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.threads: set[int] = set()

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Run it."""
        self.threads.add(threading.get_ident())
        return self._function(*arguments, **named)


@pytest.mark.parametrize(
    "name", ["mask", "without_secrets", "collect", "refine", "word_diff", "plan", "sources", "shape"]
)
async def test_drafting_runs_beside_the_loop(
    home: Paths, api: MessagesApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    module = planning if name in ("plan", "sources", "shape") else drafting
    watched = Watched(getattr(module, name))
    monkeypatch.setattr(module, name, watched)
    workspace = Workspace(tmp_path / "shop")
    async with road(home, api) as pipeline:
        proposal = await pipeline.propose(workspace.snapshot("Fix this bug"))
        await pipeline.revise(proposal.id, edited=f"{proposal.refined} now")
    assert watched.threads
    assert threading.get_ident() not in watched.threads


async def test_what_changed_in_the_code_is_told_beside_the_loop(
    home: Paths, api: MessagesApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(offers.with_code)
    monkeypatch.setattr(pipeline_road, "with_code", watched)
    async with road(home, api) as pipeline:
        await pipeline.explain(Workspace(tmp_path / "shop").snapshot("Fix this bug"))
    assert watched.threads
    assert threading.get_ident() not in watched.threads


async def test_the_database_runs_beside_the_loop(home: Paths) -> None:
    database = Database(home.database)

    def thread(_: sqlite3.Connection) -> int:
        return threading.get_ident()

    ran = {await database.run(thread) for _ in range(3)}
    assert len(ran) == 1
    assert threading.get_ident() not in ran
    await database.close()


async def test_the_sdk_is_brought_in_beside_the_loop(
    home: Paths, api: MessagesApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(sdk._load)  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr(sdk, "_load", watched)
    monkeypatch.setattr(sdk, "_warm", False)
    async with road(home, api) as pipeline:
        events = await ask(pipeline, Workspace(tmp_path / "shop"), "Fix this bug")
    assert events[-1].kind == "done"
    assert watched.threads
    assert threading.get_ident() not in watched.threads


async def test_the_loop_goes_on_while_a_key_is_looked_for(
    home: Paths, api: MessagesApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answer = threading.Event(), threading.Event()

    def locked_keyring(*_: object) -> None:
        asked.set()
        assert answer.wait(10), "the loop stood still"

    monkeypatch.setattr("optafly.privacy.credentials._from_keyring", locked_keyring)
    async with road(home, api, key="") as pipeline:
        asking = asyncio.create_task(ask(pipeline, Workspace(tmp_path / "shop"), "Fix this bug"))
        await asyncio.to_thread(asked.wait, 10)
        answer.set()
        events = await asking
    assert events[-1].problem is not None
    assert events[-1].problem.code == "provider.no_key"
