"""Which lines of which files: the parts that speak most to the question, until the tokens are used up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from optafly.context.pack.lines import Lines, joined, touches, trimmed, without
from optafly.context.pack.reader import File
from optafly.context.pack.shelf import AROUND_PIECE
from optafly.domain import FileHit, Part

# Chosen on the development cases (docs/decisions/095): the weights hardly matter between half and double of these.
FILES = 25
_OF_FILE = 0.5  # what a file's own score counts beside that of its part, both as shares of the best
_OF_BEST = 0.3  # what the best part of the same file counts
_OF_NEXT = 0.8  # what the parts right before and after count
_PER_RANK = 0.02
_OF_HEAD = 0.6  # what the imports of one of the first files count, as a share of its best part
_HEADS = 5
_LAST_HEAD = 60  # behind this line an import is no head any more
_ENOUGH_REFUSED = 20  # then hardly anything else fits, and there is enough to say what was left out


class Candidate(NamedTuple):
    """Lines of the file number `hit` that may be taken."""

    score: float
    hit: int
    lines: Lines


def candidates(hits: Sequence[FileHit], files: Mapping[int, File]) -> list[Candidate]:
    """Return the parts of the first files, best first."""
    parts = {number: _parts(hits[number], file) for number, file in files.items()}
    best_part = max((part.score for each in parts.values() for part in each), default=0.0) or 1.0
    best_file = max((hits[number].score for number in files), default=0.0) or 1.0
    found: list[Candidate] = []
    for number, mine in parts.items():
        scores = [max(part.score, 0.0) / best_part for part in mine]
        of_file = _OF_FILE * hits[number].score / best_file + _OF_BEST * max(scores, default=0.0) - _PER_RANK * number
        for at, part in enumerate(mine):
            beside = sum(scores[max(at - 1, 0) : at] + scores[at + 1 : at + 2]) / 2
            score = scores[at] + _OF_NEXT * beside + of_file
            found.append(Candidate(score, number, (part.start_line, part.end_line)))
        if number < _HEADS and (head := _head(files[number])) is not None:
            found.append(Candidate(_OF_HEAD * max(scores, default=0.0) + of_file, number, head))
    return sorted(found, key=lambda each: (-each.score, each.hit, each.lines))


def choose(
    ranked: Iterable[Candidate], files: Mapping[int, File], taken: Mapping[int, Sequence[Lines]], tokens: int
) -> tuple[dict[int, list[Lines]], list[Candidate]]:
    """Return the chosen lines of each file in order, and what did not fit, best first.

    No line is chosen that is `taken` already.
    """
    chosen: dict[int, list[Lines]] = defaultdict(list)
    refused: list[Candidate] = []
    for each in ranked:
        file = files[each.hit]
        for lines in without(each.lines, (*taken.get(each.hit, ()), *chosen[each.hit])):
            lines = trimmed(file, lines)
            if lines is None:
                continue
            cost = file.cost(*lines) + (0 if touches(chosen[each.hit], lines, file) else AROUND_PIECE)
            if cost <= tokens:
                chosen[each.hit].append(lines)
                tokens -= cost
            else:
                refused.append(each._replace(lines=lines))  # what was taken of it is not left out
        if len(refused) >= _ENOUGH_REFUSED:
            break
    return {hit: joined(lines, files[hit]) for hit, lines in chosen.items() if lines}, refused


def _head(file: File) -> Lines | None:
    """Return the lines of a file's imports: what is changed in it often needs another one."""
    lines = [each.line for each in file.outline.imports if each.line <= _LAST_HEAD]
    return (min(lines), max(lines)) if lines else None


def _parts(hit: FileHit, file: File) -> list[Part]:
    """Return the chunks of a file in order, each with what was found there; else by the symbols that matter."""
    found = hit.parts or tuple(
        Part(start_line=each.start_line, end_line=each.end_line, score=1.0 / (1 + rank))
        for rank, each in enumerate(hit.symbols)
    )
    return [
        Part(start_line=chunk.start_line, end_line=chunk.end_line, score=max(scores, default=0.0))
        for chunk in file.outline.chunks
        for scores in [[p.score for p in found if p.start_line <= chunk.end_line and chunk.start_line <= p.end_line]]
    ]
