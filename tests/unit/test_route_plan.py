"""A request is planned in layers, and only what never changes is marked for the prompt cache."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optafly.config import DEFAULT_PRICES, ClaudeSettings, Config, Price
from optafly.domain import Usage
from optafly.route.cost import cost_usd
from optafly.route.plan import MAX_MARKS, estimate, marks, plan
from optafly.route.system import SYSTEM_PROMPT
from optafly.tokens import estimate_tokens

LONG = "Follow the conventions of the team. " * 300


def config(*, prices: dict[str, Price] = DEFAULT_PRICES, **claude: object) -> Config:
    return Config(claude=msgspec.structs.replace(ClaudeSettings(prices=prices), **claude))


def test_the_prompt_is_the_only_turn_and_never_marked() -> None:
    _, outgoing = plan("Why?", config(instructions=LONG))
    (turn,) = outgoing.turns
    assert [(block.text, block.cache) for block in turn.blocks] == [("Why?", None)]


def test_standing_instructions_follow_the_system_prompt() -> None:
    _, outgoing = plan("Why?", config(instructions="  Use tabs.\n"))
    assert [block.text for block in outgoing.system] == [SYSTEM_PROMPT, "Use tabs."]


def test_without_instructions_there_is_the_system_prompt_alone() -> None:
    _, outgoing = plan("Why?", config(instructions=" \n"))
    assert [block.text for block in outgoing.system] == [SYSTEM_PROMPT]


def test_a_large_static_part_is_marked_for_an_hour() -> None:
    route, outgoing = plan("Why?", config(instructions=LONG))
    assert [block.cache for block in outgoing.system] == [None, "1h"]
    assert route.breakpoints == ("standing instructions",)
    assert "for an hour" in route.reason


def test_a_small_static_part_is_not_marked() -> None:
    route, outgoing = plan("Why?", config())
    assert [block.cache for block in outgoing.system] == [None]
    assert "below the 512 tokens" in route.reason


def test_a_model_with_a_larger_least_size_needs_more() -> None:
    instructions = "Follow the conventions of the team. " * 120
    assert plan("Why?", config(instructions=instructions))[0].breakpoints
    assert not plan("Why?", config(instructions=instructions, model="claude-haiku-4-5"))[0].breakpoints


def test_caching_can_be_switched_off() -> None:
    route, outgoing = plan("Why?", config(instructions=LONG, prompt_caching=False))
    assert not any(block.cache for block in outgoing.system)
    assert "off" in route.reason


def test_an_unknown_model_has_no_marks_and_no_cost() -> None:
    settings = config(instructions=LONG, model="claude-nonesuch")
    route, outgoing = plan("Why?", settings)
    found = estimate(route, outgoing, settings)
    assert not any(block.cache for block in outgoing.system)
    assert (found.input_cost_usd, found.max_cost_usd, found.prices_as_of) == (None, None, None)
    assert found.input_tokens > 0


@given(
    layers=st.dictionaries(st.text(min_size=1), st.text(max_size=4000), max_size=8),
    model=st.sampled_from([*DEFAULT_PRICES, "claude-nonesuch"]),
    caching=st.booleans(),
)
def test_there_are_never_more_than_four_marks_and_none_below_the_least_size(
    layers: dict[str, str], model: str, caching: bool
) -> None:
    prices = {
        name: msgspec.structs.replace(price, least_cacheable_tokens=200) for name, price in DEFAULT_PRICES.items()
    }
    marked = marks(layers, ClaudeSettings(model=model, prompt_caching=caching, prices=prices))
    assert len(marked) <= MAX_MARKS
    if not caching or model not in prices:
        assert marked == ()
    names = list(layers)
    for name in marked:
        prefix = names[: names.index(name) + 1]
        assert sum(estimate_tokens(layers[layer]) for layer in prefix) >= 200


@given(text=st.text(min_size=1), instructions=st.text(max_size=2000))
def test_the_same_settings_and_text_have_the_same_digest(text: str, instructions: str) -> None:
    settings = config(instructions=instructions)
    assert plan(text, settings)[1].digest == plan(text, settings)[1].digest


@given(first=st.text(min_size=1), second=st.text(min_size=1))
def test_the_static_part_does_not_depend_on_the_prompt(first: str, second: str) -> None:
    settings = config(instructions=LONG)
    assert plan(first, settings)[1].system == plan(second, settings)[1].system


@pytest.mark.parametrize("model", [*DEFAULT_PRICES, "claude-nonesuch"])
@pytest.mark.parametrize("caching", [True, False])
def test_the_reason_is_one_sentence_that_names_the_model(model: str, caching: bool) -> None:
    reason = plan("Why?", config(model=model, prompt_caching=caching))[0].reason
    assert f"`{model}`" in reason
    assert reason.endswith(".")
    assert ". " not in reason


def test_an_estimate_adds_up_input_and_the_most_output() -> None:
    settings = config(model="claude-opus-4-8", max_tokens=1000)
    route, outgoing = plan("Why?", settings)
    found = estimate(route, outgoing, settings)
    assert found.input_cost_usd == pytest.approx(route.input_tokens * 5 / 1e6)
    assert found.max_cost_usd == pytest.approx(route.input_tokens * 5 / 1e6 + 1000 * 25 / 1e6)
    assert found.prices_as_of == DEFAULT_PRICES["claude-opus-4-8"].as_of


def test_every_kind_of_token_has_its_price() -> None:
    price = Price(input_usd=10, output_usd=100, cache_write_5m=1.25, cache_write_1h=2, cache_read=0.1)
    usage = Usage(
        input_tokens=1_000_000,
        output_tokens=1_000_000,
        cache_write_5m_tokens=1_000_000,
        cache_write_1h_tokens=1_000_000,
        cache_read_tokens=1_000_000,
    )
    assert cost_usd(usage, "m", {"m": price}) == pytest.approx(10 + 100 + 12.5 + 20 + 1)


def test_a_dated_model_has_the_price_of_its_name() -> None:
    usage = Usage(input_tokens=1_000_000)
    assert cost_usd(usage, "claude-haiku-4-5-20251001", DEFAULT_PRICES) == pytest.approx(1.0)
    assert cost_usd(usage, "claude-haiku-4-5-preview", DEFAULT_PRICES) is None
    assert cost_usd(usage, "claude-nonesuch", DEFAULT_PRICES) is None
