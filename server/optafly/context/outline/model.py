"""What was read from one file; stored in the index, so it is small and says nothing of the rest of the workspace."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from optafly.domain import Count, Line, Record

# What a file is for. Only `source` is a candidate for a prompt that does not ask for another kind.
FileKind = Literal["source", "test", "docs", "example", "vendored", "generated", "config", "other"]


class Definition(Record, frozen=True):
    """A function, class or their like; lines are 1-based and inclusive and hold decorators and the comment right above.

    `name` is qualified (`Class.method`; `Type::method` in Rust). `signature` is its head in one line without its body,
    `doc` the first sentence of its docstring or comment.
    """

    name: str
    kind: str
    start_line: Line
    end_line: Line
    name_line: Line
    depth: Count = 0
    signature: Annotated[str, msgspec.Meta(max_length=300)] = ""
    doc: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Import(Record, frozen=True):
    """An import as it is written: `module` ("..pkg.mod", "./x", "crate::a::b", "lib/x.h"), `names` taken from it."""

    module: str
    line: Line
    names: tuple[str, ...] = ()


class Chunk(Record, frozen=True):
    """Lines (1-based, inclusive) that belong together; `definition` is the index of the definition they lie in."""

    start_line: Line
    end_line: Line
    definition: int | None = None


class Outline(Record, frozen=True):
    """One file as it was read. `references` counts the names that it uses and does not define itself.

    Every line that is not blank lies in exactly one chunk. `note` says why less was read than the file holds, in words
    such as "it is minified". `package` is the package or namespace that the file says it is, as it is written there.
    """

    language: str
    lines: Count
    definitions: tuple[Definition, ...] = ()
    imports: tuple[Import, ...] = ()
    references: dict[str, int] = msgspec.field(default_factory=dict[str, int])
    chunks: tuple[Chunk, ...] = ()
    note: str = ""
    package: str = ""
