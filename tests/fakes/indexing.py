"""Indexes of small workspaces for tests: real threads, real files, real helper processes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec

from optafly.config import ModelSettings
from optafly.context import service
from optafly.context.index.helpers import Helpers
from optafly.context.index.keeping import Keeping
from optafly.context.index.root import RootIndex
from optafly.context.index.vectors import Texts, Vectors
from optafly.context.index.view import View
from optafly.context.index.watching import Notify, Watcher, notify
from optafly.context.wire import OpenRoots
from optafly.paths import Paths

READERS = ("optafly.context.index.reading:create",)
WAIT_S = 40.0


def write(root: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files below `root`."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def many(count: int) -> dict[str, str | bytes]:
    """Return the texts of `count` modules, no two alike."""
    return {f"pkg{n % 7}/mod{n}.py": f"def work_{n}(x):\n    return x + {n}\n" for n in range(count)}


def git(root: Path, *arguments: str) -> None:
    """Run git in `root`, which knows no settings of its person."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(root), "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8"}
    subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True, env=environment)


def commit(root: Path, message: str) -> None:
    """Commit all that is there."""
    git(root, "add", "--all")
    git(root, "-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "--quiet", "-m", message)


def until(true: Callable[[], object], what: str = "") -> None:
    """Wait until something holds."""
    end = time.monotonic() + WAIT_S
    while not true():
        assert time.monotonic() < end, f"it never came: {what}"
        time.sleep(0.01)


@contextmanager
def index(
    root: Path,
    file: Path,
    *,
    ignore: tuple[str, ...] = (),
    vectors: Vectors | None = None,
    parameters: str = "1",
    make: Callable[[list[str]], Notify] = notify,
    helpers: Helpers | None = None,
    ready: bool = True,
    begin: bool = True,
) -> Generator[RootIndex]:
    """Keep the index of `root` in `file`; wait until it is ready. Unless `begin`, whoever asks for it starts it."""
    readers = helpers or Helpers("readers", READERS, count=2)

    def watch(folder: Path, tell: Callable[[set[str] | None], None]) -> Watcher:
        return Watcher(folder, tell, make, 0.1, 0.1, 0.1)

    one = RootIndex(root, View(root), Keeping(file, parameters), readers, ignore=ignore, vectors=vectors, watch=watch)
    if begin:
        one.start()
    try:
        if ready:
            until(lambda: one.status().state in ("ready", "failed"), "ready")
        yield one
    finally:
        one.close()
        readers.close()


class Deaf:
    """A watch that hears of nothing; once `begun` is set, it has told what each watch tells when it begins."""

    def __init__(self, begun: threading.Event | None = None) -> None:
        self._begun = begun or threading.Event()

    def watch(
        self, debounce_ms: int, step_ms: int, timeout_ms: int, stop_event: threading.Event | None
    ) -> Literal["timeout"]:
        self._begun.set()
        time.sleep(timeout_ms / 1000)
        return "timeout"

    def close(self) -> None:
        """Nothing was opened."""


class Words:
    """Makes vectors of three numbers out of letters; the word "poison" ends the process."""

    def embed(self, asked: Sequence[Texts]) -> list[bytes]:
        if any("poison" in text for each in asked for text in each.texts):
            sys.exit(3)
        return [b"".join(bytes([len(text) % 251, text.count("e") % 251]) for text in each.texts) for each in asked]


def words() -> Words:
    """Make the service of a helper."""
    return Words()


def words_later() -> Words:
    """Make the service once the file that the environment names is there."""
    if not Path(os.environ["WORDS_LATER"]).exists():
        raise MemoryError("not enough memory for a model")
    return Words()


def begin(root: str, data: str, count: str) -> None:
    """Index `root` as a worker does, saying on stdout how many files are known, until it is killed or all are."""
    home = Path(data)
    settings = msgspec.json.encode(ModelSettings(embedder="off")).decode()
    one = service.create(settings, data, str(home / "config"), str(home / "log"))
    one.open(OpenRoots(roots=(root,), vectors=False))
    last = -1
    while True:
        (status,) = one.status().roots
        if status.files != last:
            print(status.files, status.state, flush=True)
            last = status.files
        if status.state == "ready" and status.files >= int(count):
            print("ready", flush=True)
            time.sleep(60)
        time.sleep(0.005)


def paths_in(home: Path) -> Paths:
    """Return the folders that `begin` uses."""
    return Paths(data=home, config=home / "config", log=home / "log")


if __name__ == "__main__":
    begin(*sys.argv[1:])
