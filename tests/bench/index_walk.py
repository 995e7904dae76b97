"""Does the index hold for real life? Change a repository at random for minutes, and compare with an index made anew.

    python tests/bench/index_walk.py ~/src/project --minutes 30 --seed 1

Works on a clone. Between two comparisons files and folders are written, renamed (also by case only), replaced by one
another, linked, made unreadable and deleted; branches are switched, commits made, ignore files changed, the root itself
is moved away; two windows keep the index, are killed (-9) at any moment, have a disk that is full and a clock that
jumps. After each round both must hold what an index made anew holds: outlines, terms, imports, history, what is left
out. The exit code is 1 where one does not; the line that is printed names the seed and the round.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from hashlib import blake2b
from pathlib import Path

import msgspec

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
WORDS = ("cart", "order", "total", "price", "stock", "label", "parse", "route")
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


# --- what happens to the workspace ---


class World:
    """A workspace to which things happen; each action returns nothing and may find that it cannot be done."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self.root = root
        self.chance = chance
        self.done: Counter[str] = Counter()
        self.last: list[str] = []
        self._commits = self.git("rev-list", "--max-count=400", "HEAD").split()
        self._actions: list[tuple[int, Callable[[], object]]] = [
            (30, self.edit), (6, self.same_size), (6, self.touch), (8, self.make), (8, self.delete),
            (8, self.rename), (4, self.rename_by_case), (4, self.rename_folder), (2, self.delete_folder),
            (3, self.file_for_folder), (3, self.folder_for_file), (3, self.link), (3, self.odd), (3, self.mode),
            (5, self.ignore), (2, self.exclude), (6, self.switch), (4, self.commit), (1, self.away), (2, self.swap),
        ]  # fmt: skip

    def happen(self) -> None:
        """Let one thing happen."""
        action = self.chance.choices([each for _, each in self._actions], [weight for weight, _ in self._actions])[0]
        try:
            action()
        except (OSError, subprocess.CalledProcessError):
            self.done["not possible"] += 1
        else:
            self.done[action.__name__] += 1
            self.last = [*self.last[-60:], action.__name__]

    def git(self, *arguments: str) -> str:
        """Run git in the workspace."""
        command = ["git", "-C", str(self.root), "-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "gc.auto=0"]
        return subprocess.run([*command, *arguments], check=True, capture_output=True, text=True).stdout

    def files(self) -> list[Path]:
        """Return every file, links left out."""
        return sorted(
            Path(folder, name)
            for folder, folders, names in os.walk(self.root)
            if not (".git" in folders and folders.remove(".git"))
            for name in names
            if not Path(folder, name).is_symlink() and name.isprintable()
        )

    def folders(self) -> list[Path]:
        """Return every folder but the root."""
        return sorted({file.parent for file in self.files()} - {self.root})

    def any_file(self) -> Path:
        """Return one file. Raises OSError where there is none."""
        if not (files := self.files()):
            raise FileNotFoundError
        return self.chance.choice(files)

    def any_folder(self) -> Path:
        """Return one folder. Raises OSError where there is none."""
        if not (folders := self.folders()):
            raise FileNotFoundError
        return self.chance.choice(folders)

    def some_code(self) -> bytes:
        """Return a few lines that define and import something."""
        word, other = self.chance.choice(WORDS), self.chance.choice(WORDS)
        return f"from .{other} import {word}\n\n\ndef {word}_{self.chance.randrange(999)}():\n    {other}()\n".encode()

    def edit(self) -> None:
        path = self.any_file()
        lines = path.read_bytes().split(b"\n")
        at = self.chance.randrange(len(lines))
        cut = self.chance.choice((0, 0, 1, 3, 20))
        path.write_bytes(b"\n".join([*lines[:at], self.some_code(), *lines[at + cut :]]))

    def same_size(self) -> None:
        """Change a file, and give it the size and the time that it had."""
        path = self.any_file()
        before, data = path.stat(), path.read_bytes()
        path.write_bytes(data.replace(b"e", b"o", 5))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    def touch(self) -> None:
        now = time.time() + self.chance.choice((0, -5e6, 5e6, -1e9))
        os.utime(self.any_file(), (now, now))

    def make(self) -> None:
        folder = self.root / self.chance.choice(("", "new", "new/deep/er"))
        folder.mkdir(parents=True, exist_ok=True)
        name = self.chance.choice(WORDS) + self.chance.choice((".py", ".js", ".go", ".md", ".h", ".rb"))
        (folder / name).write_bytes(self.some_code())

    def delete(self) -> None:
        self.any_file().unlink()

    def rename(self) -> None:
        path = self.any_file()
        path.rename(self.any_folder() / f"{self.chance.choice(WORDS)}{path.suffix}")

    def rename_by_case(self) -> None:
        path = self.chance.choice((self.any_file, self.any_folder))()
        path.rename(path.with_name(path.name.swapcase()))

    def rename_folder(self) -> None:
        path = self.any_folder()
        path.rename(path.with_name(f"{self.chance.choice(WORDS)}{self.chance.randrange(9)}"))

    def delete_folder(self) -> None:
        shutil.rmtree(self.any_folder())

    def swap(self) -> None:
        one, other, between = self.any_file(), self.any_file(), self.root / "between"
        if one != other:
            one.rename(between)
            other.rename(one)
            between.rename(other)

    def file_for_folder(self) -> None:
        path = self.any_folder()
        shutil.rmtree(path)
        path.write_bytes(self.some_code())

    def folder_for_file(self) -> None:
        path = self.any_file()
        path.unlink()
        path.mkdir()
        (path / "inner.py").write_bytes(self.some_code())

    def link(self) -> None:
        path = self.any_file()
        target = self.chance.choice((self.any_file(), self.any_folder(), Path("nowhere"), self.root))
        path.unlink()
        path.symlink_to(target)

    def odd(self) -> None:
        path = self.any_folder() / self.chance.choice(("odd.py", "bad\x1bname.py", ".env", "large.js"))
        path.write_bytes(
            self.chance.choice((b"\0\1\2" * 99, b"\xff\xfea\0", b"x = 1\n" * 400_000, b"caf\xe9 = 1\n", b""))
        )

    def mode(self) -> None:
        self.any_file().chmod(self.chance.choice((0o000, 0o444, 0o755, 0o600)))

    def ignore(self) -> None:
        name = self.chance.choice((".gitignore", ".optaflyignore"))
        path = self.chance.choice((self.root, self.any_folder())) / name
        pattern = self.chance.choice(
            ("*.md", f"{self.any_folder().name}/", "new/", f"!{self.any_file().name}", "*_*.py")
        )
        if path.exists() and self.chance.random() < 0.6:
            path.unlink()
        else:
            path.write_text(pattern + "\n")

    def exclude(self) -> None:
        path = self.root / ".git" / "info" / "exclude"
        path.parent.mkdir(exist_ok=True)
        path.write_text(self.chance.choice(("", f"{self.any_file().name}\n", "*.md\n")))

    def switch(self) -> None:
        self.git("checkout", "--quiet", "--force", self.chance.choice(self._commits))
        if self.chance.random() < 0.5:
            self.git("clean", "-ffdxq")

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "-m", f"Change {self.chance.choice(WORDS)}")

    def away(self) -> None:
        """Let the root be away for a moment, or for good and another in its place."""
        aside = self.root.with_name("aside")
        self.root.rename(aside)
        time.sleep(self.chance.choice((0.0, 0.3, 1.5)))
        aside.rename(self.root)


# --- the walk ---


def made_anew(root: Path, home: Path) -> Dump:
    """Return what an index holds that is made anew."""
    helpers = Helpers("readers", READERS, count=2)
    one = RootIndex(root, View(root), Keeping(home / f"{time.monotonic_ns()}.db", "walk"), helpers)
    one.start()
    while one.status().state not in ("ready", "failed") or not one.settled:
        time.sleep(0.02)
    time.sleep(STILL_S)
    held = dump(one)
    one.close()
    helpers.close()
    shutil.rmtree(home, ignore_errors=True)
    return held


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
