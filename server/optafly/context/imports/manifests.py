"""What the manifests of a workspace say of where its modules are; one that cannot be read says nothing."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from typing import Any, cast

import msgspec

_MOST_CHARACTERS = 1_000_000
_TSCONFIG = re.compile(r"^(ts|js)config(\.[\w.-]+)?\.json$")
_NAMES = frozenset({"go.mod", "Cargo.toml", "package.json", "composer.json"})
# Where a project of C# says which namespaces all of its files use.
_USINGS = re.compile(r"^(directory\.build\.(props|targets)|.+\.csproj|.*usings\.cs)$", re.IGNORECASE)
_USED = re.compile(r'<Using\s+Include="([\w.]+)"([^>]*)')
# Blanks within a line: a pattern that begins with those of many lines reads all of them again from each line.
_B = r"[^\S\n]"
_USED_IN_CODE = re.compile(
    rf"^{_B}*global{_B}+using{_B}+(static{_B}+)?(?:(\w+){_B}*={_B}*)?(?:global::)?([\w.]+){_B}*;", re.MULTILINE
)
_GO_MODULE = re.compile(rf'^{_B}*module{_B}+"?([^\s"]+)', re.MULTILINE)
# Comments and trailing commas, which tsconfig.json may have, with the strings in which they are none. What is never
# closed goes to the end, so that no text is read twice.
_JSONC = re.compile(r'("(?:[^"\\\n]++|\\.)*+"?)|//[^\n]*|/\*.*?(?:\*/|\Z)|,(?=\s*[}\]])', re.DOTALL)


class Package(msgspec.Struct, frozen=True):
    """A package.json: its name, where it lies, and how its files are named from outside and inside."""

    name: str
    folder: str
    exports: Any = None  # a string, a list or nested mappings, as the author wrote it
    imports: Any = None
    entries: tuple[str, ...] = ()


class Aliases(msgspec.Struct, frozen=True):
    """A tsconfig.json or jsconfig.json: where plain names start (None: nowhere), and its patterns with targets."""

    folder: str
    base: str | None
    paths: tuple[tuple[str, tuple[str, ...]], ...]
    extends: tuple[str, ...] = ()


class Crate(msgspec.Struct, frozen=True):
    """A Cargo.toml: the crate's name as code writes it, the folder and file of its library, and other crates' folders.

    `name` is "" for a manifest of a workspace alone. `renamed` are the crates that it calls by a name of its own,
    `programs` the files of its programs, tests and their like where the manifest says where they are.
    """

    name: str
    folder: str
    root: str
    renamed: tuple[tuple[str, str], ...] = ()
    programs: tuple[str, ...] = ()


class Manifests(msgspec.Struct):
    """All manifests together, by the folders they lie in; `aliases` by their own paths.

    `usings` are namespaces that all C# files in a folder use, and types of it, which end in `.*`.
    """

    go: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    crates: dict[str, Crate] = msgspec.field(default_factory=dict[str, Crate])
    packages: dict[str, Package] = msgspec.field(default_factory=dict[str, Package])
    aliases: dict[str, Aliases] = msgspec.field(default_factory=dict[str, Aliases])
    aliases_in: dict[str, list[Aliases]] = msgspec.field(default_factory=dict[str, list[Aliases]])
    namespaces: dict[str, tuple[tuple[str, str], ...]] = msgspec.field(
        default_factory=dict[str, tuple[tuple[str, str], ...]]
    )
    usings: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict[str, tuple[str, ...]])
    renamed_crates: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    crates_named: dict[str, list[Crate]] = msgspec.field(default_factory=dict[str, list[Crate]])
    packages_named: dict[str, list[Package]] = msgspec.field(default_factory=dict[str, list[Package]])


def is_manifest(path: str) -> bool:
    """Say whether a file is one whose text says where modules are."""
    name = path.rpartition("/")[2]
    return name in _NAMES or _TSCONFIG.match(name) is not None or _USINGS.match(name) is not None


def read_manifest(path: str, text: str) -> Manifests:
    """Return what one manifest says; nothing where it cannot be read."""
    found = Manifests()
    if len(text) <= _MOST_CHARACTERS:
        _read(path, text, found)
    return found


def together(manifests: Iterable[Manifests]) -> Manifests:
    """Return what several manifests say together."""
    found = Manifests()
    for each in manifests:
        found.go |= each.go
        found.crates |= each.crates
        found.packages |= each.packages
        found.aliases |= each.aliases
        found.namespaces |= each.namespaces
        found.renamed_crates |= each.renamed_crates
        for folder, usings in each.usings.items():
            found.usings[folder] = found.usings.get(folder, ()) + usings
        for name, crates in each.crates_named.items():
            found.crates_named.setdefault(name, []).extend(crates)
        for name, packages in each.packages_named.items():
            found.packages_named.setdefault(name, []).extend(packages)
        for folder, aliases in each.aliases_in.items():
            found.aliases_in.setdefault(folder, []).extend(aliases)
    return found


def _read(path: str, text: str, found: Manifests) -> None:
    folder, _, name = path.rpartition("/")
    match name:
        case "go.mod":
            if module := _GO_MODULE.search(text):
                found.go[folder] = module[1]
        case "Cargo.toml":
            if crate := _crate(folder, text):
                found.renamed_crates.update(crate.renamed)
                if crate.name:
                    found.crates[folder] = crate
                    found.crates_named.setdefault(crate.name, []).append(crate)
        case "package.json":
            if package := _package(folder, text):
                found.packages[folder] = package
                if package.name:
                    found.packages_named.setdefault(package.name, []).append(package)
        case "composer.json":
            if spaces := _namespaces(text):
                found.namespaces[folder] = spaces
        case _:
            _read_by_pattern(path, text, found)


def _read_by_pattern(path: str, text: str, found: Manifests) -> None:
    folder, _, name = path.rpartition("/")
    if _USINGS.match(name):
        if usings := _usings(name, text):
            found.usings[folder] = usings
    elif aliases := _aliases(folder, text):
        found.aliases[path] = aliases
        found.aliases_in.setdefault(folder, []).append(aliases)


def _mapping(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _strings(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(v for v in cast("list[object]", value) if isinstance(v, str)) if isinstance(value, list) else ()


def _json(text: str) -> dict[str, Any] | None:
    """Read a JSON object, with comments and trailing commas if need be; None where it is none."""
    text = text.removeprefix("\ufeff")
    for form in (lambda: text, lambda: _JSONC.sub(lambda found: found[1] or "", text)):
        try:
            said: object = json.loads(form())
        except (ValueError, RecursionError):
            continue
        return cast("dict[str, Any]", said) if isinstance(said, dict) else None
    return None


def _crate(folder: str, text: str) -> Crate | None:
    try:
        said = tomllib.loads(text)
    except (ValueError, RecursionError):
        return None
    package, library = _mapping(said.get("package")), _mapping(said.get("lib"))
    name = library.get("name") or package.get("name")
    name = name.replace("-", "_") if isinstance(name, str) else ""
    tables = [_mapping(said.get(key)) for key in ("dependencies", "dev-dependencies", "build-dependencies")]
    tables.append(_mapping(_mapping(said.get("workspace")).get("dependencies")))
    renamed = {
        own.replace("-", "_"): package.replace("-", "_")
        for table in tables
        for own, value in table.items()
        if isinstance(package := _mapping(value).get("package"), str)
    }
    programs = tuple(
        path
        for key in ("bin", "test", "bench", "example")
        for each in _list(said.get(key))
        if isinstance(path := _mapping(each).get("path"), str)
    )
    root = path if isinstance(path := library.get("path"), str) else "src/lib.rs"
    return Crate(name, folder, root, tuple(sorted(renamed.items())), programs)


def _package(folder: str, text: str) -> Package | None:
    said = _json(text)
    if said is None:
        return None
    name = said.get("name")
    return Package(
        name=name if isinstance(name, str) else "",
        folder=folder,
        exports=said.get("exports"),
        imports=said.get("imports"),
        entries=tuple(s for key in ("source", "types", "module", "main") for s in _strings(said.get(key))),
    )


def _aliases(folder: str, text: str) -> Aliases | None:
    said = _json(text) or {}
    options = _mapping(said.get("compilerOptions"))
    base = options.get("baseUrl")
    paths = tuple((key, _strings(value)) for key, value in _mapping(options.get("paths")).items())
    extends = _strings(said.get("extends"))
    if not isinstance(base, str) and not paths and not extends:
        return None
    return Aliases(folder, base if isinstance(base, str) else None, paths, extends)


def _namespaces(text: str) -> tuple[tuple[str, str], ...]:
    said = _json(text) or {}
    found: list[tuple[str, str]] = []
    for section in ("autoload", "autoload-dev"):
        for key in ("psr-4", "psr-0"):
            for prefix, folders in _mapping(_mapping(said.get(section)).get(key)).items():
                for folder in _strings(folders):
                    folder = folder.strip("/").removeprefix("./")
                    if key == "psr-0":
                        folder = "/".join(filter(None, (folder, *prefix.strip("\\").split("\\"))))
                    found.append((prefix.strip("\\"), "" if folder == "." else folder))
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


def _usings(name: str, text: str) -> tuple[str, ...]:
    """Return the namespaces that are used everywhere; types whose members are taken, or that are renamed, with `.*`."""
    if name.lower().endswith(".cs"):
        return tuple(
            used + (".*" if static or renamed else "") for static, renamed, used in _USED_IN_CODE.findall(text)
        )
    return tuple(used + (".*" if "Static=" in rest or "Alias=" in rest else "") for used, rest in _USED.findall(text))
