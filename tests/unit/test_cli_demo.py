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
def test_a_pipe_sees_the_whole_road_and_what_a_persons_word_changes(till: Till, home_with_model: Paths) -> None:
    ran = till.run("demo")
    assert ran.code == exits.OK
    table = ran.out[ran.out.index("Measured on this machine") :]
    rows = [line for line in table.splitlines() if re.search(r"\$\d", line)]
    answered = [re.search(r"simulated Claude \(\w+|the cache|an offer", row) for row in rows]
    assert [found[0] for found in answered if found] == [
        "simulated Claude (a",  # a miss
        "the cache",
        "simulated Claude (a",  # what was reported wrong is not given again
        "the cache",
        "simulated Claude (anew",
        "an offer",
    ]
    offer = ran.out[ran.out.index("The code has changed since") :]
    assert "such cases" in offer
    assert "[-round-]{+int+}" in offer


@pytest.mark.embedder
def test_what_the_simulation_says_is_marked_and_the_users_data_stays(till: Till, home_with_model: Paths) -> None:
    ran = till.run("demo", "--yes")
    assert len(re.findall(r"^\(simulated answer \d\)", ran.out, re.MULTILINE)) == 6
    assert not re.search(r"^from (claude|the cache)", ran.out, re.MULTILINE)
    assert not home_with_model.database.exists()


@pytest.mark.embedder
def test_at_a_terminal_the_person_presses_the_keys(till: Till, home_with_model: Paths) -> None:
    with Terminal(optafly("demo"), till.environment, till.folder) as screen:
        screen.until("? help]")
        screen.press("a")
        screen.until("simulated answer")
        for _ in range(3):  # nothing was reported, so no step shows what a report changes
            screen.until("? help]")
            screen.press("d")
            screen.until("Discarded")
        assert screen.finish() == exits.OK
        assert "a miss" in screen.screen
        assert "not given again" not in screen.screen


@pytest.mark.embedder
def test_at_a_terminal_the_persons_own_words_count(till: Till, home_with_model: Paths) -> None:
    with Terminal(optafly("demo"), till.environment, till.folder) as screen:
        for word in ("", "w", "", "r", "x"):
            screen.until("? help]")
            if word == "x":
                screen.press("x")
                screen.until("? help]")
                screen.press("d")
                continue
            screen.press("a")
            if word:
                screen.until("Enter done]")
                screen.press(word)
            if word == "w":
                screen.until("Enter done]")
                screen.press("\n")
                screen.until("not given again")
        assert screen.finish() == exits.OK
        assert "simulated Claude (anew)" in screen.screen
        assert "an offer you took" not in screen.screen


def test_without_the_model_it_says_so_and_goes_on_with_the_same_words(till: Till) -> None:
    ran = till.run("demo", PIP_NO_INDEX="1", HF_HUB_OFFLINE="1", PIP_CONFIG_FILE="/dev/null", HF_ENDPOINT=till.api.url)
    assert ran.code == exits.OK
    assert "only the same words" in ran.out
    assert "the cache (a hit)" in ran.out
