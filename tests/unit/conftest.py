"""What tests share: the simulated Messages API, a workspace, where its index is, and workers on a fake service."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from fakes.road import Workspace
from fakes.shop import furnish
from fakes.workers import TESTS, Make, States
from optafly.context.index.helpers import Helpers
from optafly.demo.server import MessagesApi
from optafly.paths import Paths
from optafly.workers.supervisor import Worker


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no stall of this machine pass for a disk or an index that does not answer; a test of that sets it itself."""
    for name in ("context.index.judging.LATE_S", "pipeline.drafting.FIND_S", "pipeline.drafting._CALLED_S"):
        monkeypatch.setattr(f"optafly.{name}", 60.0)


@pytest.fixture
def api() -> Iterator[MessagesApi]:
    with MessagesApi() as running:
        yield running


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A folder with one file, `prices.py`."""
    return Workspace(tmp_path / "shop")


@pytest.fixture
def shop(workspace: Workspace) -> Workspace:
    """The same, with taxes and notes beside the prices."""
    return furnish(workspace)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the index of a workspace is kept."""
    return tmp_path / "index" / "one.db"


@pytest.fixture
def helpers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Helpers]:
    """Two helpers that make vectors out of letters."""
    monkeypatch.setenv("PYTHONPATH", TESTS)
    one = Helpers("test", ["fakes.indexing:words"], count=2, idle_s=0.2)
    yield one
    one.close()


@pytest.fixture
def states() -> States:
    """What the Workers of `make` say of themselves."""
    return States()


@pytest.fixture
def log(home: Paths) -> Path:
    """Where the Workers of `make` write."""
    return home.log / "worker.log"


@pytest.fixture
async def make(log: Path, states: States, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Make]:
    """Make Workers on the fake service's factories; they are closed after the test."""
    monkeypatch.setenv("PYTHONPATH", TESTS)
    made: list[Worker] = []

    def one(
        factory: str = "create",
        *arguments: str,
        rest_s: float = 3600.0,
        stuck_s: float = 3600.0,
        deaf_s: float = 3600.0,
    ) -> Worker:
        made.append(
            Worker(
                "test",
                f"fakes.worker_service:{factory}",
                arguments,
                log=log,
                on_change=states,
                backoff_s=0.001,
                rest_s=rest_s,
                stuck_s=stuck_s,
                deaf_s=deaf_s,
            )
        )
        return made[-1]

    yield one
    for worker in made:
        await worker.close()
