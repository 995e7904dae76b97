"""Whether a process runs, and which program a name means."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from optafly.processes import program, runs


def test_a_process_runs_until_it_ended() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        ran = runs(child.pid)
        child.communicate(b"\n")
    assert ran
    assert not runs(child.pid)
    assert runs(os.getpid())


def test_asking_whether_a_process_runs_does_not_end_it() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert runs(child.pid)
        assert runs(child.pid)
        child.communicate(b"\n")
        assert child.returncode == 0


def test_on_windows_no_program_is_taken_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("project", "Git"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "git.exe").touch()
    monkeypatch.chdir(tmp_path / "project")

    found = program("git", {"PATH": f';.;"{tmp_path / "Git"}"'}, windows=True)

    assert found == str(tmp_path / "Git" / "git.exe")
    with pytest.raises(FileNotFoundError):
        program("git", {"PATH": ".;"}, windows=True)


def test_elsewhere_the_system_looks_for_a_program() -> None:
    assert program("git", {}, windows=False) == "git"
