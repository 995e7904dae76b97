"""`optafly eval context`: real change requests put to the context engine, as a repository stood before each change."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from optafly.config import ContextSettings
from optafly.context.find.finding import find
from optafly.context.find.query import understood
from optafly.context.find.ranker import Ranker
from optafly.context.pack.pack import pack
from optafly.context.pack.shelf import is_paths
from optafly.context.pack.skeleton import paths_in
from optafly.domain import Gathered
from optafly.errors import OptaflyError
from optafly.evaluation.repository import Repository, is_candidate

if TYPE_CHECKING:
    from optafly.models.embedding import Embedder

VAGUE = "Fix this bug"
FILES = 20
HITS = 100


class Case(msgspec.Struct, frozen=True):
    """A change request: what was asked of which repository as it stood at `parent_sha`; further fields are not read.

    Where it is known what was changed, `gold_files` are its source files and `gold_hunks` the changed lines of each, as
    first line and number of lines (0: something was put in behind the line).
    """

    id: str
    repo: str
    parent_sha: str
    query: str
    time: int = 0
    active_file: str | None = None
    gold_files: tuple[str, ...] = ()
    gold_hunks: dict[str, tuple[tuple[int, int], ...]] = msgspec.field(
        default_factory=dict[str, tuple[tuple[int, int], ...]]
    )


class Ranked(msgspec.Struct, frozen=True):
    """What was found: paths, best first, the tokens of the packed context, and how long the warm query took.

    `packed` are the lines that were packed, by path (1-based, inclusive): whole lines and lines of skeletons.
    """

    id: str
    files: tuple[str, ...]
    tokens: int
    bytes: int
    ms: float
    packed: dict[str, tuple[tuple[int, int], ...]]


def folder_of(repo: str, repos: Path) -> Path:
    """Return where a repository lies below `repos`. Raises OptaflyError where it is in none of the usual places."""
    owner, _, name = repo.partition("/")
    for place in (f"{owner}+{name}", f"{owner}/{name}", name):
        for inside in ("repo", ""):
            folder = repos / place / inside
            if (folder / "HEAD").is_file() or (folder / ".git").exists():
                return folder
    raise OptaflyError(
        f"The repository {repo} is not in {repos}.",
        todo=f"Put its git directory or checkout at {repos / f'{owner}+{name}'}.",
    )


def replay(
    cases: Sequence[Case],
    repos: Path,
    *,
    embedder: Embedder | None = None,
    vague: bool = False,
    max_tokens: int = ContextSettings().max_tokens,
    ranker: Ranker | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> Iterator[Ranked]:
    """Yield what is found for each case, repository by repository, each in the order of time.

    With `vague` the prompt is "Fix this bug" with the case's active file open, and only cases that have one count; the
    open file is not among the files that are named then. Without `embedder` there are no vectors. `told` hears how far
    it is. Raises OptaflyError where a repository or a commit is missing.
    """
    grouped: defaultdict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case.active_file or not vague:
            grouped[case.repo].append(case)
    for repo, asked in grouped.items():
        with closing(Repository(folder_of(repo, repos), embedder)) as repository:
            for number, case in enumerate(sorted(asked, key=lambda each: each.time), 1):
                repository.move(case.parent_sha)
                told(f"{repo}: {number} of {len(asked)}")
                yield _asked(case, repository, embedder, vague=vague, max_tokens=max_tokens, ranker=ranker)


def _asked(
    case: Case,
    repository: Repository,
    embedder: Embedder | None,
    *,
    vague: bool,
    max_tokens: int,
    ranker: Ranker | None,
) -> Ranked:
    prompt, active = (VAGUE, case.active_file) if vague else (case.query, None)
    began = time.perf_counter()
    query = understood(prompt, vague=vague)
    vector = np.asarray(embedder.embed([query.text])[0], np.float32) if embedder is not None else None
    found = find(repository.name, repository.corpus, query, active=active, vector=vector, limit=HITS, ranker=ranker)
    took_ms = (time.perf_counter() - began) * 1000
    hits = [hit for hit in found if is_candidate(hit.path)]
    gathered = pack(hits, repository, max_tokens=max_tokens)
    return Ranked(
        id=case.id,
        files=tuple(hit.path for hit in hits if hit.path != active)[:FILES],
        tokens=gathered.tokens,
        bytes=sum(len(piece.text.encode()) for piece in gathered.pieces),
        ms=round(took_ms, 2),
        packed=packed(gathered),
    )


def packed(gathered: Gathered) -> dict[str, tuple[tuple[int, int], ...]]:
    """Return which lines of which files are in a context; a file of which only its path is there has none."""
    found: dict[str, list[tuple[int, int]]] = {}
    for piece in gathered.pieces:
        if is_paths(piece):
            for path in paths_in(piece.text):
                found.setdefault(path, [])
        else:
            lines = found.setdefault(piece.path, [])
            if piece.kind != "skeleton":
                lines.append((piece.start_line, piece.end_line))
    return {path: tuple(sorted(lines)) for path, lines in found.items()}
