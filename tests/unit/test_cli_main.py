"""The command line itself."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from fakes.terminal import optafly
from optafly import __version__
from optafly.cli import exits
from optafly.cli.main import COMMANDS, main
from optafly.errors import (
    BadKey,
    CacheError,
    ConfigError,
    NetworkDown,
    NoKey,
    OptaflyError,
    RateLimited,
    StaleProposal,
)

LIGHT = "import sys; from optafly.cli.main import main\ntry: main(sys.argv[1:])\nfinally: print(*sys.modules)"
HEAVY = {
    "anthropic",
    "pygls",
    "usearch",
    "onnxruntime",
    "numpy",
    "tokenizers",
    "tree_sitter",
    "keyring",
    "rich",
    "onnx",
}


def test_version_imports_nothing_that_takes_time() -> None:
    ran = subprocess.run([sys.executable, "-c", LIGHT, "--version"], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith(f"optafly {__version__}\n")
    assert not (HEAVY | {"msgspec", "asyncio"}) & set(ran.stdout.split())


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for name in COMMANDS:
        with pytest.raises(SystemExit) as stopped:
            main([name, "--help"])
        assert stopped.value.code == exits.OK
        assert f"optafly {name}" in capsys.readouterr().out


def test_what_a_command_does_not_know_is_said_with_its_own_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["refine", "fix it", "--selct", "1:2"])
    assert stopped.value.code == exits.USAGE
    said = capsys.readouterr().err
    assert "usage: optafly refine" in said
    assert "unrecognized arguments: --selct 1:2" in said


@pytest.mark.parametrize("name", ["cache", "keys", "models", "eval", "bench"])
def test_a_command_of_several_actions_names_them_where_none_is_given_and_fails(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert main([name]) == exits.USAGE
    assert f"usage: optafly {name} [-h] action ..." in capsys.readouterr().out


def test_every_action_says_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["cache", "show", "--help"])
    assert "One answer and the prompt that it answered." in capsys.readouterr().out


def test_without_a_command_the_help_is_printed_with_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == exits.OK
    assert exits.IN_WORDS in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NoKey("x"), exits.NO_KEY),
        (BadKey("x"), exits.NO_KEY),
        (RateLimited("x"), exits.NO_ANSWER),
        (NetworkDown("x"), exits.NO_ANSWER),
        (StaleProposal("x"), exits.NOT_APPROVED),
        (CacheError("x"), exits.FAILED),
        (ConfigError("x", path="$", source="environment"), exits.FAILED),
    ],
)
def test_an_error_and_its_code_on_the_wire_have_the_same_exit_code(error: OptaflyError, code: int) -> None:
    assert exits.for_error(error) == exits.for_code(error.code) == code


def test_a_reader_that_goes_away_ends_it_quietly() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run(optafly("--help"), stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert b"Traceback" not in ran.stderr


def test_a_bug_of_ours_is_told_in_words(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(COMMANDS, "stats", ("optafly.cli.gone", "a module that is not there"))
    assert main(["stats"]) == exits.FAILED
    assert "failed inside" in capsys.readouterr().err
