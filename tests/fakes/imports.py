"""Outlines made by hand, in one line each."""

from __future__ import annotations

from collections.abc import Sequence

from optafly.context.outline.model import Definition, Import, Outline


def outline(
    language: str, *imports: str, defines: str = "", uses: str = "", package: str = "", members: Sequence[str] = ()
) -> Outline:
    """Make an outline; an import is its module, or its module, a colon and the names that are taken from it."""
    names = [*defines.split(), *members]
    return Outline(
        language=language,
        lines=len(names) + 1,
        definitions=tuple(
            Definition(name=name, kind="function", start_line=n, end_line=n, name_line=n)
            for n, name in enumerate(names, 1)
        ),
        imports=tuple(_import(written) for written in imports),
        references=dict.fromkeys(uses.split(), 1),
        package=package,
    )


def _import(written: str) -> Import:
    module, _, names = written.partition(": ")
    return Import(module=module, line=1, names=tuple(names.split()))
