"""Where the index of a root is kept, and what it was made with."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from optafly import __version__
from optafly.context.find import terms
from optafly.context.grammars import GRAMMARS
from optafly.context.index.lock import Lock
from optafly.context.index.store import FAULTS, SCHEMA, throw_away

KEPT_S = 60 * 24 * 3600.0


def parameters() -> str:
    """Return what an index depends on beside the files: one that was made with other parameters is made anew."""
    modules = sorted({grammar.module.replace("_", "-") for grammar in GRAMMARS.values()})
    parts = [f"optafly {__version__}", f"schema {SCHEMA}", f"terms {terms.VERSION}"]
    return "; ".join([*parts, *(f"{name} {_version(name)}" for name in ("tree-sitter", *modules))])


def file_of(folder: Path, root: Path, ignore: tuple[str, ...], made_with: str) -> Path:
    """Return the file for a root (wherever a link to it is), with these patterns and parameters."""
    made = _hash("\0".join((made_with, *ignore)))
    return folder / f"{_hash(os.path.realpath(root))}-{made[:8]}.db"


def tidy(file: Path) -> None:
    """Remove what this root's index was with other patterns or parameters, and indexes that nobody opened for long.

    One that a process still writes to is left alone.
    """
    for other in file.parent.glob("*.db"):
        with suppress(*FAULTS):
            same = other.name.partition("-")[0] == file.name.partition("-")[0]
            old = time.time() - other.stat().st_mtime > KEPT_S
            lock = Lock(other)
            if other != file and (same or old) and lock.take():
                try:
                    throw_away(other)
                    lock.remove()
                finally:
                    lock.let_go()


def _hash(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
