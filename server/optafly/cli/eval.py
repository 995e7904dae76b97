"""`optafly eval`: what the cache and the context engine are worth, measured with the code that an editor runs."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from optafly.cli import eval_context, exits
from optafly.cli.actions import actions
from optafly.cli.numbers import whole


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be evaluated."""
    add = actions(parser)
    cache = add("cache", "replay a prompt log through the cache and write its verdicts")
    _add_stream(cache)
    cache.add_argument("--out", type=Path, required=True, metavar="VERDICTS", help="where the verdicts go, one a line")
    cache.add_argument("--candidates", type=Path, metavar="FILE", help="also write what each prompt was compared with")
    cache.add_argument("--model", type=Path, metavar="FILE", help="another verifier than the one that is shipped")
    cache.add_argument(
        "--error-budget", type=float, metavar="SHARE", help="share of wrong serves allowed (default: that of an editor)"
    )
    cache.add_argument("--limit", type=whole(1), metavar="N", help="only the first N prompts")
    score = add("score", "what verdicts are worth, where it is known which prompts deserve one answer")
    _add_stream(score)
    score.add_argument("verdicts", type=Path, metavar="VERDICTS", help="what `eval cache` wrote")
    score.add_argument("--json", action="store_true", help="print one JSON object")

    context = add("context", "put change requests to the context engine and write what it finds")
    eval_context.add_arguments(context)


def _add_stream(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("stream", type=Path, metavar="STREAM", help="prompts in their order, .jsonl or .jsonl.gz")


def run(args: argparse.Namespace) -> int:
    """Do it."""
    if args.action == "score":
        from optafly.cli.eval_score import print_score

        print_score(args.stream, args.verdicts, as_json=args.json)
    elif args.action == "context":
        eval_context.run(args)
    else:
        from optafly.cli.eval_cache import replay_log

        asyncio.run(replay_log(args))
    return exits.OK
