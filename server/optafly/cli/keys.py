"""`optafly keys`: keep an API key in this computer's keyring, forget it, or say where it comes from.

A key is read from the terminal without echo, or from stdin; never from the command line, where other users and the
shell's history would see it. It is never printed.
"""

from __future__ import annotations

import argparse
import sys

from optafly.cli import exits
from optafly.cli.actions import actions
from optafly.cli.streams import read_stdin
from optafly.errors import OptaflyError

NAMES = ("ANTHROPIC_API_KEY",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare `set`, `forget` and `status`."""
    add = actions(parser)
    for name, words in (
        ("set", "read a key without echo (or from stdin) and keep it in the keyring"),
        ("forget", "remove it from the keyring"),
        ("status", "say where the key comes from, never the key"),
    ):
        action = add(name, words)
        action.add_argument("name", nargs="?", default=NAMES[0], choices=NAMES, help=f"default: {NAMES[0]}")


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    from optafly.privacy.credentials import Credentials

    credentials = Credentials()
    if args.action == "set":
        credentials.store(args.name, _typed(args.name))
        print(f"{args.name} is in the keyring.")
    elif args.action == "forget":
        was_there = credentials.forget(args.name)
        print(f"{args.name} is no longer in the keyring." if was_there else f"{args.name} was not in the keyring.")
    source = credentials.source(args.name)
    if args.action == "status":
        print(f"{args.name}: {f'from the {source}' if source else 'not set'}")
        return exits.OK if source else exits.NO_KEY
    if source == "environment":
        print("The environment sets it too, and that one is used first.", file=sys.stderr)
    return exits.OK


def _typed(name: str) -> str:
    if sys.stdin.isatty():
        from getpass import getpass

        value = getpass(f"{name} (not shown): ").strip()
    else:
        value = read_stdin().strip()
    if not value or not value.isprintable() or " " in value:
        raise OptaflyError(
            "Nothing was kept.", why="That is not a key: it is empty or holds spaces.", todo="Paste the key alone."
        )
    return value
