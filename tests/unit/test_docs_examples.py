"""What the documentation says can be done is done here: every command, setting and snippet in it, and every link."""

from __future__ import annotations

import argparse
import json
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, cast

import pytest

from fakes.till import Till
from optafly.cli import exits
from optafly.cli.main import COMMANDS, Command
from optafly.demo.server import MessagesApi
from optafly.layers import Layer, merge

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
QUOTED = re.compile(r"^(`{4,})\w*\n.*?^\1$", re.MULTILINE | re.DOTALL)  # a prompt shown with its own fences
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")

# Commands that are not run here, and where they are instead.
ELSEWHERE = {
    "make ": "tests and CI",
    "pip install": "the wheel's own test",
    "export ": "the shell's",
    "cd ": "the sample project is the current folder already",
    "cp ": "Till, which copies it",
    "optafly demo": "test_cli_demo.py",
    "optafly bench": "test_cli_bench.py",
    "optafly eval": "test_cli_eval.py, on the page's own prompts, with the embedding model",
    "optafly models install": "test_models_install.py",
    "optafly keys set": "test_cli_commands.py, with a keyring",
    "optafly keys forget": "test_cli_commands.py, with a keyring",
    "python tests/bench/": "test_bench_peers.py and test_bench_cache_risk.py",
    "python -m till": "test_cli_demo.py: it fails, which is the point",
}
# Exit codes that a page promises other than 0: nobody is at a terminal here, and there is no keyring.
EXPECTED = {"optafly ask": exits.NOT_APPROVED, "optafly models status": exits.FAILED}


class Block(NamedTuple):
    """A fenced block and where it stands."""

    page: Path
    language: str
    text: str


def blocks(*languages: str) -> list[Block]:
    return [
        Block(page, match[1], match[2])
        for page in PAGES
        for match in FENCE.finditer(QUOTED.sub("", page.read_text(encoding="utf-8")))
        if match[1] in languages
    ]


def commands() -> list[str]:
    lines = [line for block in blocks("console") for line in block.text.splitlines() if line.startswith("$ ")]
    return sorted({line.removeprefix("$ ") for line in lines})


RUN_HERE = [command for command in commands() if not command.startswith(tuple(ELSEWHERE))]


@pytest.fixture(scope="module")
def till(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Till]:
    """The sample project, with one answer in the cache whose id begins as the pages say."""
    with MessagesApi() as api:
        project = Till(tmp_path_factory.mktemp("docs") / "till", tmp_path_factory.mktemp("docs-home"), api)
        del project.environment["OPTAFLY_CONTEXT_WORKSPACE"]
        (project.folder / "app.py").write_text("x = 1\n" * 20, encoding="utf-8")
        subprocess.run(["git", "init", "--quiet"], cwd=project.folder, check=True)
        optafly = project.folder / "bin" / "optafly"
        optafly.parent.mkdir()
        optafly.write_text(
            f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m optafly.cli.main "$@"\n', encoding="utf-8"
        )
        optafly.chmod(0o755)
        project.environment["PATH"] = f"{optafly.parent}:{project.environment['PATH']}"
        yield project


@pytest.mark.parametrize("command", RUN_HERE)
def test_every_command_in_the_pages_does_what_they_say(till: Till, command: str) -> None:
    if " 3f2a" in command:
        till.run("ask", "what is a till, in one sentence?", "--yes")
        (entry, *_) = json.loads(till.run("cache", "list", "--json").out)
        command = command.replace("3f2a", entry["id"][:12])
    if command.startswith(("optafly cache import", "optafly cache restore")):
        till.run("cache", "export", "answers.jsonl", "--force")
        till.run("cache", "backup", "answers.db", "--force")
    feed = "a question in one sentence?" if "|" in command else ""
    ran = subprocess.run(
        ["sh", "-c", command.replace("git diff |", "cat |")],
        input=feed.encode(),
        env=till.environment,
        cwd=till.folder,
        capture_output=True,
        check=False,
        timeout=60,
    )
    wanted = next((code for start, code in EXPECTED.items() if command.startswith(start)), exits.OK)
    if "--yes" in command:
        wanted = exits.OK
    if "--online" in command:  # whether there is a network is not ours to say
        wanted = ran.returncode
    assert ran.returncode == wanted, ran.stderr.decode()


@pytest.mark.parametrize("command", [command for command in commands() if command.startswith("optafly ")])
def test_every_optafly_command_in_the_pages_is_understood(command: str) -> None:
    words = shlex.split(re.split(r" [|>] ", command)[0])[1:]
    if words[0] == "--version":
        return
    parser = argparse.ArgumentParser(exit_on_error=False)
    cast(Command, import_module(COMMANDS[words[0]][0])).add_arguments(parser)
    parser.parse_args(words[1:])


def test_every_subcommand_and_option_is_in_the_how_to() -> None:
    page = (ROOT / "docs" / "how-to" / "cli.md").read_text(encoding="utf-8")
    for name, (module, _) in COMMANDS.items():
        parser = argparse.ArgumentParser()
        cast(Command, import_module(module)).add_arguments(parser)
        help_text = parser.format_help()
        for option in re.findall(r"--[a-z]+", help_text):
            assert option == "--help" or option in page, f"{name} {option} is not documented"
        assert f"optafly {name}" in page


def test_the_exit_codes_in_the_how_to_are_those_of_the_code() -> None:
    page = (ROOT / "docs" / "how-to" / "cli.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (\d+) \| (.+?) \|$", page, re.MULTILINE))
    assert rows == dict(re.findall(r"^  (\d+) +(.+)$", exits.IN_WORDS, re.MULTILINE)) | {"1": rows["1"]}


def test_every_setting_in_the_pages_is_understood() -> None:
    found = blocks("toml")
    assert found
    for block in found:
        loaded = merge((Layer("config.toml", tomllib.loads(block.text)),))
        assert [str(problem) for problem in loaded.problems] == [], block.page


def test_every_python_snippet_in_the_pages_runs(tmp_path: Path) -> None:
    for block in blocks("python"):
        ran = subprocess.run(
            [sys.executable, "-c", block.text], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, f"{block.page}: {ran.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_between_the_pages_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{target} in {page.name} is not there"
