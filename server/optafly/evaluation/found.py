"""What a ranking and a packed context are worth, where it is known which files and lines a change touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import fmean, median, quantiles

import msgspec

from optafly.evaluation.requests import Case, Ranked


class Worth(msgspec.Struct, frozen=True):
    """Means over the cases: the ranking's figures, then what of the change is inside the packed context.

    `files_inside` counts files of which anything was packed, if only the path in a list of paths; `files_shown` those
    of which at least a signature was. `lines_inside` is the share of changed lines that were packed whole.
    """

    cases: int
    hit_at_1: float
    recall_at_5: float
    recall_at_10: float
    all_at_10: float
    mrr: float
    files_inside: float
    lines_inside: float
    tokens: float
    kilobytes: float
    ms_p50: float
    ms_p99: float


def worth(cases: Iterable[Case], ranked: Mapping[str, Ranked], *, vague: bool = False) -> Worth | None:
    """Score what was found; None where no case says what was changed. With `vague` the open file is not counted."""
    rows: list[tuple[float, ...]] = []
    took: list[float] = []
    for case in cases:
        answer = ranked.get(case.id)
        gold = {file for file in case.gold_files if not vague or file != case.active_file}
        if answer is not None and gold:
            rows.append((*_ranking(gold, answer), *_packing(gold, case, answer), answer.tokens, answer.bytes / 1000))
            took.append(answer.ms)
    if not rows:
        return None
    means = [round(fmean(column), 4) for column in zip(*rows, strict=True)]
    last = quantiles(took, n=100)[98] if len(took) > 1 else took[0]
    return Worth(len(rows), *means, ms_p50=round(median(took), 1), ms_p99=round(last, 1))


def _ranking(gold: set[str], answer: Ranked) -> tuple[float, ...]:
    first = next((place for place, file in enumerate(answer.files, 1) if file in gold), None)
    five, ten = gold & set(answer.files[:5]), gold & set(answer.files[:10])
    return (
        float(first == 1),
        len(five) / len(gold),
        len(ten) / len(gold),
        float(len(ten) == len(gold)),
        1 / first if first else 0.0,
    )


def _packing(gold: set[str], case: Case, answer: Ranked) -> tuple[float, float]:
    inside = sum(file in answer.packed for file in gold) / len(gold)
    changed = [(file, line) for file in gold for line in changed_lines(case.gold_hunks.get(file, ()))]
    held = sum(any(a <= line <= b for a, b in answer.packed.get(file, ())) for file, line in changed)
    return inside, held / len(changed) if changed else inside


def changed_lines(hunks: Iterable[tuple[int, int]]) -> set[int]:
    """Return the lines that hunks say, as first line and number of lines; of 0 lines the one before them."""
    return {line for first, count in hunks for line in range(max(first, 1), max(first, 1) + max(count, 1))}
