"""One request to a provider, shared by everybody who sends the same bytes at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Generic, TypeVar

R = TypeVar("R")


class Flight(Generic[R]):
    """Runs `source` once and hands all that it yields, from the first part on, to every follower.

    The source yields text and then exactly one result. It is cancelled when its last follower leaves.
    """

    def __init__(self, source: Callable[[], AsyncGenerator[str | R, None]]) -> None:
        self._source = source
        self._parts: list[str | R] = []
        self._ended = False
        self._stopping = False
        self._failure: Exception | None = None
        self._news = asyncio.Condition()
        self._followers = 0
        self._task: asyncio.Task[None] | None = None

    @property
    def landed(self) -> bool:
        """Whether the source has ended, in whatever way, or is being cancelled."""
        return self._ended or self._stopping

    async def follow(self) -> AsyncGenerator[str | R, None]:
        """Yield every part from the first on. Raises what the source raised."""
        self._followers += 1
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        try:
            seen = 0
            while True:
                async with self._news:
                    await self._news.wait_for(lambda seen=seen: len(self._parts) > seen or self._ended)
                while seen < len(self._parts):
                    yield self._parts[seen]
                    seen += 1
                if self._ended and seen == len(self._parts):
                    break
            if self._failure is not None:
                raise self._failure
        finally:
            self._followers -= 1
            if self._followers == 0 and not self._ended:
                await self._stop()

    async def _run(self) -> None:
        try:
            async with aclosing(self._source()) as parts:  # what it holds is given back also where this is cancelled
                async for part in parts:
                    async with self._news:
                        self._parts.append(part)
                        self._news.notify_all()
        except Exception as error:
            self._failure = error  # the followers raise it, where it can be logged with their trace ids
        finally:
            self._ended = True
            async with self._news:
                self._news.notify_all()

    async def _stop(self) -> None:
        self._stopping = True
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait({self._task})


class Flights(Generic[R]):
    """The flights that are under way, by key."""

    def __init__(self) -> None:
        self._flights: dict[str, Flight[R]] = {}

    def join(self, key: str, source: Callable[[], AsyncGenerator[str | R, None]]) -> tuple[Flight[R], bool]:
        """Return the flight for `key`, and whether it was already under way."""
        self._flights = {known: flight for known, flight in self._flights.items() if not flight.landed}
        shared = key in self._flights
        if not shared:
            self._flights[key] = Flight(source)
        return self._flights[key], shared
