"""What is left when processes are killed, bytes are flipped, the disk is full or the clock is wrong?

    python tests/bench/chaos.py [kill|flip|full|readonly|clock|seen ...] [--kills 20] [--flips 200]

The full run: `python tests/bench/chaos.py --kills 500 --flips 10000`. Every scenario prints what it counted, and the
exit code is 1 where an acknowledged answer was lost, a process died or a damaged answer was given (`chaos_flips.py`).
`full` and `readonly` mount a small tmpfs where they may; otherwise the size of files is limited, and the folder's
permissions are taken away.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import chaos_flips
from fakes.answers import completion, key
from fakes.vectors import Here
from optafly.cache import store
from optafly.cache.cache import Cache
from optafly.errors import OptaflyError
from optafly.salvage import set_aside
from optafly.storage import Database, connect

TESTS = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(TESTS)}


class Writer:
    """A process that remembers answers until it is killed, and says the id of each once it is kept."""

    def __init__(self, path: Path, run: str) -> None:
        command = [sys.executable, "-m", "fakes.remembering", str(path), run]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, env=ENVIRONMENT)
        self._said = self.said()  # it is at work

    def said(self) -> bytes:
        """Wait for the next id."""
        assert self._process.stdout
        return self._process.stdout.readline()

    def kill(self) -> set[str]:
        """Kill it and return the ids that it said it had kept; half a line is no word."""
        assert self._process.stdout
        self._process.kill()
        said = self._said + self._process.stdout.read()
        self._process.wait()
        self._process.stdout.close()
        return set(said.decode().split("\n")[:-1])


def kill(folder: Path, kills: int) -> list[str]:
    """Kill two processes that remember answers in one database, again and again; return what went wrong."""
    path = folder / "optafly.db"
    rng = random.Random(1)
    acknowledged: set[str] = set()
    reopened: list[float] = []
    writers = [Writer(path, f"first {number}") for number in range(2)]
    done = 0
    for done in range(1, kills + 1):
        index = done % 2
        time.sleep(rng.uniform(0.0, 0.25))
        acknowledged |= writers[index].kill()
        if done % 10 == 0:  # both are gone: the next one finds the log of two dead writers
            acknowledged |= writers[1 - index].kill()
            started = time.perf_counter()
            connect(path).close()
            reopened.append(time.perf_counter() - started)
            writers[1 - index] = Writer(path, f"{done} b")
        writers[index] = Writer(path, f"{done}")
    for writer in writers:
        acknowledged |= writer.kill()
    started = time.perf_counter()
    connection = connect(path)
    reopened.append(time.perf_counter() - started)
    kept = {each.id for each in store.page(connection, None, "", 10**9, 0)}
    whole = connection.execute("PRAGMA integrity_check").fetchone()[0]
    connection.close()
    lost = acknowledged - kept
    print(f"kill: two writers, {done:,} kills, integrity {whole}")
    print(f"{'acknowledged':>16}{'lost':>10}{'kept unsaid':>16}{'reopened':>12}{'median':>10}{'at most':>10}")
    times = f"{statistics.median(reopened) * 1000:>7.0f} ms{max(reopened) * 1000:>7.0f} ms"
    print(f"{len(acknowledged):>16,}{len(lost):>10}{len(kept - acknowledged):>16}{len(reopened):>12}{times}")
    faults = [f"{len(lost)} acknowledged answers were lost"] if lost else []
    return (
        faults
        + (["the database is damaged"] if whole != "ok" else [])
        + [f"{each} set aside" for each in set_aside(path)]
    )


def flip(folder: Path, flips: int) -> list[str]:
    """Damage databases, their logs and workspace indexes, each met by a server of its own; return what went wrong."""
    return chaos_flips.run(folder, flips)


def full(folder: Path, _: int) -> list[str]:
    """Fill the disk under a running cache; return what went wrong."""
    with _small_disk(folder) as (small, how):
        faults = asyncio.run(_filled(small / "optafly.db"))
        print(f"full ({how}): {'; '.join(faults) or 'answers went on, the fault was named, nothing was lost'}")
    return faults


async def _filled(path: Path) -> list[str]:
    database = Database(path)
    cache = Cache(database)
    kept: list[str] = []
    why = ""
    for number in range(2_000):
        asked = key(f"question {number}")
        try:
            kept.append((await cache.remember(asked, asked.intent, completion("answer " * 2_000), 0.01, 1.0)).id)
        except OptaflyError as error:
            why = error.why
            break
    found = await cache.lookup(key("question 0"))
    there = {each.id for each in await cache.entries(limit=10**6)}
    await database.close()
    faults = [] if why else ["the disk was never full"]
    faults += [] if found.outcome == "serve" else [f"a lookup on a full disk: {found.evidence}"]
    print(f"full: {len(kept)} answers kept, then: {why}")
    return faults + ([f"{len(set(kept) - there)} lost"] if set(kept) - there else [])


@contextmanager
def _small_disk(folder: Path) -> Generator[tuple[Path, str]]:
    small = folder / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(small)], capture_output=True, check=False
    )
    if not mounted.returncode:
        try:
            yield small, "a tmpfs of 4 MB"
        finally:
            subprocess.run(["umount", str(small)], check=False)
        return
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 * 2**20, before[1]))
    try:
        yield small, "files of at most 2 MB"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def readonly(folder: Path, _: int) -> list[str]:
    """Open a database in a folder that cannot be written; return what went wrong."""
    with _small_disk(folder) as (small, how):
        path = small / "optafly.db"
        chaos_flips.fill(path, range(5))
        mounted = how.startswith("a tmpfs")
        if mounted:
            subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
        else:
            small.chmod(0o555)
        command = [sys.executable, __file__, "readonly-child", str(path)]
        ran = subprocess.run(command, capture_output=True, env=ENVIRONMENT, check=False)
        if mounted:
            subprocess.run(["mount", "-o", "remount,rw", str(small)], check=True)
        else:
            small.chmod(0o700)
        print(f"readonly: {ran.stdout.decode().strip() or ran.stderr.decode()[-300:]}")
        connection = connect(path)
        left = store.count(connection)
        connection.close()
        return [] if not ran.returncode and left == 5 else [f"a read-only folder: {ran.returncode}, {left} of 5 left"]


async def readonly_child(path: Path) -> None:
    """Look up and remember where nothing can be written, and print what is said."""
    database = Database(path)
    cache = Cache(database)
    print(f"lookup: {(await cache.lookup(key('question 3'))).evidence}", end=" ")
    try:
        await cache.remember(key("new"), "new", completion(), None, 1.0)
    except OptaflyError as error:
        print(f"remember: {error}")


def clock(folder: Path, _: int) -> list[str]:
    """Set the clock back a year and on again; return what went wrong."""
    faults = asyncio.run(_clocks(folder / "clock.db"))
    print(f"clock: {'; '.join(faults) or 'a year back, a year on: every answer was found, none was lost'}")
    return faults


async def _clocks(path: Path) -> list[str]:
    now, year, faults = time.time, 365 * 86_400.0, list[str]()
    database = Database(path)
    cache = Cache(database)
    shift = 0.0
    time.time = lambda: now() + shift
    try:
        for number, shift in enumerate((0.0, -year, 0.0)):
            asked = key(f"question {number}")
            await cache.remember(asked, asked.intent, completion(f"answer {number}"), 0.01, 1.0)
            for earlier in range(number + 1):
                found = await cache.lookup(key(f"question {earlier}"))
                expired_rightly = number == 2 and earlier == 1  # made a year ago, by the clock of then
                if (found.outcome == "serve") == expired_rightly:
                    faults.append(f"question {earlier} at {shift / year:+.0f} years: {found.evidence}")
        if await cache.count() != 3:
            faults.append("answers were lost")
    finally:
        time.time = now
        await database.close()
    return faults


def seen(folder: Path, _: int) -> list[str]:
    """Measure how soon an answer that another process remembered is found."""
    took = asyncio.run(_seen(folder / "seen.db"))
    print(f"seen: after {statistics.median(took):.1f} ms (median of {len(took)}), {max(took):.1f} ms at most")
    return ["another process waited longer than 100 ms"] if statistics.median(took) > 100 else []


async def _seen(path: Path) -> list[float]:
    database = Database(path)
    cache = Cache(database, Here(path))
    writer = Writer(path, "0")
    took: list[float] = []
    for number in (1, 3, 4, 6, 7, 9, 10, 12, 13, 15):
        writer.said()  # it said so just now
        started = time.perf_counter()
        while (await cache.lookup(key(f"run 0 question {number}"))).outcome != "serve":
            pass
        took.append((time.perf_counter() - started) * 1000)
    writer.kill()
    await cache.close()
    await database.close()
    return took


SCENARIOS: dict[str, Callable[[Path, int], list[str]]] = {
    "kill": kill,
    "flip": flip,
    "full": full,
    "readonly": readonly,
    "clock": clock,
    "seen": seen,
}


def main() -> int:
    """Run the scenarios that were named, or all."""
    if sys.argv[1:2] == ["readonly-child"]:
        asyncio.run(readonly_child(Path(sys.argv[2])))
        return 0
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("scenarios", nargs="*", choices=[[], *SCENARIOS], default=[])
    arguments.add_argument("--kills", type=int, default=20)
    arguments.add_argument("--flips", type=int, default=200)
    given = arguments.parse_args()
    faults: list[str] = []
    for name in given.scenarios or SCENARIOS:
        with tempfile.TemporaryDirectory() as folder:
            faults += SCENARIOS[name](Path(folder), {"kill": given.kills, "flip": given.flips}.get(name, 0))
    print("\n".join(faults) or "Nothing was lost, nobody died.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
