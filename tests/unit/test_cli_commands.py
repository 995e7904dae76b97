"""The small commands: stats, cache, keys, models, doctor."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes.till import ASK, Till
from optafly.cli import exits
from optafly.demo.server import MessagesApi
from optafly.paths import Paths

KEY = "sk-ant-canary-0123456789abcdef"


@pytest.fixture
def till(tmp_path: Path, home: Paths) -> Iterator[Till]:
    with MessagesApi() as api:
        yield Till(tmp_path / "till", home.data.parent, api)


@pytest.fixture
def with_keyring(till: Till, tmp_path: Path) -> Till:
    till.environment |= {
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "PYTHON_KEYRING_BACKEND": "fakes.keyring_file.FileKeyring",
        "FILE_KEYRING": str(tmp_path / "keyring.json"),
    }
    del till.environment["ANTHROPIC_API_KEY"]
    return till


def test_stats_count_what_was_asked_and_what_was_saved(till: Till) -> None:
    till.run("ask", *ASK, "--yes")
    till.run("ask", *ASK, "--yes")
    stats = json.loads(till.run("stats", "--json").out)
    assert (stats["answers"], stats["hits"], stats["hitRate"]) == (2, 1, 0.5)
    assert stats["savedUsd"] == pytest.approx(stats["costUsd"])
    assert "1 (50%)" in till.run("stats").out


def test_stats_here_leaves_other_projects_out(till: Till, tmp_path: Path) -> None:
    till.run("ask", *ASK, "--yes")
    other = tmp_path / "other"
    other.mkdir()
    assert json.loads(till.run("stats", "--here", "--json").out)["answers"] == 1
    till.folder = other
    assert json.loads(till.run("stats", "--here", "--json").out)["answers"] == 0


def test_a_remembered_answer_is_listed_shown_and_forgotten(till: Till) -> None:
    answer = till.run("ask", *ASK, "--yes").out
    (entry,) = json.loads(till.run("cache", "list", "--json").out)
    assert entry["prompt"] == ASK[0]
    start = entry["id"][:8]
    assert ASK[0] in till.run("cache", "list").out
    assert answer.strip() in till.run("cache", "show", start).out
    assert till.run("cache", "forget", start).code == exits.OK
    assert json.loads(till.run("cache", "list", "--json").out) == []


def test_an_answer_without_a_prompt_can_be_pinned_and_forgotten(till: Till, tmp_path: Path) -> None:
    till.run("ask", *ASK, "--yes")
    line = json.loads(till.run("cache", "export", "-").out)
    line["entry"] |= {"id": "e" * 32, "prompt": "", "intent": ""}
    (tmp_path / "answers.jsonl").write_text(json.dumps(line), encoding="utf-8")
    assert till.run("cache", "import", str(tmp_path / "answers.jsonl")).code == exits.OK
    assert [till.run("cache", word, "eeee").code for word in ("pin", "forget")] == [exits.OK, exits.OK]


@pytest.mark.parametrize("limit", ["-1", "0", "100001", "many"])
def test_a_list_of_so_many_answers_is_a_usage_error(till: Till, limit: str) -> None:
    ran = till.run("cache", "list", "--limit", limit)
    assert ran.code == exits.USAGE
    assert "between 1 and 100,000" in ran.err


def test_an_id_that_names_nothing_is_refused(till: Till) -> None:
    ran = till.run("cache", "show", "nothing")
    assert ran.code == exits.FAILED
    assert "optafly cache list" in ran.err


def test_clearing_the_cache_needs_a_yes_where_nobody_can_be_asked(till: Till) -> None:
    till.run("ask", *ASK, "--yes")
    assert till.run("cache", "clear").code == exits.FAILED
    assert len(json.loads(till.run("cache", "list", "--json").out)) == 1
    assert till.run("cache", "clear", "--yes").code == exits.OK
    assert json.loads(till.run("cache", "list", "--json").out) == []


def test_a_key_is_kept_used_and_forgotten_and_never_printed(with_keyring: Till) -> None:
    assert with_keyring.run("keys", "status").code == exits.NO_KEY
    kept = with_keyring.run("keys", "set", stdin=KEY.encode() + b"\n")
    status = with_keyring.run("keys", "status")
    assert (kept.code, status.code) == (exits.OK, exits.OK)
    assert "keyring" in status.out
    assert KEY not in kept.out + kept.err + status.out + status.err
    with_keyring.run("ask", *ASK, "--yes")
    assert KEY in with_keyring.api.requests[0].headers["authorization"] + with_keyring.api.requests[0].headers.get(
        "x-api-key", ""
    )
    assert with_keyring.run("keys", "forget").code == exits.OK
    assert with_keyring.run("keys", "status").code == exits.NO_KEY


def test_the_environment_is_said_to_come_first(with_keyring: Till) -> None:
    ran = with_keyring.run("keys", "set", stdin=KEY.encode(), ANTHROPIC_API_KEY="another-key")
    assert "used first" in ran.err


@pytest.mark.parametrize("typed", [b"", b"  \n", b"two words"])
def test_what_is_no_key_is_not_kept(with_keyring: Till, typed: bytes) -> None:
    ran = with_keyring.run("keys", "set", stdin=typed)
    assert ran.code == exits.FAILED
    assert with_keyring.run("keys", "status").code == exits.NO_KEY


def test_without_a_keyring_doctor_says_so_in_words(till: Till) -> None:
    ran = till.run("doctor", PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring")
    assert "This computer has none that keeps a key." in ran.out
    assert "fail Keyring" not in ran.out


def test_without_a_keyring_the_way_out_is_named(till: Till) -> None:
    ran = till.run("keys", "set", stdin=KEY.encode(), PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring")
    assert ran.code == exits.FAILED
    assert "environment" in ran.err


def test_doctor_is_content_with_a_key_and_a_database(till: Till) -> None:
    ran = till.run("doctor")
    assert ran.code == exits.OK
    for name in ("python", "settings", "database", "key", "grammars"):
        assert f"{name}:" in ran.out
    assert till.environment["ANTHROPIC_API_KEY"] not in ran.out


def test_doctor_says_what_is_broken_and_how_to_mend_it(till: Till) -> None:
    ran = till.run("doctor", "--json", ANTHROPIC_API_KEY="")
    checks = {check["name"]: check for check in json.loads(ran.out)}
    assert ran.code == exits.FAILED
    assert not checks["key"]["ok"]
    assert "optafly keys set" in checks["key"]["todo"]


def test_doctor_names_a_damaged_database_that_was_set_aside(till: Till) -> None:
    database = Path(till.environment["OPTAFLY_HOME"]) / "data" / "optafly.db"
    database.parent.mkdir(parents=True)
    database.write_bytes(b"this is no database, and was one perhaps" * 500)
    ran = till.run("doctor")
    aside = min(path.name for path in database.parent.glob("optafly.db.damaged-*"))
    assert ran.code == exits.OK
    assert aside in ran.out


def test_doctor_names_a_bad_setting_with_its_path(till: Till) -> None:
    ran = till.run("doctor", OPTAFLY_CLAUDE_MAX_TOKENS="-3")
    assert "$.claude.maxTokens" in ran.out
    assert ran.code == exits.OK


def test_doctor_online_reaches_the_api_without_a_key(till: Till) -> None:
    ran = till.run("doctor", "--online")
    assert f"{till.api.url} answers" in ran.out
    assert all("authorization" not in request.headers for request in till.api.requests)


def test_models_status_says_what_is_missing(till: Till) -> None:
    ran = till.run("models", "status")
    assert ran.code == exits.FAILED
    assert "optafly models install" in ran.out


def test_a_folder_without_the_model_is_refused_with_a_reason(till: Till) -> None:
    ran = till.run("models", "install", "--from", str(till.folder))
    assert ran.code == exits.FAILED
    assert "next:" in ran.err
