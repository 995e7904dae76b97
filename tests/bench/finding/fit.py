"""Fit the weights of the ranker on commits of public repositories, and say what each signal is worth.

    python tests/bench/finding/fit.py --repos DIR --out server/optafly/context/find/ranker.json
    python tests/bench/finding/fit.py --repos DIR --ablate [--cases CASES.jsonl.gz]

DIR holds the git directories of REPOSITORIES (MIT, Apache-2.0 and BSD licences; none of those that the engine is
measured on). There are three ways of asking: the request alone, "Fix this bug" with one changed file open,
and both. The weights of each way are fitted by its own questions, those of both by the requests alone too. Figures are
from 4-fold cross-validation by repository; with `--cases` also on those cases, by weights that were fitted on all
of the repositories. Needs scipy beside the project's own packages.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import importlib
import pickle  # of this program's own work files only, which hold arrays
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.finding.commits import cases_of
from optafly.config import Config
from optafly.context.find.corpus import Corpus
from optafly.context.find.finding import ordered
from optafly.context.find.query import understood
from optafly.context.find.ranker import Compared, Ranker, Way, Weight, rank, share, shipped, standing
from optafly.context.find.signals import scored
from optafly.evaluation.repository import Repository, is_candidate
from optafly.evaluation.requests import VAGUE, Case, folder_of
from optafly.evaluation.rows import read as read_rows
from optafly.models.embedding import Embedder, open_embedder
from optafly.paths import user_paths

Floats = NDArray[np.float32]
T = TypeVar("T")

REPOSITORIES = (
    "aio-libs/aiohttp",
    "celery/celery",
    "pallets/werkzeug",
    "psf/black",
    "pypa/pip",
    "python-poetry/poetry",
    "eslint/eslint",
    "fastify/fastify",
    "prettier/prettier",
    "rollup/rollup",
    "sveltejs/svelte",
    "vuejs/core",
    "caddyserver/caddy",
    "cli/cli",
    "junegunn/fzf",
    "prometheus/prometheus",
    "traefik/traefik",
    "BurntSushi/ripgrep",
    "alacritty/alacritty",
    "nushell/nushell",
    "rust-lang/cargo",
    "tokio-rs/tokio",
    "zellij-org/zellij",
    "mockito/mockito",
    "detekt/detekt",
    "square/okhttp",
    "libuv/libuv",
    "rubocop/rubocop",
    "composer/composer",
    "laravel/framework",
)
# The requests are rid of paths, and commits do not tell which files their authors had open.
BY_HAND = {"mentioned": Weight(20.0), "edited": Weight(1.0)}
WAYS: tuple[Way, ...] = ("asked", "vague", "both")
FOLDS = 4
L2 = 3e-3
# By value only: their order among files that all have the same value says nothing.
_BY_VALUE = frozenset({"pairs", "stem", "mentioned", "recent", "changes", "size", "imported", "importer", "beside"})


class Remembering:
    """An embedder that keeps every vector, as float16, in `folder` between runs."""

    def __init__(self, embedder: Embedder, folder: Path | None) -> None:
        self._embedder = embedder
        self._file = folder / "vectors.pickle" if folder else None
        self._vectors: dict[bytes, bytes] = {}
        if self._file is not None and self._file.exists():
            self._vectors = pickle.loads(self._file.read_bytes())

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return the vectors of `texts`, a row each."""
        return np.stack([np.frombuffer(self._one(text), "<f2").astype(np.float32) for text in texts])

    def keep(self) -> None:
        """Write what was made."""
        if self._file is not None:
            self._file.write_bytes(pickle.dumps(self._vectors))

    def _one(self, text: str) -> bytes:
        key = hashlib.md5(text.encode(), usedforsecurity=False).digest()
        if key not in self._vectors:
            self._vectors[key] = np.asarray(self._embedder.embed([text])[0]).astype("<f2").tobytes()
        return self._vectors[key]


class Question(NamedTuple):
    """A case as it is asked, in a repository that stands where the case was."""

    case: Case
    way: Way
    prompt: str
    active: str | None
    repository: Repository


class Row(NamedTuple):
    """One question: how it was asked, the signals of each file it may mean, and which files were changed."""

    repo: str
    way: str
    signals: dict[str, Floats]
    gold: NDArray[np.bool_]


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
    fitted = [case for repo in REPOSITORIES for case in cases_of(repo, args.repos, most=args.most, step=2)]
    rows = kept(args.work, "fit", lambda: _rows(fitted, args.repos, embedder))
    cases = read_rows(args.cases, Case) if args.cases else []
    other = kept(args.work, "cases", lambda: _rows(cases, args.repos, embedder)) if cases else []
    embedder.keep()
    names = tuple(name for name in rows[0].signals if name not in BY_HAND)
    _report("all signals", rows, other, names)
    if args.ablate:
        for name in names:
            _report(f"without {name}", rows, other, tuple(each for each in names if each != name))
    if args.out:
        ways = {way: fit(_for(rows, way), names) | BY_HAND for way in WAYS}
        ranker = Ranker(first=shipped().first, **ways, report=_about(rows, names))
        args.out.write_bytes(msgspec.json.format(msgspec.json.encode(ranker), indent=1) + b"\n")


def kept(work: Path | None, name: str, make: Callable[[], Iterable[T]]) -> list[T]:
    """Return what was made in an earlier run and stands in `work`, else make it."""
    file = work / f"{name}.pickle" if work else None
    if file is not None and file.exists():
        return pickle.loads(file.read_bytes())
    rows = list(make())
    if file is not None:
        file.write_bytes(pickle.dumps(rows))
    return rows


def questions(cases: Sequence[Case], repos: Path, embedder: Remembering) -> Iterator[Question]:
    """Yield each case in the ways it can be asked, its repository as it stood then."""
    for repo in dict.fromkeys(case.repo for case in cases):
        with closing(Repository(folder_of(repo, repos), embedder)) as repository:
            for case in sorted((case for case in cases if case.repo == repo), key=lambda case: case.time):
                repository.move(case.parent_sha)
                yield Question(case, "asked", case.query, None, repository)
                if case.active_file and len(case.gold_files) > 1:
                    yield Question(case, "vague", VAGUE, case.active_file, repository)
                    yield Question(case, "both", case.query, case.active_file, repository)
        print(f"{repo}: read", file=sys.stderr)


def _rows(cases: Sequence[Case], repos: Path, embedder: Remembering) -> Iterable[Row]:
    return (_row(question, embedder) for question in questions(cases, repos, embedder))


def _row(question: Question, embedder: Remembering) -> Row:
    case, way, prompt, active, repository = question
    corpus, query = repository.corpus, understood(prompt, vague=way == "vague")
    vector = np.asarray(embedder.embed([query.text])[0], np.float32)
    numbers = candidates(corpus)
    if active is not None and (held := corpus.get(active)):
        numbers = numbers[numbers != held.number]
    found = scored(corpus, query, active=active, vector=vector)
    ordered(corpus, found.files, numbers, shipped(), way)
    gold = np.array([corpus.path(number) in case.gold_files for number in numbers.tolist()])
    return Row(case.repo, way, {name: values[numbers] for name, values in found.files.items()}, gold)


def candidates(corpus: Corpus) -> NDArray[np.int32]:
    """Return the numbers of the files that a change request may be about."""
    return np.array([number for number in corpus.numbers().tolist() if is_candidate(corpus.path(number))], np.int32)


def fit(rows: Sequence[Row], names: Sequence[str]) -> dict[str, Weight]:
    """Return the weights with the least listwise softmax loss over `rows`, each question counting the same."""
    asked = [row for row in rows if row.gold.any()]
    columns = np.concatenate([_columns(row.signals, names) for row in asked])
    values = iter(least_loss(columns, [row.gold / row.gold.sum() for row in asked]))
    return {name: Weight(next(values), 0.0 if name in _BY_VALUE else next(values)) for name in names}


def least_loss(columns: Floats, shares: Sequence[Floats]) -> list[float]:
    """Return the weights of `columns` by which the softmax over each question's rows comes nearest to its `shares`."""
    minimize: Any = importlib.import_module("scipy.optimize").minimize  # it has no types
    values, target = columns.astype(np.float64), np.concatenate(shares)
    sizes = np.array([len(each) for each in shares])
    starts, owner = np.concatenate([[0], np.cumsum(sizes)[:-1]]), np.repeat(np.arange(len(sizes)), sizes)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = values @ weights
        scores -= np.maximum.reduceat(scores, starts)[owner]
        powers = np.exp(scores)
        sums = np.add.reduceat(powers, starts)
        missed = float((target * (np.log(sums)[owner] - scores)).sum()) / len(sizes)
        slope = values.T @ (powers / sums[owner] - target) / len(sizes)
        return missed + L2 * float(weights @ weights), slope + 2 * L2 * weights

    found = minimize(loss, np.zeros(values.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return [round(float(value), 4) for value in found]


def _columns(signals: Mapping[str, Floats], names: Iterable[str]) -> Floats:
    found: list[Floats] = []
    for name in names:
        found.append(share(name, signals[name]))
        if name not in _BY_VALUE:
            found.append(standing(signals[name]))
    return np.stack(found, axis=1)


def _report(title: str, rows: Sequence[Row], other: Sequence[Row], names: Sequence[str]) -> None:
    crossed = _crossed(rows, names)
    parts = [f"{way} " + " ".join(f"{value:.3f}" for value in crossed[way]) for way in WAYS]
    print(f"{title:18}", " | ".join(parts), flush=True)
    if other:
        found = {way: worth(_of(other, way), fit(_for(rows, way), names)) for way in WAYS}
        parts = [f"{way} " + " ".join(f"{value:.3f}" for value in found[way]) for way in WAYS]
        print(f"{'  on the cases':18}", " | ".join(parts), flush=True)


def _crossed(rows: Sequence[Row], names: Sequence[str]) -> dict[str, tuple[float, ...]]:
    repos = sorted({row.repo for row in rows})
    found: dict[str, list[tuple[float, ...]]] = {way: [] for way in WAYS}
    for way in WAYS:
        for fold in range(FOLDS):
            held = set(repos[fold::FOLDS])
            weights = fit([row for row in _for(rows, way) if row.repo not in held], names)
            found[way] += _figures([row for row in _of(rows, way) if row.repo in held], weights)
    return {way: _means(figures) for way, figures in found.items()}


def _for(rows: Iterable[Row], way: Way) -> list[Row]:
    """Return the questions by which the weights of one way are fitted."""
    return [row for row in rows if row.way == way or (way == "both" and row.way == "asked")]


def worth(rows: Sequence[Row], weights: Mapping[str, Weight]) -> tuple[float, ...]:
    """Return hit@1, recall@5, recall@10 and MRR."""
    return _means(_figures(rows, weights))


def _figures(rows: Sequence[Row], weights: Mapping[str, Weight]) -> list[tuple[float, ...]]:
    found: list[tuple[float, ...]] = []
    for row in rows:
        if row.gold.any():
            order = rank(Compared(row.signals, np.arange(len(row.gold), dtype=np.int32)), weights).numbers
            hits = row.gold[order]
            first, many = int(np.flatnonzero(hits)[0]), int(row.gold.sum())
            found.append((float(first == 0), hits[:5].sum() / many, hits[:10].sum() / many, 1 / (first + 1)))
    return found


def _means(figures: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
    return tuple(float(np.mean(column)) for column in zip(*figures, strict=True))


def _of(rows: Iterable[Row], way: Way) -> list[Row]:
    return [row for row in rows if row.way == way]


def _about(rows: Sequence[Row], names: Sequence[str]) -> dict[str, object]:
    crossed = _crossed(rows, names)
    return {
        "fitted": datetime.date.today().isoformat(),
        "by": "tests/bench/finding/fit.py",
        "repositories": sorted({row.repo for row in rows}),
        "questions": {way: len(_of(rows, way)) for way in WAYS},
        "figures": "hit@1, recall@5, recall@10, MRR; 4-fold cross-validation by repository",
        **{way: [round(value, 3) for value in crossed[way]] for way in WAYS},
    }


if __name__ == "__main__":
    main()
