"""A workspace that is indexed already: files with their symbols, found by what their names contain."""

from __future__ import annotations

import asyncio

from optafly.context.wire import Complete, Completions
from optafly.domain import FileHit, SymbolHit

Files = dict[str, tuple[str, ...]]


class Indexed:
    """Completes as the index does: what contains the text, in the order of `files`. Answers after `wait_s`."""

    def __init__(self, files: Files, *, whole: bool = True, wait_s: float = 0.0) -> None:
        self._files = files
        self._whole = whole
        self._wait_s = wait_s
        self.asked: list[Complete] = []

    async def complete(self, asked: Complete) -> Completions:
        """Return the files, or one hit for each symbol."""
        self.asked.append(asked)
        await asyncio.sleep(self._wait_s)
        hits = self._paths(asked.text) if asked.kind == "file" else self._symbols(asked.text)
        return Completions(hits=tuple(hits[: asked.limit]), complete=self._whole)

    def _paths(self, text: str) -> list[FileHit]:
        return [_hit(path) for path in self._files if text.lower() in path.lower()]

    def _symbols(self, text: str) -> list[FileHit]:
        return [
            _hit(path, SymbolHit(name=name, kind="function", start_line=line, end_line=line + 2))
            for path, names in self._files.items()
            for line, name in enumerate(names, 1)
            if text.lower() in name.lower()
        ]


def _hit(path: str, *symbols: SymbolHit) -> FileHit:
    return FileHit(root="/work", path=path, language="python", score=1.0, symbols=symbols)
