"""git, asked so that nothing a repository says is executed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from optafly.processes import HIDDEN, last, program

if sys.platform == "linux":
    import resource

# A repository's own configuration names programs for nearly all of these, and files for the others: one without an end
# fills the memory. `log` and `rev-parse` need none of them.
_NOTHING_NAMED = (
    f"core.attributesFile={os.devnull}",
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "core.pager=cat",
    "core.sshCommand=false",
    "core.askPass=",
    "credential.helper=",
    "diff.external=",
    "gpg.program=false",
    "gpg.ssh.program=false",
    "gpg.x509.program=false",
    "log.follow=false",  # it would be led by `diff.orderFile`
    "log.showSignature=false",
    "protocol.allow=never",
)

_BLOCK_BYTES = 2**18
_MOST_MEMORY_BYTES = 4 * 2**30  # several times what the histories of the largest projects take
_SETTINGS = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")


def command(root: Path, *arguments: str) -> list[str]:
    """Return the command line of a git that runs no hook, pager, monitor, external diff or signature program.

    Raises OSError where Windows has no git.
    """
    settings = [part for setting in _NOTHING_NAMED for part in ("-c", setting)]
    return [
        program("git"),
        *settings,
        "--no-optional-locks",
        "--no-pager",
        "--no-replace-objects",
        "-C",
        str(root),
        *arguments,
    ]


def environment(inherited: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a git that asks nobody, fetches nothing and knows only the repository it is shown.

    No variable of an outer git (`GIT_DIR` of a hook, say) is handed on, but where the settings of the person and of the
    machine are: they say whose repositories may be read (`safe.directory`). In a partial clone missing objects stay
    missing: `GIT_ALLOW_PROTOCOL` keeps even a git too old for `GIT_NO_LAZY_FETCH` from starting a remote's programs.
    """
    variables = (inherited or os.environ).items()
    kept = {name: value for name, value in variables if not name.startswith("GIT_") or name in _SETTINGS}
    return kept | {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_PAGER": "cat",
        "LC_ALL": "C",
    }


class Leash:
    """Every git that one thread starts, from when it `hold`s them: they end with this process, or when it is ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: list[subprocess.Popen[bytes]] = []
        self.is_ended = False
        last.add(self)

    def hold(self) -> None:
        """Hold what this thread starts from now on."""
        _thread.leash = self

    def end(self) -> None:
        """End them at once, from any thread, and let none be started any more."""
        with self._lock:
            self.is_ended = True
            for process in self._running:
                kill(process)

    def start(self, begin: Callable[[], subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
        """Start one more; raises OSError after the end."""
        with self._lock:
            if self.is_ended:
                raise OSError("nothing is to be started any more")
            self._running = [each for each in self._running if each.returncode is None]
            self._running.append(process := begin())
            return process


_thread = threading.local()


def start(root: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start git with stdin closed, its output in a pipe, in a process group of its own; raises OSError without git.

    On Linux it ends before it fills the memory: what git reads by itself may be a link to what has no end.
    """
    leash: Leash | None = getattr(_thread, "leash", None)
    process = leash.start(lambda: _begin(root, *arguments)) if leash else _begin(root, *arguments)
    if sys.platform == "linux":
        with suppress(OSError, ValueError):  # it has ended, or may have less already
            resource.prlimit(process.pid, resource.RLIMIT_DATA, (_MOST_MEMORY_BYTES, _MOST_MEMORY_BYTES))
    return process


def _begin(root: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command(root, *arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
        start_new_session=True,
        creationflags=HIDDEN,
    )


class NoThread(Exception):
    """The system has no thread left."""


class TooMuch(Exception):
    """More output than any history of a few thousand commits has."""


def pieces(process: subprocess.Popen[bytes], separator: bytes, *, most: int, longest: int) -> Iterator[bytes]:
    """Cut git's output at each separator, as it comes; of enormous pieces only the beginning is read on.

    Raises TooMuch after `most` bytes. What stands behind the last separator is left out.
    """
    output = process.stdout
    assert output is not None
    rest, total = b"", 0
    while block := os.read(output.fileno(), _BLOCK_BYTES):
        total += len(block)
        if total > most:
            raise TooMuch
        *whole, rest = (rest + block).split(separator)
        yield from whole
        rest = rest[:longest]


@contextmanager
def watched(process: subprocess.Popen[bytes], timeout_s: float) -> Generator[threading.Event]:
    """Kill the process when its time is over, of which the event tells, and end it in any case.

    Raises NoThread where the system has none left to watch it with.
    """
    late = threading.Event()
    watch = threading.Timer(timeout_s, lambda: (late.set(), kill(process)))
    watch.daemon = True
    try:
        try:
            watch.start()
        except (RuntimeError, MemoryError) as error:
            raise NoThread from error
        yield late
    finally:
        watch.cancel()
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and all it started, where it still runs, and take leave of it."""
    kill(process)
    output: IO[bytes] | None = process.stdout
    if output is not None:
        output.close()
    process.wait()


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the process with its group, where it still runs."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
        return
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()


def ask(root: Path, *arguments: str, timeout_s: float = 10.0) -> str | None:
    """Return what git answers to a short question without the last line break, or None where it fails or hangs.

    Raises OSError where git cannot be started.
    """
    process = start(root, *arguments)
    try:
        answer, _ = process.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        return None
    finally:
        end(process)
    return answer.decode(errors="replace").removesuffix("\n") if process.returncode == 0 else None
