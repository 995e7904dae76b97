"""The text in a file is found whatever encoding it was saved in, and a binary file is told from one."""

from __future__ import annotations

import gzip
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optafly.context.outline.decode import text_of

TEXT = "größe = 'Straße' # 日本 😀\r\nx\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_text_comes_back_without_its_mark(encoding: str) -> None:
    assert text_of(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-32-be"])
def test_both_byte_orders_are_read(encoding: str) -> None:
    assert text_of(("\ufeff" + TEXT).encode(encoding)) == TEXT


def test_what_is_not_utf_8_is_read_as_windows_saved_it() -> None:
    assert text_of("# Größe – 5 €\n".encode("cp1252")) == "# Größe – 5 €\n"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\x7fELF\x02\x01\x01\0",
        gzip.compress(b"text" * 1000),
        struct.pack("<100d", *(n / 7 for n in range(100))),
        bytes(range(1, 32)) * 10,
        "a\0b".encode("utf-16"),
    ],
)
def test_a_binary_file_has_no_text(data: bytes) -> None:
    assert text_of(data) is None


def test_form_feeds_and_colours_are_text() -> None:
    assert text_of(b"\x0c\n\x1b[31mred\x1b[0m\n") == "\x0c\n\x1b[31mred\x1b[0m\n"
    assert text_of(b"") == ""


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_every_text_without_control_characters_comes_back(text: str) -> None:
    assert text_of(text.encode()) == text.removeprefix("\ufeff")


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail(data: bytes) -> None:
    assert isinstance(text_of(data), str | None)
