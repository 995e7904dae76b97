"""Frames carry any message whole, and nothing that is cut or too long."""

from __future__ import annotations

import io

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optafly.errors import ModelFileError, OptaflyError, ProviderError, WorkerError
from optafly.workers.failures import raised
from optafly.workers.framing import (
    HEADER_BYTES,
    MAX_FRAME_BYTES,
    Event,
    Failure,
    FromChild,
    Request,
    Response,
    body_length,
    frame,
    read_body,
)

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(st.lists(st.tuples(st.text(), values), max_size=5))
def test_requests_come_out_of_a_stream_as_they_went_in(sent: list[tuple[str, object]]) -> None:
    stream = io.BytesIO(
        b"".join(
            frame(Request(number, method, msgspec.Raw(msgspec.msgpack.encode(params))))
            for number, (method, params) in enumerate(sent)
        )
    )

    received: list[tuple[str, object]] = []
    while (body := read_body(stream)) is not None:
        request = msgspec.msgpack.decode(body, type=Request)
        assert request.id == len(received)
        received.append((request.method, msgspec.msgpack.decode(request.params)))

    assert received == sent


@given(values)
def test_an_answer_keeps_its_value(value: object) -> None:
    data = frame(Response(id=7, result=msgspec.Raw(msgspec.msgpack.encode(value))))

    answer = msgspec.msgpack.decode(data[HEADER_BYTES:], type=FromChild)

    assert isinstance(answer, Response)
    assert msgspec.msgpack.decode(answer.result) == value


@pytest.mark.parametrize("event", [Event(name="ready"), Event(name="failed", error=Failure(code="x", what="y"))])
def test_an_event_is_told_from_an_answer(event: Event) -> None:
    assert msgspec.msgpack.decode(frame(event)[HEADER_BYTES:], type=FromChild) == event


@given(st.data())
def test_a_frame_that_is_cut_anywhere_is_refused(data: st.DataObject) -> None:
    whole = frame(Event(name="ready"))
    cut = data.draw(st.integers(1, len(whole) - 1))

    with pytest.raises(WorkerError, match="cut off"):
        read_body(io.BytesIO(whole[:cut]))


@given(st.integers(MAX_FRAME_BYTES + 1, 2**32 - 1))
def test_a_frame_that_announces_too_much_is_refused_before_its_body_is_read(length: int) -> None:
    stream = io.BytesIO(length.to_bytes(HEADER_BYTES, "big") + b"body")

    with pytest.raises(WorkerError, match="are allowed"):
        read_body(stream)

    assert stream.tell() == HEADER_BYTES


def test_the_longest_frame_is_the_cap_exactly() -> None:
    assert body_length(MAX_FRAME_BYTES.to_bytes(HEADER_BYTES, "big")) == MAX_FRAME_BYTES


def test_a_message_above_the_cap_is_never_written() -> None:
    with pytest.raises(WorkerError, match="are allowed"):
        frame(Request(1, "embed", msgspec.Raw(msgspec.msgpack.encode(bytes(MAX_FRAME_BYTES)))))


def test_an_error_comes_out_as_what_it_was() -> None:
    error = raised(Failure(code="model.file", what="A.", why="B.", todo="C."))

    assert type(error) is ModelFileError
    assert (error.what, error.why, error.todo) == ("A.", "B.", "C.")


@pytest.mark.parametrize("code", ["config", "no such code", ""])
def test_an_error_that_cannot_be_made_again_is_a_worker_error(code: str) -> None:
    assert type(raised(Failure(code=code, what="A."))) is WorkerError


def test_every_kind_of_provider_error_is_known() -> None:
    kinds: list[type[OptaflyError]] = [ProviderError, *ProviderError.__subclasses__()]

    assert [type(raised(Failure(code=kind.code, what="A."))) for kind in kinds] == kinds
