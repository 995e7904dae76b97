"""The simulated prompt cache bills as the published rules say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optafly.demo.prefixes import LIFETIME_S, Accounted, PrefixCache
from optafly.demo.requests import Part
from optafly.domain import CacheMark

LEAST = 100
MODEL = "claude-sonnet-5-5"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(clock: Clock) -> PrefixCache:
    return PrefixCache(clock)


def part(text: str, mark: CacheMark | None = None, tokens: int = 60) -> Part:
    return Part("user", text, tokens, mark)


def account(cache: PrefixCache, *parts: Part) -> Accounted:
    return cache.account(MODEL, list(parts), LEAST)


marks = st.sampled_from([None, None, "5m"])
conversations = st.lists(st.builds(part, st.sampled_from("abc"), marks, st.integers(1, 200)), min_size=1, max_size=30)


@given(st.lists(conversations, min_size=1, max_size=6))
def test_every_token_is_billed_once(requests: list[list[Part]]) -> None:
    cache = PrefixCache(Clock())
    for parts in requests:
        billed = account(cache, *parts)
        assert billed.uncached + billed.written_5m + billed.written_1h + billed.read == sum(p.tokens for p in parts)
        assert min(billed.uncached, billed.written_5m, billed.written_1h, billed.read) >= 0


@given(conversations)
def test_a_second_identical_request_reads_all_that_the_first_wrote(parts: list[Part]) -> None:
    cache = PrefixCache(Clock())
    first = account(cache, *parts)
    second = account(cache, *parts)
    assert second == Accounted(first.uncached, 0, 0, first.written_5m)


@given(conversations, st.integers(0, 29))
def test_a_change_before_a_mark_reads_nothing_from_there_on(parts: list[Part], at: int) -> None:
    cache = PrefixCache(Clock())
    account(cache, *parts)
    at %= len(parts)
    changed = [*parts[:at], part(parts[at].text + "!", parts[at].mark, parts[at].tokens), *parts[at + 1 :]]
    assert account(cache, *changed).read <= sum(p.tokens for p in parts[:at])


def test_a_change_after_the_mark_still_reads_it(cache: PrefixCache) -> None:
    account(cache, part("system"), part("rules", "1h"), part("question"))
    assert account(cache, part("system"), part("rules", "1h"), part("another")) == Accounted(60, 0, 0, 120)


def test_a_prefix_below_the_least_size_is_silently_not_kept(cache: PrefixCache) -> None:
    for _ in range(2):
        assert account(cache, part("short", "5m", LEAST - 1), part("question")) == Accounted(LEAST - 1 + 60, 0, 0, 0)


def test_another_model_reads_nothing(cache: PrefixCache) -> None:
    parts = [part("long", "5m", 500)]
    cache.account("claude-opus-5-5", parts, LEAST)
    assert cache.account(MODEL, parts, LEAST).read == 0


@pytest.mark.parametrize("mark", ["5m", "1h"])
def test_a_prefix_is_forgotten_at_the_end_of_its_life(cache: PrefixCache, clock: Clock, mark: CacheMark) -> None:
    account(cache, part("long", mark, 500))
    clock.now += LIFETIME_S[mark]
    assert account(cache, part("long", mark, 500)).read == 0


def test_reading_renews_a_prefix(cache: PrefixCache, clock: Clock) -> None:
    account(cache, part("long", "5m", 500))
    for _ in range(5):
        clock.now += LIFETIME_S["5m"] - 1
        assert account(cache, part("long", "5m", 500)).read == 500


def test_lifetimes_are_billed_apart(cache: PrefixCache) -> None:
    parts = (part("system", "1h", 300), part("history", "5m", 200), part("question", None, 10))
    assert account(cache, *parts) == Accounted(uncached=10, written_5m=200, written_1h=300, read=0)


def test_a_growing_conversation_finds_its_beginning(cache: PrefixCache) -> None:
    turns = [part(f"turn {n}") for n in range(6)]
    account(cache, *turns[:2], part("turn 2", "5m"))
    assert account(cache, *turns[:5], part("turn 5", "5m")) == Accounted(0, 180, 0, 180)


def test_a_mark_looks_back_over_twenty_blocks_and_no_further(cache: PrefixCache) -> None:
    account(cache, part("beginning", "5m", 500))
    near = [part(f"block {n}") for n in range(18)]
    assert account(cache, part("beginning", None, 500), *near, part("end", "5m")).read == 500
    far = [part(f"other {n}") for n in range(19)]
    assert account(cache, part("beginning", None, 500), *far, part("end", "5m")).read == 0
