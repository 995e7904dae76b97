"""What the graph needs to know of a file: small, and apart from the rest of its outline."""

from __future__ import annotations

import re

import msgspec

from optafly.context.imports import dotnet
from optafly.context.outline.model import Import, Outline

_SEPARATOR = re.compile(r"\.|::|#|\\")
_FAMILIES = {
    "python": "python",
    "javascript": "ecmascript",
    "javascriptreact": "ecmascript",
    "typescript": "ecmascript",
    "typescriptreact": "ecmascript",
    "vue": "ecmascript",
    "svelte": "ecmascript",
    "astro": "ecmascript",
    "go": "go",
    "rust": "rust",
    "java": "jvm",
    "kotlin": "jvm",
    "groovy": "jvm",
    "scala": "jvm",
    "c": "native",
    "cpp": "native",
    "objective-c": "native",
    "objective-cpp": "native",
    "csharp": "dotnet",
    "ruby": "ruby",
    "php": "php",
}


class Facts(msgspec.Struct, frozen=True, array_like=True):
    """What a file imports, defines and uses: modules as they are written, names as they are called.

    `defines` are its outermost definitions, `members` what is defined inside them. `family` are languages that import
    one another ("": none that imports). Store these bytes beside the outline: they are a tenth of it, and the graph of
    10,000 files is made anew from them in about a second.
    """

    family: str = ""
    package: str = ""
    imports: tuple[tuple[str, tuple[str, ...]], ...] = ()
    defines: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()


NO_FACTS = Facts()
# What is imported by every file without being written there.
_EVERYWHERE: dict[str, dict[tuple[str, tuple[str, ...]], None]] = {"dotnet": {(dotnet.EVERYWHERE, ()): None}}
_decoder = msgspec.msgpack.Decoder(Facts)
_encoder = msgspec.msgpack.Encoder()


def facts_of(outline: Outline) -> Facts:
    """Take from an outline what the graph needs."""
    family = _FAMILIES.get(outline.language, "")
    if not family:
        return NO_FACTS
    defines: dict[str, None] = {}
    members: dict[str, None] = {}
    for definition in outline.definitions:
        *outer, name = _SEPARATOR.split(definition.name)
        extends = outline.language == "kotlin" and definition.depth == 0  # `fun String.shout()` is imported as `shout`
        (members if outer and not extends else defines)[name] = None
    return Facts(
        family=family,
        package=outline.package,
        imports=tuple(
            {(_module(each, outline), each.names): None for each in outline.imports} | _EVERYWHERE.get(family, {})
        ),
        defines=tuple(defines),
        members=tuple(name for name in members if name not in defines and not _special(name)),
        uses=tuple(outline.references),
    )


def _module(written: Import, outline: Outline) -> str:
    """Return an import's module as resolvers read it.

    `super` in a Rust module inside a file is that file; all of a package of Java or Kotlin ends in `.*`, and so does a
    type of C# that gets another name, or whose members are taken.
    """
    if outline.language == "csharp" and written.names:
        whole = [written.module, *(name for name in written.names[:1] if name != "*")]
        return ".".join(filter(None, whole)) + ".*"
    if written.names == ("*",) and _FAMILIES[outline.language] == "jvm":
        return written.module + ".*"
    if outline.language != "rust" or not written.module.startswith("super"):
        return written.module
    parts = written.module.split("::")
    for definition in outline.definitions:
        if definition.kind == "module" and definition.start_line <= written.line <= definition.end_line:
            if parts[0] != "super":
                break
            parts = parts[1:] if parts[1:2] == ["super"] else ["self", *parts[1:]]
    return "::".join(parts)


def encode(facts: Facts) -> bytes:
    """Return facts as bytes (MessagePack)."""
    return _encoder.encode(facts)


def decode(data: bytes) -> Facts:
    """Return the facts that were encoded; raises msgspec.DecodeError where the bytes are none."""
    return _decoder.decode(data)


def _special(name: str) -> bool:
    """Say whether every class may have a member of that name."""
    return name.startswith("__") or name in ("constructor", "toString", "equals", "hashCode")
