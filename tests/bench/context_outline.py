"""How long reading files takes, per language: `python tests/bench/context_outline.py FOLDER [--json] [--most N]`.

For every language in FOLDER, in milliseconds of processor time on one core: `outline` is the whole outline of a file,
`parse` is tree-sitter alone on the same bytes in the same run, as the least that it could take. `per_10kb_ms` is what
an average file of 10 KB would take. Files that git would not list are skipped by their folder's name only.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from optafly.context import grammars
from optafly.context.outline.decode import text_of
from optafly.context.outline.languages import language_of
from optafly.context.outline.read import outline_of

SKIPPED = {".git", "node_modules", ".venv", "target", "__pycache__"}


@dataclass(slots=True)
class Measured:
    """What was measured of one language."""

    bytes: int = 0
    definitions: int = 0
    chunks: int = 0
    outline_s: list[float] = field(default_factory=list[float])
    parse_s: list[float] = field(default_factory=list[float])

    def report(self) -> dict[str, object]:
        """Return the figures by their names."""
        files, outline, parse = len(self.outline_s), sum(self.outline_s), sum(self.parse_s)
        ordered = sorted(self.outline_s)
        return {
            "files": files,
            "average_kb": round(self.bytes / files / 1000, 1),
            "outline_ms": round(outline / files * 1000, 2),
            "parse_ms": round(parse / files * 1000, 2),
            "p99_ms": round(ordered[min(int(0.99 * files), files - 1)] * 1000, 2),
            "per_10kb_ms": round(outline / self.bytes * 1e7, 2),
            "parse_per_10kb_ms": round(parse / self.bytes * 1e7, 2),
            "mb_per_s": round(self.bytes / outline / 1e6, 2),
            "definitions": self.definitions,
            "chunks": self.chunks,
        }


def files_in(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the language and the text of every file that has a grammar."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - SKIPPED)
        for name in sorted(names):
            language, path = language_of(name), Path(root, name)
            if language not in grammars.GRAMMARS or path.is_symlink():
                continue
            if text := text_of(path.read_bytes()):
                yield language, text


def measure(folder: Path, most: int) -> dict[str, dict[str, object]]:
    """Measure at most `most` files of each language."""
    from tree_sitter import Parser

    measured: dict[str, Measured] = defaultdict(Measured)
    for language, text in files_in(folder):
        one = measured[language]
        loaded = grammars.load(language, whole=True)
        if loaded is None or len(one.outline_s) >= most:
            continue
        data = text.encode("utf-8", "surrogatepass")
        began = time.thread_time()
        Parser(loaded[0]).parse(data)
        parsed = time.thread_time()
        outline = outline_of(text, language)
        one.outline_s.append(time.thread_time() - parsed)
        one.parse_s.append(parsed - began)
        one.bytes += len(data)
        one.definitions += len(outline.definitions)
        one.chunks += len(outline.chunks)
    return {language: one.report() for language, one in sorted(measured.items()) if one.outline_s}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a checkout to read")
    parser.add_argument("--most", type=int, default=1_000, help="how many files of each language (default 1000)")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    arguments = parser.parse_args()
    report = measure(arguments.folder, arguments.most)
    print(json.dumps(report, indent=None if arguments.json else 2))


if __name__ == "__main__":
    main()
