"""The verifier is plain JSON, deterministic, and never made surer by a difference."""

from __future__ import annotations

import math
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optafly.cache.calibration import SHIPPED, Calibration, moved
from optafly.cache.features import features
from optafly.cache.judge import SAME_WORDS, UNSEEN, judge
from optafly.cache.reading import read
from optafly.cache.terms import Terms
from optafly.cache.verifier import load, parse, shipped
from optafly.errors import ModelFileError

TERMS = Terms()
TERMS.add(["list the open files", "list the closed files", "delete the open files", "why does the build fail"])
WORDS = (
    "list",
    "show",
    "the",
    "open",
    "files",
    "in",
    "build/",
    "not",
    "3",
    "tests",
    "recently",
    "all",
    "OSLO",
    "to",
    "why",
)
PROMPTS = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)


def test_the_shipped_verifier_knows_every_feature_and_says_what_it_was_fitted_on() -> None:
    verifier = shipped()
    assert verifier.features == tuple(features(read("a"), read("b"), 0.5, TERMS))
    assert verifier.report["data"]
    assert all(each["licence"] for each in verifier.report["data"])
    assert verifier.calibration == SHIPPED


@given(PROMPTS, PROMPTS, st.floats(-1.0, 1.0))
def test_the_same_two_prompts_are_always_judged_the_same(one: str, other: str, cosine: float) -> None:
    first = judge(one, other, cosine, TERMS)
    assert first == judge(one, other, cosine, TERMS)
    assert math.isfinite(first.score)


@given(PROMPTS, PROMPTS, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_higher_cosine_never_lowers_the_score(one: str, other: str, a: float, b: float) -> None:
    low, high = sorted((a, b))
    found = shipped().score
    reading, again = read(one), read(other)
    assert found(features(reading, again, low, TERMS)) <= found(features(reading, again, high, TERMS))


@pytest.mark.parametrize("name", ["content_gone", "literals", "negation", "content_rarity", "superlative", "compare"])
def test_a_further_difference_never_raises_the_score(name: str) -> None:
    values = features(read("list the open files"), read("show me the open files"), 0.9, TERMS)
    scores = [shipped().score(values | {name: values[name] + more}) for more in (0.0, 1.0, 2.0, 5.0)]
    assert scores == sorted(scores, reverse=True)


def test_a_prompt_whose_end_the_embedder_cannot_see_is_only_served_to_the_same_text() -> None:
    found = judge("list the open files", "show me the open files", 0.99, TERMS, whole=False)
    assert found.veto == UNSEEN


def test_a_polite_frame_leaves_nothing_to_weigh() -> None:
    assert judge("Explain this function", "Could you please explain this function?", 0.9, TERMS).score == SAME_WORDS


def test_earlier_prompts_are_not_read_anew_at_each_lookup_and_long_ones_do_not_fill_the_memory() -> None:
    earlier = [f"sort the {number} rows of the table" for number in range(500)]
    long = [f"{number} " + "sort the rows of the table " * 70 for number in range(500)]
    before, first = [read(prompt) for prompt in earlier], read(long[0])

    assert all(read(prompt) is reading for prompt, reading in zip(earlier, before, strict=True))
    assert len([read(prompt) for prompt in long]) == 500
    assert read(long[0]) is not first


def test_a_rare_word_weighs_more_than_a_frequent_one() -> None:
    many = Terms()
    many.add([f"list the open files of customer {n}" for n in range(500)])
    assert many.rarity("customer") < 0.1
    assert many.rarity("Seldom") > 5
    assert many.rarity("files seldom") == many.rarity("seldom")


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b'{"format": 1}',
        msgspec.json.encode(msgspec.structs.replace(shipped(), format=2)),
        msgspec.json.encode(msgspec.structs.replace(shipped(), trees=((),))),
        msgspec.json.encode(msgspec.structs.replace(shipped(), trees=(((0, 1.0, 0, 0),),))),
        msgspec.json.encode(msgspec.structs.replace(shipped(), trees=(((99, 1.0, 1, 2), (-1, 1.0, 0, 0)),))),
    ],
    ids=["empty", "cut", "list", "fields", "format", "no nodes", "circle", "outside"],
)
def test_a_damaged_verifier_is_refused_and_says_so(damage: bytes) -> None:
    with pytest.raises(ModelFileError, match="cannot be used"):
        parse(damage, "mine.json")


def test_a_verifier_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="cannot be read"):
        load(tmp_path / "none.json")


PLAIN = Calibration(slope=1.0, offset=0.0, budgets=((0.01, 4.0), (0.05, 2.0)))


def test_a_budget_serves_at_the_least_score_that_was_proved_for_it_or_a_smaller_one() -> None:
    assert PLAIN.least_score(0.05) == 2.0
    assert PLAIN.least_score(0.03) == 4.0
    assert PLAIN.least_score(0.001) == math.inf


@given(st.floats(-30, 30), st.floats(-30, 30))
def test_a_higher_score_is_never_less_probable(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0.0 <= PLAIN.probability(low) <= PLAIN.probability(high) <= 1.0


def test_without_labels_nothing_moves() -> None:
    assert moved(PLAIN, ()) == PLAIN


def test_wrong_answers_ask_for_more_before_anything_is_served() -> None:
    found = moved(PLAIN, [(4.5, False), (5.0, False), (4.2, False)])
    assert found.least_score(0.01) > PLAIN.least_score(0.01)
    assert found.probability(4.5) < PLAIN.probability(4.5)


def test_right_answers_raise_the_odds_and_loosen_no_promise() -> None:
    found = moved(PLAIN, [(0.0, True)] * 5)
    assert found.probability(0.0) > PLAIN.probability(0.0)
    assert found.budgets == PLAIN.budgets


@given(st.lists(st.tuples(st.floats(-20, 20), st.booleans()), max_size=200))
def test_labels_move_a_calibration_only_so_far(labels: list[tuple[float, bool]]) -> None:
    found = moved(PLAIN, labels)
    assert abs(found.offset - PLAIN.offset) <= 6.0
    assert all(math.isfinite(score) for _, score in found.budgets)
