"""The `optafly` command: finds the subcommand, imports only that one, and turns what went wrong into an exit code.

Nothing heavy is imported here, so that `optafly --version` and `optafly lsp` start at once. Errors of the tree in
`optafly.errors` are printed as what happened, why and what to do next, on stderr, without a traceback.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

from optafly import __version__
from optafly.cli import exits
from optafly.cli.actions import sentence
from optafly.cli.streams import make_safe, print_error
from optafly.errors import OptaflyError

COMMANDS: dict[str, tuple[str, str]] = {
    "ask": ("optafly.cli.ask", "refine a prompt, show what would be sent, send what you approve"),
    "refine": ("optafly.cli.refine", "print the refined prompt; sends nothing and needs no key"),
    "context": ("optafly.cli.context", "which code would go with a prompt, and why; sends nothing and needs no key"),
    "search": ("optafly.cli.search", "find code in the workspace by words, names and meaning"),
    "index": ("optafly.cli.index", "read the workspace, so that code is found at once"),
    "stats": ("optafly.cli.stats", "answers, hits, cost and savings"),
    "doctor": ("optafly.cli.doctor", "what works, what is missing, how to fix it"),
    "cache": ("optafly.cli.cache", "list, keep, forget, explain, export and back up remembered answers"),
    "keys": ("optafly.cli.keys", "keep an API key in this computer's keyring"),
    "models": ("optafly.cli.models", "install the embedding model"),
    "demo": ("optafly.cli.demo", "the whole road on a sample project, against a simulated API"),
    "eval": ("optafly.cli.eval", "what the cache and the context engine are worth on prompts of your own"),
    "bench": ("optafly.cli.bench", "measure the road on this machine"),
    "lsp": ("optafly.cli.lsp", "the language server, over stdin and stdout (editors start it)"),
}


class Command(Protocol):
    """What a subcommand's module offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        ...

    def run(self, args: argparse.Namespace) -> int:
        """Do it and return the exit code."""
        ...


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code (see `optafly.cli.exits`)."""
    make_safe(sys.stdout, sys.stderr)
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        command, args = _parsed(words)
        code = command.run(args) if command else exits.USAGE if words else exits.OK
        sys.stdout.flush()
    except OptaflyError as error:
        print_error(error)
        return exits.for_error(error)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return exits.INTERRUPTED
    except BrokenPipeError:  # the reader of our output is gone: `optafly cache list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exits.CLOSED_PIPE
    except Exception as error:  # the face's boundary: a bug of ours
        if sys.flags.dev_mode:
            raise
        why = f"{type(error).__name__}: {error}"
        todo = "See where with `python -X dev -m optafly.cli.main …`, and report it."
        print_error(OptaflyError("OptaFly failed inside.", why=why, todo=todo))
        return exits.FAILED
    return code


def _parsed(words: list[str]) -> tuple[Command | None, argparse.Namespace]:
    parser = argparse.ArgumentParser(
        prog="optafly",
        description="Turns a vague prompt into a good one, sends what you approved, and does not pay twice.",
        epilog=exits.IN_WORDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"optafly {__version__}")
    subcommands = parser.add_subparsers(dest="command", metavar="command")
    chosen: Command | None = None
    speaker = parser
    for name, (module, help_text) in COMMANDS.items():
        subparser = subcommands.add_parser(name, help=help_text, description=sentence(help_text))
        if words[:1] == [name]:
            chosen = cast(Command, import_module(module))
            chosen.add_arguments(subparser)
            speaker = subparser  # its own usage, for that of all commands helps nobody
    args, unknown = parser.parse_known_args(words)
    if unknown:
        speaker.error(f"unrecognized arguments: {' '.join(unknown)}")
    if chosen is None or getattr(args, "action", "") is None:
        speaker.print_help()
        return None, args
    return chosen, args


if __name__ == "__main__":
    sys.exit(main())
