"""What `optafly cache` says: of answers in words that fit their number, of files why they cannot be used."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes.till import ASK, Ran, Till
from optafly.cache.fingerprint import namespace
from optafly.cli import cache_files, exits
from optafly.cli.cache_words import described, place_of
from optafly.cli.figures import counted
from optafly.demo.server import MessagesApi
from optafly.errors import CacheError, StorageError
from optafly.paths import Paths


@pytest.fixture
def till(tmp_path: Path, home: Paths) -> Iterator[Till]:
    with MessagesApi() as api:
        yield Till(tmp_path / "till", home.data.parent, api)


def refused(ran: Ran, *words: str) -> None:
    """It says what happened, why and what to do next, in words of ours."""
    assert ran.code == exits.FAILED
    assert "  why:  " in ran.err
    assert "  next: " in ran.err
    assert "Errno" not in ran.err
    assert ".new-" not in ran.err
    for word in words:
        assert word in ran.err


@pytest.mark.parametrize("action", ["import", "restore"])
def test_a_file_that_is_not_there_is_named_with_what_writes_such_files(till: Till, action: str) -> None:
    writer = {"import": "optafly cache export", "restore": "optafly cache backup"}[action]
    refused(till.run("cache", action, "nope"), "nope", "There is no such file.", writer)
    refused(till.run("cache", action, str(till.folder)), "It is a folder.", writer)


@pytest.mark.parametrize("action", ["export", "backup"])
def test_a_place_for_no_file_is_named_with_what_is_in_the_way(till: Till, tmp_path: Path, action: str) -> None:
    there = tmp_path / "there"
    there.write_text("mine", encoding="utf-8")
    refused(till.run("cache", action, str(tmp_path / "no" / "x.db")), "x.db", f"There is no folder {tmp_path / 'no'}.")
    refused(till.run("cache", action, str(there)), "It is there already.", "--force")
    refused(till.run("cache", action, str(tmp_path), "--force"), "It is a folder.")
    refused(till.run("cache", action, str(there / "x.db")), f"There is no folder {there}.")
    refused(till.run("cache", action, str(tmp_path / ("x" * 250))), "File name too long.")
    assert there.read_text(encoding="utf-8") == "mine"


def test_what_is_no_ordinary_file_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CacheError, match="no ordinary file"), cache_files.writing(tmp_path / "pipe", force=True):
        pytest.fail("it would be replaced")


def test_what_the_database_says_is_left_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="No room for it"), cache_files.writing(tmp_path / "x", force=False):
        raise StorageError("No room for it.") from OSError(28, "No space left on device")


@pytest.mark.parametrize("action", ["show", "forget", "pin", "unpin"])
def test_an_id_that_is_empty_or_names_nothing_is_told_where_ids_are(till: Till, action: str) -> None:
    refused(till.run("cache", action, ""), "No answer was named.", "is empty", "optafly cache list")
    refused(till.run("cache", action, "zzz"), "`zzz`", "No id begins so.", "optafly cache list")


def test_one_is_no_plural(till: Till, tmp_path: Path) -> None:
    for _ in range(2):
        till.run("ask", *ASK, "--yes")

    def said(*words: str) -> str:
        return till.run(*words).out

    lines, copy = str(tmp_path / "answers.jsonl"), str(tmp_path / "copy.db")
    listed = said("cache", "list")
    assert " 1 hit " in listed
    assert "1 hit ──" in said("cache", "show", listed[:12])
    assert "1 answer, " in (stats := said("cache", "stats"))
    assert "used 1 time:" in stats
    assert "Written: 1 answer to" in said("cache", "export", lines)
    assert "There already: 1." in said("cache", "import", lines)
    assert "Written and checked: 1 answer," in said("cache", "backup", copy)
    assert "Restored and checked: 1 answer." in said("cache", "restore", copy)
    assert "over            1 day\n" in (stats := said("stats", "--days", "1"))
    assert "remembered      1 answer\n" in stats
    assert said("cache", "clear", "--yes") == "Forgotten: 1 answer.\n"
    assert "Added: 1 answer." in said("cache", "import", lines)


def test_a_number_and_its_word_fit() -> None:
    assert [counted(count, "hit") for count in (0, 1, 2, 1_200)] == ["0 hits", "1 hit", "2 hits", "1,200 hits"]


def test_a_namespace_is_told_in_words() -> None:
    written = namespace("/work/shop", "anthropic", "claude-x", "4699", ("grep",), output="json", max_tokens=4_096)
    words = (
        "/work/shop · claude-x of anthropic · system prompt 4699 · tools: grep · answers as json · at most 4,096 tokens"
    )
    assert described(written) == words
    assert place_of(written) == "/work/shop · claude-x"
    at_home = namespace("", "local", "m", "1", endpoint="http://127.0.0.1:1")
    assert described(at_home) == "(no project) · m of local at http://127.0.0.1:1 · system prompt 1"


@pytest.mark.parametrize("written", ["", "of another form", '["/work/shop"]', '{"a": 1}', "\ud800"])
def test_a_namespace_of_another_form_is_told_as_it_is(written: str) -> None:
    assert described(written) == place_of(written) == written
