"""Files that were flipped or cut short, each met by a server of its own: part of `chaos.py`.

    python tests/bench/chaos.py flip --flips 10000

Of ten damages six are of a database, three of its log (as two writers leave it when they are killed), and one is of a
workspace's index. Every third one comes while the file is open.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))

from fakes.answers import completion, entry, key
from fakes.indexing import index, many, write
from fakes.vectors import Here
from optafly.cache import store
from optafly.cache.cache import Cache
from optafly.cache.store import Vector
from optafly.errors import OptaflyError, WorkerError
from optafly.salvage import set_aside
from optafly.storage import Database, connect

T = TypeVar("T")

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
A_PROCESS = 50  # damages that one process meets
ANSWERS = 60
FILES = ("database",) * 6 + ("log",) * 3 + ("index",)
OUTCOMES = {
    "went-on": "went on",  # nothing was met, or what was met was not used
    "saved": "rows saved",
    "set-aside": "set aside",
    "made-again": "made again",
    "refused": "refused",
    "failed": "FAILED",  # an error that is none of ours, or a damaged answer
    "died": "DIED",
}


def run(folder: Path, flips: int) -> list[str]:
    """Damage so many files, print what became of them as a table, and return what went wrong."""
    _originals(folder)
    found: Counter[str] = Counter()
    for first in range(0, flips, A_PROCESS):
        count = min(A_PROCESS, flips - first)
        command = [sys.executable, __file__, str(folder), str(first), str(count)]
        ran = subprocess.run(command, capture_output=True, env=ENVIRONMENT, check=False)
        said = ran.stdout.decode().split()
        found.update(said)
        if ran.returncode:
            found[f"{FILES[(first + len(said)) % len(FILES)]}:died"] += 1
            print(f"flip: a process died ({ran.returncode}) at the damage {first + len(said)}")
        if ran.returncode or any(word.endswith(":failed") for word in said):
            print(ran.stderr.decode()[-2000:])
    print(_table(found))
    wrong = sum(count for word, count in found.items() if word.endswith((":failed", ":died")))
    return [f"{wrong} damaged files were not got over"] if wrong else []


def _table(found: Counter[str]) -> str:
    shown = [word for word in OUTCOMES if word in ("failed", "died") or any(key.endswith(f":{word}") for key in found)]
    lines = [f"{'flip':<10}{'damaged':>10}" + "".join(f"{OUTCOMES[word]:>12}" for word in shown)]
    for file in dict.fromkeys(FILES):
        counts = [found[f"{file}:{word}"] for word in shown]
        lines.append(f"{file:<10}{sum(counts):>10,}" + "".join(f"{count:>12,}" for count in counts))
    return "\n".join(lines)


class Worker(Here):
    """The worker's service in this process; what it raises is an error of the worker, as from a child."""

    async def call(self, method: str, params: object, timeout_s: float, *, result: type[T]) -> T:
        """Call a method of the service."""
        try:
            return await super().call(method, params, timeout_s, result=result)
        except OptaflyError:
            raise
        except Exception as error:
            raise WorkerError("A background task failed.") from error


def _originals(folder: Path) -> None:
    """Make what is damaged: a database, one with half of its answers in the log, and the index of a workspace."""
    fill(folder / "database" / "optafly.db", range(ANSWERS))
    path = folder / "making" / "optafly.db"
    fill(path, range(ANSWERS // 2))
    connection = connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    _add(connection, range(ANSWERS // 2, ANSWERS))
    (folder / "log").mkdir()
    for name in ("optafly.db", "optafly.db-wal"):
        shutil.copyfile(path.with_name(name), folder / "log" / name)
    connection.close()
    write(folder / "workspace", many(12))
    with index(folder / "workspace", folder / "index" / "one.db"):
        pass


async def damage(folder: Path, first: int, count: int) -> None:
    """Damage the files of these numbers, and print what became of each in one word."""
    for number in range(first, first + count):
        file = FILES[number % len(FILES)]
        home = folder / f"flipped-{number}"
        try:
            word = _index(folder, home, number) if file == "index" else await _database(folder / file, home, number)
        except Exception:
            traceback.print_exc()
            word = "failed"
        print(f"{file}:{word}", flush=True)
        shutil.rmtree(home, ignore_errors=True)


async def _database(original: Path, home: Path, number: int) -> str:
    shutil.copytree(original, home)
    path, mid_run = home / "optafly.db", number % 3 == 0
    target = home / "optafly.db-wal"
    target = target if target.exists() else path
    damaged = _damaged(target.read_bytes(), random.Random(number))
    if not mid_run:
        target.write_bytes(damaged)
    database = Database(path)
    cache = Cache(database, Worker(path))
    if mid_run:
        await cache.lookup(key("question 3"))
        target.write_bytes(damaged)
    word = await _served(cache, path)
    await cache.close()
    await database.close()
    return word


async def _served(cache: Cache, path: Path) -> str:
    """Look up, remember and list as a server does; return what became of the database."""
    try:
        await cache.lookup(key("question 7"))
        await cache.lookup(key("quite another question"))
        for each in await cache.entries(limit=1000):
            assert each.answer == _answer(each.intent) or each.intent == "new", "a damaged answer was given"
        kept = await cache.remember(key("new"), "new", completion(), 0.01, 1.0)
        assert await cache.get(kept.id) == kept
    except OptaflyError:
        return "refused"
    aside = set_aside(path)
    return "saved" if any(sum(each.saved.values()) for each in aside) else "set-aside" if aside else "went-on"


def _index(folder: Path, home: Path, number: int) -> str:
    """Open the index of a workspace whose file is damaged; every third time while another one has it open."""
    shutil.copytree(folder / "index", home)
    file, whole = home / "one.db", (home / "one.db").read_bytes()
    damaged = _damaged(whole, random.Random(number))
    if number % 3 == 0:
        with index(folder / "workspace", file):
            file.write_bytes(damaged)
    else:
        file.write_bytes(damaged)
    before = file.stat().st_ino if file.exists() else None
    with index(folder / "workspace", file) as one:
        assert len(one.view.paths) == 12, "files are missing"
        assert one.status().state == "ready", one.status().message
    return "went-on" if file.stat().st_ino == before else "made-again"


def _damaged(content: bytes, rng: random.Random) -> bytes:
    changed = bytearray(content)
    kind = rng.choice(["bit", "bits", "page", "cut", "beginning"])
    if kind == "cut":
        return bytes(changed[: rng.randrange(len(changed))])
    if kind == "page":
        at = rng.randrange(len(changed) // 4096) * 4096
        changed[at : at + 4096] = rng.choice([bytes(4096), rng.randbytes(4096)])
    for _ in range({"bit": 1, "bits": 100, "beginning": 5}.get(kind, 0)):
        changed[rng.randrange(100 if kind == "beginning" else len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _answer(intent: str) -> str:
    return f"The answer to {intent}. " * 40


def fill(path: Path, numbers: Iterable[int]) -> None:
    """Make a database that holds the answers to the questions of these numbers."""
    connection = connect(path)
    _add(connection, numbers)
    connection.close()


def _add(connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
    vector = Vector(embedder="words", data=bytes(128))
    for number in numbers:
        intent = f"question {number}"
        row = entry(intent, id=str(number), answer=_answer(intent))
        store.insert(connection, row, vector, max_entries=10**6, max_bytes=10**9, now_s=time.time())


if __name__ == "__main__":
    asyncio.run(damage(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
