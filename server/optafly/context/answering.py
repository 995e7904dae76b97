"""What is asked of the open roots: files for a prompt, the code that goes with it, names begun or mentioned."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from optafly.context.find.finding import find, parts_in
from optafly.context.find.hits import file_hit
from optafly.context.find.known import named
from optafly.context.find.query import Query, understood
from optafly.context.index.root import RootIndex
from optafly.context.index.walk import Walk
from optafly.context.pack.pack import pack
from optafly.context.pack.reader import File
from optafly.context.pack.shelf import LIST
from optafly.context.wire import Complete, Completions, Search
from optafly.domain import FileHit, Found, Gathered, Part, Snapshot
from optafly.mentions import mentions
from optafly.privacy.masking import PLACEHOLDER
from optafly.roots import labels, own, shown
from optafly.tokens import estimate_tokens
from optafly.uris import path_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HITS = 100  # files that packing chooses among, the last ones by their paths alone
_MOST_DIAGNOSTICS = 5
_OPEN_SAYS = 0.2
_TRIES = 3  # rules may change again while they are looked at
_MOST_CHARACTERS = 16_000  # of a prompt: more than are searched for
_AS_FAR_AS_IT_GOES = ("lexical", "ready", "failed")

Embed = Callable[[str, float], "NDArray[np.float32] | None"]
"""Gives the vector of a text if that is to be had within so many seconds."""


def prepare() -> None:
    """Load what the first search and the first packing would wait for."""
    understood("why")
    estimate_tokens("why")


def find_files(roots: Sequence[RootIndex], search: Search, embed: Embed) -> Found:
    """Search every root; of equals, the root that holds the open file comes first."""
    began = time.perf_counter()
    files = Files(roots)
    hits = files.shown(_found(files, search, embed, search.limit, wait_s=2.0))
    return Found(hits=hits, complete=is_complete(roots), latency_ms=(time.perf_counter() - began) * 1000)


def gather(roots: Sequence[RootIndex], search: Search, embed: Embed) -> Gathered:
    """Return the code that goes with a prompt, within `search.max_tokens`."""
    began = time.perf_counter()
    files = Files(roots, masked=search.mask, search=search)
    hits = _found(files, search, embed, HITS, wait_s=search.wait_s)
    called = files.shown(hits)
    listed = LIST not in search.removed
    gathered = pack(
        called,
        files,
        unlisted={name.path for name, each in zip(called, hits, strict=True) if name.path != each.path or not listed},
        max_tokens=search.max_tokens,
        taken=search.taken,
        pinned=search.pinned,
        removed=search.removed,
    )
    took_ms = (time.perf_counter() - began) * 1000
    return msgspec.structs.replace(gathered, complete=is_complete(roots), latency_ms=took_ms)


def complete(roots: Sequence[RootIndex], asked: Complete) -> Completions:
    """Return files or symbols whose names go on from what was begun, or are like it."""
    files = Files(roots)
    each = [_allowed(root, partial(_completed, root, asked), files) for root in roots]
    hits = [hit for row in zip_longest(*each) for hit in row if hit is not None]  # the best of each root first
    return Completions(hits=files.shown(hits[: asked.limit]), complete=is_complete(roots))


def _completed(root: RootIndex, asked: Complete) -> list[FileHit]:
    near = None if asked.near is None else root.relative(_path(asked.near)) or asked.near
    names, folder = root.view.names, str(root.root)
    if asked.kind == "file":
        return [file_hit(folder, held) for held in names.complete_file(asked.text, asked.limit, near)]
    symbols = names.complete_symbol(asked.text, asked.limit, near)
    return [file_hit(folder, held, definition=definition) for held, definition in symbols]


def _allowed(root: RootIndex, ask: Callable[[], Sequence[FileHit]], files: Files) -> Sequence[FileHit]:
    """Return what is found in a root, nothing of it excluded by its ignore rules as they are now.

    Where something is, the root leaves out all that is, and is asked again: no reason names such a file either. Where
    the disk does not answer, nothing is found. What is opened of these `files` afterwards is judged by the same rules.
    """
    for _ in range(_TRIES):
        with root.view.lock:
            found = ask()
        allowed = root.allows((each.path for each in found), partial(files.judge_by, root)) if found else True
        if allowed is not False:
            return found if allowed else ()
    return ()


def is_complete(roots: Sequence[RootIndex]) -> bool:
    """Tell whether every file of every root can be found; of a root that failed, no more is to be expected."""
    return all(root.state in _AS_FAR_AS_IT_GOES for root in roots)


class Files:
    """The files of the open roots, as packing for a `search` reads them, under the names they have among all roots."""

    def __init__(self, roots: Sequence[RootIndex], *, masked: bool = True, search: Search | None = None) -> None:
        self.roots = roots
        self._roots = {str(root.root): root for root in roots}
        self._walks: dict[str, Walk] = {}
        self._masked = masked
        self._search = search

    def shown(self, hits: Sequence[FileHit]) -> tuple[FileHit, ...]:
        """Return what was found under the names that tell the files of all roots apart."""
        if len(self._roots) == 1:
            return tuple(hits)
        roots = tuple(self._roots)
        return tuple(
            msgspec.structs.replace(each, path=shown(each.root, each.path, roots, self._holds)) for each in hits
        )

    def judge_by(self, root: RootIndex, walk: Walk) -> None:
        """Judge what is opened from now on by a walk: each reads every ignore file on its way anew."""
        self._walks[str(root.root)] = walk

    def open(self, root: str, path: str) -> File | None:
        """Return a file as it is now; None where it is gone or, by now, excluded."""
        name, path = path, own(root, path, tuple(self._roots), self._holds) or path
        index = self._roots[root]
        if root not in self._walks:
            self._walks[root] = index.walk()
        now = None if self._walks[root].excludes(path) else index.now(path)
        if now is None:
            return None
        text, outline, is_known = now
        history = index.view.corpus.history
        return File(
            root,
            name,
            (index.root / path).as_uri(),
            text,
            outline,
            changed=history.recency(path) if history is not None else 0.0,
            masked=self._masked,
            stale=not is_known,
        )

    def named(self, name: str) -> Sequence[FileHit]:
        """Return what a name may mean, in any root; where it says which, in that one."""
        roots = tuple(self._roots)
        says = {folder: rest for folder in roots if (rest := own(folder, name, roots, self._holds)) is not None}
        found: list[FileHit] = []
        for folder, rest in (says or dict.fromkeys(roots, name)).items():
            root = self._roots[folder]
            found += _allowed(root, partial(_named, root, rest), self)
        return self.shown(found)

    def parts(self, root: str, path: str) -> Sequence[Part]:
        """Return the parts of a file, those first that speak most to the prompt; none where nothing in it does."""
        index, path = self._roots[root], own(root, path, tuple(self._roots), self._holds) or path
        if self._search is None:
            return ()
        snapshot, query = self._search.snapshot, _query(self._search)
        active, around = _active(snapshot, index), _around(snapshot, index, self)
        with index.view.lock:
            return parts_in(path, index.view.corpus, query, active=active, around=around)

    def own(self, path: str, root: RootIndex) -> str | None:
        """Return the path in `root` of what an editor calls `path`, as a whole or with a folder before it."""
        if Path(path).is_absolute():
            return root.relative(path)
        folders = tuple(self._roots)
        if not any(self._holds(folder, path) for folder in folders):
            for label in labels(str(root.root), folders):
                if path.startswith(f"{label}/"):
                    return path[len(label) + 1 :]
        return path

    def _holds(self, root: str, path: str) -> bool:
        return self._roots[root].view.entry(path) is not None


def _found(files: Files, search: Search, embed: Embed, limit: int, *, wait_s: float) -> tuple[FileHit, ...]:
    snapshot, roots = search.snapshot, files.roots
    query = _query(search)
    vector = embed(query.text, wait_s) if search.settings.vectors and any(root.has_vectors for root in roots) else None
    found: list[tuple[bool, FileHit]] = []
    for root in roots:
        active = _active(snapshot, root)
        around = _around(snapshot, root, files)
        ask = partial(_searched, root, query, active=active, around=around, vector=vector, limit=limit)
        found += [(active is None, each) for each in _allowed(root, ask, files)]
    found.sort(key=lambda each: (-each[1].score, each[0]))
    return tuple(each for _, each in found[:limit])


# Both read from the view what they ask only once it is locked: until then it may be made anew.
def _searched(
    root: RootIndex,
    query: Query,
    *,
    active: str | None,
    around: dict[str, float],
    vector: NDArray[np.float32] | None,
    limit: int,
) -> Sequence[FileHit]:
    corpus = root.view.corpus
    return find(str(root.root), corpus, query, active=active, around=around, vector=vector, limit=limit)


def _named(root: RootIndex, name: str) -> Sequence[FileHit]:
    return named(str(root.root), root.view.names, name)


def _query(search: Search) -> Query:
    messages = [each.message for each in search.snapshot.diagnostics if each.severity == "error"]
    prompt = search.said or search.snapshot.prompt
    return understood(_said(prompt), messages[:_MOST_DIAGNOSTICS], vague=search.vague)


def _said(prompt: str) -> str:
    """Return a prompt without the files that it mentions, which are pinned, and what stands for masked secrets.

    Neither are words of a person's own.
    """
    prompt = PLACEHOLDER.sub(" ", prompt[:_MOST_CHARACTERS])
    for mention in reversed(mentions(prompt)):
        if mention.kind == "file":
            prompt = f"{prompt[: mention.start]} {prompt[mention.end :]}"
    return prompt


def _around(snapshot: Snapshot, root: RootIndex, files: Files) -> dict[str, float]:
    """Return the files that were edited last, and those that are open, with how much each says."""
    found = {each.path: _OPEN_SAYS for each in snapshot.open_files}
    edited = dict.fromkeys(each.path for each in snapshot.recent_edits)
    found |= {path: max(1 / (1 + place), _OPEN_SAYS) for place, path in enumerate(edited)}
    return {name: value for path, value in found.items() if (name := files.own(path, root)) is not None}


def _active(snapshot: Snapshot, root: RootIndex) -> str | None:
    return None if snapshot.active is None else root.relative(_path(snapshot.active.uri))


def _path(uri: str) -> str:
    """Return the path that a file's URI names, or what was given where it is none."""
    return str(path_of(uri) or uri)
