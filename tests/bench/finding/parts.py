"""Fit the weights by which parts of files are chosen for a prompt, and say what each signal is worth.

    python tests/bench/finding/parts.py --repos DIR --out server/optafly/context/find/parts.json
    python tests/bench/finding/parts.py --repos DIR --ablate [--cases CASES.jsonl.gz]

The questions are those of fit.py; the target of a part is its share of the lines that the commit changed. A figure is
the mean share of the changed lines that 8,000 tokens hold, where whole parts are taken by their score and their length
alone until nothing more fits. Figures are from cross-validation by repository; with `--cases` also on those cases, by
weights that were fitted on all of the repositories. Needs scipy beside the project's own packages.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.finding.commits import cases_of
from bench.finding.fit import FOLDS, REPOSITORIES, WAYS, Question, Remembering, candidates, kept, least_loss, questions
from optafly.config import Config
from optafly.context.find.finding import in_order, ordered
from optafly.context.find.parts import FILES, Alike, names_used, signals_of
from optafly.context.find.query import understood
from optafly.context.find.ranker import Way, shipped
from optafly.context.find.signals import scored
from optafly.context.history.git import ask
from optafly.context.pack.choose import worth
from optafly.context.pack.shelf import AROUND_PIECE
from optafly.evaluation.found import changed_lines
from optafly.evaluation.requests import Case, folder_of
from optafly.evaluation.rows import read as read_rows
from optafly.models.embedding import open_embedder
from optafly.paths import user_paths

Floats = NDArray[np.float32]

TOKENS = 7_200
_BYTES = 3  # of a token of code, about
_HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? ")


class Row(NamedTuple):
    """One question: the signals, tokens and share of the changed lines of each part of the files found first."""

    repo: str
    way: str
    signals: dict[str, Floats]
    tokens: NDArray[np.int32]
    gold: Floats


def main() -> None:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repos", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--ablate", action="store_true")
    parser.add_argument("--cases", type=Path)
    parser.add_argument("--most", type=int, default=60, help="cases of each repository")
    parser.add_argument("--work", type=Path, help="folder in which signals are kept between runs")
    args = parser.parse_args()
    embedder = Remembering(open_embedder(Config().models, user_paths()), args.work)
    fitted = [
        _with_hunks(case, args.repos)
        for repo in REPOSITORIES
        for case in cases_of(repo, args.repos, most=args.most, step=2)
    ]
    rows = kept(args.work, "parts", lambda: _rows(fitted, args.repos, embedder))
    cases = read_rows(args.cases, Case) if args.cases else []
    other = kept(args.work, "parts-cases", lambda: _rows(cases, args.repos, embedder)) if cases else []
    embedder.keep()
    names = tuple(rows[0].signals)
    _report("all signals", rows, other, names)
    if args.ablate:
        for name in names:
            _report(f"without {name}", rows, other, tuple(each for each in names if each != name))
    if args.out:
        found = {way: fit(_of(rows, way), names) for way in WAYS}
        args.out.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")


def _with_hunks(case: Case, repos: Path) -> Case:
    """Return a case of `commits` with the lines that its commit changed."""
    sha = case.id.rpartition("-")[2]
    wanted = ("--no-ext-diff", "-U0", "--no-renames", case.parent_sha, sha, "--", *case.gold_files)
    diff = ask(folder_of(case.repo, repos), "diff", *wanted) or ""
    hunks: dict[str, tuple[tuple[int, int], ...]] = {}
    path = ""
    for line in diff.split("\n"):
        if line.startswith("--- "):
            path = line.removeprefix("--- a/")
        elif match := _HUNK.match(line):
            hunks[path] = (*hunks.get(path, ()), (int(match[1]), int(match[2] or 1)))
    return msgspec.structs.replace(case, gold_hunks=hunks)


def _rows(cases: Sequence[Case], repos: Path, embedder: Remembering) -> Iterable[Row]:
    for question in questions(cases, repos, embedder):
        yield from _row(question, embedder)


def _row(question: Question, embedder: Remembering) -> Iterable[Row]:
    case, way, prompt, active, repository = question
    corpus, query = repository.corpus, understood(prompt, vague=way == "vague")
    vector = np.asarray(embedder.embed([query.text])[0], np.float32)
    held = corpus.get(active) if active else None
    numbers = candidates(corpus)
    found = scored(corpus, query, active=active, vector=vector)
    ranking = ordered(corpus, found.files, numbers, shipped(), way)
    best = in_order(corpus, ranking, held if way == "vague" else None, FILES)
    signals = signals_of(best, found, Alike(query), names_used(held))
    changed = [(path, line) for path in case.gold_files for line in changed_lines(case.gold_hunks.get(path, ()))]
    if not changed or not best:
        return
    gold: list[float] = []
    tokens: list[int] = []
    for held, *_ in best:
        file = repository.open(repository.name, held.entry.path)
        assert file
        lines = [line for path, line in changed if path == held.entry.path]
        for chunk in held.entry.outline.chunks:
            gold.append(sum(chunk.start_line <= line <= chunk.end_line for line in lines) / len(changed))
            tokens.append(file.cost(chunk.start_line, chunk.end_line) + AROUND_PIECE)
    yield Row(case.repo, way, signals, np.array(tokens, np.int32), np.array(gold, np.float32))


def fit(rows: Iterable[Row], names: Sequence[str]) -> dict[str, float]:
    """Return the weights with the least listwise softmax loss over `rows`, each question counting the same."""
    asked = [row for row in rows if row.gold.any()]
    columns = np.concatenate([np.stack([row.signals[name] for name in names], axis=1) for row in asked])
    return dict(zip(names, least_loss(columns, [row.gold / row.gold.sum() for row in asked]), strict=True))


def inside(row: Row, weights: Mapping[str, float]) -> float:
    """Return the share of the changed lines in the parts that are taken."""
    scores: Floats = np.stack([row.signals[name] for name in weights]).T @ np.array([*weights.values()], np.float32)
    left, held = TOKENS, 0.0
    order = [worth(score, _BYTES * tokens) for score, tokens in zip(scores.tolist(), row.tokens.tolist(), strict=True)]
    for at in np.argsort([-each for each in order], kind="stable").tolist():
        if row.tokens[at] <= left:
            left -= int(row.tokens[at])
            held += float(row.gold[at])
    return held


def _report(title: str, rows: Sequence[Row], other: Sequence[Row], names: Sequence[str]) -> None:
    parts: list[str] = []
    for way in WAYS:
        asked = _of(rows, way)
        repos, held_lines = sorted({row.repo for row in asked}), list[float]()
        for fold in range(FOLDS):
            held = set(repos[fold::FOLDS])
            weights = fit([row for row in asked if row.repo not in held], names)
            held_lines += [inside(row, weights) for row in asked if row.repo in held]
        parts.append(f"{way} {np.mean(held_lines):.3f}")
        if other:
            weights = fit(asked, names)
            parts.append(f"(cases {np.mean([inside(row, weights) for row in _of(other, way)]):.3f})")
    print(f"{title:18}", *parts, flush=True)


def _of(rows: Iterable[Row], way: Way) -> list[Row]:
    return [row for row in rows if row.way == way]


if __name__ == "__main__":
    main()
