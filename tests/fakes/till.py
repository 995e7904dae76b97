"""The bundled sample project in a folder of its own, and an `optafly` whose Claude is the simulated one."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import msgspec

from fakes.terminal import optafly
from optafly import demo
from optafly.demo.server import SIMULATED_KEY, MessagesApi

ASK = ("why does this fail?", "--file", "till/bill.py", "--select", "4:12")


class Ran(msgspec.Struct, frozen=True):
    """How a command ended."""

    code: int
    out: str
    err: str


class Till:
    """The project; `run` runs `optafly` in it, as a script would: nobody at a terminal."""

    def __init__(self, folder: Path, home: Path, api: MessagesApi) -> None:
        self.folder = folder
        self.api = api
        sample = Path(demo.__path__[0]) / "sample"
        shutil.copytree(sample, folder, ignore=shutil.ignore_patterns("__pycache__"))
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.environment = kept | {
            "OPTAFLY_HOME": str(home),
            "OPTAFLY_CLAUDE_BASE_URL": api.url,
            "OPTAFLY_CLAUDE_MAX_RETRIES": "0",
            "OPTAFLY_MODELS_EMBEDDER": "off",
            "OPTAFLY_CONTEXT_WORKSPACE": "false",  # see fakes.project for one that is indexed
            "ANTHROPIC_API_KEY": SIMULATED_KEY,
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def run(self, *arguments: str, stdin: bytes = b"", **environment: str) -> Ran:
        """Run `optafly` to its end."""
        ran = subprocess.run(
            optafly(*arguments),
            input=stdin,
            capture_output=True,
            env=self.environment | environment,
            cwd=self.folder,
            check=False,
            timeout=60,
        )
        return Ran(ran.returncode, ran.stdout.decode("utf-8", "replace"), ran.stderr.decode("utf-8", "replace"))
