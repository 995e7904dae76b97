"""`optafly lsp`: the language server on stdin and stdout."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Accept `--stdio`, which editors add by habit; stdio is the only transport."""
    parser.add_argument("--stdio", action="store_true", help="accepted and ignored: stdio is the only transport")


def run(args: argparse.Namespace) -> int:
    """Serve until the editor says exit."""
    from optafly.lsp.server import run as serve

    return serve()
