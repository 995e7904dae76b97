"""`optafly stats`: answers, hits, cost and savings, counted in the local database."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence

import msgspec

from optafly.cli import exits
from optafly.cli.figures import counted, money
from optafly.cli.numbers import whole
from optafly.cli.streams import printable
from optafly.domain import Stats, Tally

HOW = """\
Counted on this machine. The hit rate is answers from the cache over all answers; what is saved is what each
answer cost and took when Claude first gave it; costs are the billed tokens times the prices in your settings.
Days are those of your clock; a wrong report counts on the day of the report, and takes nothing back of the rest."""
NOTHING = "Nothing was asked in the last {days}{where}. `optafly ask` is the way to begin."

HEADS = ("answers", "cached", "rate", "offers", "taken", "wrong", "cost $", "saved $", "saved s")
NAME_WIDTH = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `stats`."""
    parser.add_argument(
        "--days", metavar="N", type=whole(1, 3_650), default=30, help="over how many days (default: 30)"
    )
    parser.add_argument("--here", action="store_true", help="only the project of the current folder")
    parser.add_argument("--by", choices=("day", "project"), help="one row for each day or project")
    parser.add_argument("--json", action="store_true", help="print one JSON object (with every day and project)")


def run(args: argparse.Namespace) -> int:
    """Print the counts."""
    stats = asyncio.run(_stats(args.days, here=args.here))
    if args.json:
        print(msgspec.json.encode(stats).decode())
        return exits.OK
    if not stats.by_day:
        print(
            NOTHING.format(
                days="day" if stats.days == 1 else f"{stats.days} days", where=" in this project" if args.here else ""
            )
        )
    elif args.by:
        tallies = stats.by_project if args.by == "project" else stats.by_day
        print("\n".join(table(args.by, tallies, stats)) + f"\n\n{HOW}")
    else:
        print("\n".join(f"  {name:<16}{value}" for name, value in _rows(stats)) + f"\n\n{HOW}")
    return exits.OK


async def _stats(days: int, *, here: bool) -> Stats:
    from optafly.cli.road import open_road
    from optafly.cli.snapshot import folder_for

    async with open_road() as pipeline:
        return await pipeline.stats(days, str(folder_for(None)) if here else None)


def _rows(stats: Stats) -> list[tuple[str, str]]:
    offers = f"{stats.offers_shown:,} shown, {stats.offers_taken:,} taken, {stats.offers_refused:,} refused"
    return [
        ("over", counted(stats.days, "day")),
        ("answers", f"{stats.answers:,}"),
        ("from the cache", f"{stats.hits:,} ({_rate(stats.hits, stats.answers) or 'no answers yet'})"),
        ("offers", offers),
        ("reported wrong", f"{stats.wrong_reports:,}"),
        ("cost", money(stats.cost_usd)),
        ("saved", f"{money(stats.saved_usd)} and {stats.saved_s:,.1f} s"),
        ("remembered", counted(stats.entries, "answer")),
        ("proposals", f"{stats.proposals:,}, {stats.discarded:,} discarded"),
    ]


def table(first: str, tallies: Sequence[Tally], total: Stats) -> list[str]:
    """Return the lines of a table: a row for each tally, then the totals; names left, numbers right."""
    from rich.cells import cell_len

    places = 2 if max(total.cost_usd, total.saved_usd) >= 100 else 4
    names = [first, *(shortened(printable(each.name) or "(no folder)", NAME_WIDTH) for each in tallies), "total"]
    rows = [HEADS, *(_cells(each, places) for each in (*tallies, total))]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    width = max(map(cell_len, names))
    lines = [
        f"  {name}{' ' * (width - cell_len(name))}"
        + "".join(f"  {cell:>{wide}}" for cell, wide in zip(row, widths, strict=True))
        for name, row in zip(names, rows, strict=True)
    ]
    rule = "  " + "─" * (cell_len(lines[0]) - 2)
    return [lines[0], rule, *lines[1:-1], rule, lines[-1]]


def _cells(of: Tally | Stats, places: int) -> tuple[str, ...]:
    counts = (of.offers_shown, of.offers_taken, of.wrong_reports)
    return (
        f"{of.answers:,}",
        f"{of.hits:,}",
        _rate(of.hits, of.answers),
        *(f"{count:,}" for count in counts),
        f"{of.cost_usd:,.{places}f}",
        f"{of.saved_usd:,.{places}f}",
        f"{of.saved_s:,.1f}",
    )


def _rate(hits: int, answers: int) -> str:
    return f"{hits / answers:.0%}" if answers else ""


def shortened(name: str, width: int) -> str:
    """Return `name` in at most `width` columns of a terminal: what is too much is left out of its middle."""
    from rich.cells import cell_len

    if cell_len(name) <= width:
        return name
    tail = (width - 1) * 2 // 3  # the end tells two projects apart
    begin = len(name) - tail  # a character has one column or two, or none
    while cell_len(name[begin:]) > tail:
        begin += 1
    end = width - 1 - tail
    while cell_len(name[:end]) > width - 1 - tail:
        end -= 1
    return f"{name[:end]}…{name[begin:]}"
