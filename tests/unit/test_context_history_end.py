"""A git that is asked for the history ends with whoever asked it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from fakes.indexing import index, until
from fakes.repository import Repository
from optafly.config import ModelSettings
from optafly.context.history import History
from optafly.context.index.judging import Judging
from optafly.context.index.past import Past
from optafly.context.index.view import View
from optafly.context.index.walk import Walk
from optafly.context.wire import OpenRoots, arguments
from optafly.paths import Paths
from optafly.workers.framing import Request, frame, read_body

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc says which processes there are")


@pytest.fixture
def hanging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of which git says the commits, then touches the file `said` beside it and never ends."""
    repository, folder = Repository(tmp_path / "work"), tmp_path / "bin"
    for number in range(3):
        repository.commit("Go on", {"a.py": f"something = {number}\n"})
    folder.mkdir()
    says = f'{shutil.which("git")} "$@"'
    script = (
        f'#!/bin/sh\ncase "$*" in *" log "*) {says}; touch {tmp_path / "said"}; sleep 600;; *) exec {says};; esac\n'
    )
    (folder / "git").write_text(script)
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return repository.root


def asked(root: Path) -> list[str]:
    """Return the processes of git that were asked for the history of `root`."""
    wanted, found = os.fsencode(f"\0-C\0{root}\0"), list[str]()
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if wanted in each.read_bytes():
                found.append(each.parent.name)
        except OSError:  # it has ended meanwhile
            continue
    return found


def test_a_git_that_hangs_ends_when_the_index_is_closed(hanging: Path, tmp_path: Path) -> None:
    with index(hanging, tmp_path / "one.db"):
        until((tmp_path / "said").exists, "git is asked")
        assert asked(hanging)
    until(lambda: not asked(hanging), "git has ended")


def test_a_git_that_hangs_ends_with_the_process_that_asked_it(hanging: Path, tmp_path: Path, home: Paths) -> None:
    settings = arguments(ModelSettings(embedder="off"), home)
    with subprocess.Popen(
        [sys.executable, "-m", "optafly.workers.child", "optafly.context.service:create", *settings],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdin
        assert child.stdout
        assert read_body(child.stdout)
        opened = msgspec.msgpack.encode(OpenRoots(roots=(str(hanging),), vectors=False))
        child.stdin.write(frame(Request(1, "open", msgspec.Raw(opened))))
        child.stdin.flush()
        until((tmp_path / "said").exists, "git is asked")
        assert asked(hanging)
        child.stdin.close()
    until(lambda: not asked(hanging), "git has ended")


def test_what_a_git_said_that_was_ended_is_told_nobody(hanging: Path) -> None:
    told, ended = list[History](), list[bool]()
    walk = Walk(hanging, Judging(hanging, (), View(hanging)).rules)
    past = Past(hanging, lambda history, _: told.append(history), lambda: walk, ended=lambda: ended.append(True))
    past.refresh()
    until((hanging.parent / "said").exists, "git has said all")
    past.close()
    until(lambda: ended, "the history is let go")
    assert not told
