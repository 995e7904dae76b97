"""What finding needs to know of one file; stored in the index beside its outline, so that opening it counts nothing."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

import msgspec

from optafly.context.find.hunks import Marks, marks_of
from optafly.context.find.terms import Terms, counted, exact, terms_of
from optafly.context.outline.model import FileKind, Outline


class FileTerms(msgspec.Struct, frozen=True, array_like=True):
    """The terms of one file: of its chunks, of the names it defines, and the names it defines and uses as written.

    `marks` are those by which a commit's lines are found in its chunks.
    """

    chunks: Terms
    names: Terms
    defines: Terms
    uses: Terms
    marks: Marks


class Entry(msgspec.Struct, frozen=True):
    """A file as finding takes it. `vectors` are float16, one after the other, None where there are none yet."""

    path: str
    kind: FileKind
    outline: Outline
    terms: FileTerms
    vectors: bytes | None = None


def file_terms(text: str, outline: Outline) -> FileTerms:
    """Count the terms of a file that was read as `outline`."""
    lines = text.splitlines()
    names = Counter(simple_name(definition.name) for definition in outline.definitions)
    parts = [lines[chunk.start_line - 1 : chunk.end_line] for chunk in outline.chunks]
    return FileTerms(
        chunks=terms_of(*map("\n".join, parts)),
        names=counted(names),
        defines=exact(names),
        uses=exact(outline.references),
        marks=marks_of(parts),
    )


@lru_cache(maxsize=100_000)
def simple_name(name: str) -> str:
    """Return a qualified name without what it is qualified by."""
    colons = name.rfind("::")
    return name[max(name.rfind("."), name.rfind("#"), colons + 1 if colons >= 0 else -1) + 1 :]
