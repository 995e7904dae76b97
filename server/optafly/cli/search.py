"""`optafly search`: find code in the workspace, by its words, its names and its meaning."""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from optafly.cli import exits
from optafly.cli.figures import counted, seconds
from optafly.cli.index import root_at
from optafly.cli.numbers import whole
from optafly.cli.streams import from_argument, printable, read_stdin
from optafly.domain import FileHit, Folder, Found, Snapshot, SymbolHit
from optafly.errors import OptaflyError

if TYPE_CHECKING:
    from rich.console import Console

MOST = 40  # files that one search explains; there is no end to those that have nothing to do with it


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `search`."""
    parser.add_argument("query", nargs="?", default="-", help="what to look for; `-` or nothing reads stdin")
    parser.add_argument("--path", metavar="P", help="only what is in this folder (default: the workspace)")
    parser.add_argument(
        "--limit", metavar="N", type=whole(1, MOST), default=20, help="at most so many files (default: 20)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Search, and print what was found: `path:line` and a definition on each line, and why the file is there."""
    query = read_stdin() if args.query == "-" else from_argument(args.query)
    if not query.strip():
        raise OptaflyError("There is nothing to look for.", why="It is empty.", todo='Write it: optafly search "…"')
    root = root_at(args.path or ".")
    within = Path(args.path).resolve().relative_to(root).as_posix() if args.path else ""
    found = asyncio.run(_found(query, root, within, args.limit))
    if args.json:
        print(msgspec.json.encode(found).decode())
        return exits.OK
    from optafly.cli.layout import open_console

    _show(open_console(sys.stdout), found)
    _say_more(found, root / within)
    return exits.OK


async def _found(query: str, root: Path, within: str, limit: int) -> Found:
    from optafly.cli.indexing import is_too_wide, usable, wait
    from optafly.cli.road import open_road
    from optafly.context.wire import Search
    from optafly.refine.language import tongue
    from optafly.refine.prose import read
    from optafly.refine.sought import sought

    prose = read(query)
    asked = Snapshot(prompt=query, folders=(Folder(name=root.name, path=str(root)),))
    if is_too_wide(root):
        why = "It holds your whole home folder."
        raise OptaflyError(
            f"{root} was not searched.", why=why, todo="Go into a project, or give its folder by --path."
        )
    async with open_road(str(root)) as pipeline:
        state = await wait(pipeline.workspace, root, usable)
        if state.state in ("failed", "closed"):
            raise OptaflyError(f"{root} could not be searched.", why=state.message, todo="Run `optafly doctor`.")
        search = Search(snapshot=asked, said=sought(prose, tongue(prose)).text, limit=100 if within else limit)
        found = await pipeline.workspace.find(search)
    hits = [hit for hit in found.hits if hit.reasons and PurePosixPath(hit.path).is_relative_to(within)]
    return msgspec.structs.replace(found, hits=telling(hits)[:limit])


def telling(hits: Sequence[FileHit]) -> tuple[FileHit, ...]:
    """Return the hits if anything that speaks for any of them has to do with the query, else none."""
    from optafly.context.find.reasons import LATELY, OFTEN

    anyhow = (LATELY, OFTEN, "changed together with ")
    return tuple(hits) if any(not reason.startswith(anyhow) for hit in hits for reason in hit.reasons) else ()


def _show(console: Console, found: Found) -> None:
    from rich.text import Text

    for hit in found.hits:
        for place, what in _lines(hit):
            line = Text.assemble((printable(place), "bold"), "  " if what else "", printable(what))
            if console.is_terminal:
                line.truncate(max(console.width, len(place)), overflow="ellipsis")  # a place is clicked, never cut
            console.print(line)
        if hit.reasons:
            console.print(Text(f"    {printable('; '.join(hit.reasons))}", "dim"))


def _lines(hit: FileHit) -> list[tuple[str, str]]:
    """Return `path:line` and the definition there, in the order of the file; where none is named, its best line."""
    symbols = sorted(hit.symbols, key=lambda symbol: symbol.start_line)
    best = max(hit.parts, key=lambda part: part.score, default=None)
    alone = (f"{hit.path}:{best.start_line}" if best else hit.path, "")
    return [(f"{hit.path}:{each.start_line}", _definition(each)) for each in symbols] or [alone]


def _definition(symbol: SymbolHit) -> str:
    """Return the kind, the whole name, and what the signature says behind it: that has the name already."""
    *_, name = re.split(r"\.|::", symbol.name)
    signature = " ".join(symbol.signature.split())
    at = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", signature)
    behind = signature[at.end() :] if at else f"  {signature}" if signature else ""
    return f"{symbol.kind} {symbol.name}{behind}".rstrip(" {:")


def _say_more(found: Found, where: Path) -> None:
    from optafly.cli.indexing import NOT_YET

    words = counted(len(found.hits), "file") if found.hits else printable(f"Nothing was found in {where}")
    print(f"{words}, {seconds(found.latency_ms)}", file=sys.stderr)
    if not found.complete:
        print(NOT_YET, file=sys.stderr)
