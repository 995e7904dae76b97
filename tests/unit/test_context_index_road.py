"""The indexer as the road sees it: a worker process, asked with little patience."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fakes.indexing import index, many, write
from fakes.serving import asked
from optafly.config import Config, ContextSettings, ModelSettings, PrivacySettings
from optafly.context.answering import gather
from optafly.context.index.helpers import Helpers
from optafly.context.index.vectors import Vectors
from optafly.context.wire import Complete, Search
from optafly.domain import FileHit, Gathered, IndexStatus
from optafly.paths import Paths
from optafly.pipeline import workspace as road
from optafly.pipeline.workspace import OFF, Workspace


@pytest.fixture
async def workspace(home: Paths) -> AsyncIterator[Workspace]:
    """The road's own, with a real worker process."""
    config = Config(
        context=ContextSettings(vectors=False),
        models=ModelSettings(embedder="off"),
        privacy=PrivacySettings(ignore=("*.sql",)),
    )
    made = Workspace(home, lambda folder: config, gather_s=20.0)
    yield made
    await made.close()


async def named(workspace: Workspace, name: str) -> tuple[FileHit, ...]:
    return (await workspace.complete(Complete(kind="symbol", text=name))).hits


async def opened(workspace: Workspace, root: Path) -> None:
    await workspace.open((str(root),))
    async with asyncio.timeout(40):
        while (await workspace.status()).roots[0].state != "ready":  # noqa: ASYNC110  another process knows
            await asyncio.sleep(0.02)


async def test_the_road_opens_asks_and_closes(workspace: Workspace, tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(root, {**many(20), "dump.sql": "select 1;"})
    await opened(workspace, root)
    status = await workspace.status()
    assert (status.roots[0].root, status.roots[0].files) == (str(root), 20)
    assert status.rss_bytes is None or status.rss_bytes > 10_000_000
    found = await workspace.find(asked("work_3"))
    assert (found.hits[0].path, found.complete) == ("pkg3/mod3.py", True)
    gathered = await workspace.gather(asked("Fix work_3"))
    assert gathered is not None
    assert "pkg3/mod3.py" in [piece.path for piece in gathered.pieces]
    assert (await workspace.skipped()).total == 0
    assert await workspace.open(()) == await workspace.status()
    assert (await workspace.find(asked("work_3"))).hits == ()


async def test_more_may_be_completed_later_only_where_a_folder_may_be_opened_yet(workspace: Workspace) -> None:
    name = Complete(kind="symbol", text="work")
    assert not (await workspace.complete(name)).complete
    await workspace.open(())
    assert (await workspace.complete(name)).complete


async def test_a_folder_under_two_names_has_a_state_under_both(workspace: Workspace, tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(root, many(3))
    (tmp_path / "link").symlink_to(root)
    both = (f"{tmp_path / 'link'}/", str(root))
    await workspace.open(both)
    async with asyncio.timeout(40):
        while {each.state for each in (await workspace.status()).roots} != {"ready"}:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert tuple(each.root for each in (await workspace.status()).roots) == both


async def test_a_dead_worker_costs_the_road_nothing_and_is_told_again(workspace: Workspace, tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(root, many(5))
    await opened(workspace, root)
    await workspace.overlay(str(root / "pkg0" / "mod0.py"), "def unsaved_work():\n    pass\n")
    assert workspace.worker.pid
    os.kill(workspace.worker.pid, signal.SIGKILL)
    await workspace.gather(asked("Fix work_1"))  # an answer or None, and never an error
    async with asyncio.timeout(40):
        while not [hit for hit in await named(workspace, "unsaved_work") if hit.path == "pkg0/mod0.py"]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_a_stopped_worker_is_not_waited_for_even_for_what_was_asked_for_by_name_and_is_replaced(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(road, "NAMED_S", 3600.0)
    root = tmp_path / "root"
    write(root, many(5))
    await opened(workspace, root)
    workspace.gather_s = 0.3
    workspace.worker._deaf_s = 0.5  # pyright: ignore[reportPrivateUsage]  what ten seconds do
    assert workspace.worker.pid
    os.kill(workspace.worker.pid, signal.SIGSTOP)
    async with asyncio.timeout(30):
        assert await workspace.gather(msgspec.structs.replace(asked("Fix work_1"), pinned=("pkg1/mod1.py",))) is None
        while not await named(workspace, "work_1"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_a_worker_that_is_being_started_again_is_waited_for_no_longer_for_what_was_asked_for_by_name(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "root", many(5))
    await opened(workspace, tmp_path / "root")
    workspace.gather_s, call, waited = 0.3, workspace.worker.call, list[float]()
    asked_by_name = msgspec.structs.replace(asked("Fix work_1"), pinned=("pkg1/mod1.py",))

    async def noted(method: str, params: object, timeout_s: float, **more: Any) -> object:  # as `call` takes them
        waited.extend([timeout_s] if method == "gather" else [])
        return await call(method, params, timeout_s, **more)

    monkeypatch.setattr(workspace.worker, "call", noted)
    assert workspace.worker.pid
    os.kill(workspace.worker.pid, signal.SIGKILL)
    async with asyncio.timeout(30):
        while workspace.worker.state == "ready":  # noqa: ASYNC110  another process changes it
            await asyncio.sleep(0)
        await workspace.gather(asked_by_name)
        while not await named(workspace, "work_1"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        await workspace.gather(asked_by_name)
    assert waited == [0.3, road.NAMED_S]


async def test_what_no_message_can_say_is_not_asked(workspace: Workspace, tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(root, many(5))
    await opened(workspace, root)
    half = "work_1 \ud83d"
    await workspace.overlay(str(root / "pkg0" / "mod0.py"), half)
    await workspace.changed((f"{root}/bad\udcff.py",))
    assert await workspace.gather(asked(half)) is None
    assert not (await workspace.find(asked(half))).complete
    assert await named(workspace, "work_1")


async def test_a_folder_that_cannot_be_opened_is_not_waited_for(workspace: Workspace, tmp_path: Path) -> None:
    unsayable = str(tmp_path / "bad\udcff")
    (state,) = (await workspace.open((unsayable,))).roots
    assert (state.state, state.message) == ("failed", "The name of the folder is no text.")
    write(tmp_path / "root", many(3))
    await opened(workspace, tmp_path / "root")


async def test_no_answer_in_time_is_none(home: Paths, tmp_path: Path) -> None:
    write(tmp_path / "root", many(3))
    workspace = Workspace(home, lambda folder: Config(), gather_s=0.0)
    assert await workspace.gather(asked("before anything is open")) == Gathered(complete=False, answered=False)
    await workspace.open((str(tmp_path / "root"),))
    assert await workspace.gather(asked("Fix work_1")) is None
    await workspace.close()
    assert await workspace.gather(asked("after the end")) is None
    assert (await workspace.status()).roots[0].state == "failed"


@pytest.mark.parametrize(("gather_s", "pinned", "wait_s"), [(0.3, (), 0.0), (3.0, (), 2.0), (0.3, ("a.py",), 2.0)])
async def test_who_waits_longer_than_an_editor_may_has_the_embedder_loaded(
    home: Paths,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    gather_s: float,
    pinned: tuple[str, ...],
    wait_s: float,
) -> None:
    workspace = Workspace(home, lambda folder: Config(), gather_s=gather_s)
    sent: list[Search] = []

    async def call(method: str, params: object, *_: object, **__: object) -> object:
        sent.extend([params] if isinstance(params, Search) else [])
        return Gathered() if method == "gather" else IndexStatus()

    monkeypatch.setattr(workspace.worker, "call", call)  # a worker that answers at once
    await workspace.open((str(tmp_path),))
    await workspace.gather(msgspec.structs.replace(asked("Fix it"), pinned=pinned))
    assert [each.wait_s for each in sent] == [wait_s]


def test_gathering_waits_for_the_embedder_as_long_as_it_is_asked_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    helpers = Helpers("test", ["fakes.indexing:words"], count=1, idle_s=0.2)
    waited: list[float] = []
    write(tmp_path / "root", many(3))
    with index(tmp_path / "root", tmp_path / "one.db", vectors=Vectors(helpers, "words")) as one:
        search = msgspec.structs.replace(asked("Fix work_1"), wait_s=1.5)
        gather([one], search, lambda _, wait_s: waited.append(wait_s))
    helpers.close()
    assert waited == [1.5]


async def test_switched_off_there_is_no_worker(home: Paths, tmp_path: Path) -> None:
    config = Config(context=ContextSettings(workspace=False))
    workspace = Workspace(home, lambda folder: config)
    status = await workspace.open((str(tmp_path),))
    assert (status.roots[0].state, status.roots[0].message) == ("closed", OFF)
    assert workspace.worker.pid is None
    await workspace.close()


@pytest.mark.embedder
async def test_with_the_real_model_what_is_meant_is_found(home_with_model: Paths, tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(
        root,
        {
            "a.py": '"""Sign people in."""\n\ndef authenticate(user, password):\n    """Check who somebody is."""\n',
            "b.py": '"""Draw charts."""\n\ndef plot(rows):\n    """Paint a picture of numbers."""\n',
        },
    )
    workspace = Workspace(home_with_model, lambda folder: Config(), gather_s=20.0)
    await opened(workspace, root)
    assert (await workspace.status()).roots[0].vectors == 2
    async with asyncio.timeout(40):
        while not (hits := (await workspace.find(asked("log in"))).hits):  # noqa: ASYNC110  it is being loaded
            await asyncio.sleep(0.05)
    assert hits[0].path == "a.py"
    await workspace.close()
