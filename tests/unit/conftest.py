"""What tests of the road and of the index share: the simulated Messages API, a workspace, and where its index is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes.road import Workspace
from fakes.shop import furnish
from optafly.context.index.helpers import Helpers
from optafly.demo.server import MessagesApi


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
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    one = Helpers("test", ["fakes.indexing:words"], count=2, idle_s=0.2)
    yield one
    one.close()
