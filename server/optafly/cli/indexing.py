"""Waiting for the index of a workspace, with a bar where somebody looks on."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from optafly.domain import IndexStatus, RootStatus

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from optafly.paths import Paths
    from optafly.pipeline.workspace import Workspace

LOOK_S = 0.1
USABLE = frozenset({"lexical", "ready"})
ENDED = frozenset({"ready", "failed", "closed"})
NOT_YET = "The index is still being made: there may be more. `optafly index` makes it whole."

Enough = Callable[[RootStatus], bool]


def usable(root: RootStatus) -> bool:
    """Whether it can be asked: words and symbols are there, if not yet what texts mean."""
    return root.state in USABLE or root.state in ENDED


def whole(root: RootStatus) -> bool:
    """Whether nothing more will come by itself."""
    return root.state in ENDED


async def wait(workspace: Workspace, folder: Path, enough: Enough, *, at_most_s: float | None = None) -> RootStatus:
    """Open `folder` and wait until there is `enough` of its index, or for `at_most_s`; return its state."""
    status = await workspace.open((str(folder),))
    until = None if at_most_s is None else time.monotonic() + at_most_s
    with _bar() as show:
        while not enough(root := root_of(status, folder)) and (until is None or time.monotonic() < until):
            show(root)
            await asyncio.sleep(LOOK_S)
            status = await workspace.status()
        show(root)
    return root


def is_kept(paths: Paths, folder: Path, ignore: tuple[str, ...]) -> bool:
    """Whether there is an index of `folder` already, whole or not."""
    from optafly.context.index.place import file_of, parameters

    return file_of(paths.index, folder, ignore, parameters()).exists()


def is_too_wide(folder: Path) -> bool:
    """Whether a folder holds a person's whole home: nobody who asks a question wants all of that to be read."""
    return Path.home().resolve().is_relative_to(folder)


def root_of(status: IndexStatus, folder: Path) -> RootStatus:
    """Return the state of `folder`; `waiting` where nothing is known of it yet."""
    return next(
        (each for each in status.roots if Path(each.root) == folder), RootStatus(root=str(folder), state="waiting")
    )


@contextmanager
def _bar() -> Generator[Callable[[RootStatus], None]]:
    """Show two bars on a terminal, first files and then texts; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda root: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(file=sys.stderr, markup=False, emoji=False, highlight=False)
    columns = (TextColumn("{task.description:<18}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bars: dict[str, TaskID] = {}
        yield lambda root: _show(progress, bars, root)


def _show(progress: Progress, bars: dict[str, TaskID], root: RootStatus) -> None:
    words = {"waiting": "looking for files", "scanning": "looking for files", "reading": "files", "lexical": "texts"}
    name = words.get(root.state)
    for each, bar in bars.items():
        if each != name:
            progress.update(bar, visible=each in ("files", "texts"), completed=progress.tasks[bar].total or 0)
    if name is None:
        return
    if name not in bars:
        bars[name] = progress.add_task(name, total=None)
    progress.update(bars[name], total=root.total or None, completed=root.done)
