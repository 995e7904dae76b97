"""The actions of a command that has several, each with its help."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Add = Callable[[str, str], argparse.ArgumentParser]


def actions(parser: argparse.ArgumentParser) -> Add:
    """Return what adds an action to a command, by its name and what it does in words.

    `args.action` says which was chosen; without one it is None, and the command's help is printed (see `main`).
    """
    group = parser.add_subparsers(dest="action", metavar="action")

    def add(name: str, words: str) -> argparse.ArgumentParser:
        return group.add_parser(name, help=words, description=sentence(words))

    return add


def sentence(words: str) -> str:
    """Return words as a sentence of their own."""
    return f"{words[0].upper()}{words[1:]}."
