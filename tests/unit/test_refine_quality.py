"""Quality is a weighted sum of stated features, and naming what was missing always raises it."""

from __future__ import annotations

import pytest

from fakes.screen import PATH, SYMBOL, snapshot
from optafly.refine.quality import quality

PIECES = (SYMBOL,)
FENCE = f"```python\n{SYMBOL.text}```"


def score(text: str) -> float:
    return quality(text, snapshot(text), PIECES).score


def test_the_weights_make_up_one() -> None:
    features = quality("Fix this bug", snapshot("Fix this bug"), PIECES).features

    assert sum(feature.weight for feature in features) == pytest.approx(1)
    assert all(feature.meaning.endswith(".") for feature in features)


def test_each_needed_part_raises_the_score() -> None:
    steps = [
        "this",
        "fix this",
        f"fix this in {PATH}",
        f"fix this in {PATH}:14",
        f"fix this in {PATH}:14\n\nNameError: name 'tmeout' is not defined",
        f"fix this in {PATH}:14\n\nNameError: name 'tmeout' is not defined\n\n{FENCE}",
    ]

    scores = [score(text) for text in steps]

    assert scores == sorted(set(scores))


def test_a_prompt_with_all_its_parts_is_near_the_top_and_a_bare_one_near_the_bottom() -> None:
    full = f"In {PATH}:14-19 parse_config returns None when timeout is 0. Fix it, it should return a dict.\n\n{FENCE}"

    assert score(full) > 0.9
    assert score("fix it") < 0.35


def test_a_general_question_is_not_marked_down_for_having_no_code() -> None:
    assert score("What is the difference between a list and a tuple in Python?") > 0.85
