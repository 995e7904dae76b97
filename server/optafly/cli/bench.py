"""`optafly bench`: measure OptaFly on this machine, against the simulated Messages API."""

from __future__ import annotations

import argparse
import sys

import msgspec

from optafly.cli import exits
from optafly.cli.actions import actions


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be measured."""
    add = actions(parser)
    road = add("road", "start, refinement and cached answers, beside a bare pygls server")
    road.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Measure, and print one number per line or one JSON object."""
    from optafly.cli.bench_road import measure

    numbers = measure(lambda words: print(f"  {words}", file=sys.stderr, flush=True))
    if args.json:
        print(msgspec.json.encode(numbers).decode())
    else:
        for name, value in msgspec.structs.asdict(numbers).items():
            print(f"{name:<28}{value}")
    return exits.OK
