"""Frames: whatever arrives, in whatever pieces, every whole message in it is found."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optafly.lsp.framing import Framer, Malformed, Value, frame, parse

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
GOOD = frame(b'{"jsonrpc":"2.0","id":7,"method":"x"}')
ANSWER = {"jsonrpc": "2.0", "id": 7, "method": "x"}


def feed(data: bytes, framer: Framer | None = None) -> list[Value | Malformed]:
    return list((framer or Framer()).feed(data))


def values(found: list[Value | Malformed]) -> list[object]:
    return [each.value for each in found if isinstance(each, Value)]


@given(st.lists(JSON, max_size=6), st.integers(1, 40))
def test_messages_arrive_whole_however_the_stream_is_cut(sent: list[object], size: int) -> None:
    stream = b"".join(frame(json.dumps(each).encode()) for each in sent)
    framer = Framer()

    found = [each for start in range(0, len(stream), size) for each in framer.feed(stream[start : start + size])]

    assert found == [Value(each) for each in sent]


@given(st.binary(max_size=300))
def test_no_bytes_cost_the_message_behind_them(garbage: bytes) -> None:
    found = feed(garbage + GOOD)

    assert ANSWER in values(found)


@given(st.binary(max_size=40), st.integers(1, 60))
def test_a_length_that_lies_costs_only_its_own_message(body: bytes, length: int) -> None:
    framer = Framer()
    lie = b"Content-Length: %d\r\n\r\n%b" % (length, body)

    found = [each for byte in lie + GOOD + GOOD for each in framer.feed(bytes([byte]))]

    assert values(found)[-2:] == [ANSWER, ANSWER]


@given(st.lists(st.binary(max_size=60) | st.just(b"Content-Length: 9\r\n") | st.just(b"\r\n\r\n"), max_size=8))
def test_nothing_makes_the_framer_raise_or_keep_more_than_it_may(pieces: list[bytes]) -> None:
    framer = Framer(max_header=64, max_body=128)

    for piece in pieces:
        list(framer.feed(piece))

    assert ANSWER in values(feed(GOOD, framer))


@pytest.mark.parametrize(
    "header",
    [
        b"content-length: %d\r\n\r\n",
        b"CONTENT-LENGTH:%d\r\n\r\n",
        b"Content-Length: %d\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n",
        b"Content-Type: application/vscode-jsonrpc\r\nContent-Length: %d\r\n\r\n",
        b"Content-Length: %d\n\n",
    ],
)
def test_headers_are_read_in_any_case_and_order(header: bytes) -> None:
    assert feed(header % 2 + b"{}") == [Value({})]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"Content-Length: twelve\r\n\r\n{}", "headers have no valid Content-Length"),
        (b"Content-Length: -1\r\n\r\n{}", "headers have no valid Content-Length"),
        (b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "headers have no valid Content-Length"),
        (b"Content-Type: x\r\n\r\n", "headers have no valid Content-Length"),
        (b"x" * 10_000, "headers do not end"),
        (b"Content-Length: 0\r\n\r\n", "the body is not valid JSON"),
        (b"Content-Length: 3\r\n\r\n{}", "the body is not valid JSON"),
        (b"Content-Length: 1\r\n\r\n{}", "the body is not valid JSON"),
        (b"Content-Length: 900\r\n\r\n{}", "the body is shorter than its Content-Length"),
        (b"Content-Length: 99999999999\r\n\r\n{}", "a message may have 33554432 bytes at most"),
        (frame(b"\xff\xfe"), "the body is not valid JSON"),
        (frame(b'{"x": NaN}'), "the body is not valid JSON"),
        (frame(b"[" * 100_000 + b"]" * 100_000), "the body is not valid JSON"),
        (frame(b"[" * 900 + rb'"\ud83d\ude00"' + b"]" * 900), "the body is not valid JSON"),
    ],
)
def test_a_malformed_frame_is_named_and_the_next_one_is_read(bad: bytes, reason: str) -> None:
    found = feed(bad + GOOD)

    assert found[0] == Malformed(reason)
    assert values(found) == [ANSWER]


def test_a_body_over_the_cap_is_skipped_to_its_end_whatever_it_holds() -> None:
    quoted = json.dumps({"text": GOOD.decode() * 10}).encode()

    found = feed(frame(quoted) + GOOD, Framer(max_body=100))

    assert values(found) == [ANSWER]


def test_an_incomplete_body_is_not_given_up_while_it_grows() -> None:
    text = json.dumps({"text": "Content-Length: 5\r\n\r\n" * 50}).encode()
    framer = Framer()

    found = [each for byte in frame(text) for each in framer.feed(bytes([byte]))]

    assert found == [Value(json.loads(text))]


def test_half_a_character_of_javascript_becomes_a_replacement_of_the_same_length() -> None:
    assert parse(rb'{"a\ud800": ["x\udc00y", "\ud83d\ude00"]}') == {"a\ufffd": ["x\ufffdy", "😀"]}
