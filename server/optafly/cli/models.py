"""`optafly models`: put the embedding model in place, or say what is there."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from optafly.cli import exits
from optafly.cli.actions import actions

if TYPE_CHECKING:
    from optafly.models.install import InstalledModel
    from optafly.paths import Paths


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare `install` and `status`."""
    add = actions(parser)
    install = add("install", "get all-MiniLM-L6-v2, check its sha256, write its ONNX graph")
    install.add_argument("--from", dest="source", metavar="FOLDER", help="a folder that holds model.safetensors")
    add("status", "which model is in place")


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    from optafly.models.install import installed
    from optafly.paths import user_paths

    if args.action == "install":
        model = install_with_progress(user_paths(), Path(args.source) if args.source else None)
    else:
        model = installed(user_paths())
    if model is None:
        print("No embedding model is in place: only the same words are recognised. Run `optafly models install`.")
        return exits.FAILED
    print(f"{model.name} is in {model.folder} (sha256 {model.sha256[:16]}…).")
    if not model.current:
        print("An earlier version wrote its graph. `optafly models install` makes it more than twice as fast.")
    return exits.OK


def install_with_progress(paths: Paths, source: Path | None = None) -> InstalledModel:
    """Install the model and say on stderr what is being done. Raises ModelFileError where it cannot be had."""
    from optafly.models.install import install

    return install(paths, source, progress=lambda words: print(f"  {words}", file=sys.stderr, flush=True))
