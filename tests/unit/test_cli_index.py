"""`optafly index`, and what `doctor` says of it, over a real workspace and a real worker: stopped, killed, gone on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fakes.project import left_behind, many, project
from fakes.terminal import Terminal, optafly
from fakes.till import Till
from optafly.cli import exits
from optafly.cli.processes import running
from optafly.demo.server import MessagesApi
from optafly.paths import Paths


@pytest.fixture
def till(tmp_path: Path, home: Paths) -> Iterator[Till]:
    with MessagesApi() as api:
        yield project(tmp_path / "till", home, api)
    assert left_behind(home) == []


def test_index_says_what_it_holds_where_it_is_and_what_is_not_in_it(till: Till, home: Paths) -> None:
    ran = till.run("index")
    assert ran.code == exits.OK, ran.err
    assert f"workspace  {till.folder}" in ran.out
    assert f"index      {home.index}{os.sep}" in ran.out
    assert "logo.png: it is a binary file" in ran.out
    assert "secret" not in ran.out
    assert ran.err == ""


def test_index_in_json_is_one_object(till: Till) -> None:
    indexed = json.loads(till.run("index", "till", "--json").out)
    assert indexed["root"]["state"] == "ready"
    assert indexed["root"]["root"] == str(till.folder)
    assert indexed["root"]["diskBytes"] > 0
    assert [each["path"] for each in indexed["skipped"]] == ["logo.png"]
    assert indexed["skippedTotal"] == 1


@pytest.mark.parametrize(("path", "words"), [("gone", "no such folder"), ("README.md", "not a folder")])
def test_what_is_no_folder_is_not_indexed(till: Till, path: str, words: str) -> None:
    ran = till.run("index", path)
    assert ran.code == exits.FAILED
    assert words in ran.err


def test_without_the_workspace_in_the_settings_nothing_is_read(till: Till, home: Paths) -> None:
    ran = till.run("index", OPTAFLY_CONTEXT_WORKSPACE="false")
    assert ran.code == exits.FAILED
    assert "context.workspace" in ran.out
    assert not home.index.exists()


def test_a_bar_is_shown_at_a_terminal_and_goes_again(till: Till) -> None:
    many(till, 300)
    with Terminal(optafly("index"), till.environment, till.folder) as terminal:
        terminal.until("files")
        terminal.until("workspace")
        assert terminal.finish() == exits.OK


def test_ctrl_c_stops_it_and_the_next_run_goes_on(till: Till, home: Paths) -> None:
    many(till, 1_500)
    with Terminal(optafly("index"), till.environment, till.folder) as terminal:
        terminal.until("/15")  # so many files are read, and most are still to be
        with held(home):
            terminal.press("\x03")
        assert terminal.finish() == exits.INTERRUPTED
    assert "`optafly index` goes on from there" in terminal.screen
    assert "Traceback" not in terminal.screen
    assert left_behind(home) == []
    indexed = json.loads(till.run("index", "--json").out)
    assert indexed["root"]["state"] == "ready"
    assert indexed["root"]["files"] >= 1_500


@contextmanager
def held(home: Paths) -> Generator[None]:
    """Hold the worker that keeps the index: meanwhile it is not done, however slow this process is."""
    service = "optafly.context.service:create"
    (worker,) = [each.pid for each in running() if service in each.command and str(home.data) in each.command]
    os.kill(worker, signal.SIGSTOP)
    yield
    os.kill(worker, signal.SIGCONT)


def test_a_killed_command_leaves_no_process(till: Till, home: Paths) -> None:
    many(till, 600)
    child = subprocess.Popen(optafly("index"), env=till.environment, cwd=till.folder)
    until = time.monotonic() + 20
    while not any(str(home.data) in each.command for each in running()) and time.monotonic() < until:
        time.sleep(0.05)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert left_behind(home) == []


def test_doctor_names_the_index_and_what_is_not_in_it(till: Till) -> None:
    before = till.run("doctor").out
    till.run("index")
    after = till.run("doctor").out
    assert "workspace index: None is open" in before
    assert "not indexed" not in before
    assert f"workspace index: {till.folder}: ready" in after
    assert "not indexed: logo.png: it is a binary file" in after
