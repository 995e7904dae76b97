"""The serves at an error budget are counted by the labels and by what a person read."""

from __future__ import annotations

from bench.cache_floor import line
from optafly.evaluation.rows import Judged, Labelled

PROMPTS = {
    row.id: row
    for row in (
        Labelled(id=1, group="a"),
        Labelled(id=2, group="a"),
        Labelled(id=3, group="b"),
        Labelled(id=4, group="c", loose="x"),
        Labelled(id=5, group="d", loose="x"),
    )
}


def judged(prompt_id: int, servable: int, score: float) -> Judged:
    return Judged(id=prompt_id, verdict="miss", servable=servable, score=score)


VERDICTS = (Judged(id=1, verdict="miss"), judged(2, 1, 3.0), judged(3, 1, 3.0), judged(4, 1, 1.0), judged(5, 4, 3.0))


def test_what_was_read_counts_for_right_and_its_prompt_for_reusable() -> None:
    found = line(2.0, PROMPTS, VERDICTS, {(3, 1): True})
    assert (found.serves, found.wrong, found.recall) == (2, 1, 1.0)
    assert (found.read_wrong, found.read_recall) == (0, 1.0)


def test_what_nobody_read_is_wrong_as_the_labels_say() -> None:
    found = line(2.0, PROMPTS, VERDICTS, {})
    assert (found.wrong, found.read_wrong, found.read_recall) == (1, 1, 1.0)


def test_a_lower_score_serves_more_and_ambiguous_pairs_count_nowhere() -> None:
    assert line(0.0, PROMPTS, VERDICTS, {(3, 1): False}).serves == 3
    assert line(9.0, PROMPTS, VERDICTS, {}).serves == 0
