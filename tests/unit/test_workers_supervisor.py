"""A Worker survives whatever its child does, and says so once."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from fakes.worker_service import Sum
from optafly.errors import ModelFileError, WorkerDied, WorkerError, WorkerTimeout
from optafly.paths import Paths
from optafly.workers.framing import MAX_FRAME_BYTES
from optafly.workers.log import MAX_LOG_BYTES, CappedLog
from optafly.workers.supervisor import QUICK_DEATHS, Worker, WorkerState

TESTS = str(Path(__file__).parents[1])


class States:
    """What an editor would be told, in order."""

    def __init__(self) -> None:
        self.heard: list[WorkerState] = []
        self._changed = asyncio.Event()

    def __call__(self, state: WorkerState, reason: str) -> None:
        self.heard.append(state)
        self._changed.set()

    async def until(self, state: WorkerState) -> None:
        while state not in self.heard:
            self._changed.clear()
            await self._changed.wait()


Make = Callable[..., Worker]


@pytest.fixture
def states() -> States:
    return States()


@pytest.fixture
def log(home: Paths) -> Path:
    return home.log / "worker.log"


@pytest.fixture
async def make(log: Path, states: States, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Make]:
    """Make Workers on the fake service's factories; they are closed after the test."""
    monkeypatch.setenv("PYTHONPATH", TESTS)
    made: list[Worker] = []

    def one(
        factory: str = "create",
        *arguments: str,
        rest_s: float = 3600.0,
        stuck_s: float = 3600.0,
        deaf_s: float = 3600.0,
    ) -> Worker:
        made.append(
            Worker(
                "test",
                f"fakes.worker_service:{factory}",
                arguments,
                log=log,
                on_change=states,
                backoff_s=0.001,
                rest_s=rest_s,
                stuck_s=stuck_s,
                deaf_s=deaf_s,
            )
        )
        return made[-1]

    yield one
    for worker in made:
        await worker.close()


async def test_a_call_starts_the_child_and_gets_its_typed_answer(make: Make) -> None:
    worker = make()

    assert await worker.call("add", Sum(2, 3), result=int) == 5


async def test_the_factory_gets_its_arguments(make: Make) -> None:
    worker = make("create", "a b", "ü")

    assert await worker.call("arguments") == ["a b", "ü"]


async def test_what_a_child_leaves_behind_holds_nobody_up(make: Make) -> None:
    worker = make()
    left_behind = await worker.call("leave_behind", result=int)

    async with asyncio.timeout(20):
        await worker.close()

    os.kill(left_behind, signal.SIGKILL)  # it lived on all the while


async def test_calls_at_once_get_each_its_own_answer(make: Make) -> None:
    worker = make()

    assert await asyncio.gather(*(worker.call("echo", number) for number in range(50))) == list(range(50))


async def test_starting_ahead_is_told_and_the_first_call_uses_that_child(make: Make, states: States) -> None:
    worker = make()
    worker.start()
    worker.start()
    await states.until("ready")
    pid = worker.pid

    assert await worker.call("echo", "x") == "x"
    assert worker.pid == pid
    assert states.heard == ["starting", "ready"]


async def test_what_a_child_prints_reaches_the_log_and_never_the_stream(make: Make, log: Path) -> None:
    worker = make()

    assert await worker.call("print_everywhere") == ""  # and its stdin is empty
    assert await worker.call("echo", "still whole") == "still whole"
    await worker.close()

    text = log.read_text()
    for words in ("by Python", "by the system call", "by the C library", "by stderr"):
        assert words in text
    assert log.stat().st_mode & 0o777 == 0o600


async def test_an_error_of_the_service_keeps_its_kind_and_the_child_lives_on(make: Make) -> None:
    worker = make()

    with pytest.raises(ModelFileError) as caught:
        await worker.call("refuse")

    assert (caught.value.what, caught.value.why, caught.value.todo) == (
        "The model is broken.",
        "A test said so.",
        "Mend it.",
    )
    pid = worker.pid
    assert await worker.call("echo", 1) == 1
    assert worker.pid == pid


async def test_a_fault_of_the_service_tells_no_params_to_the_log_or_the_error(make: Make, log: Path) -> None:
    worker = make()

    with pytest.raises(WorkerError, match="KeyError") as caught:
        await worker.call("stumble", "the words of a prompt")
    await worker.close()

    assert "prompt" not in str(caught.value)
    assert "prompt" not in log.read_text()
    assert "in stumble" in log.read_text()


@pytest.mark.parametrize("method", ["no_such", "_private", "__init__", "_arguments"])
async def test_only_public_methods_can_be_called(make: Make, method: str) -> None:
    with pytest.raises(WorkerError, match="no such method"):
        await make().call(method)


async def test_params_of_the_wrong_shape_are_an_error_and_not_the_childs_death(make: Make) -> None:
    worker = make()

    with pytest.raises(WorkerError, match="ValidationError"):
        await worker.call("add", {"left": "one"})

    assert await worker.call("add", {"left": 1, "right": 1}) == 2


async def test_an_answer_of_the_wrong_shape_is_an_error(make: Make) -> None:
    with pytest.raises(WorkerError, match="wrong shape"):
        await make().call("echo", "text", result=int)


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


async def test_a_cancelled_call_leaves_the_stream_whole_and_its_late_answer_is_dropped(
    make: Make, tmp_path: Path
) -> None:
    worker, gate = make(), tmp_path / "gate"
    await worker.call("echo")
    pid = worker.pid
    call = asyncio.create_task(worker.call("wait_for", str(gate)))
    await asyncio.sleep(0)

    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    gate.touch()

    assert await worker.call("echo", "next") == "next"
    assert worker.pid == pid


async def test_a_call_that_takes_too_long_leaves_the_stream_whole(make: Make, tmp_path: Path) -> None:
    worker, gate = make(), tmp_path / "gate"
    await worker.call("echo")
    pid = worker.pid

    with pytest.raises(WorkerTimeout):
        await worker.call("wait_for", str(gate), 0.01)
    gate.touch()

    assert await worker.call("echo", "next") == "next"
    assert worker.pid == pid


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


async def test_a_huge_request_is_refused_before_it_is_sent(make: Make) -> None:
    worker = make()

    with pytest.raises(WorkerError, match="are allowed"):
        await worker.call("echo", bytes(MAX_FRAME_BYTES))

    assert await worker.call("echo", 1) == 1


async def test_a_huge_answer_is_an_error_and_not_the_childs_death(make: Make) -> None:
    worker = make()

    with pytest.raises(WorkerError, match="are allowed"):
        await worker.call("grow")

    pid = worker.pid
    assert await worker.call("echo", 1) == 1
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


async def test_no_key_reaches_the_child(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "GITHUB_TOKEN", "DB_PASSWORD", "aws_secret"):
        monkeypatch.setenv(name, "canary")

    names = await make().call("environment", result=list[str])

    assert "PATH" in names
    assert not {"ANTHROPIC_API_KEY", "GITHUB_TOKEN", "DB_PASSWORD", "aws_secret"} & set(names)


async def test_code_in_the_current_folder_is_not_imported(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("optafly", "msgspec", "json"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('a project took over')")
    monkeypatch.chdir(tmp_path)

    assert await make().call("echo", "safe") == "safe"


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


@pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")
async def test_the_childs_memory_can_be_read(make: Make) -> None:
    worker = make()
    await worker.call("echo")

    assert worker.rss_bytes
    assert 1_000_000 < worker.rss_bytes < 100_000_000


def test_the_log_never_grows_above_its_cap_but_for_the_last_write(tmp_path: Path) -> None:
    log = CappedLog(tmp_path / "logs" / "worker.log")

    for number in range(40):
        log.write(bytes([number]) * (MAX_LOG_BYTES // 8))

    sizes = [path.stat().st_size for path in (tmp_path / "logs").iterdir()]
    assert len(sizes) <= 2
    assert max(sizes) <= MAX_LOG_BYTES
