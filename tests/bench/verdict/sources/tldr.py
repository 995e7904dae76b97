"""tldr-pages/tldr (CC-BY 4.0): what people wrote, and rewrote, above the same shell command.

A page holds examples, each a description and a command. Every description that ever stood above one command in the
history of the page belongs to one group; the other examples of the page are its traps. Needs the history, so a clone.
"""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from bench.verdict.sources.groups import Labelled

_HELP = re.compile(r"(?:display|show|print|view)\b.{0,20}\b(?:help|version|documentation)", re.I)
_MNEMONIC = re.compile(r"\[(\w{1,3})\]")
_NUMBER = re.compile(r"\d+")
_DENIAL = re.compile(r"\b(?:not|no|without|except|never|ignoring|excluding)\b|n't\b", re.I)


class _Joined:
    """Sets that grow together (union-find)."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def find(self, name: str) -> str:
        parent = self._parent.setdefault(name, name)
        if parent != name:
            parent = self._parent[name] = self.find(parent)
        return parent

    def join(self, first: str, second: str) -> None:
        self._parent[self.find(first)] = self.find(second)


def load(checkout: Path) -> Labelled:
    """Return the groups of a clone."""
    found, joined = Labelled("tldr"), _Joined()
    said: dict[str, dict[str, None]] = defaultdict(dict)
    for page, description, command in _examples(_history(checkout)):
        if _HELP.match(description):
            continue
        key = f"{page}\0{command}"
        said[key][description] = None
        joined.join(key, f"{page}\0\0{description.casefold()}")
    groups: dict[str, dict[str, None]] = defaultdict(dict)
    for key, descriptions in said.items():
        groups[joined.find(key)] |= descriptions
    for key, descriptions in groups.items():
        newest = _claims(next(iter(descriptions)))
        found.add(key, key.split("\0")[0], [each for each in descriptions if _claims(each) == newest])
    return found


def _claims(description: str) -> tuple[list[str], int]:
    """Return the numbers and how much is denied: where these changed, the older wording was wrong rather than other."""
    return sorted(_NUMBER.findall(description)), len(_DENIAL.findall(description))


def _history(checkout: Path) -> Iterator[str]:
    command = ("git", "-C", str(checkout), "log", "--format=", "--no-renames", "-p", "-U2", "--", "pages/*.md")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", errors="replace") as git:
        assert git.stdout is not None
        yield from git.stdout


def _examples(lines: Iterator[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (page, description, command) of every example as it stood before or after any change."""
    page = ""
    sides: dict[str, str] = {}
    for line in lines:
        if line.startswith("diff --git "):
            page, sides = Path(line.split(" b/")[-1].strip()).stem, {}
        elif line.startswith("@@"):
            sides = {}
        elif line[:1] in "+- " and not line.startswith(("+++", "---")):
            text = line[1:].strip()
            at = "+-" if line[0] == " " else line[0]
            if text.startswith("- "):
                sides |= dict.fromkeys(at, _plain(text[2:]))
            elif text.startswith("`") and text.endswith("`") and len(text) > 2:
                for side in at:
                    if description := sides.get(side):
                        yield page, description, text[1:-1]
                sides = {side: "" for side in sides if side in at} | {s: d for s, d in sides.items() if s not in at}


def _plain(description: str) -> str:
    return _MNEMONIC.sub(r"\1", description).rstrip(":.").replace("{{", "").replace("}}", "").strip()
