"""`optafly ask` at a real pseudo-terminal: what each key does, and that nothing leaves before one was pressed."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes.terminal import Terminal, optafly
from fakes.till import ASK, Till
from optafly.cli import exits
from optafly.demo.server import MessagesApi
from optafly.paths import Paths

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminal module")


@pytest.fixture
def till(tmp_path: Path, home: Paths) -> Iterator[Till]:
    with MessagesApi() as api:
        yield Till(tmp_path / "till", home.data.parent, api)


def terminal(till: Till, *arguments: str, stdin: bytes | None = None, **environment: str) -> Terminal:
    return Terminal(optafly(*arguments), till.environment | environment, till.folder, stdin=stdin)


def sent(till: Till) -> list[str]:
    return [request.body.decode() for request in till.api.requests]


def test_a_accepts_and_the_answer_streams(till: Till) -> None:
    with terminal(till, "ask", *ASK) as screen:
        shown = screen.until("? help]")
        assert "def shares" in shown
        assert sent(till) == []
        screen.press("a")
        screen.until("simulated answer")
        screen.until("from claude")
        assert screen.finish() == exits.OK
    assert "def shares" in sent(till)[0]


def test_inserted_words_are_underlined_and_green_and_code_stays_readable(till: Till) -> None:
    with terminal(till, "ask", *ASK) as screen:
        shown = screen.until("? help]")
        assert "\x1b[4;32m" in shown
        assert "\x1b[32m    share = round" in shown
        screen.press("d")
        screen.finish()


def test_without_colour_nothing_is_coloured(till: Till) -> None:
    with terminal(till, "ask", *ASK, NO_COLOR="1") as screen:
        assert "\x1b[4;32m" not in screen.until("? help]")
        screen.press("d")
        screen.finish()


def test_d_discards_and_sends_nothing(till: Till) -> None:
    with terminal(till, "ask", *ASK) as screen:
        screen.until("? help]")
        screen.press("d")
        screen.until("nothing was sent")
        assert screen.finish() == exits.NOT_APPROVED
    assert sent(till) == []


def test_the_end_of_the_terminal_discards(till: Till) -> None:
    with terminal(till, "ask", *ASK) as screen:
        screen.until("? help]")
        screen.press("\x04")
        assert screen.finish() == exits.NOT_APPROVED
    assert sent(till) == []


def test_ctrl_c_leaves_and_sends_nothing(till: Till) -> None:
    with terminal(till, "ask", *ASK) as screen:
        screen.until("? help]")
        screen.press("\x03")
        assert screen.finish() == exits.INTERRUPTED
        assert "Traceback" not in screen.screen
    assert sent(till) == []


def test_o_sends_the_original(till: Till) -> None:
    with terminal(till, "ask", *ASK) as screen:
        screen.until("? help]")
        screen.press("o")
        assert screen.finish() == exits.OK
    assert "def shares" not in sent(till)[0]


def test_a_number_switches_a_change_off_and_it_is_shown_again(till: Till) -> None:
    with terminal(till, "ask", *ASK) as screen:
        screen.until("? help]")
        screen.press("1")
        assert "off" in screen.until("? help]")
        screen.press("1")
        assert " off" not in screen.until("? help]")
        screen.press("d")
        screen.finish()


def test_a_key_that_means_nothing_shows_the_help_and_arrows_are_one_key(till: Till) -> None:
    with terminal(till, "ask", *ASK) as screen:
        screen.until("? help]")
        screen.press("\x1b[A")
        screen.until("Accept & Send   send exactly")
        screen.until("? help]")
        screen.press("d")
        assert screen.finish() == exits.NOT_APPROVED


def test_m_opens_the_editor_and_what_it_saved_is_shown_before_it_is_sent(till: Till, tmp_path: Path) -> None:
    editor = tmp_path / "editor.sh"
    editor.write_text('#!/bin/sh\nprintf "where did the cent go?" > "$1"\n', encoding="utf-8")
    editor.chmod(0o700)
    with terminal(till, "ask", *ASK, EDITOR=str(editor)) as screen:
        screen.until("? help]")
        screen.press("m")
        assert "where did the cent go" in screen.until("? help]")
        assert sent(till) == []
        screen.press("a")
        assert screen.finish() == exits.OK
    assert "where did the cent go?" in sent(till)[0]
    assert "def shares" not in sent(till)[0]


def test_an_editor_that_fails_changes_nothing_and_asks_again(till: Till) -> None:
    with terminal(till, "ask", *ASK, VISUAL="false") as screen:
        screen.until("? help]")
        screen.press("m")
        screen.until("did not work")
        screen.until("? help]")
        screen.press("d")
        assert screen.finish() == exits.NOT_APPROVED


def test_without_an_editor_a_prompt_is_typed_and_ended_with_a_dot(till: Till) -> None:
    with terminal(till, "ask", *ASK) as screen:
        screen.until("? help]")
        screen.press("m")
        screen.until("keeps the prompt as it is")
        screen.press("where did\nthe cent go?\n.\n")
        screen.until("? help]")
        screen.press("a")
        assert screen.finish() == exits.OK
    assert "where did\\nthe cent go?" in sent(till)[0]


def test_a_vague_prompt_is_answered_with_a_question_and_cannot_be_accepted(till: Till) -> None:
    with terminal(till, "ask", "fix it") as screen:
        assert "Accept & Send" not in screen.until("? help]")
        screen.press("a")
        screen.until("? help]")
        assert sent(till) == []
        screen.press("d")
        assert screen.finish() == exits.NOT_APPROVED


def test_a_file_that_changed_since_it_was_shown_is_not_sent(till: Till) -> None:
    with terminal(till, "ask", *ASK) as screen:
        screen.until("? help]")
        file = till.folder / "till" / "bill.py"
        file.write_text(file.read_text(encoding="utf-8").replace("round", "int"), encoding="utf-8")
        screen.press("a")
        assert screen.finish() == exits.NOT_APPROVED
        assert "has changed" in screen.screen
    assert sent(till) == []


def test_with_the_prompt_in_a_pipe_the_keys_come_from_the_terminal(till: Till) -> None:
    with terminal(till, "ask", *ASK[1:], stdin=b"why does this fail?") as screen:
        screen.until("? help]")
        screen.press("a")
        assert screen.finish() == exits.OK
    assert len(sent(till)) == 1


def test_a_narrow_terminal_shows_everything(till: Till) -> None:
    with terminal(till, "ask", *ASK, COLUMNS="20") as screen:
        shown = screen.until("? help]")
        assert "return parts" in shown
        screen.press("d")
        screen.finish()


def edit(till: Till, word: str = "round", by: str = "int") -> None:
    file = till.folder / "till" / "bill.py"
    file.write_text(file.read_text(encoding="utf-8").replace(word, by), encoding="utf-8")


def stats(till: Till) -> dict[str, int]:
    return json.loads(till.run("stats", "--json").out)


def test_r_reuses_the_offered_answer_and_sends_nothing(till: Till) -> None:
    answer = till.run("ask", *ASK, "--yes").out
    edit(till)
    with terminal(till, "ask", *ASK) as screen:
        offered = screen.until("? help]")
        assert "an earlier answer" in offered
        assert " such case" in offered
        assert "r Reuse Answer" in offered
        assert "till/bill.py shares has changed since" in offered
        screen.press("r")
        screen.until("from the cache, just now")
        screen.until("Enter done]")
        screen.press("\n")
        assert screen.finish() == exits.OK
        assert answer.splitlines()[0] in screen.screen
    assert len(sent(till)) == 1


def test_x_refuses_the_offered_answer_which_is_not_offered_again(till: Till) -> None:
    till.run("ask", *ASK, "--yes")
    edit(till)
    with terminal(till, "ask", *ASK) as screen:
        screen.until("x Refuse Answer")
        screen.until("? help]")
        screen.press("x")
        screen.until("Refused")
        assert "Reuse Answer" not in screen.until("? help]")
        screen.press("d")
        assert screen.finish() == exits.NOT_APPROVED
    assert (stats(till)["offersShown"], stats(till)["offersRefused"]) == (1, 1)


def test_of_several_offers_a_number_says_which_one_is_refused_or_taken(till: Till) -> None:
    till.run("ask", *ASK, "--yes")
    edit(till)
    till.run("ask", *ASK, "--yes")
    edit(till, "int(total", "abs(total")
    with terminal(till, "ask", *ASK) as screen:
        shown = screen.until("? help]")
        first, second = shown.index("  r 1 "), shown.index("  r 2 ")
        screen.press("x2")
        screen.until("Refused")
        assert "  r       an earlier answer" in screen.until("? help]")
        screen.press("r")
        screen.until("Enter done]")
        screen.press("\n")
        assert screen.finish() == exits.OK
    assert first < second
    assert (stats(till)["offersTaken"], stats(till)["offersRefused"]) == (1, 1)


def test_x_without_an_offer_is_a_key_that_means_nothing(till: Till) -> None:
    with terminal(till, "ask", *ASK) as screen:
        screen.until("? help]")
        screen.press("x")
        screen.until("Accept & Send   send exactly")
        screen.until("? help]")
        screen.press("d")
        assert screen.finish() == exits.NOT_APPROVED


def test_after_a_served_answer_r_forgets_it_and_asks_the_provider_at_once(till: Till) -> None:
    till.run("ask", *ASK, "--yes")
    (old,) = json.loads(till.run("cache", "list", "--json").out)
    with terminal(till, "ask", *ASK) as screen:
        screen.until("? help]")
        screen.press("a")
        screen.until("from the cache")
        screen.until("r Regenerate · w Wrong answer · Enter done]")
        screen.press("r")
        screen.until("from claude")
        assert screen.finish() == exits.OK
    (new,) = json.loads(till.run("cache", "list", "--json").out)
    assert new["id"] != old["id"]
    assert sent(till)[0] == sent(till)[1]
    assert len(sent(till)) == 2


def test_a_served_answer_that_is_reported_wrong_is_not_served_again(till: Till) -> None:
    till.run("ask", *ASK, "--yes")
    with terminal(till, "ask", *ASK) as screen:
        screen.until("? help]")
        screen.press("a")
        screen.until("Enter done]")
        screen.press("w")
        screen.until("Reported")
        assert "w Wrong" not in screen.until("Enter done]")
        screen.press("\n")
        assert screen.finish() == exits.OK
    assert "from claude" in till.run("ask", *ASK, "--yes").err
    assert stats(till)["wrongReports"] == 1


def test_what_was_reported_wrong_can_be_regenerated_at_once(till: Till) -> None:
    till.run("ask", *ASK, "--yes")
    with terminal(till, "ask", *ASK) as screen:
        screen.until("? help]")
        screen.press("a")
        screen.until("Enter done]")
        screen.press("w")
        screen.until("Enter done]")
        screen.press("r")
        screen.until("from claude")
        assert screen.finish() == exits.OK
    assert len(sent(till)) == 2


def test_a_taken_offer_that_is_regenerated_is_decided_on_again(till: Till) -> None:
    till.run("ask", *ASK, "--yes")
    edit(till)
    with terminal(till, "ask", *ASK) as screen:
        screen.until("? help]")
        screen.press("r")
        screen.until("Enter done]")
        screen.press("r")
        assert "Reuse Answer" not in screen.until("? help]")
        assert len(sent(till)) == 1
        screen.press("a")
        screen.until("from claude")
        assert screen.finish() == exits.OK
    assert len(sent(till)) == 2


def test_a_key_that_was_typed_before_the_answer_came_is_no_word_on_it(till: Till) -> None:
    till.run("ask", *ASK, "--yes")
    with terminal(till, "ask", *ASK) as screen:
        screen.until("? help]")
        screen.press("aw")
        screen.until("Enter done]")
        screen.press("\n")
        assert screen.finish() == exits.OK
        assert "Reported" not in screen.screen


def test_an_answer_that_goes_to_a_file_is_not_asked_about(till: Till) -> None:
    till.run("ask", *ASK, "--yes")
    command = f"{shlex.join(optafly('ask', *ASK))} > answer.md"
    with Terminal(["/bin/sh", "-c", command], till.environment, till.folder) as screen:
        screen.until("? help]")
        screen.press("a")
        screen.until("--fresh regenerates it")
        assert screen.finish() == exits.OK
        assert "Enter done" not in screen.screen
    assert "simulated answer" in (till.folder / "answer.md").read_text(encoding="utf-8")


def test_fresh_shows_no_offer_and_no_note_of_the_cache(till: Till) -> None:
    till.run("ask", *ASK, "--yes")
    with terminal(till, "ask", *ASK, "--fresh") as screen:
        assert "answered from the cache" not in screen.until("? help]")
        screen.press("d")
        screen.finish()
    edit(till)
    with terminal(till, "ask", *ASK, "--fresh") as screen:
        assert "an earlier answer" not in screen.until("? help]")
        screen.press("a")
        screen.until("from claude")
        assert screen.finish() == exits.OK


@pytest.mark.parametrize("command", ["ask", "refine", "context"])
def test_one_ctrl_c_ends_a_prompt_that_is_being_typed(till: Till, command: str) -> None:
    with terminal(till, command) as screen:
        screen.until("Ctrl-D:")
        screen.press("fix th\x03")
        screen.until("Stopped.")
        assert screen.finish() == exits.INTERRUPTED
