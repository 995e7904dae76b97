"""Give a workspace a past: thousands of commits with titles, each of which changes a few files that lie together."""

from __future__ import annotations

import random
import re
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

_VERBS = ("fix", "add", "remove", "rename", "speed up", "simplify", "let", "test", "document", "allow")
_HOUR_S = 3_600


def commit_often(root: Path, paths: Sequence[str], count: int) -> None:
    """Make `root` a repository whose last commit has its files as they are, and `count` others lead there."""
    git = ["git", "-C", str(root), "-c", "user.name=a", "-c", "user.email=a@b.c"]
    subprocess.run([*git, "init", "--quiet", "--initial-branch=main"], check=True)
    chance = random.Random(1)
    plain = sorted(path for path in paths if '"' not in path and path.isprintable())
    stream = b"".join(_commit(chance, plain, number, count) for number in range(count))
    subprocess.run([*git, "fast-import", "--quiet"], check=True, input=stream)
    subprocess.run([*git, "add", "--all", "--force"], check=True)
    subprocess.run([*git, "commit", "--quiet", "-m", "All"], check=True)


def _commit(chance: random.Random, paths: Sequence[str], number: int, count: int) -> bytes:
    first = chance.randrange(len(paths))
    changed = paths[first : first + chance.randint(1, 5)]
    words = [word for path in changed for word in re.findall(r"[A-Za-z]{3,}", path)]
    title = f"{chance.choice(_VERBS)} {' '.join(chance.sample(words, min(len(words), 6)))} (#{number})".encode()
    when = int(time.time()) - (count - number) * _HOUR_S
    lines = [f"commit refs/heads/main\ncommitter a <a@b.c> {when} +0000\ndata {len(title)}\n".encode() + title]
    text = f"{number}\n".encode()
    lines += [f"M 100644 inline {path}\ndata {len(text)}\n".encode() + text for path in changed]
    return b"\n".join(lines) + b"\n"
