"""Requests with the same bytes at the same time are one request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from optafly.errors import Overloaded
from optafly.pipeline.flight import Flight, Flights


class Source:
    """Yields the numbers of `script` as text and then an int; waits for `go` before each part."""

    def __init__(self, *script: str, failure: Exception | None = None) -> None:
        self.script = script
        self.failure = failure
        self.starts = 0
        self.started = asyncio.Event()
        self.cancelled = asyncio.Event()
        self.go = asyncio.Event()

    async def __call__(self) -> AsyncGenerator[str | int, None]:
        self.starts += 1
        self.started.set()
        try:
            for part in self.script:
                await self.go.wait()
                yield part
            if self.failure is not None:
                raise self.failure
            yield 42
        except asyncio.CancelledError:
            self.cancelled.set()
            raise


async def _all(flight: Flight[int]) -> list[str | int]:
    return [part async for part in flight.follow()]


async def test_many_followers_make_one_request_and_all_hear_everything() -> None:
    source = Source("a", "b")
    flights: Flights[int] = Flights()
    followers: list[asyncio.Task[list[str | int]]] = []
    for _ in range(10):
        flight, shared = flights.join("k", source)
        followers.append(asyncio.create_task(_all(flight)))
        assert shared == (len(followers) > 1)
    source.go.set()
    assert await asyncio.gather(*followers) == [["a", "b", 42]] * 10
    assert source.starts == 1


async def test_who_comes_late_hears_it_from_the_beginning() -> None:
    source = Source("a", "b")
    source.go.set()
    flight = Flight(source)
    early = flight.follow()
    assert await anext(early) == "a"
    assert await _all(flight) == ["a", "b", 42]
    await early.aclose()


async def test_other_bytes_are_another_request() -> None:
    flights: Flights[int] = Flights()
    first, second = Source("a"), Source("b")
    first.go.set()
    second.go.set()
    one, _ = flights.join("1", first)
    other, shared = flights.join("2", second)
    assert not shared
    assert [await _all(one), await _all(other)] == [["a", 42], ["b", 42]]


async def test_one_follower_who_leaves_does_not_cancel_the_others() -> None:
    source = Source("a")
    flight = Flight(source)
    leaving, staying = (asyncio.create_task(_all(flight)) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    source.go.set()
    assert await staying == ["a", 42]


async def test_the_last_follower_who_leaves_cancels_the_request() -> None:
    source = Source("a")
    flights: Flights[int] = Flights()
    flight, _ = flights.join("k", source)
    follower = asyncio.create_task(_all(flight))
    await asyncio.wait_for(source.started.wait(), 5)
    follower.cancel()
    with pytest.raises(asyncio.CancelledError):
        await follower
    await asyncio.wait_for(source.cancelled.wait(), 5)
    assert not flights.join("k", source)[1]


async def test_every_follower_hears_of_a_failure() -> None:
    source = Source("a", failure=Overloaded("Claude is overloaded."))
    source.go.set()
    flight = Flight(source)
    results = await asyncio.gather(_all(flight), _all(flight), return_exceptions=True)
    assert [type(result) for result in results] == [Overloaded, Overloaded]
