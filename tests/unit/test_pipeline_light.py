"""What the front holds in memory: what it imports, named package by package."""

from __future__ import annotations

import subprocess
import sys

# The language server with all its parts, and what a first prompt about a Python file brings in.
FRONT = """
import asyncio, sys
import optafly.lsp.face, optafly.pipeline
from optafly.cache.cache import Cache
from optafly.config import Config
from optafly.domain import Document, Position, Snapshot
from optafly.pipeline.drafting import Drafter
from optafly.storage import Database
from pathlib import Path

async def main():
    drafter = Drafter(lambda _: Config(), Cache(Database(Path(sys.argv[1]) / "optafly.db")))
    code = Document(path="a.py", uri="file:///a.py", language="python", text="def f(x):\\n    return x\\n")
    await drafter.draft(Snapshot(prompt="Fix this", active=code, cursor=Position(line=1, character=4)))
    drafter.close()

asyncio.run(main())
print(*{name.partition(".")[0] for name in sys.modules} - set(sys.stdlib_module_names))
print(*sys.modules)
"""
PACKAGES = {
    *("optafly", "msgspec", "platformdirs", "tree_sitter", "tree_sitter_python"),
    *("pygls", "lsprotocol", "cattrs", "attr", "attrs", "typing_extensions"),
}
OF_THE_WORKERS = (
    "context.find",
    "context.history",
    "context.imports",
    "context.index",
    "context.service",
    "evaluation",
)


def test_the_front_imports_these_packages_and_no_others(tmp_path: object) -> None:
    ran = subprocess.run(
        [sys.executable, "-I", "-c", FRONT, str(tmp_path)], capture_output=True, text=True, timeout=120, check=True
    )
    packages, modules = map(str.split, ran.stdout.splitlines())

    assert {name for name in packages if not name.startswith("_")} == PACKAGES
    assert [name for name in modules if name.startswith(tuple(f"optafly.{each}" for each in OF_THE_WORKERS))] == []
