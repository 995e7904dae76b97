"""The indexer's service for tests, in this process or in one that may be killed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from fakes.indexing import until
from optafly.config import ModelSettings
from optafly.context import service
from optafly.context.service import Service
from optafly.context.wire import Complete, Search
from optafly.domain import Snapshot
from optafly.paths import Paths

TESTS = Path(__file__).parents[1]


@contextmanager
def serving(home: Paths) -> Generator[Service]:
    """Make the service in this process, with helper processes of its own; without a model."""
    settings = msgspec.json.encode(ModelSettings(embedder="off")).decode()
    made = service.create(settings, str(home.data), str(home.config), str(home.log))
    try:
        yield made
    finally:
        made.close()


def ready(one: Service) -> None:
    until(lambda: all(root.state == "ready" for root in one.status().roots), "ready")


def found(one: Service, name: str) -> list[str]:
    """Return where a function of that very name is."""
    hits = one.complete(Complete(kind="symbol", text=name)).hits
    return [f"{Path(hit.root).name}:{hit.path}" for hit in hits if hit.symbols[0].name == name]


def asked(prompt: str) -> Search:
    return Search(snapshot=Snapshot(prompt=prompt))


def begun(root: Path, home: Path, count: int) -> subprocess.Popen[str]:
    """Start a process that indexes `root` as a worker does."""
    return subprocess.Popen(
        [sys.executable, "-m", "fakes.indexing", str(root), str(home), str(count)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=TESTS,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
    )
