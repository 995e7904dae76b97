"""A real git repository in a temporary folder, made commit by commit."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

# A commit a day, from a day that is long past.
_FIRST_S = 1_700_000_000
_DAY_S = 86_400


class Repository:
    """A repository with one branch, `main`, whose commits are a day apart."""

    def __init__(self, root: Path, *init: str) -> None:
        self.root = root
        self.commits = 0
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main", *init)

    def git(self, *arguments: str) -> str:
        """Run git and return what it prints."""
        time = f"{_FIRST_S + self.commits * _DAY_S} +0000"
        person = {"NAME": "A", "EMAIL": "a@example.org", "DATE": time}
        named = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in person.items()}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        return subprocess.run(
            ["git", "-c", "commit.gpgsign=false", "-c", "core.autocrlf=false", *arguments],
            cwd=self.root,
            env=kept | named | {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull},
            stdin=subprocess.DEVNULL,
            check=True,
            capture_output=True,
            timeout=60,
        ).stdout.decode(errors="surrogateescape")

    def commit(self, message: str, files: Mapping[str, str | None]) -> str:
        """Write files (None deletes one), commit all that changed, and return the commit's id."""
        for path, text in files.items():
            target = self.root / path
            if text is None:
                target.unlink()
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="")
        self.commits += 1
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD").strip()
