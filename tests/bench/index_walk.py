"""Does the index hold for real life? Change a repository at random for minutes, and compare with an index made anew.

    python tests/bench/index_walk.py ~/src/project --minutes 30 --seed 1

Works on a clone, to which things happen (see `index_world`). Two windows keep its index, are killed (-9) at any moment,
have a disk that is full and a clock that jumps. After each round both must hold what an index made anew holds:
outlines, terms, imports, history, what is left out. The exit code is 1 where one does not; the line that is printed
names the seed and the round.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from hashlib import blake2b
from pathlib import Path

import msgspec
from index_world import World

sys.path.insert(0, str(Path(__file__).parents[1]))

from fakes.indexing import READERS
from optafly.context.history import History, follow
from optafly.context.index import past
from optafly.context.index.helpers import Helpers
from optafly.context.index.keeping import Keeping
from optafly.context.index.root import RootIndex
from optafly.context.index.view import View
from optafly.context.index.watching import Watcher, notify

SETTLE_S = 60.0
BUSY_S = 600.0  # while it still has something to do, for the machine may have too
STILL_S = 0.6
Dump = dict[str, str]

past.follow = partial(follow, limit=1_000_000)  # how far back the oldest commit lies depends on how one came there


# --- a window, in a process of its own ---


def window(root: Path, file: Path) -> None:
    """Keep the index; answer `dump` on stdin with what it holds, and take `clock SECONDS` for the time of day."""
    helpers = Helpers("readers", READERS, count=2)
    one = RootIndex(
        root, View(root), Keeping(file, "walk"), helpers, watch=lambda at, tell: Watcher(at, tell, notify, 1.0)
    )
    one.start()
    real = time.time
    for line in sys.stdin:
        word, _, number = line.strip().partition(" ")
        if word == "clock":
            time.time = lambda by=float(number): real() + by
        elif word == "dump":
            one.allows((), lambda _: None)  # as any question does
            status = one.status()
            how = f"{one.role}, {status.state}, {status.message or 'no trouble'}"
            sys.stdout.write(json.dumps({"settled": one.settled, "how": how, "held": dump(one)}) + "\n")
            sys.stdout.flush()
    one.close()
    helpers.close()


def dump(one: RootIndex) -> Dump:
    """Return all that can be found, in a form that does not depend on how it came."""
    view = one.view
    with view.lock:
        held: Dump = {}
        for path in view.paths:
            entry = view.entry(path)
            assert entry is not None
            parts = (entry.outline, entry.terms, sorted(view.graph.imports(path)))
            held[path] = " ".join(_hash(msgspec.msgpack.encode(part, order="sorted")) for part in parts)
        history = view.corpus.history
        if isinstance(history, History):
            told = [(path, history.changes(path), [c.path for c in history.together(path)[:5]]) for path in held]
            held[" history"] = _hash(repr((len(history), told)).encode())
        held[" symbols"] = str(view.symbols)
    held |= {f" skipped {each.path}": each.reason for each in one.skipped()}
    return held


def _hash(data: bytes) -> str:
    return blake2b(data, digest_size=4).hexdigest()


class Window:
    """A window as another process sees it; `most_bytes` is how long its files may become (a full disk)."""

    def __init__(self, root: Path, file: Path, most_bytes: int | None = None) -> None:
        def limit() -> None:
            if most_bytes is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

        command = [sys.executable, __file__, "--window", str(root), str(file)]
        self.how = ""
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, preexec_fn=limit
        )

    def say(self, words: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(words + "\n")
        self._process.stdin.flush()

    def told(self) -> tuple[bool, Dump]:
        """Return whether it has nothing to do, and what it holds."""
        assert self._process.stdout is not None
        self.say("dump")
        line = self._process.stdout.readline()
        found = json.loads(line)
        self.how = f"{found['how']}, {'' if found['settled'] else 'not '}settled"
        return found["settled"], found["held"]

    def end(self) -> None:
        """Kill it."""
        self._process.kill()
        self._process.communicate()


# --- the walk ---


def made_anew(root: Path, home: Path) -> Dump:
    """Return what an index holds that is made anew."""
    helpers = Helpers("readers", READERS, count=2)
    one = RootIndex(root, View(root), Keeping(home / f"{time.monotonic_ns()}.db", "walk"), helpers)
    one.start()
    while one.status().state not in ("ready", "failed") or not one.settled or waits_for_commits(one):
        time.sleep(0.02)
    time.sleep(STILL_S)
    held = dump(one)
    one.close()
    helpers.close()
    shutil.rmtree(home, ignore_errors=True)
    return held


def waits_for_commits(one: RootIndex) -> bool:
    """Tell whether an index without vectors, which is ready before its commits are read, is still to hear of them."""
    return one.view.corpus.history is None and any(each.name == "optafly-history" for each in threading.enumerate())


def agree(one: Window, expected: Callable[[], Dump]) -> Dump:
    """Wait until a window holds what an index made anew holds; return what is other in the end."""
    began = time.monotonic()
    before: Dump | None = None
    wanted = expected()
    while True:
        settled, held = one.told()
        if settled and held == wanted:
            return {}
        if time.monotonic() - began > (SETTLE_S if settled else BUSY_S):
            keys = {key for key in held.keys() | wanted.keys() if held.get(key) != wanted.get(key)}
            return {key: f"{held.get(key)}, anew {wanted.get(key)}" for key in sorted(keys)}
        if settled and held == before:  # it thinks that it is done: perhaps what is stamped late was read late
            wanted = expected()
        before = held
        time.sleep(STILL_S)


def walk(source: Path, minutes: float, seed: int) -> int:
    """Walk until the time is over or an index is wrong."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="optafly-walk-") as name:
        home = Path(name)
        root, file = home / "work", home / "index" / "one.db"
        subprocess.run(["git", "clone", "--quiet", "--shared", str(source), str(root)], check=True)
        world, counts = World(root, chance), Counter[str]()
        windows = [Window(root, file)]
        end, rounds = time.monotonic() + minutes * 60, 0
        try:
            while time.monotonic() < end:
                rounds += 1
                for _ in range(chance.choice((1, 2, 5, 20, 60))):
                    world.happen()
                    if chance.random() < 0.3:
                        time.sleep(chance.random() * 0.3)
                    if chance.random() < 0.04:
                        _disturb(windows, root, file, chance, counts)
                if not windows:
                    windows.append(Window(root, file))
                for number, one in enumerate(windows):
                    wrong = agree(one, lambda: made_anew(root, home / "anew"))
                    if wrong:
                        print(f"seed {seed}, round {rounds}, window {number} of {len(windows)} is wrong: {wrong}")
                        print(*(f"window {number}: {each.how};" for number, each in enumerate(windows)))
                        print("what happened last:", *world.last)
                        return 1
                print(f"round {rounds}: {len(windows)} windows hold {len(windows[0].told()[1])} things", flush=True)
        finally:
            for one in windows:
                one.end()
            print(json.dumps({"seed": seed, "rounds": rounds, "happened": world.done, "disturbed": counts}))
    return 0


def _disturb(windows: list[Window], root: Path, file: Path, chance: random.Random, counts: Counter[str]) -> None:
    """Kill a window, open one, let its clock jump, or give it a disk that is full."""
    what = chance.choice(("kill", "open", "clock", "full"))
    counts[what] += 1
    if what == "kill" and windows:
        windows.pop(chance.randrange(len(windows))).end()
    elif what == "clock" and windows:
        chance.choice(windows).say(f"clock {chance.choice((0, -90_000, 90_000, 5, -5))}")
    elif len(windows) < 2:
        windows.append(Window(root, file, chance.choice((50_000, 400_000)) if what == "full" else None))


def main() -> None:
    """Walk, or be a window."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="?", type=Path, help="a git repository")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--window", nargs=2, type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.window:
        window(*asked.window)
    elif asked.source is None:
        parser.error("name a git repository")
    else:
        sys.exit(walk(asked.source, asked.minutes, asked.seed))


if __name__ == "__main__":
    main()
