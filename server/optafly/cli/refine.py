"""`optafly refine`: print what a prompt would become; sends nothing and needs no key."""

from __future__ import annotations

import argparse
import asyncio

import msgspec

from optafly.cli import exits
from optafly.cli.ask import add_prompt_arguments, snapshot_of
from optafly.cli.streams import show
from optafly.domain import Proposal, Snapshot


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `refine`."""
    add_prompt_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print the Proposal as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Refine, and print the refined prompt to stdout and the reasons to stderr."""
    proposal = asyncio.run(_refine(snapshot_of(args)))
    if args.json:
        print(msgspec.json.encode(proposal).decode())
        return exits.OK
    from optafly.cli.layout import open_console
    from optafly.cli.render import show_reasons

    show_reasons(open_console(), proposal)
    show(proposal.refined + "\n")
    return exits.OK


async def _refine(asked: Snapshot) -> Proposal:
    from optafly.cli.road import open_workspace

    async with open_workspace(asked.folders[0].path) as pipeline:
        return await pipeline.propose(asked)
