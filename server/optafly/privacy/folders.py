"""The ignore rules for a walk through a whole workspace, folder by folder.

Says the same of a file as `IgnoreRules.excludes`, in a fraction of the time: a walk never enters an excluded folder, so
only the entry itself must be judged. Links are not judged here: whoever walks does not follow them.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from optafly.privacy.ignored import IgnoreRules, Level, repository, secret, secret_folder, secret_name


class _Held(msgspec.Struct, frozen=True):
    """The patterns of one file. `prefix` leads from where they stand to the folder that is walked, and ends in `/`."""

    level: Level
    prefix: str = ""

    def decide(self, name: str, *, is_folder: bool) -> bool | None:
        return self.level.patterns.decide(self.prefix + name, is_folder=is_folder)


class _Chain(msgspec.Struct, frozen=True):
    """All pattern files of one kind that hold in `base`, weakest first.

    Paths are text, put together by `_in`: a walk makes thousands of them, and to make each a Path took half its time.
    """

    file: str
    top: str
    base: str
    held: tuple[_Held, ...]

    def excludes(self, name: str, *, is_folder: bool) -> str | None:
        for held in reversed(self.held):
            verdict = held.decide(name, is_folder=is_folder)
            if verdict:
                return held.level.name
            if verdict is False:
                return None
        return None

    def inside(self, name: str, rules: IgnoreRules, *, by_link: bool) -> _Chain:
        held = tuple(_Held(each.level, f"{each.prefix}{name}/") for each in self.held) if self.held else ()
        return _read(_Chain("" if by_link else self.file, self.top, _in(self.base, name), held), rules)


class FolderRules:
    """What is excluded of the entries of one folder; `inside` gives the same for a folder in it."""

    def __init__(self, setting: tuple[_Chain, ...], files: tuple[_Chain, ...], rules: IgnoreRules, reason: str) -> None:
        self._setting = setting
        self._files = files
        self._rules = rules
        self._reason = reason

    @classmethod
    def of(cls, rules: IgnoreRules, folder: Path) -> FolderRules:
        """Return the rules that hold in a workspace folder. Reads its ignore files, and those above it, anew."""
        folder = Path(os.path.abspath(folder))
        setting: list[_Chain] = []
        files: list[_Chain] = []
        reason = ""
        for base in dict.fromkeys((folder, folder.resolve())):
            reason = reason or secret(base / "x") or ""
            level = Level(base, rules.setting(), "privacy.ignore")
            place = str(base)
            setting.append(_Chain("", place, place, (_Held(level),)))
            files.append(_read(_Chain(".optaflyignore", place, place, ()), rules))
            chain, above = _from_repository(base, rules)
            files.append(chain)
            reason = reason or above
        return cls(tuple(setting), tuple(files), rules, reason)

    @property
    def by_link(self) -> bool:
        """Whether the folder was reached through a link, so that no ignore files are read in it."""
        return not any(chain.file for chain in self._files)

    def inside(self, name: str, *, by_link: bool = False) -> FolderRules:
        """Return the rules for the folder `name`, which must not be excluded itself; no files are read `by_link`."""
        setting = tuple(chain.inside(name, self._rules, by_link=by_link) for chain in self._setting)
        files = tuple(chain.inside(name, self._rules, by_link=by_link) for chain in self._files)
        return FolderRules(setting, files, self._rules, self._reason)

    def excludes(self, name: str, *, is_folder: bool) -> str | None:
        """Return why the entry is excluded, in the words of `IgnoreRules.excludes`, or None."""
        if self._reason:
            return self._reason
        if is_folder and (folder := secret_folder(name)):
            return f"it lies in `{folder}`, a usual place for secrets"
        if not is_folder and secret_name(name):
            return "it is a usual place for secrets"
        if any(chain.excludes(name, is_folder=is_folder) for chain in self._setting):
            return "it is ignored by the setting `privacy.ignore`"
        for chain in self._files:
            if found := chain.excludes(name, is_folder=is_folder):
                return f"it is ignored by `{found}`"
        return None


def _from_repository(folder: Path, rules: IgnoreRules) -> tuple[_Chain, str]:
    """Return what holds in `folder` of the repository it lies in, and why all of it is excluded, if it is."""
    top = repository(folder) or folder
    held = tuple(map(_Held, rules.beside(top)))
    chain = _read(_Chain(".gitignore", str(top), str(top), held), rules)
    reason = ""
    for part in folder.relative_to(top).parts:
        found = chain.excludes(part, is_folder=True)
        reason = reason or (f"it is ignored by `{found}`" if found else "")
        chain = chain.inside(part, rules, by_link=False)
    return chain, reason


def _read(chain: _Chain, rules: IgnoreRules) -> _Chain:
    """Return the chain with the pattern file of its folder, if there is one."""
    if not chain.file:
        return chain
    file = _in(chain.base, chain.file)
    patterns = rules.patterns(file)
    if not patterns:
        return chain
    level = Level(Path(chain.base), patterns, Path(file).relative_to(chain.top).as_posix())
    return msgspec.structs.replace(chain, held=(*chain.held, _Held(level)))


def _in(folder: str, name: str) -> str:
    """Return the path of an entry of a folder. A name never leads elsewhere, as `C:` does where paths are joined."""
    return f"{folder}{name}" if folder.endswith(os.sep) else f"{folder}{os.sep}{name}"
