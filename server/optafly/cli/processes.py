"""The processes of this machine: from /proc where there is one, else from `ps`, else none (as on Windows)."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec

PROC = Path("/proc")


class Process(msgspec.Struct, frozen=True):
    """One process: its id, its parent's, its resident memory in MB of 2^20 bytes, and its command line."""

    pid: int
    parent: int
    rss_mb: float
    command: str


def running() -> list[Process]:
    """Return what runs now, as far as this user may see it."""
    if (PROC / "self" / "status").exists():
        return list(_from_proc())
    return list(_from_ps()) if os.name == "posix" and shutil.which("ps") else []  # that of Git for Windows is another


def _from_proc() -> Iterator[Process]:
    for folder in PROC.glob("[0-9]*"):
        try:
            status = dict(line.split(":", 1) for line in (folder / "status").read_text("utf-8").splitlines())
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:  # it has just ended, or is not ours to see
            continue
        rss_kb = int(status.get("VmRSS", "0 kB").split()[0])
        yield Process(int(folder.name), int(status["PPid"]), rss_kb / 1024, command)


def _from_ps() -> Iterator[Process]:
    table = subprocess.run(["ps", "-A", "-ww", "-o", "pid=,ppid=,rss=,args="], capture_output=True, check=False)
    for row in table.stdout.decode("utf-8", "replace").splitlines():
        pid, parent, rss_kb, *command = row.split(maxsplit=3)  # what has just ended has no command
        yield Process(int(pid), int(parent), int(rss_kb) / 1024, "".join(command))
