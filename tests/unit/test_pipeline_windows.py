"""Several windows that ask the same at the same time: one request, whatever becomes of the window that sends it."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from fakes.gate import PATIENT, Gate
from fakes.road import Workspace, answer_of, ask, decide_and_send, road
from optafly.cache import leases
from optafly.cache.leases import Leases
from optafly.demo.behaviour import Behaviour, Pace
from optafly.demo.server import MessagesApi
from optafly.paths import Paths
from optafly.storage import Database

TESTS = Path(__file__).parents[1]
FROM_ANOTHER = "cache: The same request was already under way in another window."


@pytest.fixture
def api() -> Iterator[MessagesApi]:
    with MessagesApi(pace=Pace(first_token_s=0.5)) as running:
        yield running


class Window:
    """An editor window in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def ask(self) -> None:
        """Let it ask."""
        assert self.process.stdin
        self.process.stdin.write(b"go\n")
        await self.process.stdin.drain()

    async def said(self) -> str:
        """Return its next line."""
        assert self.process.stdout
        async with asyncio.timeout(60):
            return (await self.process.stdout.readline()).decode().strip()


@asynccontextmanager
async def window(
    home: Paths, workspace: Workspace, api: MessagesApi, *, prompt: str = "Fix this bug", count: int = 1
) -> AsyncGenerator[Window, None]:
    """Open a window that asks `prompt` so many times at once when it is told to."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "fakes.window", str(home.data.parent), str(workspace.folder), api.url, prompt, str(count)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(TESTS), "OPTAFLY_HOME": str(home.data.parent)},
    )
    opened = Window(process)
    try:
        assert await opened.said() == "ready"
        yield opened
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(30):
        while True:
            if await holds():
                return
            await asyncio.sleep(0.01)


async def _sent(api: MessagesApi) -> None:
    async def heard() -> bool:
        return len(api.requests) > 0

    await _until(heard)


async def test_equal_requests_of_many_windows_make_one_call(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with (
        window(home, workspace, api, count=3) as one,
        window(home, workspace, api, count=3) as two,
        window(home, workspace, api, count=3) as three,
    ):
        windows = [one, two, three]
        for each in windows:
            await each.ask()
        said = [await each.said() for each in windows for _ in range(3)]
    assert len(api.requests) == 1
    assert sum(line.startswith("provider") for line in said) == 1
    assert all(line.startswith(("provider", "cache")) for line in said)


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set as soon as somebody waits for another window."""
    event, wait = asyncio.Event(), Leases.wait

    async def noted(held: Leases, request: str) -> None:
        event.set()
        await wait(held, request)

    monkeypatch.setattr(Leases, "wait", noted)
    return event


async def test_the_second_window_is_served_what_the_first_remembered_and_says_so(
    home: Paths, workspace: Workspace, waited: asyncio.Event
) -> None:
    gate = Gate()
    with MessagesApi(answers=gate) as api:
        async with window(home, workspace, api) as first, road(home, api) as pipeline:
            gate.shut()
            await first.ask()
            await _sent(api)
            second = asyncio.create_task(ask(pipeline, workspace, "Fix this bug"))
            await waited.wait()
            gate.open()
            answer = answer_of(await second)
            assert f"{answer.source}: {answer.evidence}" == FROM_ANOTHER
            assert (await first.said()).startswith("provider")
        assert len(api.requests) == 1


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
async def test_a_window_that_is_gone_or_hangs_is_not_waited_for(
    home: Paths, api: MessagesApi, workspace: Workspace, how: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "SILENT_S", 1.5)
    api.next(Behaviour(then="hang"))
    async with window(home, workspace, api) as first, road(home, api) as pipeline:
        await first.ask()
        await _sent(api)
        first.process.send_signal(how)
        assert answer_of(await ask(pipeline, workspace, "Fix this bug")).source == "provider"
    assert len(api.requests) == 2


async def test_where_the_first_window_fails_the_second_sends_itself(home: Paths, workspace: Workspace) -> None:
    with MessagesApi() as api:
        api.next(Behaviour(first_byte_s=0.5, status=529))
        async with road(home, api) as one, road(home, api) as other:
            failing = asyncio.create_task(ask(one, workspace, "Fix this bug"))
            await _sent(api)
            assert answer_of(await ask(other, workspace, "Fix this bug")).source == "provider"
            assert (await failing)[-1].kind == "failed"
            assert len(api.requests) == 2


async def test_where_the_first_answer_is_not_remembered_the_second_window_sends_itself(
    home: Paths, workspace: Workspace
) -> None:
    with MessagesApi() as api:
        api.next(Behaviour(first_byte_s=0.3, stop_reason="max_tokens"))
        async with road(home, api) as one, road(home, api) as other:
            cut = asyncio.create_task(ask(one, workspace, "Fix this bug"))
            await _sent(api)
            whole = answer_of(await ask(other, workspace, "Fix this bug"))
            assert (whole.source, whole.stop_reason) == ("provider", "end_turn")
            assert answer_of(await cut).stop_reason == "max_tokens"


async def test_who_waits_for_another_window_can_leave_at_once_and_takes_nothing_with_them(
    home: Paths, workspace: Workspace, waited: asyncio.Event
) -> None:
    gate = Gate()
    with MessagesApi(answers=gate) as api:
        async with road(home, api, PATIENT) as one, road(home, api, PATIENT) as other:
            gate.shut()
            first = asyncio.create_task(ask(one, workspace, "Fix this bug"))
            await _sent(api)
            proposal = await other.propose(workspace.snapshot("Fix this bug"))
            second = asyncio.create_task(decide_and_send(other, workspace, proposal))
            await waited.wait()
            assert await other.cancel(proposal.id)
            assert (await second)[-1].kind == "cancelled"
            assert not first.done()
            gate.open()
            assert answer_of(await first).source == "provider"
            assert len(api.requests) == 1


async def test_the_same_bytes_of_two_projects_are_two_requests(
    home: Paths, api: MessagesApi, workspace: Workspace, tmp_path: Path
) -> None:
    elsewhere = Workspace(tmp_path / "other")
    async with road(home, api) as one, road(home, api) as other:
        answers = await asyncio.gather(
            ask(one, workspace, "Fix this bug"),
            ask(other, elsewhere, "Fix this bug"),
            ask(one, elsewhere, "Fix this bug"),
        )
    assert len(api.requests) == 2
    assert sorted(answer_of(events).source for events in answers) == ["cache", "provider", "provider"]


async def test_a_private_project_waits_for_nobody(home: Paths, api: MessagesApi, workspace: Workspace) -> None:
    private = {"cache": {"private": True}}
    async with road(home, api, private) as one, road(home, api, private) as other:
        answers = await asyncio.gather(*(ask(each, workspace, "Fix this bug") for each in (one, other)))
    assert [answer_of(events).source for events in answers] == ["provider", "provider"]


async def test_nothing_is_left_under_way_when_all_is_said(home: Paths, api: MessagesApi, workspace: Workspace) -> None:
    def rows(connection: sqlite3.Connection) -> int:
        return int(connection.execute("SELECT count(*) FROM flight").fetchone()[0])

    database = Database(home.database)
    async with road(home, api) as pipeline:
        await ask(pipeline, workspace, "Fix this bug")
        api.next(Behaviour(then="hang"))
        proposal = await pipeline.propose(workspace.snapshot("Explain this function"))
        await pipeline.approve(proposal.id, proposal.digest, "accept", read=workspace.read)
        events = pipeline.send(proposal.id, proposal.digest, read=workspace.read)
        await anext(events)
        assert await database.run(rows) == 1
        await events.aclose()
        assert await database.run(rows) == 0
    await database.close()


@pytest.fixture
async def database(home: Paths) -> AsyncGenerator[Database, None]:
    opened = Database(home.database)
    yield opened
    await opened.close()


@pytest.mark.parametrize("beat_s", [-1e12, 0.0, 1e12])
async def test_no_clock_that_jumps_holds_anybody_up(
    database: Database, monkeypatch: pytest.MonkeyPatch, beat_s: float
) -> None:
    monkeypatch.setattr(leases, "SILENT_S", 0.3)
    row = ("r", "somebody", os.getpid(), beat_s)
    await database.run(lambda c: c.execute("INSERT INTO flight VALUES (?, ?, ?, ?)", row))
    monkeypatch.setattr(time, "time", lambda: -beat_s)
    async with asyncio.timeout(30):
        await Leases(database).wait("r")
    lease = await Leases(database).begin("r")
    assert lease is not None
    await lease.release()


async def _looks(held: Leases, count: int, monkeypatch: pytest.MonkeyPatch) -> asyncio.Task[None]:
    """Let somebody wait for a request; return once it looked so often, or has given up."""
    looked = list[str]()

    def noted(connection: sqlite3.Connection, request: str) -> leases.Row | None:
        looked.append(request)
        return under_way(connection, request)

    under_way = leases.under_way
    monkeypatch.setattr(leases, "under_way", noted)
    waiting = asyncio.create_task(held.wait("r"))

    async def enough() -> bool:
        return len(looked) >= count or waiting.done()

    await _until(enough)
    return waiting


async def _waits_for_the_owner(held: Leases, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look so often at a request that somebody sends, and see that it is waited for until they are done."""
    lease = await held.begin("r")
    assert lease is not None
    assert await held.begin("r") is None
    waiting = await _looks(held, count, monkeypatch)
    assert not waiting.done()
    await lease.release()
    async with asyncio.timeout(30):
        await waiting


async def test_an_owner_who_beats_is_waited_for_however_long_it_takes(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "SILENT_S", 0.6)
    monkeypatch.setattr(leases, "BEAT_S", 0.1)
    await _waits_for_the_owner(Leases(database), 30, monkeypatch)


async def test_a_machine_that_slept_takes_nothing_from_who_was_sending(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = itertools.count(step=3600.0)
    monkeypatch.setattr(leases, "time", SimpleNamespace(monotonic=lambda: next(clock)))  # an hour between two looks
    await _waits_for_the_owner(Leases(database), 5, monkeypatch)


async def test_who_beats_again_after_it_was_taken_over_takes_nothing_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "BEAT_S", 0.05)
    held = Leases(database)
    late = await held.begin("r")
    assert late is not None
    await database.run(lambda c: c.execute("DELETE FROM flight"))
    taken = await held.begin("r")
    assert taken is not None
    await asyncio.sleep(0.2)
    await late.release()
    assert await held.begin("r") is None
    await taken.release()


async def test_what_a_process_that_is_gone_left_behind_is_swept_away(database: Database) -> None:
    gone = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await gone.wait()
    for request, process in (("gone", gone.pid), ("here", os.getpid())):
        row = (request, request, process, 0.0)
        await database.run(lambda c, row=row: c.execute("INSERT INTO flight VALUES (?, ?, ?, ?)", row))
    await Leases(database).sweep()
    assert await database.run(lambda c: [r[0] for r in c.execute("SELECT digest FROM flight")]) == ["here"]
