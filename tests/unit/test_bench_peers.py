"""The rules that OptaFly is compared with do what their authors published."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest

from bench.peers import rules, vcache
from bench.peers.data import Stream
from optafly.evaluation.rows import Labelled, Prompt


def learned(*seen: tuple[float, bool]) -> vcache.Labels:
    labels = vcache.Labels()
    for similarity, right in seen:
        labels.add(similarity, right=right)
    return labels


def stream(*rows: tuple[str, list[float]]) -> Stream:
    vectors = np.array([vector for _, vector in rows], dtype=np.float32)
    return Stream(
        [Prompt(id=number, prompt=f"{number}") for number in range(len(rows))],
        [Labelled(id=number, group=group) for number, (group, _) in enumerate(rows)],
        vectors / np.linalg.norm(vectors, axis=1, keepdims=True),
        Path("vectors.npy"),
    )


def test_an_entry_with_fewer_than_six_labels_serves_nothing() -> None:
    always = Random(0)
    always.random = lambda: 1.0  # never asks by chance
    three = learned((0.9, True), (0.91, True), (0.92, True))
    assert len(three) == 5  # with the two that every entry begins with
    assert not vcache.serves(three, 0.99, 0.5, always)
    three.add(0.93, right=True)
    assert vcache.serves(three, 0.99, 0.5, always)


def test_the_fit_finds_the_curve_that_the_labels_were_drawn_from() -> None:
    draw = np.random.default_rng(0)
    similarities = draw.uniform(0.5, 1.0, 20_000)
    right = draw.random(20_000) < 1 / (1 + np.exp(-30 * (similarities - 0.8)))
    fitted = vcache.fit(list(zip(similarities.tolist(), right.tolist(), strict=True)))
    assert fitted.threshold == pytest.approx(0.8, abs=0.005)
    assert fitted.slope == pytest.approx(30, rel=0.05)
    assert fitted.variance < 1e-5


def test_labels_that_a_threshold_separates_leave_it_unsure() -> None:
    fitted = vcache.fit([(0.0, False), (0.5, False), (0.6, False), (0.9, True), (0.95, True), (1.0, True)])
    assert 0.6 < fitted.threshold < 0.9
    assert fitted.variance == pytest.approx(0.2 / 6)


def test_the_nearer_a_prompt_is_the_less_often_the_model_is_asked() -> None:
    sure = vcache.Fit(threshold=0.8, slope=100.0, variance=1e-4)
    taus = [vcache.asking(sure, similarity, 0.01) for similarity in (0.5, 0.8, 0.85, 0.9, 0.99)]
    assert taus == sorted(taus, reverse=True)
    assert taus[0] == pytest.approx(0.99)  # as good as certainly wrong: served as often as errors are promised
    assert taus[-1] < 0.9


def test_a_cosine_threshold_serves_the_nearest_and_does_not_remember_what_it_served() -> None:
    asked = stream(("a", [1, 0]), ("a", [1, 0.05]), ("a", [1, 0.1]), ("b", [0, 1]))
    found = rules.cosine(asked, 0.95)
    assert [(each.verdict, each.match) for each in found] == [
        ("miss", None),
        ("serve", 0),
        ("serve", 0),
        ("miss", None),
    ]


def test_where_the_nearest_answer_was_right_no_new_entry_is_made() -> None:
    asked = stream(*[("a", [1.0, number / 100]) for number in range(40)])
    found = rules.verified(asked, 0.5)
    assert {each.match for each in found if each.verdict == "serve"} == {0}
