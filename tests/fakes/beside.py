"""A workspace whose index finds every other file of one folder, packed as the real one packs them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import msgspec

from optafly.config import Config
from optafly.context.outline.languages import language_of
from optafly.context.outline.read import outline_of
from optafly.context.pack.pack import pack
from optafly.context.pack.reader import File
from optafly.context.wire import Complete, Completions, Search
from optafly.domain import FileHit, Found, Gathered, Part, SymbolHit
from optafly.mentions import named_shortly, readings
from optafly.paths import Paths
from optafly.pipeline.workspace import Workspace


class Files:
    """The files of a folder as packing reads them."""

    def __init__(self, folder: Path, *, masked: bool = True) -> None:
        self.folder = folder
        self._masked = masked

    def open(self, root: str, path: str) -> File | None:
        """Read a file."""
        file = self.folder / path
        if not file.is_file():
            return None
        text = file.read_bytes().decode("utf-8", "surrogateescape")
        return File(root, path, file.as_uri(), text, outline_of(text, language_of(path)), masked=self._masked)

    def parts(self, root: str, path: str) -> Sequence[Part]:
        """Return nothing: no prompt speaks to any part."""
        return ()

    def named(self, name: str) -> Sequence[FileHit]:
        """Return the files that a name may mean; for a symbol alone, those that hold its last part."""
        paths = sorted(file.relative_to(self.folder).as_posix() for file in self.folder.rglob("*") if file.is_file())
        wanted = readings(name)
        if shortly := [path for path in paths if named_shortly(name, path) and name not in paths]:
            return [hit(self.folder, path) for path in shortly]
        return [
            hit(self.folder, path)
            for path in paths
            if any(each.path == path or (not each.path and each.symbol) for each in wanted)
            and (any(each.path for each in wanted) or (wanted[-1].symbol or "") in (self.folder / path).read_text())
        ]


def hit(folder: Path, path: str, score: float = 1.0) -> FileHit:
    """Return what the index would say of a file: all of it speaks alike to the question."""
    whole = Part(start_line=1, end_line=10_000, score=0.0)
    return FileHit(
        root=str(folder),
        path=path,
        language=language_of(path),
        score=score,
        reasons=("imported by it",),
        parts=(whole,),
    )


class Beside(Workspace):
    """Gathers `paths`, or nothing in time where `late`."""

    def __init__(self, home: Paths, folder: Path, paths: Sequence[str], *, masked: bool = True) -> None:
        super().__init__(home, lambda _: Config())
        self.files = Files(folder, masked=masked)
        self.paths = list(paths)
        self.late = False
        self.asked: list[Search] = []
        self.sought: list[Search] = []
        self.symbols: dict[str, tuple[str, ...]] = {}
        self.slow_names_s = 0.0
        self.by_name: dict[str, str] = {}  # what is found by its name alone, and where it is

    async def gather(self, search: Search) -> Gathered | None:
        """Pack the files."""
        self.asked.append(search)
        if self.late:
            return None
        return pack(
            [hit(self.files.folder, path) for path in self.paths],
            self.files,
            max_tokens=search.max_tokens,
            taken=search.taken,
            pinned=search.pinned,
            removed=search.removed,
        )

    async def find(self, search: Search) -> Found:
        """Find every symbol it was told of."""
        self.sought.append(search)
        hits = [
            msgspec.structs.replace(
                hit(self.files.folder, path),
                symbols=tuple(SymbolHit(name=name, kind="function", start_line=1, end_line=9) for name in names),
            )
            for path, names in self.symbols.items()
        ]
        return Found(hits=tuple(hits))

    async def complete(self, asked: Complete) -> Completions:
        """Return the classes that are found by their names alone."""
        await asyncio.sleep(self.slow_names_s)
        hits = [
            msgspec.structs.replace(
                hit(self.files.folder, path), symbols=(SymbolHit(name=name, kind="class", start_line=1, end_line=9),)
            )
            for name, path in self.by_name.items()
            if name.lower().startswith(asked.text.lower())
        ]
        return Completions(hits=tuple(hits))
