"""A child process ends with its parent, whatever it is doing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from optafly.workers.framing import HEADER_BYTES, Event, FromChild, Request, frame, read_body

TESTS = str(Path(__file__).parents[1])

PARENT = """
import asyncio, sys
from pathlib import Path
from optafly.workers.supervisor import Worker

async def main():
    worker = Worker("test", "fakes.worker_service:create_locked", [sys.argv[1]], log=Path(sys.argv[1] + ".log"))
    await worker.call("echo")
    print("ready", flush=True)
    await worker.call(sys.argv[2], sys.argv[3], timeout_s=600)

asyncio.run(main())
"""


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]  pytest uses it
    monkeypatch.setenv("PYTHONPATH", TESTS)


def _start(factory: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "optafly.workers.child", factory, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def _next(child: subprocess.Popen[bytes]) -> FromChild:
    assert child.stdout
    body = read_body(child.stdout)
    assert body is not None
    return msgspec.msgpack.decode(body, type=FromChild)


def _send(child: subprocess.Popen[bytes], method: str, params: object) -> None:
    assert child.stdin
    child.stdin.write(frame(Request(1, method, msgspec.Raw(msgspec.msgpack.encode(params)))))
    child.stdin.flush()


def test_a_busy_child_ends_when_its_request_pipe_does(tmp_path: Path) -> None:
    with _start("fakes.worker_service:create") as child:
        assert _next(child) == Event(name="ready")
        _send(child, "wait_for", str(tmp_path / "never"))

        assert child.stdin
        child.stdin.close()

        assert child.wait() == 0


def test_a_frame_above_the_cap_ends_the_child_before_it_is_read() -> None:
    with _start("fakes.worker_service:create") as child:
        assert _next(child) == Event(name="ready")

        assert child.stdin
        child.stdin.write(b"\xff" * HEADER_BYTES)
        child.stdin.flush()

        assert child.wait() == 2


@pytest.mark.parametrize("method", ["wait_for", "hold_the_lock"])
def test_kill_9_of_the_parent_ends_the_child(tmp_path: Path, method: str) -> None:
    if method == "hold_the_lock" and sys.platform != "linux":
        pytest.skip("only Linux ends a child that holds the interpreter's lock")
    import fcntl

    lock, fifo = tmp_path / "lock", tmp_path / "fifo"
    os.mkfifo(fifo)
    argument = fifo if method == "hold_the_lock" else tmp_path / "never"
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(lock), method, str(argument)], stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == b"ready\n"
        if method == "hold_the_lock":
            assert fifo.read_text() == "holding"
        with lock.open() as file:
            with pytest.raises(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

            parent.send_signal(signal.SIGKILL)

            fcntl.flock(file, fcntl.LOCK_EX)  # the child's lock is gone as soon as the child is
