"""Who is sending a request now, among all processes: every query on the table `flight`, and the beat that keeps a row.

A row says that a process is at it. Its owner changes `beat_s` every second; whoever waits watches it change, and takes
a row over when its process is gone or when it stopped changing. Waiters count by how often they looked and only ever
compare a beat with the one they saw before, so no clock that jumps can hold anybody up, and a machine that slept, with
owners and waiters alike, speaks against nobody.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sqlite3
import time
import uuid
from typing import NamedTuple

from optafly.cache.store import transaction
from optafly.errors import StorageError
from optafly.processes import runs
from optafly.storage import Database

log = logging.getLogger(__name__)

BEAT_S = 1.0
SILENT_S = 4.0
POLL_S = 0.05


class Row(NamedTuple):
    """A request that is under way."""

    owner: str
    process: int
    beat_s: float


class Lease:
    """The right to send one request. Beats until it is released."""

    def __init__(self, database: Database, request: str, owner: str) -> None:
        self._database = database
        self._request = request
        self._owner = owner
        self._beating = asyncio.create_task(self._beat(), name="cache: beat")

    async def release(self) -> None:
        """Let others go on. Never raises: a row that cannot be deleted goes silent, and is taken over then."""
        self._beating.cancel()
        await asyncio.wait({self._beating})
        with contextlib.suppress(StorageError):
            await self._database.run(lambda connection: drop(connection, self._request, self._owner))

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            try:
                await self._database.run(lambda connection: beat(connection, self._request, self._owner))
            except StorageError as error:
                log.warning("a request under way could not be marked: %s", error.code)


class Leases:
    """Requests under way, in the database of all processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, request: str) -> Lease | None:
        """Return the right to send `request`; None while somebody else has it. Raises StorageError."""
        owner = uuid.uuid4().hex
        claiming = asyncio.ensure_future(self._database.run(lambda connection: claim(connection, request, owner)))
        try:
            mine = await asyncio.shield(claiming)
        except asyncio.CancelledError:  # the row is written whatever happens to who asked for it
            await asyncio.wait({claiming})
            with contextlib.suppress(StorageError):
                await self._database.run(lambda connection: drop(connection, request, owner))
            raise
        return Lease(self._database, request, owner) if mine else None

    async def wait(self, request: str) -> None:
        """Return as soon as nobody is sending `request`, or who did is dead or silent. Raises StorageError.

        May be cancelled at any moment.
        """
        seen: Row | None = None
        silent_s = 0.0
        while (row := await self._database.run(lambda connection: under_way(connection, request))) is not None:
            if row != seen:
                seen, silent_s = row, 0.0
            if silent_s > SILENT_S or not runs(row.process):
                await self._database.run(lambda connection, row=row: take(connection, request, row))
            else:
                await asyncio.sleep(POLL_S)
                silent_s += POLL_S

    async def sweep(self) -> None:
        """Drop what processes that are gone left behind. Raises StorageError."""
        await self._database.run(_sweep)


def claim(connection: sqlite3.Connection, request: str, owner: str) -> bool:
    """Note that `owner`, in this process, is sending `request`; False where somebody else is."""
    added = connection.execute(
        "INSERT INTO flight (digest, owner, process, beat_s) VALUES (?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING",
        (request, owner, os.getpid(), time.monotonic()),
    )
    return added.rowcount == 1


def beat(connection: sqlite3.Connection, request: str, owner: str) -> None:
    """Say that `owner` is still at it. The time is that of a clock nobody can set, and only has to be another one."""
    connection.execute(
        "UPDATE flight SET beat_s = ? WHERE digest = ? AND owner = ?", (time.monotonic(), request, owner)
    )


def under_way(connection: sqlite3.Connection, request: str) -> Row | None:
    """Return who is sending `request`, or None."""
    row = connection.execute("SELECT owner, process, beat_s FROM flight WHERE digest = ?", (request,)).fetchone()
    return row and Row(*row)


def drop(connection: sqlite3.Connection, request: str, owner: str) -> None:
    """Forget that `owner` is sending `request`."""
    connection.execute("DELETE FROM flight WHERE digest = ? AND owner = ?", (request, owner))


def take(connection: sqlite3.Connection, request: str, row: Row) -> None:
    """Forget a row that has not changed since it was read."""
    connection.execute(
        "DELETE FROM flight WHERE digest = ? AND owner = ? AND beat_s = ?", (request, row.owner, row.beat_s)
    )


def _sweep(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        gone = {
            process for (process,) in connection.execute("SELECT DISTINCT process FROM flight") if not runs(process)
        }
        connection.executemany("DELETE FROM flight WHERE process = ?", [(process,) for process in gone])
