"""What tokens cost, from the prices in the settings."""

from __future__ import annotations

from collections.abc import Mapping

from optafly.config import Price
from optafly.domain import Usage

MILLION = 1_000_000


def cost_usd(usage: Usage, model: str, prices: Mapping[str, Price]) -> float | None:
    """Return what `usage` costs in US dollars, prompt-cache reads and writes included; None without a price.

    A dated model name (`claude-haiku-4-5-20251001`) has the price of the name it begins with.
    """
    price = price_of(model, prices)
    if price is None:
        return None
    input_units = (
        usage.input_tokens
        + usage.cache_write_5m_tokens * price.cache_write_5m
        + usage.cache_write_1h_tokens * price.cache_write_1h
        + usage.cache_read_tokens * price.cache_read
    )
    return (input_units * price.input_usd + usage.output_tokens * price.output_usd) / MILLION


def price_of(model: str, prices: Mapping[str, Price]) -> Price | None:
    """Return the price of `model` or of the model it is a dated version of."""
    name, _, date = model.rpartition("-")
    return prices.get(model) or (prices.get(name) if len(date) == 8 and date.isdigit() else None)
