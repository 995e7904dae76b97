"""`optafly index`: read a workspace into its index, or go on where an earlier run was stopped."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from optafly.cli import exits
from optafly.cli.figures import counted
from optafly.cli.streams import printable
from optafly.domain import Count, IndexStatus, Record, RootStatus, Skipped
from optafly.errors import OptaflyError

if TYPE_CHECKING:
    from optafly.pipeline import Pipeline

SHOWN = 10
STOPPED = "Stopped. What was read is kept: `optafly index` goes on from there."


class Indexed(Record, frozen=True):
    """What `optafly index --json` prints: the state of the index, and what is not in it or not whole.

    `skipped` are at most a thousand of `skipped_total`.
    """

    root: RootStatus
    skipped: tuple[Skipped, ...]
    skipped_total: Count
    rss_bytes: int | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `index`."""
    parser.add_argument("path", nargs="?", default=".", help="a folder of the workspace (default: the current one)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Make the index whole, and say what is in it."""
    try:
        indexed = asyncio.run(_index(root_at(args.path)))
    except KeyboardInterrupt:
        print(f"\n{STOPPED}", file=sys.stderr)
        return exits.INTERRUPTED
    if args.json:
        print(msgspec.json.encode(indexed).decode())
    else:
        print(printable("\n".join(lines(indexed))))
    return exits.OK if indexed.root.state == "ready" else exits.FAILED


def root_at(path: str) -> Path:
    """Return the workspace that holds a folder: the git root above it, or else the folder. Raises OptaflyError."""
    from optafly.cli.snapshot import folder_for

    folder = Path(path)
    if not folder.is_dir():
        why = "There is no such folder." if not folder.exists() else "It is not a folder."
        raise OptaflyError(f"{path} cannot be looked into.", why=why, todo="Give a folder, or go into one.")
    return folder_for(folder / "any file in it")


async def _index(root: Path) -> Indexed:
    from optafly.cli.indexing import wait, whole
    from optafly.cli.road import open_road

    async with open_road(str(root)) as pipeline:
        await wait(pipeline.workspace, root, whole)
        return await look(pipeline, root)


async def look(pipeline: Pipeline, root: Path) -> Indexed:
    """Return what the index of `root` holds now."""
    from optafly.cli.indexing import root_of

    status: IndexStatus = await pipeline.workspace.status()
    skipped = await pipeline.workspace.skipped()
    return Indexed(
        root=root_of(status, root), skipped=skipped.files, skipped_total=skipped.total, rss_bytes=status.rss_bytes
    )


def lines(indexed: Indexed) -> list[str]:
    """Return what an index holds, what it left out, and where it is."""
    root = indexed.root
    by_meaning = f"{counted(root.vectors, 'text')} compared by meaning"
    rows = [
        ("workspace", root.root),
        ("state", f"{root.state}{f': {root.message}' if root.message else ''}"),
        ("holds", ", ".join((counted(root.files, "file"), counted(root.symbols, "symbol"), by_meaning))),
        ("index", f"{root.file or 'in memory'}, {root.disk_bytes / 2**20:,.1f} MB"),
        ("left out", counted(indexed.skipped_total, "path")),
    ]
    shown = [f"{each.path}: {each.reason}" for each in indexed.skipped[:SHOWN]]
    rest = indexed.skipped_total - len(shown)
    more = [f"and {rest:,} more, which --json names"] if rest > 0 else []
    return [*(f"  {name:<11}{value}" for name, value in rows), *(f"    {each}" for each in (*shown, *more))]
