"""`optafly stats`: answers, hits, cost and savings, counted in the local database."""

from __future__ import annotations

import argparse
import asyncio

import msgspec

from optafly.cli import exits
from optafly.domain import Stats

HOW = """\
Counted on this machine. The hit rate is answers from the cache over all answers; what is saved is what each
answer cost and took when Claude first gave it; costs are the billed tokens times the prices in your settings."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `stats`."""
    parser.add_argument("--days", type=int, default=30, help="over how many days (default: 30)")
    parser.add_argument("--here", action="store_true", help="only the project of the current folder")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Print the counts."""
    stats = asyncio.run(_stats(args.days, here=args.here))
    if args.json:
        print(msgspec.json.encode(stats).decode())
    else:
        print("\n".join(f"  {name:<16}{value}" for name, value in _rows(stats)) + "\n\n" + HOW)
    return exits.OK


async def _stats(days: int, *, here: bool) -> Stats:
    from optafly.cli.road import open_road
    from optafly.cli.snapshot import folder_for

    async with open_road() as pipeline:
        return await pipeline.stats(days, str(folder_for(None)) if here else None)


def _rows(stats: Stats) -> list[tuple[str, str]]:
    from optafly.cli.render import money

    rate = "no answers yet" if stats.hit_rate is None else f"{stats.hit_rate:.0%}"
    return [
        ("over", f"{stats.days} days"),
        ("answers", f"{stats.answers:,}"),
        ("from the cache", f"{stats.hits:,} ({rate})"),
        ("offers", f"{stats.offers_shown:,} shown, {stats.offers_taken:,} taken"),
        ("cost", money(stats.cost_usd)),
        ("saved", f"{money(stats.saved_usd)} and {stats.saved_s:.1f} s"),
        ("remembered", f"{stats.entries:,} answers"),
        ("proposals", f"{stats.proposals:,}, {stats.discarded:,} discarded"),
    ]
