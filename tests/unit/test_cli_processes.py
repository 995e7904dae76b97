"""The processes of this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from optafly.cli import processes


@pytest.fixture(params=["proc", "ps"])
def source(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    if request.param == "ps":
        monkeypatch.setattr(processes, "PROC", tmp_path)
        if shutil.which("ps") is None:
            pytest.skip("there is no ps here")
    elif not Path("/proc/self/status").exists():
        pytest.skip("there is no /proc here")
    return str(request.param)


def test_a_child_is_found_with_its_parent_and_its_memory(source: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "print('up', flush=True); input()", "a-word-of-its-own"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        (found,) = [each for each in processes.running() if each.pid == child.pid]
        child.kill()
    assert found.parent == os.getpid()
    assert found.rss_mb > 1
    assert "a-word-of-its-own" in found.command


def test_where_neither_is_there_nothing_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(processes, "PROC", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert processes.running() == []
