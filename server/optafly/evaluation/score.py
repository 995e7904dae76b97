"""What the verdicts on a labelled prompt log are worth: how often served answers are wrong, and how much is reused.

A match is right where it has the prompt's own group. Where only its `loose` key is the same it is ambiguous and counts
as neither. A prompt is reusable where an earlier one has its group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from optafly.domain import Record
from optafly.errors import OptaflyError
from optafly.evaluation.bounds import upper_bound
from optafly.evaluation.curve import Curve, area, at_budgets
from optafly.evaluation.rows import Id, Judged, Labelled

Worth = Literal["right", "wrong", "ambiguous"]


class Figures(Record, frozen=True):
    """The outcomes on some prompts. Shares are None where there is nothing to share; ambiguous matches count nowhere.

    `upper95` is the one-sided 95 % Clopper-Pearson bound of `wrong_per_serve`; it takes serves for independent, which
    rewordings of one request are not. `serve_recall` is right serves over reusable prompts, `reuse_recall` right
    serves and right first offers over reusable prompts, `offer_precision` right first offers over offers.
    """

    prompts: int
    reusable: int
    serves: int
    wrong_serves: int
    ambiguous_serves: int
    offers: int
    wrong_per_serve: float | None
    upper95: float | None
    serve_recall: float | None
    reuse_recall: float | None
    offer_precision: float | None


class Latency(Record, frozen=True):
    """Milliseconds of a lookup, embedding included, over all prompts that have a time."""

    p50_ms: float
    p90_ms: float
    p99_ms: float
    max_ms: float


class Score(Record, frozen=True):
    """The figures over all prompts and by source, and what other thresholds would have done.

    `curve` is None where the verdicts hold no probabilities, `latency` where they hold no times.
    """

    all: Figures
    by_source: dict[str, Figures]
    curve: Curve | None
    latency: Latency | None


class _Outcome(Record, frozen=True):
    """A prompt, whether its group was seen before, its verdict, and what the candidates it names are worth."""

    prompt: Labelled
    reusable: bool
    judged: Judged
    match: Worth | None
    best: Worth | None
    servable: Worth | None


def score(prompts: Sequence[Labelled], verdicts: Sequence[Judged]) -> Score:
    """Return what `verdicts` are worth on the first so many of `prompts`.

    Raises OptaflyError where a verdict is missing between others, is about no prompt, or matches no earlier prompt.
    """
    outcomes = _outcomes(prompts, verdicts)
    sources = dict.fromkeys(each.prompt.source for each in outcomes)
    everything = _figures(outcomes)
    return Score(
        all=everything,
        by_source={name: _figures([each for each in outcomes if each.prompt.source == name]) for name in sources},
        curve=_curve(outcomes, everything),
        latency=_latency([each.judged.ms for each in outcomes if each.judged.ms is not None]),
    )


def _outcomes(prompts: Sequence[Labelled], verdicts: Sequence[Judged]) -> list[_Outcome]:
    found: list[_Outcome] = []
    by_id = {judged.id: judged for judged in verdicts}
    earlier: dict[Id, Labelled] = {}
    groups: set[Id] = set()
    for prompt in prompts[: len(verdicts)]:
        judged = by_id.get(prompt.id)
        if judged is None:
            raise _unfit(prompt.id, "There is none, but there are verdicts on later prompts or on others.")
        if judged.verdict != "miss" and judged.match is None:
            raise _unfit(prompt.id, f"It says `{judged.verdict}` and names no match.")
        match = judged.match if judged.verdict != "miss" else None
        found.append(
            _Outcome(
                prompt=prompt,
                reusable=prompt.group in groups,
                judged=judged,
                match=_worth(prompt, match, earlier),
                best=_worth(prompt, judged.match if judged.match is not None else judged.best, earlier),
                servable=_worth(prompt, judged.servable, earlier),
            )
        )
        earlier[prompt.id] = prompt
        groups.add(prompt.group)
    if len(verdicts) > len(prompts):
        raise OptaflyError("The verdicts do not fit the stream.", why="There are more of them than prompts.")
    return found


def _worth(prompt: Labelled, match: Id | None, earlier: Mapping[Id, Labelled]) -> Worth | None:
    if match is None:
        return None
    other = earlier.get(match)
    if other is None:
        raise _unfit(prompt.id, f"Its match {match!r} is no earlier prompt.")
    if other.group == prompt.group:
        return "right"
    return "ambiguous" if prompt.loose is not None and other.loose == prompt.loose else "wrong"


def _unfit(prompt_id: Id, why: str) -> OptaflyError:
    todo = "Give the verdicts on this very stream, or on its first prompts."
    return OptaflyError(f"The verdict on the prompt {prompt_id!r} does not fit the stream.", why=why, todo=todo)


def _figures(outcomes: Sequence[_Outcome]) -> Figures:
    counts = Counter((each.judged.verdict, each.match) for each in outcomes)
    reusable = sum(each.reusable for each in outcomes)
    right, wrong = counts["serve", "right"], counts["serve", "wrong"]
    offered, offers = counts["offer", "right"], counts["offer", "right"] + counts["offer", "wrong"]
    return Figures(
        prompts=len(outcomes),
        reusable=reusable,
        serves=right + wrong,
        wrong_serves=wrong,
        ambiguous_serves=counts["serve", "ambiguous"],
        offers=offers,
        wrong_per_serve=_share(wrong, right + wrong),
        upper95=upper_bound(wrong, right + wrong) if right + wrong else None,
        serve_recall=_share(right, reusable),
        reuse_recall=_share(right + offered, reusable),
        offer_precision=_share(offered, offers),
    )


def _curve(outcomes: Sequence[_Outcome], everything: Figures) -> Curve | None:
    best = _scored((each.judged.probability, each.best) for each in outcomes)
    servable = _scored((each.judged.score, each.servable) for each in outcomes)
    if not best:
        return None
    return Curve(p_chr_auc=area(best, everything.prompts), at_budgets=at_budgets(servable or best, everything.reusable))


def _scored(found: Iterable[tuple[float | None, Worth | None]]) -> list[tuple[float, bool]]:
    return [(score, worth == "right") for score, worth in found if score is not None and worth in ("right", "wrong")]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _latency(times_ms: list[float]) -> Latency | None:
    if not times_ms:
        return None
    times_ms.sort()
    p50, p90, p99 = (times_ms[int(len(times_ms) * share)] for share in (0.5, 0.9, 0.99))
    return Latency(p50_ms=p50, p90_ms=p90, p99_ms=p99, max_ms=times_ms[-1])
