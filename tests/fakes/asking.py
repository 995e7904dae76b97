"""What the tests of the providers and of the simulated API ask with."""

from __future__ import annotations

from hypothesis import strategies as st

from optafly.config import ClaudeSettings
from optafly.demo.server import SIMULATED_KEY, MessagesApi
from optafly.domain import Block, Completion, Outgoing, Turn
from optafly.privacy.credentials import Credentials
from optafly.providers.anthropic import KEY_NAME, Anthropic
from optafly.providers.sdk import Connections

MODEL = "claude-sonnet-5-5"


def credentials(key: str | None = SIMULATED_KEY) -> Credentials:
    """Return credentials that hold `key` as an editor hands it over."""
    found = Credentials()
    found.hand_over(KEY_NAME, key)
    return found


def outgoing(
    base_url: str, text: str = "Why?", *, model: str = MODEL, max_tokens: int = 1000, system: tuple[Block, ...] = ()
) -> Outgoing:
    """Return a request with one turn."""
    turns = (Turn(role="user", blocks=(Block(text=text),)),)
    return Outgoing(
        provider="anthropic", base_url=base_url, model=model, max_tokens=max_tokens, system=system, turns=turns
    )


def provider(
    key: str | None = SIMULATED_KEY,
    *,
    timeout_s: float = 20.0,
    max_retries: int = 0,
    connections: Connections | None = None,
) -> Anthropic:
    """Return a provider with `key`."""
    return Anthropic(
        credentials(key), ClaudeSettings(timeout_s=timeout_s, max_retries=max_retries), connections=connections
    )


async def ask(asked: Anthropic, request: Outgoing) -> tuple[list[str], Completion]:
    """Return the deltas of an answer and its completion, which must be the last item and the only one."""
    items = [item async for item in asked.stream(request)]
    deltas = [item for item in items if isinstance(item, str)]
    completions = [item for item in items if isinstance(item, Completion)]
    assert completions == items[-1:]
    return deltas, completions[0]


words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).filter(lambda text: text.strip() != "")
blocks = st.builds(Block, text=words)


def _begun_by_the_user(opening: list[Block], rest: list[Turn]) -> tuple[Turn, ...]:
    return (Turn(role="user", blocks=tuple(opening)), *rest)


turns = st.builds(
    _begun_by_the_user,
    st.lists(blocks, min_size=1, max_size=3),
    st.lists(
        st.builds(Turn, role=st.sampled_from(("user", "assistant")), blocks=st.lists(blocks, min_size=1).map(tuple)),
        max_size=2,
    ),
)


def requests(base_url: str) -> st.SearchStrategy[Outgoing]:
    """Return a strategy of requests that the API accepts, marks in the system prompt included."""
    marked = st.builds(Block, text=words, cache=st.sampled_from((None, "1h")))
    return st.builds(
        Outgoing,
        provider=st.just("anthropic"),
        base_url=st.just(base_url),
        model=st.just(MODEL),
        max_tokens=st.integers(1, 4096),
        system=st.lists(marked, max_size=4).map(tuple),
        turns=turns,
    )


__all__ = ["MODEL", "MessagesApi", "ask", "blocks", "credentials", "outgoing", "provider", "requests", "turns", "words"]
