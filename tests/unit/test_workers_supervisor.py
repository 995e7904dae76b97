"""A Worker survives whatever its child does, and says so once."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

import pytest

from fakes.workers import Make, States
from optafly.errors import ModelFileError, WorkerDied, WorkerTimeout
from optafly.workers.supervisor import QUICK_DEATHS


async def test_what_a_child_leaves_behind_holds_nobody_up(make: Make) -> None:
    worker = make()
    left_behind = await worker.call("leave_behind", result=int)

    async with asyncio.timeout(20):
        await worker.close()

    os.kill(left_behind, signal.SIGKILL)  # it lived on all the while


async def test_starting_ahead_is_told_and_the_first_call_uses_that_child(make: Make, states: States) -> None:
    worker = make()
    worker.start()
    worker.start()
    await states.until("ready")
    pid = worker.pid

    assert await worker.call("echo", "x") == "x"
    assert worker.pid == pid
    assert states.heard == ["starting", "ready"]


async def test_a_child_that_is_killed_fails_its_call_and_is_replaced(make: Make, states: States) -> None:
    worker = make()

    with pytest.raises(WorkerDied):
        await worker.call("die")

    assert await worker.call("echo", "again") == "again"
    assert states.heard == ["starting", "ready", "starting", "ready"]


async def test_a_child_killed_from_outside_fails_every_call_in_flight(make: Make, tmp_path: Path) -> None:
    worker = make()
    await worker.call("echo")
    calls = [asyncio.create_task(worker.call("wait_for", str(tmp_path / "never"))) for _ in range(3)]
    await asyncio.sleep(0)

    assert worker.pid
    os.kill(worker.pid, signal.SIGKILL)
    outcomes = await asyncio.gather(*calls, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [WorkerDied] * 3


async def test_a_child_that_is_stuck_is_killed_when_a_call_gives_up_on_it(make: Make, tmp_path: Path) -> None:
    worker = make(stuck_s=0.0)
    await worker.call("echo")
    pid = worker.pid

    with pytest.raises(WorkerTimeout):
        await worker.call("wait_for", str(tmp_path / "never"), 0.01)

    with contextlib.suppress(WorkerDied):  # the next call may still meet the dying child
        await worker.call("echo")
    assert await worker.call("echo", "again") == "again"
    assert worker.pid != pid


async def test_a_child_that_is_stopped_is_not_waited_for_and_is_replaced(make: Make, states: States) -> None:
    worker = make(deaf_s=0.05)
    await worker.call("echo")
    pid = worker.pid
    assert pid
    os.kill(pid, signal.SIGSTOP)

    with pytest.raises(WorkerTimeout):
        await worker.call("echo", timeout_s=3600.0, heard_s=0.05)

    async with asyncio.timeout(30):  # nobody calls it meanwhile
        while worker.pid in (pid, None) or worker.state != "ready":  # noqa: ASYNC110  another process changes it
            await asyncio.sleep(0.01)
    assert await worker.call("echo", "well again", heard_s=30.0) == "well again"


async def test_a_child_that_is_busy_hears_and_is_waited_for(make: Make, tmp_path: Path) -> None:
    worker, gate = make(deaf_s=0.0), tmp_path / "gate"
    await worker.call("echo")
    pid = worker.pid
    busy = asyncio.create_task(worker.call("wait_for", str(gate), 3600.0, heard_s=20.0))
    calls = [asyncio.create_task(worker.call("echo", number, 3600.0, heard_s=20.0)) for number in range(3)]

    done, _ = await asyncio.wait({busy, *calls}, timeout=0.3)
    gate.touch()

    assert not done
    assert await asyncio.gather(busy, *calls) == ["waited", 0, 1, 2]
    assert worker.pid == pid


async def test_a_child_that_breaks_the_framing_is_replaced(make: Make) -> None:
    worker = make()

    with pytest.raises(WorkerDied):
        await worker.call("lie")

    assert await worker.call("echo", 1) == 1


async def test_a_child_that_always_dies_is_given_up_and_told_once(make: Make, states: States, tmp_path: Path) -> None:
    counter = tmp_path / "tries"
    worker = make("create_on_try", "100", str(counter))
    worker.start()

    await states.until("down")

    assert counter.stat().st_size == QUICK_DEATHS
    assert states.heard == ["starting", "down"]
    assert "times in a row" in worker.reason
    with pytest.raises(WorkerDied, match="times in a row"):  # at once, without another try
        await worker.call("echo")
    assert counter.stat().st_size == QUICK_DEATHS


async def test_a_child_that_was_given_up_is_tried_again_after_a_rest(
    make: Make, states: States, tmp_path: Path
) -> None:
    worker = make("create_on_try", str(QUICK_DEATHS + 1), str(tmp_path / "tries"), rest_s=0.0)
    worker.start()
    await states.until("down")

    assert await worker.call("echo", "well again") == "well again"
    assert states.heard == ["starting", "down", "starting", "ready"]


async def test_a_call_does_not_wait_for_a_child_that_keeps_dying(make: Make, tmp_path: Path) -> None:
    worker = make("create_on_try", "100", str(tmp_path / "tries"))

    with pytest.raises(WorkerDied):
        await worker.call("echo", timeout_s=3600.0)


async def test_a_service_that_cannot_be_made_says_why_and_is_not_tried_in_a_loop(
    make: Make, states: States, tmp_path: Path
) -> None:
    counter = tmp_path / "tries"
    worker = make("create_never", str(counter))

    for _ in range(2):
        with pytest.raises(ModelFileError, match="There is no model"):
            await worker.call("echo")

    assert counter.stat().st_size == 1
    assert states.heard == ["starting", "down"]


async def test_a_closed_worker_has_no_child_and_starts_none(make: Make, states: States) -> None:
    worker = make()
    await worker.call("echo")
    pid = worker.pid
    assert pid

    await worker.close()
    await worker.close()

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(WorkerDied):
        await worker.call("echo")
    assert (worker.pid, worker.rss_bytes) == (None, None)
    assert states.heard == ["starting", "ready", "down"]


async def test_closing_while_the_child_starts_ends_it(make: Make) -> None:
    worker = make()
    call = asyncio.create_task(worker.call("echo"))
    await asyncio.sleep(0)

    await worker.close()

    with pytest.raises(WorkerDied):
        await call


async def test_a_worker_that_cannot_be_started_says_so(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    worker = make()

    with pytest.raises(WorkerDied, match="cannot be started"):
        await worker.call("echo")
    assert worker.state == "down"
