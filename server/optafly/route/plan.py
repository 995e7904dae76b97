"""Where a request goes, in which layers, and what it would cost.

Layers run from what never changes to what always does, because a prompt cache keeps prefixes: the system prompt and
the standing instructions come first and are marked for an hour where they are large enough to be kept; the code from
the workspace, the prompt and its own code come last and are never marked: nobody would read that prefix again.
"""

from __future__ import annotations

from optafly.config import ClaudeSettings, Config
from optafly.domain import Block, CacheMark, Estimate, Outgoing, Route, Turn, Usage
from optafly.route.cost import cost_usd, price_of
from optafly.route.system import SYSTEM_PROMPT, SYSTEM_VERSION
from optafly.tokens import estimate_tokens, method_of

PROVIDER = "anthropic"
KEY_NAME = "ANTHROPIC_API_KEY"
MAX_MARKS = 4
COUNTED = "counted by Anthropic"
STATIC_MARK: CacheMark = "1h"

__all__ = ["SYSTEM_VERSION", "cost_usd", "estimate", "plan"]


def plan(text: str, config: Config, *, code: str = "") -> tuple[Route, Outgoing]:
    """Return where `text` goes and exactly what would be sent, with `code` in a block of its own before it.

    The same text, code and settings have the same digest.
    """
    claude = config.claude
    layers = {"system prompt": SYSTEM_PROMPT}
    if claude.instructions.strip():
        layers["standing instructions"] = claude.instructions.strip()
    marked = marks(layers, claude)
    outgoing = Outgoing(
        provider=PROVIDER,
        base_url=claude.base_url,
        model=claude.model,
        max_tokens=claude.max_tokens,
        system=tuple(
            Block(text=layer, cache=STATIC_MARK if name in marked else None) for name, layer in layers.items()
        ),
        turns=(Turn(role="user", blocks=tuple(Block(text=each) for each in (code, text) if each or each is text)),),
    )
    route = Route(
        provider=PROVIDER,
        model=claude.model,
        key_name=KEY_NAME,
        breakpoints=marked,
        input_tokens=sum(estimate_tokens(each) for each in (*layers.values(), code, text)),
        max_tokens=claude.max_tokens,
        reason=_reason(claude, marked),
    )
    return route, outgoing


def marks(layers: dict[str, str], claude: ClaudeSettings) -> tuple[str, ...]:
    """Name the static `layers` to mark: those at whose end the prefix has the model's least cacheable size.

    At most four, the last ones: a later mark holds everything before it.
    """
    price = price_of(claude.model, claude.prices)
    if not claude.prompt_caching or price is None:
        return ()
    found: list[str] = []
    prefix_tokens = 0
    for name, layer in layers.items():
        prefix_tokens += estimate_tokens(layer)
        if prefix_tokens >= price.least_cacheable_tokens:
            found.append(name)
    return tuple(found[-MAX_MARKS:])


def _reason(claude: ClaudeSettings, marked: tuple[str, ...]) -> str:
    chosen = f"`{claude.model}` is the model in your settings"
    if marked:
        return f"{chosen}; Claude keeps the {' and the '.join(marked)} for an hour."
    if not claude.prompt_caching:
        return f"{chosen}; prompt caching is off."
    price = price_of(claude.model, claude.prices)
    if price is None:
        return f"{chosen}; without a price in the settings its cost is unknown and nothing is marked for caching."
    return f"{chosen}; the unchanging part is below the {price.least_cacheable_tokens} tokens that it caches."


def estimate(route: Route, outgoing: Outgoing, config: Config, *, counted: bool = False) -> Estimate:
    """Estimate tokens and cost before anything is sent: all input uncached, and at most `max_tokens` of output.

    `counted`: the provider counted the tokens of `route` itself.
    """
    prices = config.claude.prices
    price = price_of(outgoing.model, prices)
    asked = Usage(input_tokens=route.input_tokens)
    most = Usage(input_tokens=route.input_tokens, output_tokens=outgoing.max_tokens)
    return Estimate(
        input_tokens=route.input_tokens,
        max_output_tokens=outgoing.max_tokens,
        input_cost_usd=cost_usd(asked, outgoing.model, prices),
        max_cost_usd=cost_usd(most, outgoing.model, prices),
        method=COUNTED if counted else method_of(outgoing.model),
        prices_as_of=price.as_of if price else None,
    )
