"""A shop with taxes and notes beside its prices: what is gathered there goes along with a prompt."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fakes.beside import Beside
from fakes.road import Workspace, decide_and_send, road
from optafly.demo.server import MessagesApi
from optafly.domain import Piece, Proposal
from optafly.paths import Paths
from optafly.pipeline import Pipeline
from optafly.protocol import AnswerEvent

PROMPT = "Explain this function"
TAXES = '''\
"""Taxes."""


def rate_of(country: str) -> float:
    """Return the rate of tax."""
    return {"de": 0.19, "fr": 0.2}[country]


def exempt(kind: str) -> bool:
    return kind in {"bread", "books"}
'''
NOTES = '"""Notes."""\n\n\ndef note(text: str) -> str:\n    return text.strip()\n'


def furnish(workspace: Workspace) -> Workspace:
    """Put the taxes and the notes beside the prices."""
    (workspace.folder / "taxes.py").write_text(TAXES, encoding="utf-8")
    (workspace.folder / "notes.py").write_text(NOTES, encoding="utf-8")
    return workspace


@asynccontextmanager
async def beside(
    home: Paths, api: MessagesApi, shop: Workspace, *paths: str
) -> AsyncGenerator[tuple[Pipeline, Beside]]:
    """Open the road with an index that finds `paths`, the taxes where none are given."""
    async with road(home, api) as pipeline:
        await pipeline.workspace.close()
        pipeline.workspace = index = Beside(home, shop.folder, paths or ("taxes.py",))
        yield pipeline, index


async def ask_about(pipeline: Pipeline, shop: Workspace, prompt: str = PROMPT) -> list[AnswerEvent]:
    """Propose, accept and send."""
    return await decide_and_send(pipeline, shop, await pipeline.propose(shop.snapshot(prompt)))


def bodies(api: MessagesApi) -> list[bytes]:
    """Return the bodies of all requests for a message."""
    return [request.body for request in api.requests if request.path.endswith("/messages")]


def gathered_in(proposal: Proposal) -> list[Piece]:
    """Return the pieces of a proposal that are not of the open file."""
    return [piece for piece in proposal.pieces if piece.path != "prices.py"]


def sent_to(api: MessagesApi) -> list[str]:
    """Return the text blocks of the last message that was sent."""
    content = json.loads(bodies(api)[-1])["messages"][-1]["content"]
    return [content] if isinstance(content, str) else [block["text"] for block in content]
