"""`optafly cache`: look at remembered answers, keep some for ever, and forget others."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from typing import TYPE_CHECKING

import msgspec

from optafly.cli import cache_archive, cache_explain, exits
from optafly.cli.actions import actions
from optafly.cli.figures import counted
from optafly.cli.numbers import whole
from optafly.cli.streams import printable, show
from optafly.domain import Entry
from optafly.errors import OptaflyError

if TYPE_CHECKING:
    from optafly.cache.cache import Cache

MOST = 100_000  # answers that are read at once


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done with one answer, and with all of them."""
    add = actions(parser)
    listing = add("list", "the remembered answers, newest first")
    listing.add_argument("--limit", metavar="N", type=whole(1, MOST), default=50, help="at most so many (default: 50)")
    listing.add_argument("--json", action="store_true", help="print one JSON array")
    showing = add("show", "one answer and the prompt that it answered")
    showing.add_argument("--json", action="store_true", help="print one JSON object")
    cache_explain.add_arguments(add("explain", "what the cache would do with a prompt, and why"))
    forgetting = add("forget", "forget one answer")
    pinning = add("pin", "keep one answer whatever its age and the cache's size")
    unpinning = add("unpin", "let it go like the others again")
    for action in (showing, forgetting, pinning, unpinning):
        action.add_argument("id", help="the id that `list` shows, or the beginning of it")
    clearing = add("clear", "forget every answer")
    clearing.add_argument("--yes", action="store_true", help="do not ask")
    cache_archive.add_arguments(add)


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    if args.action in cache_archive.ACTIONS:
        return cache_archive.run(args)
    return cache_explain.run(args) if args.action == "explain" else asyncio.run(_run(args))


async def _run(args: argparse.Namespace) -> int:
    from optafly.cli.road import open_road

    async with open_road() as pipeline:
        cache = pipeline.cache
        if args.action == "list":
            _list(await cache.entries(limit=args.limit), as_json=args.json)
        elif args.action == "show":
            _show(await _named(cache, args.id), as_json=args.json)
        elif args.action == "forget":
            entry = await _named(cache, args.id)
            await cache.forget(entry.id)
            print(f"Forgotten: {_one_line(entry.prompt)}")
        elif args.action in ("pin", "unpin"):
            entry = await _named(cache, args.id)
            await cache.pin(entry.id, args.action == "pin")
            print(f"{'Pinned' if args.action == 'pin' else 'Unpinned'}: {_one_line(entry.prompt)}")
        else:
            return await _clear(cache, yes=args.yes)
    return exits.OK


def _list(entries: tuple[Entry, ...], *, as_json: bool) -> None:
    if as_json:
        print(msgspec.json.encode(entries).decode())
        return
    for entry in entries:
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(entry.created_at_s))
        mark = "pinned  " if entry.pinned else ""
        print(f"{entry.id[:12]}  {when}  {_hits(entry):>8}  {mark}{_one_line(entry.prompt)}")
    if not entries:
        print("No answers are remembered.", file=sys.stderr)


def _show(entry: Entry, *, as_json: bool) -> None:
    if as_json:
        print(msgspec.json.encode(entry).decode())
    else:
        show(f"{entry.prompt}\n\n── {entry.model}, {_hits(entry)} ──\n\n{entry.answer}\n")


def _hits(entry: Entry) -> str:
    return counted(entry.hits, "hit")


async def _named(cache: Cache, start: str) -> Entry:
    """Return the one entry whose id begins with `start`. Raises OptaflyError where there is none, or more than one."""
    if not start:
        todo = "Give an id that `optafly cache list` shows, or the beginning of it."
        raise OptaflyError("No answer was named.", why="The id that was given is empty.", todo=todo)
    found = [entry for entry in await cache.entries(limit=MOST) if entry.id.startswith(start)]
    if len(found) != 1:
        why = f"{len(found):,} ids begin so." if found else "No id begins so."
        todo = f"{'Give more of it' if found else 'Give one'}: `optafly cache list` shows them."
        raise OptaflyError(f"`{start}` does not name one remembered answer.", why=why, todo=todo)
    return found[0]


async def _clear(cache: Cache, *, yes: bool) -> int:
    count = await cache.count()
    if not yes:
        if not sys.stdin.isatty():
            raise OptaflyError("Nothing was forgotten.", why="Nobody is at a terminal to confirm.", todo="Give --yes.")
        print(f"Forget everything ({counted(count, 'answer')})? [y/N] ", end="", flush=True)
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            return exits.NOT_APPROVED
    await cache.clear(None)
    print(f"Forgotten: {counted(count, 'answer')}.")
    return exits.OK


def _one_line(text: str, width: int = 60) -> str:
    line = " ".join(printable(text).split())
    return line if len(line) <= width else line[: width - 1] + "…"
