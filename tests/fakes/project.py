"""The sample project as a repository of its own, with files of every kind of name, some that are no text or ignored."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from fakes.till import Till
from optafly.cli.processes import running
from optafly.demo.server import MessagesApi
from optafly.paths import Paths

BILL = "till/bill.py"


def project(folder: Path, home: Paths, api: MessagesApi) -> Till:
    """Make the project in `folder`."""
    till = Till(folder, home.data.parent, api)
    till.environment["OPTAFLY_CONTEXT_WORKSPACE"] = "true"
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    write(till, "my notes/a #1.py", "def rounding_of_cents(amount):\n    return round(amount, 2)\n")
    write(till, "données/größe.py", "def größe_der_rechnung(zahl):\n    return zahl * 2\n")
    write(till, "secret/key.py", "def never_seen():\n    return 'shares of the bill'\n")
    write(till, ".gitignore", "secret/\n")
    (folder / "logo.png").write_bytes(b"\x89PNG\r\n\0\0" * 40)
    return till


def write(till: Till, path: str, text: str) -> None:
    """Write a file of the project."""
    file = till.folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def many(till: Till, count: int) -> None:
    """Add files with some functions each."""
    for number in range(count):
        body = "".join(f"def step_{number}_{each}(value):\n    return value + {each}\n\n\n" for each in range(12))
        write(till, f"many/part_{number % 20}/step_{number}.py", body)


def left_behind(home: Paths) -> list[str]:
    """Return the processes that go on working for this home after the command ended, none as soon as there is none."""
    until = time.monotonic() + 30
    while found := [each.command for each in running() if str(home.data) in each.command]:
        if time.monotonic() > until:
            return found
        time.sleep(0.1)
    return []
