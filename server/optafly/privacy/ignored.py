"""Which files are never read into a prompt: what the project ignores, and the usual secret files.

Rules are those of `.gitignore` at every level, `.git/info/exclude`, the file that a person has for all repositories
(`personal`) and, beside them, `.optaflyignore` at every level and the setting `privacy.ignore`. A `!` brings back only
what its own kind of file excluded: no `.optaflyignore` brings back what git ignores.
Semantics of patterns: https://git-scm.com/docs/gitignore
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

import msgspec

from optafly.privacy.patterns import NONE, Patterns
from optafly.privacy.personal import excludes_file

_MOST_BYTES = 4 * 1024 * 1024
_MOST_NAME = 8_192
_UNSETTLED_S = 2.0  # the coarsest clock of a file system in use (FAT)
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
_UNSEEN = re.compile(r"[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
_SECRET_FOLDERS = {".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".password-store"}


class Level(msgspec.Struct, frozen=True):
    """The patterns of one file, for paths relative to `base`."""

    base: Path
    patterns: Patterns
    name: str


class _Held(msgspec.Struct, frozen=True):
    """A file of patterns as it was read. Unless `is_settled`, a further change may have left the stamp as it is."""

    stamp: tuple[int, ...]
    is_settled: bool
    data: bytes
    patterns: Patterns


class IgnoreRules:
    """Say of a file whether it may be read into a prompt; reads the project's ignore files anew where they changed."""

    def __init__(self, folders: Sequence[Path], extra: Sequence[str] = ()) -> None:
        self._folders = tuple(Path(os.path.abspath(folder)) for folder in folders)
        self._real = tuple(folder.resolve() for folder in self._folders)
        self._said = tuple(extra)
        self._setting = Patterns(extra)
        self._files: dict[str, _Held] = {}

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
        if name == ".gitignore":
            yield from self.beside(top)
        parts = path.relative_to(top).parts[:-1]
        base = top
        for part in ("", *parts):
            base = base / part
            if patterns := self.patterns(base / name):
                yield Level(base, patterns, (base / name).relative_to(top).as_posix())

    def beside(self, top: Path) -> Iterator[Level]:
        """Yield what git takes, weakest first, from files that do not lie among those of the repository at `top`."""
        for file, name in _beside(top):
            if patterns := self.patterns(file):
                yield Level(top, patterns, name)

    def stamp(self, folder: Path) -> tuple[tuple[str, int, int], ...]:
        """Return what changes with the files of `beside`, which lie where nobody watches."""
        return tuple((str(file), *_stamp(file)) for file, _ in _beside(repository(folder) or folder))

    def fingerprint(self) -> bytes:
        """Return what tells these rules from others: what all pattern files say that were met and are still there."""
        files = self._files.copy()
        held = sorted((os.fsencode(file), each.data) for file, each in files.items() if os.path.isfile(file))
        return blake2b(msgspec.msgpack.encode((self._said, held)), digest_size=16).digest()

    def setting(self) -> Patterns:
        """Return the patterns of `privacy.ignore`."""
        return self._setting

    def patterns(self, file: Path | str) -> Patterns:
        """Return the patterns of an ignore file as it is now; none where it cannot be read."""
        file = str(file)
        try:
            status = os.stat(file)
            if not stat.S_ISREG(status.st_mode) or status.st_size > _MOST_BYTES:  # a device or a pipe would never end
                return NONE
            held = self._files.get(file)
            stamp = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
            if held is not None and held.stamp == stamp and held.is_settled:
                return held.patterns
            with open(file, "rb") as opened:
                data = opened.read()
        except OSError:
            self._files.pop(file, None)
            return NONE
        is_settled = time.time() - max(status.st_mtime, status.st_ctime) > _UNSETTLED_S
        if held is None or held.data != data:
            held = _Held(stamp, is_settled, data, Patterns(data.decode("utf-8-sig", "replace").split("\n")))
        self._files[file] = held = msgspec.structs.replace(held, stamp=stamp, is_settled=is_settled)
        return held.patterns


def secret(path: Path) -> str | None:
    """Return why a path is a usual place for secrets, or None."""
    if secret_name(path.name):
        return "it is a usual place for secrets"
    if folders := {folder for part in path.parts[:-1] if (folder := secret_folder(part))}:
        return f"it lies in `{min(folders)}`, a usual place for secrets"
    return None


def secret_folder(name: str) -> str | None:
    """Return the usual place for secrets that a folder of that name is, or that Windows or macOS opens by it, or None.

    Windows opens `.ssh` as well by `.ssh.` and `.ssh::$INDEX_ALLOCATION`, and macOS by letters that are the same in
    another case, also where only Unicode thinks so.
    """
    return next((each for each in map(str.casefold, _read(name)) if each in _SECRET_FOLDERS), None)


def secret_name(name: str) -> bool:
    """Tell whether a file of that name is a usual place for secrets, wherever it lies.

    Windows opens `.env` as well by `.env::$DATA`, and by its name with dots and spaces behind it. Elsewhere a colon is
    a letter like others: `prod:staging.env`. Each way to read a name counts, for who made it may not be who reads it.
    """
    return any(_SECRET_NAMES.fullmatch(each) and not _HARMLESS_NAMES.fullmatch(each) for each in _read(name))


def _read(name: str) -> Iterator[str]:
    """Return the ways to read a name: as it is, what stands before and behind each colon, and what stands between.

    Without dots and spaces at its end, which Windows leaves out, and without the characters that HFS+ does not see.
    """
    name = _UNSEEN.sub("", name)
    yield name.rstrip(". ")
    for colon in re.finditer(":", name):
        yield name[: colon.start()].rstrip(". ")
        yield name[colon.end() :].rstrip(". ")
        yield name[colon.end() :].partition(":")[0].rstrip(". ")


def _holding(path: Path, folders: Sequence[Path]) -> Path | None:
    """Return the innermost of `folders` that holds `path`."""
    return max((f for f in folders if path.is_relative_to(f)), key=lambda f: len(f.parts), default=None)


def repository(folder: Path) -> Path | None:
    """Return the folder, at or above `folder`, that holds a repository."""
    return next((f for f in (folder, *folder.parents) if (f / ".git").exists()), None)


def _beside(top: Path) -> list[tuple[Path, str]]:
    own = own_folder(top)
    personal = excludes_file(top, own / "config")
    return [*([(personal, _shown(personal))] if personal else []), (own / "info" / "exclude", ".git/info/exclude")]


def _shown(file: Path) -> str:
    home = os.path.expanduser("~")
    return f"~{str(file)[len(home) :]}" if str(file).startswith(home + os.sep) else str(file)


def _stamp(file: Path) -> tuple[int, int]:
    try:
        status = file.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


def tree_folder(top: Path) -> Path:
    """Return where git keeps what it knows of a work tree.

    In a linked work tree and in a submodule `.git` is a file that says where that is.
    """
    folder = top / ".git"
    return Path(os.path.normpath(top / (_named(folder, "gitdir: ") or folder)))


def own_folder(top: Path) -> Path:
    """Return where git keeps what a repository has beside its files; a linked work tree has the same."""
    folder = tree_folder(top)
    return Path(os.path.normpath(folder / (_named(folder / "commondir", "") or "")))


def _named(file: Path, before: str) -> str | None:
    """Return the path that one of git's own files names; None where it is no such file."""
    try:
        if not file.is_file():
            return None
        with file.open("rb") as opened:
            line = os.fsdecode(opened.read(_MOST_NAME)).rstrip("\r\n")
    except OSError:
        return None
    return line.removeprefix(before) if line.startswith(before) and "\0" not in line else None


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
            verdict = level.patterns.decide(prefix.relative_to(level.base).as_posix(), is_folder=is_folder)
            if verdict:
                return level
            if verdict is False:
                break
    return None
