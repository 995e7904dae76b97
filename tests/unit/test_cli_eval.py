"""`optafly eval`: on the prompts of its own page, in a terminal, stopped half way, and with unusable files."""

from __future__ import annotations

import json
import os
import re
import shlex
from pathlib import Path

import pytest

from fakes.repository import Repository
from fakes.terminal import Terminal, optafly
from optafly.cli import exits
from optafly.cli.main import main
from optafly.paths import Paths

CONTEXT = "## The context engine"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "evaluate.md"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rows(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.mark.embedder
def test_the_page_on_evaluation_does_what_it_says(
    here: Path, home_with_model: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    page, _, _ = PAGE.read_text(encoding="utf-8").partition(CONTEXT)
    _, labelled = re.findall(r"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (here / "prompts.jsonl").write_text(labelled, encoding="utf-8")
    for command in re.findall(r"^\$ optafly (.+)$", page, re.MULTILINE):
        assert main(shlex.split(command)) == exits.OK
    table, scored = capsys.readouterr().out.rsplit("\n", 2)[:2]
    assert "shell" in table
    assert "P-CHR AUC" in table
    assert json.loads(scored)["all"]["prompts"] == 3
    fields = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert fields == set(rows(here / "verdicts.jsonl")[0])
    assert [row["verdict"] for row in rows(here / "verdicts.jsonl")][2] in ("serve", "offer")


def test_the_page_on_evaluation_says_how_the_context_engine_is_asked(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, _, page = PAGE.read_text(encoding="utf-8").partition(CONTEXT)
    (example,) = re.findall(r"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    shop = Repository(here / "repos" / "me+shop")
    files = {"shop/bill.py": "def totals(prices):\n    return sum(prices)\n", "shop/tax.py": "from shop import bill\n"}
    case = json.loads(example) | {"parent_sha": shop.commit("Begin", files)}
    (here / "cases.jsonl").write_text(json.dumps(case) + "\n", encoding="utf-8")
    commands = re.findall(r"^\$ optafly (.+)$", page, re.MULTILINE)
    assert main(shlex.split(commands[0])) == exits.OK
    assert "hit at 1       1" in capsys.readouterr().out
    (answer,) = rows(here / "ranked.jsonl")
    assert set(re.findall(r"`(files|tokens|bytes|packed|ms)`", page)) | {"id"} == set(answer)
    (here / "cases.jsonl").write_text(json.dumps(case | {"active_file": "shop/tax.py"}) + "\n", encoding="utf-8")
    assert main(shlex.split(commands[1])) == exits.OK
    assert rows(here / "ranked.jsonl")[0]["files"] == ["shop/bill.py"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["context", "x", "--repos", "r", "--out", "y", "--tokens", "-1"], "-1 is no number between 0 and 200,000"),
        (["context", "x", "--repos", "r", "--out", "y", "--limit", "-1"], "-1 is no number from 1 on"),
        (["cache", "x", "--out", "y", "--limit", "0"], "0 is no number from 1 on"),
    ],
)
def test_a_number_that_cannot_be_is_no_argument(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    with pytest.raises(SystemExit):
        main(["eval", *arguments])
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["missing.jsonl", "--out", "r.jsonl"], "missing.jsonl cannot be read"),
        ([".", "--out", "r.jsonl"], ". cannot be read"),
        (["bad.jsonl", "--out", "r.jsonl"], "Line 1 of bad.jsonl"),
        (["good.jsonl", "--out", "good.jsonl"], "would be overwritten"),
        (["good.jsonl", "--out", "no/folder/r.jsonl"], "cannot be written"),
        (["good.jsonl", "--out", "r.jsonl", "--model", "gone.json"], "gone.json holds no weights"),
        (["good.jsonl", "--out", "r.jsonl"], "The repository me/shop is not in repos"),
    ],
)
def test_what_the_context_engine_cannot_be_asked_with_is_named(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    case = '{"id": "1", "repo": "me/shop", "parent_sha": "5b23706", "query": "Round totals"}\n'
    (here / "good.jsonl").write_text(case, encoding="utf-8")
    (here / "bad.jsonl").write_text('{"id": "1"}\n', encoding="utf-8")
    assert main(["eval", "context", *arguments, "--repos", "repos", "--no-vectors"]) == exits.FAILED
    said = capsys.readouterr().err
    assert words in said
    assert "next:" in said
    assert (here / "good.jsonl").read_text(encoding="utf-8") == case


@pytest.mark.embedder
def test_what_was_compared_is_written_where_it_is_asked_for(here: Path, home_with_model: Paths) -> None:
    log = '{"id": "a", "prompt": "list all files"}\n{"id": "b", "prompt": "list no files"}\n'
    (here / "prompts.jsonl").write_text(log, encoding="utf-8")
    assert main(["eval", "cache", "prompts.jsonl", "--out", "v.jsonl", "--candidates", "c.jsonl"]) == exits.OK
    (compared,) = rows(here / "c.jsonl")
    assert (compared["id"], compared["match"]) == ("b", "a")


@pytest.mark.embedder
def test_what_an_editor_serves_by_default_is_served_here_too(here: Path, home_with_model: Paths) -> None:
    asked = ("list the open invoices of march by customer", "which open invoices are there of march, by customer")
    log = "".join(json.dumps({"id": number, "prompt": prompt}) + "\n" for number, prompt in enumerate(asked))
    (here / "prompts.jsonl").write_text(log, encoding="utf-8")
    assert main(["eval", "cache", "prompts.jsonl", "--out", "v.jsonl"]) == exits.OK
    assert main(["eval", "cache", "prompts.jsonl", "--out", "strict.jsonl", "--error-budget", "0.001"]) == exits.OK
    assert [row["verdict"] for row in rows(here / "v.jsonl")] == ["miss", "serve"]
    assert [row["verdict"] for row in rows(here / "strict.jsonl")] == ["miss", "offer"]


def test_stopping_keeps_what_the_context_engine_answered(here: Path, home: Paths) -> None:
    shop = Repository(here / "repos" / "me+shop")
    sha = shop.commit("Begin", {"bill.py": "def totals(prices):\n    return sum(prices)\n"})
    case = {"repo": "me/shop", "parent_sha": sha, "query": "Round totals"}
    cases = (json.dumps(case | {"id": str(number)}) for number in range(20_000))
    (here / "cases.jsonl").write_text("\n".join(cases), encoding="utf-8")
    words = ("eval", "context", "cases.jsonl", "--repos", "repos", "--out", "r.jsonl", "--no-vectors")
    with Terminal(optafly(*words), os.environ, here) as terminal:
        terminal.until("4 of 20000")
        terminal.press("\x03")
        terminal.until("Stopped after")
        assert terminal.finish() == exits.INTERRUPTED
    assert 3 <= len(rows(here / "r.jsonl")) < 20_000


@pytest.mark.embedder
def test_stopping_keeps_the_verdicts_that_were_reached(here: Path, home_with_model: Paths) -> None:
    log = "".join(f'{{"id": {number}, "prompt": "question number {number}"}}\n' for number in range(20_000))
    (here / "prompts.jsonl").write_text(log, encoding="utf-8")
    command = optafly("eval", "cache", "prompts.jsonl", "--out", "v.jsonl")
    with Terminal(command, os.environ, here) as terminal:
        terminal.until("Replaying")
        terminal.until("/20000")
        while not (here / "v.jsonl").read_text(encoding="utf-8").count("\n") > 3:
            terminal.until("/20000")
        terminal.press("\x03")
        terminal.until("Stopped after")
        assert terminal.finish() == exits.INTERRUPTED
    found = rows(here / "v.jsonl")
    assert 3 < len(found) < 20_000
    assert [row["id"] for row in found] == list(range(len(found)))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["missing.jsonl", "--out", "v.jsonl"], "missing.jsonl cannot be read"),
        (["bad.jsonl", "--out", "v.jsonl"], "Line 2 of bad.jsonl"),
        (["good.jsonl", "--out", "good.jsonl"], "would be overwritten"),
        (["good.jsonl", "--out", "no/such/folder/v.jsonl"], "cannot be written"),
        (["good.jsonl", "--out", "v.jsonl", "--error-budget", "1.5"], "--error-budget"),
    ],
)
@pytest.mark.embedder
def test_what_cannot_be_used_is_named_and_the_log_is_left_alone(
    here: Path, home_with_model: Paths, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    good = '{"id": 1, "prompt": "a"}\n'
    (here / "good.jsonl").write_text(good, encoding="utf-8")
    (here / "bad.jsonl").write_text(good + '{"id": 2}\n', encoding="utf-8")
    assert main(["eval", "cache", *arguments]) == exits.FAILED
    assert words in capsys.readouterr().err
    assert (here / "good.jsonl").read_text(encoding="utf-8") == good


def test_without_the_embedding_model_it_says_how_to_get_it(
    here: Path, home: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "good.jsonl").write_text('{"id": 1, "prompt": "a"}\n', encoding="utf-8")
    assert main(["eval", "cache", "good.jsonl", "--out", "v.jsonl"]) == exits.FAILED
    assert "optafly models install" in capsys.readouterr().err
