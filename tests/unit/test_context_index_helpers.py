"""Helper processes read files: whatever one file does to them, the others are read."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
import pytest

from fakes.indexing import READERS, index, many, until, write
from optafly.context.index import looking
from optafly.context.index.files import Raw
from optafly.context.index.helpers import Helpers, Job
from optafly.context.index.reading import Answer
from optafly.context.index.vectors import Texts

TESTS = Path(__file__).parents[1]


def asked(*texts: str) -> list[bytes]:
    return [msgspec.msgpack.encode(Texts((text,))) for text in texts]


def results(helpers: Helpers, *texts: str) -> list[bytes | None]:
    """Ask and wait."""
    return answered(helpers, *texts)[0]


def answered(helpers: Helpers, *texts: str) -> tuple[list[bytes | None], tuple[int, ...]]:
    """Ask and wait; return the results and the processes that ran when they came."""
    heard: list[tuple[list[bytes | None], tuple[int, ...]]] = []
    helpers.submit(Job("embed", asked(*texts), lambda found: heard.append((found, helpers.pids)), lambda: True))
    until(lambda: heard)
    return heard[0]


def test_what_ends_a_helper_costs_its_own_result_and_no_other(helpers: Helpers) -> None:
    found = results(helpers, "one", "poison", "three")
    assert [each is None for each in found] == [False, True, False]
    assert None not in results(helpers, "still", "there")


class WhileAway(Helpers):
    """Helpers that read while some files of `root` are elsewhere and one is a folder; then these are back."""

    def __init__(self, root: Path, away: list[str], folder: str) -> None:
        super().__init__("away", READERS, count=1)
        self._root = root
        self._away = away
        self._folder = folder

    def submit(self, job: Job, urgency: int = 0) -> None:
        """Take a job."""
        for name in self._away:
            (self._root / name).rename(self._root / f"{name}.away")
        if (self._root / self._folder).is_file():
            (self._root / self._folder).unlink()
            (self._root / self._folder).mkdir()
        told = job.done

        def back(results: list[bytes | None]) -> None:
            for name in self._away:
                (self._root / f"{name}.away").rename(self._root / name)
            self._away = []
            told(results)

        job.done = back
        super().submit(job, urgency)


def test_a_file_that_was_away_for_the_moment_it_was_read_in_is_read_again(tmp_path: Path) -> None:
    root, names = tmp_path / "root", list(many(20))
    write(root, many(20))
    with index(root, tmp_path / "one.db", helpers=WhileAway(root, names[:3], names[4])) as one:
        until(lambda: set(one.view.paths) == {*names} - {names[4]})
        assert not one.skipped()


def test_what_no_helper_could_read_is_tried_again_when_the_index_is_opened(tmp_path: Path) -> None:
    root, file = tmp_path / "root", tmp_path / "one.db"
    write(root, many(20))
    for name in many(20):
        os.utime(root / name, (1e9, 1e9))
    with index(root, file, helpers=Helpers("ends", ["os:abort"], count=1)) as one:
        assert len(one.skipped()) == 20
    with index(root, file) as one:
        assert set(one.view.paths) == {*many(20)}
        assert not one.skipped()


def test_what_ended_the_process_or_a_helper_is_left_to_helpers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_here: list[str] = []
    understood = looking.understood

    def noted(raw: Raw, path: str) -> Answer:
        read_here.append(path)
        return understood(raw, path)

    monkeypatch.setattr(looking, "understood", noted)
    root, file = tmp_path / "root", tmp_path / "one.db"
    write(root, many(3))
    with index(root, file) as one, index(root, file) as other:
        until(lambda: one.settled and other.settled)
        read_here.clear()
        write(root, {"edited.py": "x = 1\n"})
        until(lambda: "edited.py" in other.view.paths)
        assert read_here == ["edited.py"]
        held, free = threading.Event(), threading.Event()
        other._inbox.put(lambda: (held.set(), free.wait(20)))  # pyright: ignore[reportPrivateUsage, reportArgumentType]
        until(held.is_set)  # it takes over only once the file is there
        one.close()
        write(root, {"while_it_ended.py": "y = 1\n"})
        free.set()
        until(lambda: "while_it_ended.py" in other.view.paths)
    write(root, {"when_it_ended.py": "z = 1\n"})
    with index(root, file, helpers=Helpers("ends", ["os:abort"], count=1)) as one:
        assert [each.path for each in one.skipped()] == ["when_it_ended.py"]
        write(root, {"when_it_ended.py": "z = 2\n", "another.py": "a = 1\n"})
        until(lambda: "another.py" in one.view.paths and one.settled)
        assert [each.path for each in one.skipped()] == ["when_it_ended.py"]
    assert read_here == ["edited.py", "another.py"]


def test_where_the_system_has_no_thread_left_nobody_waits_for_what_does_not_come(
    helpers: Helpers, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, none_left = threading.Thread.start, ["test"]

    def started(thread: threading.Thread) -> None:
        if none_left and (thread.name in none_left or isinstance(thread, threading.Timer)):
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", started)
    assert results(helpers, "one", "two") == [None, None]
    none_left[:] = ["no name at all"]  # a thread, but none that ends what takes too long
    assert results(helpers, "one", "two") == [None, None]
    none_left.clear()
    assert None not in results(helpers, "one", "two")


def test_a_job_without_items_ends_nothing_though_its_helper_does() -> None:
    ends = Helpers("ends", ["os:abort"], count=1)
    heard: list[list[bytes | None]] = []
    try:
        for _ in range(2):
            ends.submit(Job("embed", [], heard.append, lambda: True))
        until(lambda: heard == [[], []])
    finally:
        ends.close()


def test_helpers_end_when_there_is_nothing_to_do(helpers: Helpers) -> None:
    _, pids = answered(helpers, "one")
    assert pids
    until(lambda: not helpers.pids)
    until(lambda: not any(alive(pid) for pid in pids))
    assert None not in results(helpers, "again")


def test_a_job_that_nobody_wants_any_more_is_not_done(helpers: Helpers) -> None:
    heard: list[object] = []
    for number in range(40):
        helpers.submit(Job("embed", asked(f"text {number}"), heard.append, lambda: False))
    results(helpers, "after them")
    assert heard == []


def test_closing_ends_every_helper_at_once(helpers: Helpers) -> None:
    _, pids = answered(helpers, "one", "two")
    assert pids
    helpers.close()
    until(lambda: not any(alive(pid) for pid in pids))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere they end when their pipe does")
def test_helpers_end_with_the_process_that_started_them() -> None:
    code = (
        "import time; from fakes.indexing import until; from optafly.context.index.helpers import Helpers, Job\n"
        "one = Helpers('t', ['fakes.indexing:words'], count=2); heard = []\n"
        "import msgspec; from optafly.context.index.vectors import Texts\n"
        "item = msgspec.msgpack.encode(Texts(('x',)))\n"
        "for n in range(8): one.submit(Job('embed', [item], heard.append, lambda: True))\n"
        "until(lambda: len(heard) == 8); print(*one.pids, flush=True); time.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        cwd=TESTS,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
    )
    assert process.stdout
    pids = [int(pid) for pid in process.stdout.readline().split()]
    assert pids
    process.kill()
    process.wait()
    process.stdout.close()
    until(lambda: not any(alive(pid) for pid in pids))


def test_a_closed_root_lets_go_of_everything_at_any_point(tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(root, many(600))
    for wait_s in (0.0, 0.05, 0.3, 0.6, 1.0):
        with index(root, tmp_path / "one.db", ready=False):
            time.sleep(wait_s)
        until(lambda: not [each for each in threading.enumerate() if each.name == f"optafly-index {root.name}"])
    with index(root, tmp_path / "one.db") as one:
        assert one.status().files == 600


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
