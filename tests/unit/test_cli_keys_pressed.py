"""`optafly ask` at a real pseudo-terminal: what each key does, and that nothing leaves before one was pressed."""

from __future__ import annotations

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


def test_r_reuses_the_offered_answer_and_sends_nothing(till: Till) -> None:
    answer = till.run("ask", *ASK, "--yes").out
    file = till.folder / "till" / "bill.py"
    file.write_text(file.read_text(encoding="utf-8").replace("round", "int"), encoding="utf-8")
    with terminal(till, "ask", *ASK) as screen:
        assert "an earlier answer" in screen.until("r Reuse Answer")
        screen.until("? help]")
        screen.press("r")
        screen.until("from the cache")
        assert screen.finish() == exits.OK
        assert answer.splitlines()[0] in screen.screen
    assert len(sent(till)) == 1
