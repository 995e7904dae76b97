"""`optafly ask`: refine a prompt, show what would be sent, send what the person approves, stream the answer.

The answer goes to stdout and everything else to stderr, so that `optafly ask … > answer.md` holds the answer alone.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from optafly.cli import exits
from optafly.cli.numbers import line, lines
from optafly.cli.snapshot import folder_for, read, snapshot
from optafly.cli.streams import from_argument, print_error, printable, read_stdin, show
from optafly.domain import Answer, Proposal, Record, Snapshot
from optafly.errors import ApprovalError, OptaflyError, StorageError
from optafly.protocol import AnswerEvent, Problem

if TYPE_CHECKING:
    from optafly.cli.decide import Choice
    from optafly.cli.keypress import Keys
    from optafly.pipeline import Pipeline


class Outcome(Record, frozen=True):
    """What `optafly ask --json` prints: the proposal, and the answer or what went wrong."""

    proposal: Proposal | None = None
    answer: Answer | None = None
    problem: Problem | None = None


def add_prompt_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the prompt and the place in a file that it is about."""
    parser.add_argument("prompt", nargs="?", default="-", help="what you want to know; `-` or nothing reads stdin")
    parser.add_argument("--file", metavar="F", help="the file that the prompt is about")
    parser.add_argument("--line", metavar="N", type=line, help="the line (from 1) that the cursor is on")
    parser.add_argument(
        "--select", "--selection", metavar="A:B", type=lines, help="the first and the last line that are selected"
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `ask`."""
    add_prompt_arguments(parser)
    parser.add_argument("--original", action="store_true", help="send the prompt as written, without code")
    parser.add_argument(
        "--fresh", action="store_true", help="ask the provider, and forget what the cache would have said"
    )
    parser.add_argument("--yes", action="store_true", help="approve what would be sent without being asked")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the answer's text")


def run(args: argparse.Namespace) -> int:
    """Ask, and print the answer."""
    if not args.json:
        return asyncio.run(_ask(snapshot_of(args), args)).code
    try:
        result = asyncio.run(_ask(snapshot_of(args), args))
    except OptaflyError as error:
        problem = Problem(code=error.code, what=error.what, why=error.why, todo=error.todo)
        result = Asked(Outcome(problem=problem), exits.for_error(error))
    print(msgspec.json.encode(result.outcome).decode())
    return result.code


class Asked(msgspec.Struct, frozen=True):
    """An outcome and its exit code."""

    outcome: Outcome
    code: int


def snapshot_of(args: argparse.Namespace) -> Snapshot:
    """Build the Snapshot from the arguments of `add_prompt_arguments`.

    It may wait for a person to type: call it before the event loop begins, which would not be stopped by one Ctrl-C.
    """
    if (args.line or args.select) and not args.file:
        raise OptaflyError("Which file?", why="--line and --select are places in a file.", todo="Give --file as well.")
    if args.prompt == "-" and sys.stdin.isatty():
        print("Type the prompt, then Ctrl-D:", file=sys.stderr)
    prompt = read_stdin() if args.prompt == "-" else from_argument(args.prompt)
    if not prompt.strip():
        raise OptaflyError(
            "There is no prompt.", why="It is empty.", todo='Write one behind the command, in "…", or pipe it in.'
        )
    file = Path(args.file) if args.file else None
    return snapshot(prompt, folder_for(file), file=file, line=args.line, lines=args.select)


async def _ask(asked: Snapshot, args: argparse.Namespace) -> Asked:
    from optafly.cli.keypress import Keys
    from optafly.cli.road import open_workspace

    async with open_workspace(asked.folders[0].path) as pipeline:
        proposal = await pipeline.propose(asked)
        if args.original and proposal.changes:
            proposal = await pipeline.revise(proposal.id, without=tuple(change.id for change in proposal.changes))
        keys = Keys.open() if sys.stderr.isatty() and not args.yes else None
        with keys or nullcontext():
            return await _answered(pipeline, proposal, keys, args)


async def _answered(pipeline: Pipeline, proposal: Proposal, keys: Keys | None, args: argparse.Namespace) -> Asked:
    """Return what came of `proposal`, after a person's word on an answer from the cache where there is one to ask."""
    from optafly.approval import APPROVED
    from optafly.cli.afterwards import judged

    listens = keys is not None and not args.json and sys.stdout.isatty()
    while True:
        choice = await _choose(pipeline, proposal, keys, args)
        if choice is None:
            return Asked(Outcome(proposal=proposal), exits.NOT_APPROVED)
        last = await stream(pipeline, choice, quiet=args.json, fresh=args.fresh)
        while True:
            ended = _ended(choice.proposal, last, quiet=args.json, listens=listens)
            if keys is None or not listens or last.answer is None:
                return ended
            again = (await judged(pipeline, choice.proposal, last.answer, keys)).again
            if again is None:
                return ended
            if again.state not in APPROVED:  # what was chosen was an offer, so nothing was approved to be sent
                proposal = again
                break
            last = await receive(pipeline, choice, fresh=True)


async def _choose(pipeline: Pipeline, proposal: Proposal, keys: Keys | None, args: argparse.Namespace) -> Choice | None:
    """Return what the person chose, or None where they discarded it. Raises ApprovalError where nobody can choose."""
    from optafly.cli.decide import Choice, WithoutOffers, accept, decide
    from optafly.cli.layout import open_console
    from optafly.cli.render import show_proposal

    reviser = WithoutOffers(pipeline) if args.fresh else pipeline
    proposal = WithoutOffers.of(proposal) if args.fresh else proposal
    console = open_console()
    if args.yes:
        if not args.json:
            show_proposal(console, proposal)
        return Choice(proposal=proposal, decision="original") if args.original else accept(proposal)
    if keys is None:
        raise ApprovalError(
            "Nothing was sent.",
            why="Nobody is at a terminal to approve it.",
            todo="Look at it with `optafly refine`, then approve it with --yes.",
        )
    choice = await decide(reviser, proposal, keys, console)
    if choice.decision == "discard":
        await pipeline.approve(choice.proposal.id, choice.digest, "discard", read=read)
        print("Discarded: nothing was sent.", file=sys.stderr)
        return None
    return choice


async def stream(
    pipeline: Pipeline, choice: Choice, *, quiet: bool = False, cached: bool = True, fresh: bool = False
) -> AnswerEvent:
    """Approve `choice` and `receive` its answer. With `fresh`, forget the one that the cache would have served."""
    proposal = choice.proposal
    await pipeline.approve(proposal.id, choice.digest, choice.decision, read=read, entry_id=choice.entry_id)
    before = await pipeline.explain(proposal.id) if fresh else None
    last = await receive(pipeline, choice, quiet=quiet, cached=cached, fresh=fresh)
    remembered = last.answer.entry_id if last.answer else None  # None of one that was cut off, or may not be kept
    if before and before.verdict.entry_id and remembered:
        try:
            await pipeline.cache.feedback(before.key, before.verdict.entry_id, "regenerate")
        except StorageError as error:  # the new answer was paid for and is shown whatever becomes of the old one
            print_error(error)
    return last


async def receive(
    pipeline: Pipeline, choice: Choice, *, quiet: bool = False, cached: bool = True, fresh: bool = False
) -> AnswerEvent:
    """Send what was approved, write the answer to stdout as it comes, and return the last event.

    With `quiet` nothing is written; without `cached`, no answer that comes from the cache. With `fresh` none does.
    """
    shown = False
    last: AnswerEvent | None = None
    async for event in pipeline.send(choice.proposal.id, choice.digest, read=read, fresh=fresh):
        last = event
        if event.kind == "delta" and event.text and not quiet:
            show(event.text)
            shown = True
        if event.answer is not None and cached and not shown and not quiet:  # from the cache: whole at once
            show(event.answer.text)
            shown = True
    assert last is not None
    if shown:
        show("\n")
    return last


def _ended(proposal: Proposal, last: AnswerEvent, *, quiet: bool, listens: bool) -> Asked:
    from optafly.cli.render import answer_words

    outcome = Outcome(proposal=proposal, answer=last.answer, problem=last.problem)
    if last.problem is not None:
        if not quiet:
            print_error(last.problem)
        return Asked(outcome, exits.for_code(last.problem.code))
    if last.answer is None:
        return Asked(outcome, exits.INTERRUPTED)
    if not quiet:
        hint = " · --fresh regenerates it" if last.answer.source == "cache" and not listens else ""
        print(printable(answer_words(last.answer) + hint), file=sys.stderr)
    return Asked(outcome, exits.OK)
