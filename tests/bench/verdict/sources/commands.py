"""What several people wrote above the same shell command, each in a collection of their own.

tldr-pages/tldr (CC-BY 4.0), cheat/cheatsheets (CC0), denisidoro/cheats (CC0), chubin/cheat.sheets (MIT), srsudar/eg
(MIT): put clones of any of them in one folder. Descriptions of one command, its arguments aside, are one group where
they come from different collections; the other commands of the same program are its traps.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from bench.verdict.sources.groups import Labelled

_OPTION = re.compile(r"\{\{\[(-{1,2}[\w-]+)\|[^\]]*\]\}\}")
_PLACE = re.compile(r"\{\{.*?\}\}|<[^<>|]+>|\$\{?\w+\}?|\[[^\]]+\]")
_ARGUMENT = re.compile(
    r"^(?:ARG[\w./:@-]*|[~./].*|.*/.*|.+\.\w{1,5}|[A-Z_]{3,}|file\d*|dir\w*|foo|bar|(?:example|my|your|some|path).*)$"
)
_SHORT = re.compile(r"^-[A-Za-z]{2,}$")
_TLDR = re.compile(r"^- (?P<said>.+?):?\n\n`(?P<command>[^`\n]+)`$", re.MULTILINE)
_SHEET = re.compile(
    r"(?<![^\n]\n)^#+ (?P<said>[A-Za-z][^\n]+)\n(?P<command>[^#%;$\s][^\n]*)\n(?=\n|#|\Z)", re.MULTILINE
)
_EG = re.compile(r"^(?P<said>[A-Za-z][^\n]+?):?\n\n    (?P<command>[^\n]+)\n(?=\n|\Z)", re.MULTILINE)
_MNEMONIC = re.compile(r"\[(\w{1,3})\]")
_NOTHING_SAID = re.compile(r"(?:or|alternatively|then|example|usage|output|see also|note)\b.{0,12}$", re.I)


def load(folder: Path) -> Labelled:
    """Return the groups; two descriptions in one collection show that a command does not say all, so it is left out."""
    found = Labelled("commands")
    said: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for collection in sorted(path for path in folder.iterdir() if path.is_dir()):
        for description, command in _examples(collection):
            key = _key(command)
            if len(key) > 1 and not _NOTHING_SAID.match(description) and len(description) > 8:
                said[" ".join(key)][collection.name][description] = None
    for key, collections in said.items():
        if all(len(descriptions) == 1 for descriptions in collections.values()):
            found.add(key, key.split()[0], [each for descriptions in collections.values() for each in descriptions])
    return found


def _examples(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.suffix not in ("", ".md", ".cheat"):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        for rule in (_TLDR, _EG) if path.suffix == ".md" else (_SHEET,):
            for match in rule.finditer(text):
                yield _MNEMONIC.sub(r"\1", match["said"]).strip(" :.#"), match["command"]


def _key(command: str) -> list[str]:
    """Return the words of a command with arguments made alike and flags in order."""
    command = _OPTION.sub(r"\1", command)
    words = _PLACE.sub("ARG", command.removeprefix("$ ").removeprefix("sudo ")).split()
    flags: list[str] = []
    others: list[str] = []
    for word in words:
        if word.startswith("-"):
            flags += [f"-{letter}" for letter in word[1:]] if _SHORT.match(word) else [word]
        else:
            others.append("ARG" if _ARGUMENT.match(word.strip("'\"")) else word)
    return [*others[:1], *sorted(flags), *others[1:]]
