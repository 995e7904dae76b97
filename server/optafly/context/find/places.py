"""Which files of a workspace a prompt names, and which of their lines: by a path, or in a stack trace."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from itertools import takewhile

from optafly.context.find.corpus import Corpus
from optafly.context.find.query import Query, spellings

_MOST_PLACES = 40  # of a stack trace: an endless recursion has thousands
_FEW = 3
_ABSOLUTE = re.compile(r"/|[A-Za-z]:/")
_HERE = re.compile(r"^(?:\.{1,2}/)+")


def mentioned(corpus: Corpus, query: Query) -> dict[str, float]:
    """Return the paths of the files that the prompt names with 1, less where several may be meant."""
    values: defaultdict[str, float] = defaultdict(float)
    for name in query.at_top:
        found = [path for written in spellings(name) for path in corpus.called(written)]
        highest = min((path.count("/") for path in found), default=0)
        _share(values, [path for path in found if path.count("/") == highest])
    for end in {*query.paths, *(place.path for place in query.places)}:
        _share(values, _meant(corpus, end))
    return values


def lines_named(corpus: Corpus, query: Query) -> Mapping[str, Collection[int]]:
    """Return the lines that the prompt names ("File …, line 12", "a.go:12"), by the paths of their files."""
    lines: defaultdict[str, set[int]] = defaultdict(set)
    for place in query.places[:_MOST_PLACES]:
        hits = _meant(corpus, place.path)
        for path in hits if len(hits) <= _FEW else ():
            lines[path].add(place.line)
    return lines


def _share(values: defaultdict[str, float], paths: Collection[str]) -> None:
    for path in paths:
        values[path] = max(values[path], 1.0 / len(paths))


def _meant(corpus: Corpus, end: str) -> list[str]:
    """Return the files that a path may mean: one that begins elsewhere, those that share most of its end."""
    end = _HERE.sub("", end.replace("\\", "/"))
    called = corpus.called(end.rpartition("/")[2])
    if not _ABSOLUTE.match(end):
        return [path for path in called if path == end or path.endswith(f"/{end}") or end.endswith(f"/{path}")]
    alike = {path: _alike(path, end) for path in called}
    most = max(alike.values(), default=0)
    return [path for path, count in alike.items() if count == most and (most > 1 or "/" not in path)]


def _alike(one: str, other: str) -> int:
    """Return how many of the last parts two paths share."""
    pairs = zip(reversed(one.split("/")), reversed(other.split("/")), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
