"""`optafly demo`: the first thing that a newcomer sees."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from fakes.terminal import Terminal, optafly
from fakes.till import Till
from optafly import demo
from optafly.cli import exits
from optafly.demo.server import MessagesApi
from optafly.paths import Paths


@pytest.fixture
def till(tmp_path: Path, home: Paths) -> Till:
    """The project with a URL that nothing serves: the demo brings its own simulation."""
    with MessagesApi() as api:
        return Till(tmp_path / "till", home.data.parent, api)


def test_the_sample_project_has_its_bug(tmp_path: Path) -> None:
    sample = Path(demo.__path__[0]) / "sample"
    ran = subprocess.run([sys.executable, "-B", "-m", "till"], cwd=sample, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert ran.stderr.strip().endswith("3 people pay 999 of 1000 cents")


@pytest.mark.embedder
def test_a_pipe_sees_the_whole_road_with_a_miss_a_hit_and_an_offer(till: Till, home_with_model: Paths) -> None:
    ran = till.run("demo")
    assert ran.code == exits.OK
    table = ran.out[ran.out.index("Measured on this machine") :]
    assert "simulated Claude (a miss)" in table
    assert "the cache (a hit)" in table
    assert "an offer you took" in table
    assert len(re.findall(r"\$\d", table)) == 4


@pytest.mark.embedder
def test_what_the_simulation_says_is_marked_and_the_users_data_stays(till: Till, home_with_model: Paths) -> None:
    ran = till.run("demo", "--yes")
    assert re.search(r"^\(simulated answer\)", ran.out, re.MULTILINE)
    assert not re.search(r"^from (claude|the cache)", ran.out, re.MULTILINE)
    assert not home_with_model.database.exists()


@pytest.mark.embedder
def test_at_a_terminal_the_person_presses_the_keys(till: Till, home_with_model: Paths) -> None:
    with Terminal(optafly("demo"), till.environment, till.folder) as screen:
        screen.until("? help]")
        screen.press("a")
        screen.until("simulated answer")
        for _ in range(3):
            screen.until("? help]")
            screen.press("d")
            screen.until("Discarded")
        assert screen.finish() == exits.OK
        assert "a miss" in screen.screen


def test_without_the_model_it_says_so_and_goes_on_with_the_same_words(till: Till) -> None:
    ran = till.run("demo", PIP_NO_INDEX="1", HF_HUB_OFFLINE="1", PIP_CONFIG_FILE="/dev/null", HF_ENDPOINT=till.api.url)
    assert ran.code == exits.OK
    assert "only the same words" in ran.out
    assert "the cache (a hit)" in ran.out
