"""Text in and out of the command line."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optafly.cli.streams import from_argument, make_safe, print_error, printable
from optafly.errors import NoKey


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_our_marks_become_ascii_where_the_locale_has_no_better(encoding: str) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    make_safe(stream, windows=False)
    stream.write("0.2 → 0.8 ●")
    stream.flush()
    assert raw.getvalue().decode(encoding) == "0.2 -> 0.8 x"


@pytest.mark.parametrize(("chosen", "written"), [(None, "設定 😀 größe"), ("cp1252", "?? ? größe")])
def test_on_windows_a_pipe_is_given_every_letter_unless_somebody_chose_otherwise(
    chosen: str | None, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    if chosen:
        monkeypatch.setenv("PYTHONIOENCODING", chosen)
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="cp1252")
    make_safe(stream, windows=True)
    stream.write("設定 😀 größe")
    stream.flush()
    assert raw.getvalue().decode(chosen or "utf-8") == written


@given(st.text(st.characters()))
def test_no_text_at_all_crashes_a_terminal_of_any_encoding(text: str) -> None:
    for encoding in ("ascii", "utf-8", "shift-jis"):
        stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        make_safe(stream, windows=False)
        stream.write(text)
        stream.flush()


@given(st.text())
def test_nothing_that_is_shown_can_steer_the_terminal(text: str) -> None:
    shown = printable(text + "\x1b]52;c;aGk=\x07\x9b31m\r")
    assert not any(ord(char) < 32 and char not in "\t\n" for char in shown)
    assert not any(0x7F <= ord(char) < 0xA0 for char in shown)


def test_an_argument_in_another_encoding_becomes_text_that_can_be_sent() -> None:
    broken = b"caf\xe9".decode("utf-8", "surrogateescape")
    assert from_argument(broken).encode() == "caf\ufffd".encode()


def test_an_error_says_what_happened_why_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    print_error(NoKey("There is no key.", why="None was found.", todo="Set one."))
    assert capsys.readouterr().err == "optafly: There is no key.\n  why:  None was found.\n  next: Set one.\n"
