"""A call gets its own answer or error, whatever others ask, print or send."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from fakes.worker_service import Sum
from fakes.workers import Make
from optafly.errors import ModelFileError, WorkerError, WorkerTimeout
from optafly.workers.framing import MAX_FRAME_BYTES
from optafly.workers.log import MAX_LOG_BYTES, CappedLog


async def test_a_call_starts_the_child_and_gets_its_typed_answer(make: Make) -> None:
    worker = make()

    assert await worker.call("add", Sum(2, 3), result=int) == 5


async def test_the_factory_gets_its_arguments(make: Make) -> None:
    worker = make("create", "a b", "ü")

    assert await worker.call("arguments") == ["a b", "ü"]


async def test_calls_at_once_get_each_its_own_answer(make: Make) -> None:
    worker = make()

    assert await asyncio.gather(*(worker.call("echo", number) for number in range(50))) == list(range(50))


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
