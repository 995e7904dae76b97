"""`optafly eval context`: put real change requests to the context engine and write what it found."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from optafly.cli.context import MOST_TOKENS
from optafly.cli.numbers import whole
from optafly.cli.writing import writing
from optafly.config import Config, ContextSettings
from optafly.errors import ModelFileError, OptaflyError
from optafly.paths import user_paths

if TYPE_CHECKING:
    from optafly.context.find.ranker import Ranker
    from optafly.models.embedding import Embedder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("cases", type=Path, metavar="CASES", help="change requests, .jsonl or .jsonl.gz")
    parser.add_argument(
        "--repos", type=Path, required=True, metavar="DIR", help="where the repositories lie: owner+name, or owner/name"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="RANKED", help="where the answers go, one a line")
    parser.add_argument("--vague", action="store_true", help="ask only to fix a bug, with one changed file open")
    parser.add_argument(
        "--tokens",
        type=whole(0, MOST_TOKENS),
        default=ContextSettings().max_tokens,
        help="tokens that are packed (default: %(default)s)",
    )
    parser.add_argument("--no-vectors", action="store_true", help="find by words, names, commits and imports alone")
    parser.add_argument("--model", type=Path, metavar="FILE", help="other weights than those that are shipped")
    parser.add_argument("--limit", type=whole(1), metavar="N", help="only the first N cases")


def run(args: argparse.Namespace) -> None:
    """Do it, and print what it is worth where the cases say what was changed. Raises OptaflyError."""
    from optafly.evaluation.found import worth
    from optafly.evaluation.requests import Case, Ranked, replay
    from optafly.evaluation.rows import read

    cases = read(args.cases, Case, args.limit)
    embedder = None if args.no_vectors else _embedder()
    answers: dict[str, Ranked] = {}
    try:
        with writing(args.out, args.cases) as out:
            for answer in replay(
                cases,
                args.repos,
                embedder=embedder,
                vague=args.vague,
                max_tokens=args.tokens,
                ranker=_ranker(args.model),
                told=lambda words: print(f"\r{words}\x1b[K", end="", file=sys.stderr, flush=True),
            ):
                answers[answer.id] = answer
                out.write(msgspec.json.encode(answer).decode() + "\n")
    except KeyboardInterrupt:
        print(f"\nStopped after {len(answers):,} of {len(cases):,} cases: see {args.out}.", file=sys.stderr)
        raise
    print(file=sys.stderr)
    if found := worth(cases, answers, vague=args.vague):
        for name, value in msgspec.structs.asdict(found).items():
            print(f"{name.replace('_', ' '):14} {value:g}")


def _embedder() -> Embedder | None:
    from optafly.models.embedding import open_embedder

    try:
        return open_embedder(Config().models, user_paths())
    except ModelFileError as error:
        print(f"Without vectors: {error.what}", file=sys.stderr)
        return None


def _ranker(path: Path | None) -> Ranker | None:
    from optafly.context.find.ranker import Ranker

    if path is None:
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Ranker)
    except (OSError, msgspec.DecodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        todo = "Give a file such as `tests/bench/finding/fit.py` writes."
        raise OptaflyError(f"{path} holds no weights.", why=f"{why}.", todo=todo) from error
