"""Code from the workspace goes before the prompt: shown, counted, bound by the digest, and asked for once."""

from __future__ import annotations

import pytest

from fakes.road import Workspace, decide_and_send, road
from fakes.shop import PROMPT, TAXES, beside, bodies, gathered_in, sent_to
from optafly.demo.server import MessagesApi
from optafly.domain import Piece, Proposal
from optafly.errors import StaleProposal
from optafly.paths import Paths
from optafly.pipeline.gathering import HEADING, NO_ANSWER, OLD


async def test_it_travels_in_a_block_of_its_own_before_the_prompt_and_is_shown(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    async with beside(home, api, shop) as (pipeline, _):
        proposal = await pipeline.propose(shop.snapshot(PROMPT))
        events = await decide_and_send(pipeline, shop, proposal)
    assert [(piece.path, piece.reason) for piece in gathered_in(proposal)] == [("taxes.py", "Imported by it.")]
    assert "rate_of" not in proposal.refined
    assert events[-1].kind == "done"
    sent = sent_to(api)
    assert sent[0].startswith(HEADING)
    assert TAXES.strip() in sent[0]
    assert sent[1] == proposal.refined


async def test_what_an_older_text_of_the_open_document_says_does_not_go_along(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    """The index may be late; what is on the screen is what a person approves."""
    async with beside(home, api, shop, "prices.py", "taxes.py") as (pipeline, _):
        asked = shop.snapshot(PROMPT, selected=False, line=11)
        edited = shop.file.read_text(encoding="utf-8").replace("amount = 0.0", "amount = 1.0")
        shop.file.write_text(edited, encoding="utf-8")
        late = await pipeline.propose(asked)
        current = await pipeline.propose(shop.snapshot(PROMPT, selected=False, line=11))

    def of_it(proposal: Proposal) -> list[Piece]:
        return [piece for piece in proposal.pieces if "amount = 1.0" in piece.text]

    assert (len(of_it(late)), len(of_it(current))) == (0, 1)
    assert [each.reason for each in late.left_out if each.path == "prices.py"] == [OLD]
    assert "taxes.py" in [piece.path for piece in late.pieces]


async def test_the_digest_covers_it_and_the_estimate_counts_it(home: Paths, api: MessagesApi, shop: Workspace) -> None:
    async with beside(home, api, shop) as (pipeline, index):
        alone = await pipeline.propose(shop.snapshot(PROMPT))
        index.paths = ["taxes.py", "notes.py"]
        more = await pipeline.propose(shop.snapshot(PROMPT))
    assert alone.digest != more.digest
    assert alone.original_digest == more.original_digest
    assert more.estimate.input_tokens > alone.estimate.input_tokens > 100


async def test_the_original_goes_without_it(home: Paths, api: MessagesApi, shop: Workspace) -> None:
    async with beside(home, api, shop) as (pipeline, _):
        proposal = await pipeline.propose(shop.snapshot(PROMPT))
        (shop.folder / "taxes.py").unlink()  # nothing of it is sent, so that nothing of it matters
        events = await decide_and_send(pipeline, shop, proposal, "original")
    assert events[-1].kind == "done"
    assert sent_to(api) == [PROMPT]


async def test_a_change_of_it_asks_again(home: Paths, api: MessagesApi, shop: Workspace) -> None:
    async with beside(home, api, shop) as (pipeline, _):
        proposal = await pipeline.propose(shop.snapshot(PROMPT))
        (shop.folder / "taxes.py").write_text(TAXES.replace("0.19", "0.16"), encoding="utf-8")
        with pytest.raises(StaleProposal, match=r"taxes\.py"):
            await pipeline.approve(proposal.id, proposal.digest, "accept", read=shop.read)
        again = await pipeline.propose(shop.snapshot(PROMPT))
        await pipeline.approve(again.id, again.digest, "accept", read=shop.read)
        (shop.folder / "taxes.py").unlink()
        events = [event async for event in pipeline.send(again.id, again.digest, read=shop.read)]
    assert events[-1].kind == "failed"
    assert bodies(api) == []


async def test_no_answer_in_time_costs_nothing_but_the_code(home: Paths, api: MessagesApi, shop: Workspace) -> None:
    async with beside(home, api, shop) as (pipeline, index):
        index.late = True
        proposal = await pipeline.propose(shop.snapshot(PROMPT))
        events = await decide_and_send(pipeline, shop, proposal)
    assert events[-1].kind == "done"
    assert {piece.path for piece in proposal.pieces} == {"prices.py"}
    assert sent_to(api) == [proposal.refined]


async def test_that_there_was_no_answer_in_time_is_said_until_there_is_one_and_words_are_not_asked_about(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    async with beside(home, api, shop) as (pipeline, index):
        index.late = True
        first = await pipeline.propose(shop.snapshot("Fix the config loader"))
        sought = len(index.sought)
        index.late = False
        again = await pipeline.revise(first.id, remove=("nothing.py",))
        index.late = True
        once_more = await pipeline.revise(first.id, remove=("none.py",))
    assert [NO_ANSWER in each.notes for each in (first, again, once_more)] == [True, False, True]
    assert sought == 0
    assert index.sought


async def test_anthropic_counts_tokens_only_for_whom_asked_for_it(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    async with road(home, api) as pipeline:
        proposal = await pipeline.propose(shop.snapshot(PROMPT))
        assert api.requests == ()
        assert proposal.estimate.method.startswith("local estimate")
    home.settings.parent.mkdir(parents=True, exist_ok=True)
    home.settings.write_text("[claude]\ncountTokens = true\n", encoding="utf-8")  # no project can ask for it
    async with road(home, api) as pipeline:
        counted = await pipeline.propose(shop.snapshot(PROMPT))
        assert [request.path for request in api.requests] == ["/v1/messages/count_tokens"]
        assert counted.estimate.method == "counted by Anthropic"
        assert counted.digest == proposal.digest
        assert (await decide_and_send(pipeline, shop, counted))[-1].kind == "done"
    api.reset()
    async with road(home, api, key="") as pipeline:
        without = await pipeline.propose(shop.snapshot(PROMPT))
    assert without.estimate.method.startswith("local estimate")
    assert api.requests == ()
