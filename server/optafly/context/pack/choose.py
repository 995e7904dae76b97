"""Which lines of which files: the parts that speak most for their length, until the tokens are used up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log
from typing import NamedTuple

from optafly.context.pack.because import speaks
from optafly.context.pack.lines import Lines, joined, touches, trimmed, without
from optafly.context.pack.reader import File
from optafly.context.pack.shelf import AROUND_PIECE
from optafly.domain import FileHit

# docs/decisions/095 says how these were chosen.
_PER_BYTE = 1.0  # 0 would take what speaks most, 1 what speaks most for each byte
_SHORT = 200  # bytes: what is shorter is no cheaper, for a piece has words around it
_OF_HEAD = 0.3  # what the imports of one of the first files count, as a share of its best part
_HEADS = 5
_LAST_HEAD = 60  # behind this line an import is no head any more
_ENOUGH_REFUSED = 20  # then hardly anything else fits, and there is enough to say what was left out


class Candidate(NamedTuple):
    """Lines of the file number `hit` that may be taken."""

    score: float
    hit: int
    lines: Lines


def candidates(hits: Sequence[FileHit], files: Mapping[int, File]) -> list[Candidate]:
    """Return the parts of those of the first files for which something speaks, best first."""
    found: list[Candidate] = []
    for number, file in files.items():
        if not speaks(hits[number]):
            continue
        parts, end = () if file.stale else hits[number].parts, len(file.raw)
        lines = [(each.start_line, min(each.end_line, end)) for each in parts]
        found += [
            Candidate(worth(part.score, file.size(*each)), number, each)
            for part, each in zip(parts, lines, strict=True)
            if each[0] <= each[1]
        ]
        if number < _HEADS and parts and (head := _head(file)) is not None:
            best = max(part.score for part in parts) + log(_OF_HEAD)
            found.append(Candidate(worth(best, file.size(*head)), number, head))
    return sorted(found, key=lambda each: (-each.score, each.hit, each.lines))


def worth(score: float, size: int) -> float:
    """Return what a part is ordered by: its score (see `find.parts`), less where it has more bytes."""
    return score - _PER_BYTE * log(max(size, _SHORT))


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
