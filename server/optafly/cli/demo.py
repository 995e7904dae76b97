"""`optafly demo`: the whole road on a sample project with a real bug, against a simulated Messages API.

No key, no network, nothing of the user's own data: everything happens in a temporary folder, only the embedding model
is the user's own (and is installed where it is missing). What the simulated API says is marked as simulated.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from optafly import __version__
from optafly.cli import exits

if TYPE_CHECKING:
    from rich.console import Console

    from optafly.models.install import InstalledModel
    from optafly.paths import Paths


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `demo`."""
    parser.add_argument(
        "--yes", action="store_true", help="approve everything (always so where nobody is at a terminal)"
    )


def run(args: argparse.Namespace) -> int:
    """Walk the road and print what was measured."""
    from optafly.cli.demo_walk import walk
    from optafly.cli.keypress import Keys
    from optafly.cli.layout import open_console

    console = open_console(sys.stdout)
    keys = None if args.yes or not sys.stdout.isatty() else Keys.open()
    _greet(console)
    model = _model(console)
    with tempfile.TemporaryDirectory(prefix="optafly-demo-", ignore_cleanup_errors=True) as folder:
        project = Path(folder) / "till"
        shutil.copytree(_sample(), project, ignore=shutil.ignore_patterns("__pycache__"))
        with keys or nullcontext():
            asyncio.run(walk(console, keys, project, _paths(Path(folder)), model.folder if model else None))
    _part_with(console)
    return exits.OK


def _greet(console: Console) -> None:
    console.print(f"OptaFly {__version__} demo", style="bold")
    console.print(
        "Claude is simulated on this machine: no key, no network, no cost. Everything else is the real thing,"
    )
    console.print("in a temporary folder: your own data stays as it is.\n")


def _sample() -> Path:
    from optafly import demo

    return Path(demo.__path__[0]) / "sample"


def _paths(folder: Path) -> Paths:
    from optafly.paths import Paths

    return Paths(data=folder / "data", config=folder / "config", log=folder / "log")


def _model(console: Console) -> InstalledModel | None:
    """Return the user's embedding model, installed first where it is missing; None where that fails."""
    from optafly.cli.models import install_with_progress
    from optafly.errors import OptaflyError
    from optafly.models.install import installed
    from optafly.paths import user_paths

    try:
        return installed(user_paths()) or install_with_progress(user_paths())
    except OptaflyError as error:
        console.print(f"The embedding model could not be installed: {error}", style="yellow")
        console.print("So only the same words will be recognised, not the same meaning.\n", style="yellow")
        return None


def _part_with(console: Console) -> None:
    console.print("\nNext: `optafly keys set`, then `optafly ask` in a project of yours, or `optafly doctor`.")
