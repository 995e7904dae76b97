"""`optafly eval cache`: a prompt log through the real cache, one verdict a line, with a bar on a terminal."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, aclosing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import msgspec

from optafly.cli.writing import writing
from optafly.errors import OptaflyError

if TYPE_CHECKING:
    from optafly.config import CacheSettings
    from optafly.evaluation.rows import Prompt


async def replay_log(args: argparse.Namespace) -> None:
    """Replay what the arguments of `eval cache` say. Cancelled, it leaves the verdicts that were reached."""
    from optafly.evaluation.replay import replay
    from optafly.evaluation.rows import Prompt, read
    from optafly.models.embedding import open_embedder
    from optafly.paths import user_paths
    from optafly.settings import Settings

    settings = _settings(args.error_budget)
    prompts = read(args.stream, Prompt, args.limit)
    paths = user_paths()
    embedder = open_embedder(Settings(paths).config(None).models, paths)
    written = 0
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="optafly-eval-"))
        out = stack.enter_context(writing(args.out, args.stream))
        others = stack.enter_context(writing(args.candidates, args.stream)) if args.candidates else None
        advance = stack.enter_context(_progress(prompts))
        try:
            async with aclosing(replay(prompts, embedder, Path(folder), settings, args.model)) as replayed:
                async for each in replayed:
                    _write(out, (each.judged,))
                    if others:
                        _write(others, each.candidates)
                    written += 1
                    advance()
        except asyncio.CancelledError:
            print(f"Stopped after {written:,} of {len(prompts):,} prompts: see {args.out}.", file=sys.stderr)
            raise


def _settings(error_budget: float | None) -> CacheSettings:
    from optafly.config import CacheSettings

    if error_budget is None:
        return CacheSettings()
    try:
        return msgspec.convert({"errorBudget": error_budget}, CacheSettings)
    except msgspec.ValidationError as error:
        todo = "Give a share such as 0.01 for one in a hundred."
        raise OptaflyError("--error-budget is not a share that may be set.", why=f"{error}.", todo=todo) from error


def _write(file: TextIO, rows: Sequence[msgspec.Struct]) -> None:
    for row in rows:
        file.write(msgspec.json.encode(row).decode() + "\n")


@contextmanager
def _progress(prompts: Sequence[Prompt]) -> Generator[Callable[[], None]]:
    """Show a bar on stderr where that is a terminal; what is yielded moves it on by one."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Replaying", total=len(prompts))
        yield lambda: progress.advance(task)
