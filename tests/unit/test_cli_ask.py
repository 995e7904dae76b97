"""`optafly ask` and `optafly refine` as scripts run them: real processes, a real HTTP server, nobody at a terminal."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes.terminal import optafly
from fakes.till import ASK, Till
from optafly.cli import exits
from optafly.demo.behaviour import Behaviour
from optafly.demo.server import MessagesApi
from optafly.paths import Paths


@pytest.fixture
def till(tmp_path: Path, home: Paths) -> Iterator[Till]:
    with MessagesApi() as api:
        yield Till(tmp_path / "till", home.data.parent, api)


def test_refine_prints_the_prompt_alone_and_sends_nothing(till: Till) -> None:
    ran = till.run("refine", *ASK, ANTHROPIC_API_KEY="")
    assert ran.code == exits.OK
    assert ran.out.startswith("why does this (`shares`, `till/bill.py` lines 4-12) fail?")
    assert "def shares" in ran.out
    assert "quality" in ran.err
    assert "quality" not in ran.out
    assert till.api.requests == ()


def test_refine_in_json_is_a_proposal(till: Till) -> None:
    proposal = json.loads(till.run("refine", *ASK, "--json").out)
    assert proposal["original"] == "why does this fail?"
    assert proposal["pieces"][0]["path"] == "till/bill.py"


def test_without_a_terminal_and_without_yes_nothing_is_sent(till: Till) -> None:
    ran = till.run("ask", *ASK)
    assert ran.code == exits.NOT_APPROVED
    assert "--yes" in ran.err
    assert ran.out == ""
    assert till.api.requests == ()


def test_yes_sends_what_is_shown_and_prints_the_answer_alone(till: Till) -> None:
    ran = till.run("ask", *ASK, "--yes")
    assert ran.code == exits.OK
    assert "simulated answer" in ran.out
    assert "from claude" in ran.err
    (request,) = till.api.requests
    assert "def shares" in request.body.decode()


def test_the_same_question_twice_is_one_request(till: Till) -> None:
    first = till.run("ask", *ASK, "--yes")
    second = till.run("ask", *ASK, "--yes")
    assert second.out == first.out
    assert "from the cache" in second.err
    assert len(till.api.requests) == 1


def test_a_served_answer_says_how_old_it_is_what_it_saved_and_how_to_ask_again(till: Till) -> None:
    till.run("ask", *ASK, "--yes")
    (line,) = [line for line in till.run("ask", *ASK, "--yes").err.splitlines() if line.startswith("from the cache")]
    assert line.startswith("from the cache, just now · saved $")
    assert line.endswith("· --fresh regenerates it")


def test_fresh_asks_the_provider_and_replaces_what_would_have_been_served(till: Till) -> None:
    till.run("ask", *ASK, "--yes")
    (old,) = json.loads(till.run("cache", "list", "--json").out)
    assert "from claude" in till.run("ask", *ASK, "--yes", "--fresh").err
    (new,) = json.loads(till.run("cache", "list", "--json").out)
    assert new["id"] != old["id"]
    assert len(till.api.requests) == 2
    assert "from the cache" in till.run("ask", *ASK, "--yes").err


def test_fresh_forgets_nothing_where_the_provider_fails(till: Till) -> None:
    till.run("ask", *ASK, "--yes")
    till.api.always(Behaviour(status=529))
    assert till.run("ask", *ASK, "--yes", "--fresh").code == exits.NO_ANSWER
    assert "from the cache" in till.run("ask", *ASK, "--yes").err


def test_fresh_forgets_nothing_where_the_new_answer_is_cut_off(till: Till) -> None:
    till.run("ask", *ASK, "--yes")
    till.api.always(Behaviour(stop_reason="max_tokens"))
    assert till.run("ask", *ASK, "--yes", "--fresh").code == exits.OK
    assert "from the cache" in till.run("ask", *ASK, "--yes").err


def test_original_sends_the_prompt_as_written_without_code(till: Till) -> None:
    till.run("ask", *ASK, "--original", "--yes")
    (request,) = till.api.requests
    assert "why does this fail?" in request.body.decode()
    assert "def shares" not in request.body.decode()


def test_json_is_one_object_with_the_proposal_and_the_answer(till: Till) -> None:
    ran = till.run("ask", *ASK, "--yes", "--json")
    outcome = json.loads(ran.out)
    assert outcome["answer"]["source"] == "provider"
    assert outcome["proposal"]["digest"]
    assert ran.err == ""


def test_a_prompt_comes_from_a_pipe(till: Till) -> None:
    ran = till.run("ask", "--yes", "--json", stdin="was heißt „Rundungsfehler“?\n".encode())
    assert json.loads(ran.out)["proposal"]["original"] == "was heißt „Rundungsfehler“?"


def test_what_is_no_text_is_no_prompt(till: Till) -> None:
    ran = till.run("ask", "--yes", stdin=b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    assert (ran.code, ran.out) == (exits.FAILED, "")
    assert "not text" in ran.err
    assert till.api.requests == ()


def test_a_vague_prompt_is_not_sent_by_yes_but_asked_about(till: Till) -> None:
    ran = till.run("ask", "fix it", "--yes")
    assert ran.code == exits.NOT_APPROVED
    assert "?" in ran.err
    assert till.api.requests == ()


def test_original_overrules_the_question(till: Till) -> None:
    assert till.run("ask", "fix it", "--original", "--yes").code == exits.OK
    assert len(till.api.requests) == 1


@pytest.mark.parametrize(
    ("behaviour", "code", "words"),
    [
        (Behaviour(status=401), exits.NO_KEY, "key"),
        (Behaviour(status=529), exits.NO_ANSWER, "overloaded"),
        (Behaviour(then="cut"), exits.NO_ANSWER, "next:"),
    ],
)
def test_a_failure_has_its_exit_code_and_says_what_to_do(
    till: Till, behaviour: Behaviour, code: int, words: str
) -> None:
    till.api.always(behaviour)
    ran = till.run("ask", *ASK, "--yes")
    assert ran.code == code
    assert words in ran.err.lower()
    assert "Traceback" not in ran.err


def test_a_failure_in_json_is_still_one_object(till: Till) -> None:
    ran = till.run("ask", *ASK, "--yes", "--json", ANTHROPIC_API_KEY="")
    assert ran.code == exits.NO_KEY
    assert json.loads(ran.out)["problem"]["code"] == "provider.no_key"
    assert "trace" not in ran.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("ask",), exits.FAILED),
        (("ask", "x", "--line", "3"), exits.FAILED),
        (("ask", "x", "--file", "gone.py"), exits.FAILED),
        (("ask", "x", "--select", "9:3"), exits.USAGE),
        (("ask", "x", "--line", "zero"), exits.USAGE),
        (("fly",), exits.USAGE),
    ],
)
def test_a_wrong_command_line_is_explained_without_a_traceback(
    till: Till, arguments: tuple[str, ...], code: int
) -> None:
    ran = till.run(*arguments)
    assert ran.code == code
    assert ran.err
    assert "Traceback" not in ran.err


def test_an_ignored_file_never_leaves(till: Till) -> None:
    (till.folder / ".env").write_text("PASSWORD=hunter2-hunter2\n", encoding="utf-8")
    till.run("ask", "what does this do?", "--file", ".env", "--line", "1", "--yes")
    assert all(b"hunter2" not in request.body for request in till.api.requests)


def test_a_locale_without_unicode_does_not_crash_it(till: Till) -> None:
    ran = till.run("ask", *ASK, "--yes", LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert ran.code == exits.OK
    assert "->" in ran.err


def test_a_bad_setting_is_named_and_the_rest_still_works(till: Till) -> None:
    ran = till.run("refine", *ASK, OPTAFLY_CACHE_ERROR_BUDGET="7")
    assert ran.code == exits.OK
    assert "$.cache.errorBudget" in ran.err


def test_ctrl_c_while_the_answer_streams_ends_the_request_and_remembers_nothing(till: Till) -> None:
    till.api.always(Behaviour(then="hang"))
    with subprocess.Popen(
        optafly("ask", *ASK, "--yes"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=till.environment,
        cwd=till.folder,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.read(1)  # the answer has begun
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=60)
    assert child.returncode == exits.INTERRUPTED
    assert b"Traceback" not in err
    assert till.api.requests[0].left.wait(10)
    assert json.loads(till.run("cache", "list", "--json").out) == []
