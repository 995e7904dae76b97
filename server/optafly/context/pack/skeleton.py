"""A file in a few lines: its path and what it defines; and many files in their paths alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from optafly.context.outline.model import Definition
from optafly.context.pack.reader import File

MOST_SIGNATURES = 6
_LONGEST_SIGNATURE = 160
_SPACE = re.compile(r"\s+")
_DEEPEST = 1  # methods, but nothing inside a function
_FEW_LINES = 1  # what is said in one line, such as a constant, hardly tells what a file is for


def skeleton(file: File, wanted: Iterable[str] = ()) -> str:
    """Return the path of a file and up to six signatures: those of the `wanted` names first, then the largest.

    They stand in the order of the file, indented as they nest. A signature stands in the file as it stands here, white
    space aside: `holds` tells whether it still does.
    """
    return "\n".join([file.path, *_signatures(file, frozenset(wanted))])


def holds(text: str, skeleton: str) -> bool:
    """Say whether a file of that `text` (masked) still has every signature of a skeleton."""
    packed = _packed(text)
    return all(_packed(line.removesuffix("…")) in packed for line in skeleton.split("\n")[1:])


def paths_text(paths: Iterable[str]) -> str:
    """Write paths folder by folder, each folder once: `app/models/: bill.py till.py`."""
    folders: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        folder, slash, name = path.rpartition("/")
        folders[folder + slash].append(name)
    return "\n".join(f"{folder or './'}: {' '.join(sorted(folders[folder]))}" for folder in sorted(folders))


def paths_in(text: str) -> Iterator[str]:
    """Return the paths that `paths_text` wrote; a name with a space in it comes back in parts."""
    for line in text.split("\n"):
        folder, _, names = line.partition(": ")
        yield from (f"{folder.removeprefix('./')}{name}" for name in names.split(" "))


def _signatures(file: File, wanted: frozenset[str]) -> Iterator[str]:
    chosen = sorted(_ranked(file, wanted)[:MOST_SIGNATURES], key=lambda each: each.start_line)
    around = min((each.depth for each in chosen), default=0)
    text = _packed(file.shown.data.decode("utf-8", "replace")) if chosen else ""
    for each in chosen:
        yield "  " * (1 + each.depth - around) + _written(each, file, text)


def _packed(text: str) -> str:
    """Return a text without its white space."""
    return "".join(text.split())


def _ranked(file: File, wanted: frozenset[str]) -> list[Definition]:
    """Return the definitions worth a line: what is wanted, then what is long, outer before inner."""
    worth = [
        each
        for each in file.outline.definitions
        if each.name in wanted or (each.depth <= _DEEPEST and each.end_line - each.start_line >= _FEW_LINES)
    ] or list(file.outline.definitions)
    return sorted(worth, key=lambda each: (each.name not in wanted, each.depth, each.start_line - each.end_line))


def _written(each: Definition, file: File, text: str) -> str:
    """Return a signature as the file has it: that of the outline, or the line of its name."""
    signature = each.signature
    if not signature or _packed(signature) not in text:
        signature = _SPACE.sub(" ", file.part(each.name_line, each.name_line)).strip()
    return signature if len(signature) <= _LONGEST_SIGNATURE else signature[:_LONGEST_SIGNATURE].rstrip() + "…"
