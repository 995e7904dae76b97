"""`optafly search` and `context` as a person and a script run them, over a real workspace and a real worker."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes.project import BILL, left_behind, project
from fakes.till import ASK, Till
from optafly.cli import exits
from optafly.cli.search import telling
from optafly.demo.server import MessagesApi
from optafly.domain import FileHit
from optafly.paths import Paths


@pytest.fixture
def till(tmp_path: Path, home: Paths) -> Iterator[Till]:
    with MessagesApi() as api:
        yield project(tmp_path / "till", home, api)
    assert left_behind(home) == []


def test_search_names_places_definitions_and_reasons(till: Till) -> None:
    ran = till.run("search", "how are shares of the bill computed?")
    assert ran.code == exits.OK
    first, *_ = ran.out.splitlines()
    assert first.startswith(f"{BILL}:")
    assert "shares" in first
    assert "never_seen" not in ran.out
    assert "file" in ran.err


def test_search_names_a_definition_once(till: Till) -> None:
    (till.folder / "cart.py").write_text(
        "class Cart:\n    def add_item(self, item: str) -> None:\n        self.item = item\n"
    )
    lines = till.run("search", "add_item of the Cart", "--limit", "1").out.splitlines()
    assert lines[:2] == ["cart.py:1  class Cart", "cart.py:2  method Cart.add_item(self, item: str) -> None"]


def test_search_finds_the_name_in_a_signature_not_a_part_of_a_word(till: Till) -> None:
    (till.folder / "disk.py").write_text(
        "class Disk:\n    async def sync(self, now: bool) -> None:\n        self.now = now\n"
    )
    assert "disk.py:2  method Disk.sync(self, now: bool) -> None" in till.run("search", "sync of the Disk").out


def test_search_in_json_is_what_was_found(till: Till) -> None:
    found = json.loads(till.run("search", "rounding of cents", "--json").out)
    assert found["complete"]
    assert found["hits"][0]["path"] == "my notes/a #1.py"
    assert found["hits"][0]["reasons"]


def test_search_stays_in_a_folder_and_within_its_limit(till: Till) -> None:
    everywhere = json.loads(till.run("search", "return", "--json", "--limit", "1").out)
    inside = json.loads(till.run("search", "größe der rechnung", "--path", "till", "--json").out)
    assert len(everywhere["hits"]) == 1
    assert all(hit["path"].startswith("till/") for hit in inside["hits"])


def test_search_finds_words_of_any_script_and_reads_a_pipe(till: Till) -> None:
    ran = till.run("search", stdin="größe der rechnung\n".encode())
    assert ran.out.startswith("données/größe.py:1")


def test_search_leaves_out_words_that_say_nothing_in_the_language_of_the_query(till: Till) -> None:
    (till.folder / "stop.sh").write_text("die() {\n  exit 1\n}\n")
    assert "stop.sh" not in till.run("search", "wo wird die Größe der Rechnung gespeichert").out
    assert "stop.sh" in till.run("search", "wo wird `die` aufgerufen").out


def test_what_is_so_whatever_is_asked_is_no_find() -> None:
    def hit(*reasons: str) -> FileHit:
        return FileHit(root="/w", path="a.py", language="python", score=1.0, reasons=reasons)

    lately = hit("changed lately", "changed together with other files found here")
    assert telling([lately]) == ()
    assert telling([lately, hit("its text has `share`")]) == (lately, hit("its text has `share`"))


def test_search_that_finds_nothing_says_so_and_is_no_failure(till: Till) -> None:
    (till.folder / "empty").mkdir()
    ran = till.run("search", "shares", "--path", "empty")
    assert (ran.code, ran.out) == (exits.OK, "")
    assert f"Nothing was found in {till.folder / 'empty'}" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("search", "shares", "--limit", "many"), "many is no number between 1 and 40"),
        (("context", "shares", "--tokens", "-1"), "-1 is no number between 0 and 200,000"),
        (("search", "shares", "--path", "nowhere"), "nowhere cannot be looked into"),
        (("context", "x", "--file", BILL, "--select", "a:b"), "a is no line: lines count from 1"),
        (("context", "x", "--file", BILL, "--select", "9:3"), "9:3 ends before it begins"),
    ],
)
def test_what_cannot_be_understood_is_said_in_words(till: Till, arguments: tuple[str, ...], said: str) -> None:
    assert said in till.run(*arguments).err


def test_context_without_code_says_how_to_send_some(till: Till) -> None:
    assert "#path or @name" in till.run("context", "write a haiku about the sea").out


def test_a_whole_home_folder_is_not_read_for_a_question(till: Till) -> None:
    ran = till.run("search", "bill", HOME=str(till.folder))
    assert ran.code == exits.FAILED
    assert "home" in ran.err


def test_context_says_what_would_go_along_and_why(till: Till) -> None:
    ran = till.run("context", *ASK, ANTHROPIC_API_KEY="")
    assert ran.code == exits.OK, ran.err
    assert f"{BILL}:4-12 shares" in ran.out
    assert "You selected lines 4-12" in ran.out
    assert "in all" in ran.out
    assert till.api.requests == ()


def test_context_in_json_keeps_to_its_tokens_and_keeps_no_proposal(till: Till) -> None:
    context = json.loads(till.run("context", *ASK, "--tokens", "40", "--json").out)
    assert context["tokens"] == sum(piece["tokens"] for piece in context["pieces"])
    assert context["tokens"] <= 40
    assert json.loads(till.run("stats", "--json").out)["proposals"] == 0


@pytest.mark.parametrize(
    ("mention", "path"),
    [
        (f"#{BILL}", BILL),
        (f"#{BILL}:4-12", BILL),
        (f"#{BILL}#shares", BILL),
        ("@shares", BILL),
        ('#"my notes/a #1.py"', "my notes/a #1.py"),
        ("@größe_der_rechnung", "données/größe.py"),
    ],
)
def test_what_a_prompt_mentions_goes_along(till: Till, mention: str, path: str) -> None:
    context = json.loads(till.run("context", f"what could {mention} do better?", "--json").out)
    assert path in [piece["path"] for piece in context["pieces"] if piece["pinned"]]


def test_refine_sends_code_of_other_files_and_says_so(till: Till) -> None:
    ran = till.run("refine", f"why is #{BILL} wrong about shares?", "--json")
    assert BILL in [piece["path"] for piece in json.loads(ran.out)["pieces"]]


def test_a_prompt_that_is_too_vague_is_asked_about(till: Till) -> None:
    assert "asks" in till.run("context", "fix it").out
