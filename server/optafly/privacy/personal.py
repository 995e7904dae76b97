"""Which file holds the patterns that a person has for all repositories: git's `core.excludesFile`.

Read from git's configuration files as text: nothing is started, and nothing that a repository says leads out of it. Its
own configuration may name a file that lies in it; any other name there is passed over.
https://git-scm.com/docs/git-config
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

_MOST_BYTES = 1024 * 1024
_DEEPEST = 5  # included files
_SECTION = re.compile(r'\[\s*([\w.-]+)\s*(?:"((?:[^"\\]|\\.)*)")?\s*\]')
_ENTRY = re.compile(r"([A-Za-z][\w-]*)[ \t]*(?:=[ \t]*(.*))?$")
_PARTS = re.compile(r'\\(.)|(")|([#;])|(\s+)|([^\\"#;\s]+)')
_NUL = "\0"  # no path has one
_ESCAPED = {"n": "\n", "t": "\t", "b": "\b", "\\": "\\", '"': '"'}

Stamp = tuple[int, ...]


def excludes_file(top: Path, own: Path | None, environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the file of a person's patterns that hold in the repository at `top`, whether it is there or not.

    `own` is the repository's configuration file. None where there is no such file.
    """
    named = None
    for file in _personal(environment):
        said = _named(file, environment)
        named = named if said is None else said
    within = _within(top, own, environment)
    if within is not None:
        return within
    if named is not None:
        return _placed(named, top, environment) if named else None
    folder = _settings(environment)
    return None if folder is None else folder / "git" / "ignore"


def _personal(environment: Mapping[str, str]) -> list[Path]:
    """Return git's configuration files for all repositories, weakest first."""
    found = (
        [] if environment.get("GIT_CONFIG_NOSYSTEM") else [Path(environment.get("GIT_CONFIG_SYSTEM", "/etc/gitconfig"))]
    )
    if (only := environment.get("GIT_CONFIG_GLOBAL")) is not None:
        return [*found, Path(only)]
    if (folder := _settings(environment)) is not None:
        found.append(folder / "git" / "config")
    if home := _home(environment):
        found.append(home / ".gitconfig")
    return found


def _within(top: Path, own: Path | None, environment: Mapping[str, str]) -> Path | None:
    """Return the file that the repository's own configuration names, if it lies in the repository."""
    value = _named(own, environment, _DEEPEST) if own is not None else None  # what it includes may lie anywhere
    if not value or own is None:
        return None
    place = Path(os.path.realpath(_placed(value, top, environment)))
    inside = any(place.is_relative_to(os.path.realpath(folder)) for folder in (top, own.parent))
    return place if inside else None


def _named(file: Path, environment: Mapping[str, str], depth: int = 0) -> str | None:
    """Return what a file, or one that it includes, says last."""
    found = None
    for section, key, value in _entries(file):
        if (section, key) == ("core", "excludesfile"):
            found = value
        elif (section, key) == ("include", "path") and depth < _DEEPEST:
            said = _named(_placed(value, file.parent, environment), environment, depth + 1)
            found = found if said is None else said
    return found


def _placed(value: str, folder: Path, environment: Mapping[str, str]) -> Path:
    home = _home(environment)
    if value.startswith("~/") and home is not None:
        return home / value[2:]
    return folder / os.path.expanduser(value)


def _home(environment: Mapping[str, str]) -> Path | None:
    home = environment.get("HOME") or (environment.get("USERPROFILE") if os.name == "nt" else None)
    return Path(home) if home else None


def _settings(environment: Mapping[str, str]) -> Path | None:
    if folder := environment.get("XDG_CONFIG_HOME"):
        return Path(folder)
    home = _home(environment)
    return None if home is None else home / ".config"


def _entries(file: Path) -> tuple[tuple[str, str, str], ...]:
    """Return what a configuration file says, in order: section, key and value; nothing where it cannot be read."""
    try:
        status = file.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MOST_BYTES:  # a device or a pipe would never end
            return ()
        return _read(file, (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino))
    except OSError:
        return ()


@lru_cache(maxsize=64)
def _read(file: Path, _stamp: Stamp) -> tuple[tuple[str, str, str], ...]:
    text = file.read_bytes()[:_MOST_BYTES].decode("utf-8-sig", "replace").replace("\\\r\n", "").replace("\\\n", "")
    found: list[tuple[str, str, str]] = []
    section = ""
    for line in text.splitlines():
        rest = line.strip()
        if heading := _SECTION.match(rest):
            section = heading[1].lower() + (f".{heading[2]}" if heading[2] is not None else "")
            rest = rest[heading.end() :].strip()
        if (entry := _ENTRY.match(rest)) and _NUL not in rest:
            found.append((section, entry[1].lower(), _unquoted(entry[2] or "")))
    return tuple(found)


def _unquoted(written: str) -> str:
    """Return a value without quotes, escapes and the comment after it."""
    said: list[str] = []
    quoted, spaces = False, ""
    for escaped, quote, comment, space, plain in _PARTS.findall(written):
        if quote:
            quoted = not quoted
        elif comment and not quoted:
            break
        elif space and not quoted:
            spaces += space
            continue
        said += [spaces, _ESCAPED.get(escaped, escaped) or comment or space or plain]
        spaces = ""
        if quote:
            said.pop()
    return "".join(said)
