"""Settings from several places become one Config; a bad one is reported and the rest still holds.

From weakest to strongest: defaults, `config.toml` in the user's config directory, the environment, the editor's
configuration (per folder). A workspace's `.optafly.toml` comes last and may only narrow (see `config.Leaf.narrow`).
Machine-scoped settings are taken from the first three alone, whatever an editor or a workspace says.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, cast

import msgspec

from optafly.config import LEAVES, Config, Leaf
from optafly.errors import ConfigError

Source = Literal["config.toml", "environment", "editor", ".optafly.toml"]
Loose = Mapping[str, object]

MOST_BYTES = 256 * 1024


class Layer(msgspec.Struct, frozen=True):
    """Settings as one place gave them: nested by section, camelCase, not yet checked."""

    source: Source
    values: Loose


class Loaded(msgspec.Struct, frozen=True):
    """The Config that holds, and what was wrong on the way."""

    config: Config
    problems: tuple[ConfigError, ...]


def from_file(path: Path, source: Source) -> tuple[Layer, tuple[ConfigError, ...]]:
    """Read a TOML file; a missing file is an empty layer, a broken one an empty layer and a problem."""
    try:
        if path.exists() and not path.is_file():  # a device or a pipe would never end
            raise OSError("it is not a regular file")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise OSError(f"it is longer than {MOST_BYTES:,} bytes")
        return Layer(source, tomllib.loads(data.decode("utf-8-sig"))), ()  # Notepad and PowerShell begin it with a mark
    except FileNotFoundError:
        return Layer(source, {}), ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problem = ConfigError(
            f"{path} cannot be read.", path="$", source=source, why=f"{error}.", todo="The other settings still apply."
        )
        return Layer(source, {}), (problem,)


def from_environment(environment: Mapping[str, str]) -> Layer:
    """Take `OPTAFLY_<SECTION>_<FIELD>` variables; values are TOML (`true`, `0.9`, `["a"]`) or else plain text."""
    values: dict[str, dict[str, object]] = {}
    for leaf in LEAVES:
        text = environment.get(leaf.variable)
        if text is not None:
            values.setdefault(leaf.path[0], {})[leaf.path[1]] = _toml_value(text, leaf)
    return Layer("environment", values)


def _toml_value(text: str, leaf: Leaf) -> object:
    if isinstance(leaf.default, str):
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def merge(layers: tuple[Layer, ...]) -> Loaded:
    """Lay `layers`, weakest first, over the defaults. Never raises for a bad setting: it is named in `problems`."""
    held: dict[tuple[str, str], object] = {leaf.path: leaf.default for leaf in LEAVES}
    problems: list[ConfigError] = []
    for layer in layers:
        problems += _unknown(layer)
        for leaf in LEAVES:
            raw = (_table(layer.values.get(leaf.path[0])) or {}).get(leaf.path[1])
            if raw is None:  # also how an editor reports an unset setting
                continue
            try:
                value = _checked(leaf, raw, layer.source)
                held[leaf.path] = _laid(leaf, held[leaf.path], value, layer.source)
            except ConfigError as problem:
                problems.append(problem)
    return Loaded(_tree(held), tuple(problems))


def _table(value: object) -> Loose | None:
    return cast(Loose, value) if isinstance(value, Mapping) else None


def _unknown(layer: Layer) -> list[ConfigError]:
    known: dict[str, list[str]] = {}
    for leaf in LEAVES:
        known.setdefault(leaf.path[0], []).append(leaf.path[1])
    problems: list[ConfigError] = []
    for section, value in layer.values.items():
        branch = _table(value)
        if section not in known:
            names = f"Sections are: {', '.join(sorted(known))}."
            problems.append(_refusal(f"$.{section}", layer.source, "There is no such setting.", names))
            continue
        names = f"Settings in `{section}` are: {', '.join(known[section])}."
        if branch is None:
            problems.append(_refusal(f"$.{section}", layer.source, "It must hold settings, not a value.", names))
            continue
        problems += [
            _refusal(f"$.{section}.{name}", layer.source, "There is no such setting.", names)
            for name in branch
            if name not in known[section]
        ]
    return problems


def _checked(leaf: Leaf, raw: object, source: Source) -> object:
    path = "$." + leaf.dotted
    if leaf.scope == "machine" and source == "editor":
        raise _refusal(
            path, source, "It may only be set on your own machine.", f"Set it in config.toml or as {leaf.variable}."
        )
    try:
        return msgspec.convert(raw, leaf.type)
    except msgspec.ValidationError as error:
        raise _refusal(path, source, f"{error}.", f"Allowed: {allowed(leaf)}.") from None


def _laid(leaf: Leaf, below: object, value: object, source: Source) -> object:
    """Return what holds after `value` is laid over `below`; refuse what a workspace may not do."""
    table, more = _table(below), _table(value)
    if table is not None and more is not None:
        value = {**table, **more}
    if leaf.narrow == "union":
        if source in ("editor", ".optafly.toml") and any(each.lstrip().startswith("!") for each in _strings(value)):
            raise _refusal(
                f"$.{leaf.dotted}",
                source,
                "It may only add patterns, not take one back with `!`.",
                f"Set it in config.toml or as {leaf.variable}.",
            )
        return tuple(dict.fromkeys((*_strings(below), *_strings(value))))
    if source != ".optafly.toml" or leaf.narrow == "free" or value == below:
        return value
    narrower = {
        "on": value is True,
        "off": value is False,
        "lower": isinstance(value, int | float) and isinstance(below, int | float) and value < below,
        "raise": isinstance(value, int | float) and isinstance(below, int | float) and value > below,
    }.get(leaf.narrow, False)
    if not narrower:
        rule = {
            "on": "may only switch it on",
            "off": "may only switch it off",
            "lower": f"may only lower it below {below}",
            "raise": f"may only raise it above {below}",
        }.get(leaf.narrow, "may not set it")
        raise _refusal(
            f"$.{leaf.dotted}", source, f"A workspace {rule}.", f"Set it in config.toml or as {leaf.variable}."
        )
    return value


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in cast(tuple[object, ...], value)) if isinstance(value, tuple) else ()


def _refusal(path: str, source: Source, why: str, todo: str) -> ConfigError:
    return ConfigError(f"The setting at `{path}` ({source}) was ignored.", path=path, source=source, why=why, todo=todo)


def _choices(schema: Mapping[str, list[object]]) -> str:
    return ", ".join(f"`{value}`" for value in schema["enum"])


def allowed(leaf: Leaf) -> str:
    """Say in words which values a setting takes."""
    schema = msgspec.json.schema(leaf.type)
    if "enum" in schema:
        return _choices(schema)
    items = cast(dict[str, list[object]], schema.get("items") or {})
    if "enum" in items:
        return f"a list of {_choices(items)}"
    words = {
        "boolean": "true or false",
        "integer": "a whole number",
        "number": "a number",
        "string": "text",
        "array": "a list of text",
        "object": "a table per model",
    }[schema["type"]]
    bounds = [
        f"{text} {schema[key]}"
        for key, text in (
            ("minimum", "at least"),
            ("exclusiveMinimum", "above"),
            ("maximum", "at most"),
            ("minLength", "characters: at least"),
            ("pattern", "matching"),
        )
        if key in schema
    ]
    return " ".join([words, ", ".join(bounds)]).strip()


def _tree(held: dict[tuple[str, str], object]) -> Config:
    sections: dict[str, dict[str, object]] = {}
    for leaf in LEAVES:
        sections.setdefault(leaf.attributes[0], {})[leaf.attributes[1]] = held[leaf.path]
    default = Config()
    return Config(**{name: type(getattr(default, name))(**fields) for name, fields in sections.items()})
