"""Serve what is provably the same, offer what is likely so, and never cross a namespace."""

from __future__ import annotations

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.answers import HERE, entry, key
from optafly.cache.calibration import SHIPPED
from optafly.cache.judge import Judgement
from optafly.cache.verdict import PREVIEW, Neighbour, decide, preview
from optafly.config import CacheSettings
from optafly.domain import CacheKey, Entry

SETTINGS = CacheSettings()
NOW = 1060.0


SURE = 20.0
UNSURE = 0.0
STRANGE = -20.0


def near(score: float, found: Entry, *, cosine: float = 0.9, veto: str | None = None, reason: str = "") -> Neighbour:
    return Neighbour(entry=found, cosine=cosine, judgement=Judgement(score=score, veto=veto, reason=veto or reason))


def test_the_same_text_about_the_same_code_is_served() -> None:
    verdict = decide(key("Why does this fail?"), entry("why does this fail"), (), SETTINGS, NOW)
    assert (verdict.outcome, verdict.entry_id) == ("serve", "1")
    assert verdict.evidence == "The same text about the same code."


def test_other_words_are_served_where_the_score_keeps_the_error_budget() -> None:
    asked, found = key("Could you explain the function?"), entry("Explain this function")
    assert decide(asked, None, [near(SURE, found)], SETTINGS, NOW).outcome == "serve"
    assert decide(asked, None, [near(UNSURE, found)], SETTINGS, NOW).outcome == "offer"
    none = msgspec.structs.replace(SETTINGS, error_budget=0.0)
    assert decide(asked, None, [near(SURE, found)], none, NOW).outcome == "offer"


def test_no_other_words_are_said_to_be_certain() -> None:
    asked, found = key("Could you explain the function?"), entry("Explain this function")
    said = {score: decide(asked, None, [near(score, found)], SETTINGS, NOW).evidence for score in (SURE, 4.0)}
    words = "The same request in other words about the same code"
    assert said[SURE] == f"{words} (more than 99.9% likely to be right)."
    assert said[4.0] == f"{words} ({SHIPPED.probability(4.0):.1%} likely to be right)."


def test_what_is_vetoed_is_never_served_and_it_says_why() -> None:
    found = near(SURE, entry("Wait 30 s"), cosine=0.99, veto="`30` became `60`")
    verdict = decide(key("Wait 60 s"), None, [found], SETTINGS, NOW)
    assert verdict.outcome == "offer"
    assert verdict.evidence == verdict.offers[0].evidence == "Alike, but `30` became `60`."


def test_distrust_counts_against_an_entry() -> None:
    found = msgspec.structs.replace(entry("Explain this function"), distrust=2 * SURE)
    assert decide(key("Explain the function"), None, [near(SURE, found)], SETTINGS, NOW).outcome == "miss"


def test_the_same_words_about_other_code_are_offered_and_it_says_so() -> None:
    verdict = decide(key("Explain this", code="new"), None, [near(SURE, entry("Explain this"))], SETTINGS, NOW)
    assert verdict.outcome == "offer"
    assert verdict.evidence == "The same text, but what goes with it (code, errors, aims) is not the same."


def test_an_offer_says_what_taking_it_would_save() -> None:
    asked = key("Wait 60 s")
    (offer,) = decide(asked, None, [near(UNSURE, entry("Wait 30 s", answer="Done. " * 100))], SETTINGS, NOW).offers
    assert (offer.prompt, offer.age_s, offer.saved_usd, offer.saved_s) == ("Wait 30 s", 60.0, 0.02, 1.5)
    assert offer.answer_preview.startswith("Done. Done.")
    assert offer.diff == ()


def test_the_best_offers_come_first_and_no_more_than_asked_for() -> None:
    scores = (0.1, 1.0, -0.5, 0.8, 0.2)
    found = [near(score, entry(f"Wait {n} s", id=str(n)), veto="another number") for n, score in enumerate(scores)]
    offers = decide(key("Wait 60 s"), None, found, SETTINGS, NOW).offers
    assert [offer.entry_id for offer in offers] == ["1", "3", "4"]
    assert [offer.probability for offer in offers] == sorted((offer.probability for offer in offers), reverse=True)
    none = msgspec.structs.replace(SETTINGS, max_offers=0)
    assert decide(key("Wait 60 s"), None, found, none, NOW).outcome == "miss"


def test_a_row_that_may_be_served_is_found_behind_better_ones_that_may_not() -> None:
    other = near(2 * SURE, entry("Explain that function", id="other"), veto="`that` became `this`")
    found = [other, near(SURE, entry("Explain the function", id="it"))]
    assert decide(key("Explain this function"), None, found, SETTINGS, NOW).entry_id == "it"


def test_what_is_too_different_is_a_miss_with_its_probability() -> None:
    verdict = decide(key("Wait 60 s"), None, [near(STRANGE, entry("Sort"))], SETTINGS, NOW)
    assert verdict.outcome == "miss"
    assert verdict.probability is not None
    assert verdict.probability < 0.01
    assert "0% likely" in verdict.evidence


@given(st.text(), st.text(), st.text(), st.floats())
def test_it_never_crosses_a_namespace(namespace: str, before: str, after: str, cosine: float) -> None:
    asked = key(after, namespace=HERE)
    other = entry(before, namespace=namespace)
    assert decide(asked, other, [near(SURE, other, cosine=cosine)], SETTINGS, NOW).outcome == "miss"


@given(st.text(), st.text(), st.floats(), st.booleans())
def test_it_only_serves_what_was_asked_about_the_same_code(before: str, after: str, cosine: float, same: bool) -> None:
    found = entry(before, code="code" if same else "other")
    verdict = decide(key(after), found, [near(SURE, found, cosine=cosine)], SETTINGS, NOW)
    assert verdict.outcome != "serve" or same


@pytest.mark.parametrize("cosine", [math.nan, math.inf, -math.inf])
def test_a_cosine_that_is_no_number_counts_for_nothing(cosine: float) -> None:
    assert decide(key("Wait"), None, [near(SURE, entry("Wait"), cosine=cosine)], SETTINGS, NOW).outcome == "miss"


def test_a_fault_while_judging_is_a_miss(caplog: pytest.LogCaptureFixture) -> None:
    broken = entry("Wait 30 s")
    msgspec.structs.force_setattr(broken, "intent", None)
    assert decide(key("Wait 60 s"), None, [near(SURE, broken)], SETTINGS, NOW).outcome == "miss"
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


@pytest.mark.parametrize("prompt", ["Fix this", "Why does it fail?", "Explain these lines to me", "clean it up"])
def test_a_prompt_that_points_at_what_does_not_go_with_it_is_only_served_to_the_same_text(prompt: str) -> None:
    alone = CacheKey(namespace=HERE, fingerprint="code", intent=f"Please {prompt}")
    assert decide(alone, None, [near(SURE, entry(prompt))], SETTINGS, NOW).outcome == "offer"
    assert decide(key(f"Please {prompt}"), None, [near(SURE, entry(prompt))], SETTINGS, NOW).outcome == "serve"


def test_what_points_back_inside_a_prompt_is_known() -> None:
    asked = CacheKey(namespace=HERE, fingerprint="code", intent="Find the bug in f(x) and fix it")
    assert (
        decide(asked, None, [near(SURE, entry("Find the bug in f(x) and then fix it"))], SETTINGS, NOW).outcome
        == "serve"
    )
