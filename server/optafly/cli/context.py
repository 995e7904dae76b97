"""`optafly context`: what code would go with a prompt and why, what is left out, what is unclear; sends nothing."""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import TYPE_CHECKING

import msgspec

from optafly.cli import exits
from optafly.cli.ask import add_prompt_arguments, snapshot_of
from optafly.cli.figures import tokens
from optafly.cli.numbers import whole
from optafly.domain import Choice, Count, LeftOut, Piece, Proposal, Record, Snapshot

if TYPE_CHECKING:
    from rich.console import Console

MOST_TOKENS = 200_000
NOTHING = "no code: the prompt does not seem to be about this workspace. If it is, name what you mean: #path or @name."


class Context(Record, frozen=True):
    """What `optafly context --json` prints. `tokens` is the estimate for all pieces together.

    The pieces are in the order in which they would be sent; the `rank` of each says how much it matters, 0 most.

    Where the prompt is too vague to send, `question` is what would be asked.
    """

    pieces: tuple[Piece, ...]
    left_out: tuple[LeftOut, ...]
    choices: tuple[Choice, ...]
    notes: tuple[str, ...]
    tokens: Count
    question: str | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `context`."""
    add_prompt_arguments(parser)
    parser.add_argument(
        "--tokens",
        metavar="N",
        type=whole(0, MOST_TOKENS),
        help="most tokens of code (default: the setting `context.maxTokens`)",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="print one JSON object, with the code itself in the order in which it would be sent",
    )


def run(args: argparse.Namespace) -> int:
    """Print what would go with the prompt."""
    proposal = asyncio.run(_preview(snapshot_of(args), args.tokens))
    context = Context(
        pieces=proposal.pieces,
        left_out=proposal.left_out,
        choices=proposal.choices,
        notes=proposal.notes,
        tokens=sum(piece.tokens for piece in proposal.pieces),
        question=proposal.question,
    )
    if args.json:
        print(msgspec.json.encode(context).decode())
        return exits.OK
    from optafly.cli.layout import open_console

    _show(open_console(sys.stdout), context)
    return exits.OK


async def _preview(asked: Snapshot, most_tokens: int | None) -> Proposal:
    from optafly.cli.road import open_workspace

    async with open_workspace(asked.folders[0].path, most_tokens=most_tokens, patient=True) as pipeline:
        return await pipeline.preview(asked)


def _show(console: Console, context: Context) -> None:
    from optafly.cli.layout import row
    from optafly.cli.render import choice_words, show_left_out, show_pieces

    if context.question:
        row(console, "asks", context.question, "yellow")
    if not context.pieces:
        said = context.question or context.notes or context.left_out or context.choices
        row(console, "sends", "no code" if said else NOTHING)
    show_pieces(console, "sends", context.pieces)
    for choice in context.choices:
        row(console, "unclear", choice_words(choice), "yellow")
    show_left_out(console, context.left_out)
    for note in context.notes:
        row(console, "note", note, "yellow")
    if count := len(context.pieces):
        row(console, "in all", f"{count} piece{'' if count == 1 else 's'} of code, {tokens(context.tokens)}")
