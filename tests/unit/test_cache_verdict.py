"""Serve what is provably the same, offer what is likely so, and never cross a namespace."""

from __future__ import annotations

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.answers import HERE, entry, key
from optafly.cache.verdict import PREVIEW, Neighbour, decide, preview
from optafly.config import CacheSettings
from optafly.domain import Entry

SETTINGS = CacheSettings()
NOW = 1060.0


def near(cosine: float, found: Entry) -> Neighbour:
    return Neighbour(entry=found, cosine=cosine)


def test_the_same_text_about_the_same_code_is_served() -> None:
    verdict = decide(key("Why does this fail?"), entry("why does this fail"), (), SETTINGS, NOW)
    assert (verdict.outcome, verdict.entry_id) == ("serve", "1")
    assert verdict.evidence == "The same text about the same code."


def test_other_words_for_the_same_are_served_at_a_high_cosine() -> None:
    asked = key("Could you explain the function?")
    assert decide(asked, None, [near(0.95, entry("Explain this function"))], SETTINGS, NOW).outcome == "serve"
    assert decide(asked, None, [near(0.94, entry("Explain this function"))], SETTINGS, NOW).outcome == "offer"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("Rename foo to bar", "Rename bar to foo", "another order"),
        ("Make it async", "Make it not async", "the negation `not` was added"),
        ("Wait 30 s", "Wait 60 s", "`30` became `60`"),
        ("Sort ascending", "Sort descending", "opposite"),
    ],
)
def test_a_high_cosine_alone_serves_nothing(before: str, after: str, said: str) -> None:
    verdict = decide(key(after), None, [near(0.99, entry(before))], SETTINGS, NOW)
    assert verdict.outcome == "offer"
    assert said in verdict.evidence
    assert verdict.evidence == verdict.offers[0].evidence


def test_the_same_words_about_other_code_are_offered_and_it_says_so() -> None:
    verdict = decide(key("Explain this", code="new"), None, [near(1.0, entry("Explain this"))], SETTINGS, NOW)
    assert verdict.outcome == "offer"
    assert verdict.evidence == "The same text, but what goes with it (code, errors, aims) is not the same."


def test_an_offer_says_what_taking_it_would_save() -> None:
    asked = key("Wait 60 s")
    (offer,) = decide(asked, None, [near(0.9, entry("Wait 30 s", answer="Done. " * 100))], SETTINGS, NOW).offers
    assert (offer.prompt, offer.age_s, offer.saved_usd, offer.saved_s) == ("Wait 30 s", 60.0, 0.02, 1.5)
    assert offer.answer_preview.startswith("Done. Done.")
    assert offer.diff == ()


def test_the_best_offers_come_first_and_no_more_than_asked_for() -> None:
    found = [near(cosine, entry(f"Wait {n} s", id=str(n))) for n, cosine in enumerate((0.86, 0.93, 0.84, 0.9, 0.88))]
    offers = decide(key("Wait 60 s"), None, found, SETTINGS, NOW).offers
    assert [offer.entry_id for offer in offers] == ["1", "3", "4"]
    none = msgspec.structs.replace(SETTINGS, max_offers=0)
    assert decide(key("Wait 60 s"), None, found, none, NOW).outcome == "miss"


def test_a_row_that_may_be_served_is_found_behind_nearer_ones_that_may_not() -> None:
    found = [near(0.99, entry("Explain that function", id="other")), near(0.96, entry("Explain the function", id="it"))]
    assert decide(key("Explain this function"), None, found, SETTINGS, NOW).entry_id == "it"


def test_what_is_too_different_is_a_miss_with_its_cosine() -> None:
    verdict = decide(key("Wait 60 s"), None, [near(0.5, entry("Sort"))], SETTINGS, NOW)
    assert verdict.outcome == "miss"
    assert "cosine 0.50" in verdict.evidence


@given(st.text(), st.text(), st.text(), st.floats())
def test_it_never_crosses_a_namespace(namespace: str, before: str, after: str, cosine: float) -> None:
    asked = key(after, namespace=HERE)
    other = entry(before, namespace=namespace)
    assert decide(asked, other, [near(cosine, other)], SETTINGS, NOW).outcome == "miss"


@given(st.text(), st.text(), st.floats(), st.booleans())
def test_it_only_serves_what_was_asked_about_the_same_code(before: str, after: str, cosine: float, same: bool) -> None:
    found = entry(before, code="code" if same else "other")
    verdict = decide(key(after), found, [near(cosine, found)], SETTINGS, NOW)
    assert verdict.outcome != "serve" or same


@pytest.mark.parametrize("cosine", [math.nan, math.inf, -math.inf])
def test_a_cosine_that_is_no_number_counts_for_nothing(cosine: float) -> None:
    assert decide(key("Wait"), None, [near(cosine, entry("Wait"))], SETTINGS, NOW).outcome == "miss"


def test_a_fault_while_judging_is_a_miss(caplog: pytest.LogCaptureFixture) -> None:
    broken = entry("Wait 30 s")
    msgspec.structs.force_setattr(broken, "intent", None)
    assert decide(key("Wait 60 s"), None, [near(0.99, broken)], SETTINGS, NOW).outcome == "miss"
    assert "Wait" not in caplog.text


@given(st.text(st.sampled_from("ab c漢\n") | st.characters(), max_size=600))
def test_a_preview_is_the_beginning_of_the_answer(answer: str) -> None:
    shown = preview(answer).removesuffix(" …").rstrip()
    assert answer.strip().startswith(shown)
    assert len(shown) <= PREVIEW
    assert len(shown) >= min(len(answer.strip()), PREVIEW // 2) or not answer[PREVIEW // 2 : PREVIEW].strip()


def test_a_preview_ends_with_a_word() -> None:
    assert preview("word " * 100).endswith("word …")
    assert preview("漢" * 300) == "漢" * PREVIEW + " …"
