"""The patterns of one ignore file, of which the last that matches a name decides.

Plain names and names with one star at an end, which is nearly all of them, cost a look-up each, however many there
are; the others are regular expressions made by pathspec, and one search tells that none of them can match.
Semantics: https://git-scm.com/docs/gitignore
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from functools import cached_property

# As git does where it finds that the system does not tell them apart (`core.ignoreCase`).
FOLDS = sys.platform in ("darwin", "win32")
_PART = r"[^*?\[\]\\/\s]+"
_PLAIN = re.compile(rf"(?!\#)(?P<back>!?+)(?P<top>/?+)(?P<path>{_PART}(?:/{_PART})*)(?P<folder>/?)")
_STARRED = re.compile(rf"(?!\#)(?P<back>!?+)(?P<path>\*{_PART}|{_PART}\*)(?P<folder>/?)")
# What pathspec makes of `*` and `**`, one of a class in brackets, or anything else; and `**` that takes the least.
_STAR = "[^/]*"
_TOKEN = re.compile(r"\[\^/\][*+]|\(\?:/\.\+\)\?/|\(\?:\.\+/\)\?|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_DEEP = {"(?:/.+)?/": "(?>(?:/.+?)??/", "(?:.+/)?": "(?>(?:.+?/)??"}
_FOLDER_GROUP = "(?P<ps_d>"


class Patterns:
    """The patterns of `lines`, for names relative to where the file stands.

    A line that git would not understand excludes nothing.
    """

    def __init__(self, lines: Iterable[str], *, folds: bool = FOLDS) -> None:
        self._folds = folds
        # By a name, `/` and a path, `*` and an ending, or a beginning and `*`: the number of the last pattern that
        # says so, negative where it brings back what others exclude; of what matches files, and of what folders.
        self._files: dict[str, int] = {}
        self._folders: dict[str, int] = {}
        self._ends: set[int] = set()
        self._begins: set[int] = set()
        self._others: list[tuple[int, re.Pattern[str]]] = []
        for number, line in enumerate(lines, 1):
            self._take(number, line)

    def __bool__(self) -> bool:
        return bool(self._folders or self._others)

    def decide(self, name: str, *, is_folder: bool) -> bool | None:
        """Return whether the last pattern that matches `name` itself, not a folder above it, ignores it."""
        if self._folds:
            name = name.casefold()
        known = self._folders if is_folder else self._files
        last = 0
        if known:
            for key in self._keys(name):
                number = known.get(key, 0)
                if abs(number) > abs(last):
                    last = number
        if self._others and abs(self._others[-1][0]) > abs(last):
            last = self._searched(name, last, is_folder=is_folder)
        return last > 0 if last else None

    def _keys(self, name: str) -> Iterator[str]:
        last = name[name.rfind("/") + 1 :]
        yield last
        yield f"/{name}"
        for length in self._ends:
            if length <= len(last):
                yield f"*{last[-length:]}"
        for length in self._begins:
            if length <= len(last):
                yield f"{last[:length]}*"

    def _searched(self, name: str, last: int, *, is_folder: bool) -> int:
        if not (self._screen.search(name) or (is_folder and self._screen.search(f"{name}/"))):
            return last
        for number, pattern in reversed(self._others):
            if abs(number) < abs(last):
                break
            if _matches(pattern, name) or (is_folder and _matches(pattern, f"{name}/", slash=True)):
                return number
        return last

    def _take(self, number: int, line: str) -> None:
        line = line if line.endswith("\\ ") else line.rstrip()
        if self._folds:
            line = line.casefold()
        found = _PLAIN.fullmatch(line)
        key = ""
        if found is not None:
            path = found["path"]
            key = f"/{path}" if found["top"] or "/" in path else path
        elif (found := _STARRED.fullmatch(line)) is not None:
            key = found["path"]
            (self._ends if key.startswith("*") else self._begins).add(len(key) - 1)
        if found is None:
            self._take_other(number, line)
            return
        number = -number if found["back"] else number
        self._folders[key] = number
        if not found["folder"]:
            self._files[key] = number

    def _take_other(self, number: int, line: str) -> None:
        if not line or line.startswith("#"):
            return
        from pathspec.patterns.gitignore.base import GitIgnorePatternError
        from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

        try:
            source, include = GitIgnoreSpecPattern.pattern_to_regex(line)
            if source is None or include is None:
                return
            anywhere = source == "(?P<ps_d>/)"  # the pattern `*/`: any folder, so the last slash decides
            pattern = re.compile(steady(source) + "$" * anywhere)
        except (GitIgnorePatternError, re.error):
            return
        self._others.append((number if include else -number, pattern))

    @cached_property
    def _screen(self) -> re.Pattern[str]:
        """What matches wherever one of the others does."""
        return re.compile("|".join(f"(?:{each.pattern.replace(_FOLDER_GROUP, '(?:')})" for _, each in self._others))


NONE = Patterns(())


def steady(source: str) -> str:
    """Return a pattern of pathspec so that no name takes it long: `*a*a*a*a*b` else tries every way to part one.

    What stands between two stars may be taken where it first is, for whatever follows it then has most to choose from;
    so may what stands between two `**`. As in git, a class in brackets never takes a slash.
    """
    found: list[str] = []
    star = deep = None
    for token in _TOKEN.findall(source):
        if token == _STAR:
            if star == len(found) - 1:
                continue
            if star is not None:
                found[star] = "(?>[^/]*?"
                found.append(")")
            star = len(found)
        elif token in _DEEP:
            if deep is not None:
                found[deep] = _DEEP[found[deep]]
                found.append("(?=/))")
            star, deep = None, len(found)
        elif token in ("/", "("):
            star = None
        elif token.startswith("[^") and not token.startswith("[^/]"):
            token = f"(?!/){token}"
        found.append(token)
    return "".join(found)


def _matches(pattern: re.Pattern[str], name: str, *, slash: bool = False) -> bool:
    """Tell whether `pattern` matches all of `name`; its group `ps_d` is the slash after the folder it matched."""
    found = pattern.search(name)
    if found is None:
        return False
    folder = found.end("ps_d") if "ps_d" in pattern.groupindex else -1
    return folder == len(name) if slash else folder < 0
