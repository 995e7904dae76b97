"""Which files are never read into a prompt: what the project ignores, and the usual secret files.

Rules are those of `.gitignore` at every level, `.git/info/exclude` and, beside them, `.optaflyignore` at every level
and the setting `privacy.ignore`. A `!` brings back only what its own kind of file excluded: no `.optaflyignore` brings
back what git ignores. Semantics of patterns: https://git-scm.com/docs/gitignore
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

_MOST_BYTES = 4 * 1024 * 1024
_SECRET_NAMES = re.compile(
    r"""
      \.env(?:\..*|rc)? | .*\.env | \.envrc | [._]?netrc
    | \.npmrc | \.yarnrc(?:\.yml)? | \.pypirc | \.?pgpass(?:\.conf)?
    | \.my\.cnf | \.?htpasswd | \.git-credentials | \.dockercfg | \.boto | \.s3cfg | \.vault[-_]?(?:token|pass(?:word)?)
    | id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?(?:\.(?!pub\Z).*)?
    | .*\.(?:pem|key|p12|pfx|p8|jks|keystore|ppk|kdbx?|asc|gpg|ovpn|agekey)
    | credentials(?:\.(?:json|ya?ml|toml|ini|csv|xml|db))? | client_secrets?.*\.json | service[-_]?account.*\.json
    | \.?secrets?\.(?:json|ya?ml|toml|ini|env|properties|xml|tfvars) | .*\.secrets? | auth\.json | master\.key
    | .*\.tfvars(?:\.json)? | .*\.tfstate(?:\..*)? | \.?terraform\.?rc | kubeconfig | wallet\.dat
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HARMLESS_NAMES = re.compile(
    r"\.env\.(?:example|sample|template|dist|defaults?)|(?:example|sample|template)\.env", re.IGNORECASE
)
SECRET_FOLDERS = {".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".password-store"}
# What pathspec makes of `*` and `**`, one of a class in brackets, or anything else; and `**` that takes the least.
_STAR = "[^/]*"
_TOKEN = re.compile(r"\[\^/\][*+]|\(\?:/\.\+\)\?/|\(\?:\.\+/\)\?|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_DEEP = {"(?:/.+)?/": "(?>(?:/.+?)??/", "(?:.+/)?": "(?>(?:.+?/)??"}

Pattern = tuple[re.Pattern[str], bool]  # what it matches, and whether a match is ignored


class Level(msgspec.Struct, frozen=True):
    """The patterns of one file, for paths relative to `base`."""

    base: Path
    patterns: tuple[Pattern, ...]
    name: str


class IgnoreRules:
    """Say of a file whether it may be read into a prompt; reads the project's ignore files anew where they changed."""

    def __init__(self, folders: Sequence[Path], extra: Sequence[str] = ()) -> None:
        self._folders = tuple(Path(os.path.abspath(folder)) for folder in folders)
        self._real = tuple(folder.resolve() for folder in self._folders)
        self._extra = tuple(extra)
        self._setting: tuple[Pattern, ...] | None = None
        self._files: dict[Path, tuple[tuple[int, int], tuple[Pattern, ...]]] = {}

    def excludes(self, path: Path, *, opened: bool = True) -> str | None:
        """Return why `path` is never read into a prompt, in words such as "it is ignored by `.gitignore`", or None.

        A file outside every workspace folder may be read only where the person has `opened` it in the editor: whoever
        walks through folders must say that they have not.
        Secret files are never read. A link is judged by its own name and by what it points to, and may not lead out
        of the workspace.
        """
        path = Path(os.path.abspath(path))
        real = path.resolve()
        for each in (path, real):
            if reason := secret(each):
                return reason
        folder = _holding(path, self._folders)
        if folder is None:
            return None if opened else "it lies outside every workspace folder"
        target = _holding(real, self._real)
        if target is None:
            return "it is a link that leads out of the workspace"
        return self._ignored(path, folder) or (self._ignored(real, target) if real != path else None)

    def _ignored(self, path: Path, folder: Path) -> str | None:
        if _matches(path, [Level(folder, self.setting(), "privacy.ignore")]):
            return "it is ignored by the setting `privacy.ignore`"
        if level := _matches(path, list(self._levels(path, folder, ".optaflyignore"))):
            return f"it is ignored by `{level.name}`"
        top = repository(folder)
        if level := _matches(path, list(self._levels(path, top or folder, ".gitignore"))):
            return f"it is ignored by `{level.name}`"
        return None

    def _levels(self, path: Path, top: Path, name: str) -> Iterator[Level]:
        """Yield the pattern files that hold for `path`, weakest first."""
        if name == ".gitignore" and (patterns := self.patterns(top / ".git" / "info" / "exclude")):
            yield Level(top, patterns, ".git/info/exclude")
        parts = path.relative_to(top).parts[:-1]
        base = top
        for part in ("", *parts):
            base = base / part
            if patterns := self.patterns(base / name):
                yield Level(base, patterns, (base / name).relative_to(top).as_posix())

    def setting(self) -> tuple[Pattern, ...]:
        """Return the patterns of `privacy.ignore`."""
        if self._setting is None:
            self._setting = compiled(self._extra)
        return self._setting

    def patterns(self, file: Path) -> tuple[Pattern, ...]:
        """Return the patterns of an ignore file as it is now; none where it cannot be read."""
        try:
            status = file.stat()
        except OSError:
            return ()
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MOST_BYTES:  # a device or a pipe would never end
            return ()
        stamp = (status.st_mtime_ns, status.st_size)
        held = self._files.get(file)
        if held is None or held[0] != stamp:
            try:
                lines = file.read_text(encoding="utf-8-sig", errors="replace").split("\n")
            except OSError:
                return ()
            held = self._files[file] = (stamp, compiled(lines))
        return held[1]


def secret(path: Path) -> str | None:
    """Return why a path is a usual place for secrets, or None."""
    if secret_name(path.name):
        return "it is a usual place for secrets"
    if folder := SECRET_FOLDERS.intersection(path.parts[:-1]):
        return f"it lies in `{min(folder)}`, a usual place for secrets"
    return None


def secret_name(name: str) -> bool:
    """Tell whether a file of that name is a usual place for secrets, wherever it lies."""
    return _SECRET_NAMES.fullmatch(name) is not None and not _HARMLESS_NAMES.fullmatch(name)


def _holding(path: Path, folders: Sequence[Path]) -> Path | None:
    """Return the innermost of `folders` that holds `path`."""
    return max((f for f in folders if path.is_relative_to(f)), key=lambda f: len(f.parts), default=None)


def repository(folder: Path) -> Path | None:
    """Return the folder, at or above `folder`, that holds a repository."""
    return next((f for f in (folder, *folder.parents) if (f / ".git").exists()), None)


def compiled(lines: Sequence[str]) -> tuple[Pattern, ...]:
    """Compile patterns one by one: a line that git would not understand excludes nothing."""
    from pathspec.patterns.gitignore.base import GitIgnorePatternError
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    patterns: list[Pattern] = []
    for line in lines:
        try:
            source, include = GitIgnoreSpecPattern.pattern_to_regex(line)
            if source is not None and include is not None:
                anywhere = source == "(?P<ps_d>/)"  # the pattern `*/`: any folder, so the last slash decides
                patterns.append((re.compile(steady(source) + "$" * anywhere), include))
        except (GitIgnorePatternError, re.error):
            continue
    return tuple(patterns)


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


def _matches(path: Path, levels: Sequence[Level]) -> Level | None:
    """Return the level whose last word excludes `path` or a folder above it; a folder once excluded stays so."""
    if not levels:
        return None
    top = levels[0].base
    parts = path.relative_to(top).parts
    for depth in range(1, len(parts) + 1):
        prefix, is_folder = top.joinpath(*parts[:depth]), depth < len(parts)
        for level in reversed(levels):
            if not prefix.is_relative_to(level.base) or prefix == level.base:
                continue
            verdict = decide(level, prefix.relative_to(level.base).as_posix(), is_folder=is_folder)
            if verdict:
                return level
            if verdict is False:
                break
    return None


def decide(level: Level, name: str, *, is_folder: bool) -> bool | None:
    """Return what the last pattern that matches `name` itself, not a folder above it, says."""
    for pattern, include in reversed(level.patterns):
        if _matches_whole(pattern, name) or (is_folder and _matches_whole(pattern, f"{name}/", slash=True)):
            return include
    return None


def _matches_whole(pattern: re.Pattern[str], name: str, *, slash: bool = False) -> bool:
    """Tell whether `pattern` matches all of `name`; its group `ps_d` is the slash after the folder it matched."""
    found = pattern.search(name)
    if found is None:
        return False
    folder = found.end("ps_d") if "ps_d" in pattern.groupindex else -1
    return folder == len(name) if slash else folder < 0
