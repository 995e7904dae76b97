"""A person's word on an earlier answer: what it does to the proposal, to the cache, and to what is sent."""

from __future__ import annotations

import pytest

from fakes.road import Workspace, answer_of, ask, decide_and_send, road
from optafly.demo.behaviour import Behaviour
from optafly.demo.server import MessagesApi
from optafly.domain import Answer, Decision, FeedbackKind, Proposal
from optafly.errors import StaleProposal, WrongState
from optafly.paths import Paths
from optafly.pipeline import Pipeline
from optafly.storage import Database

PROMPT = "Explain this function"


async def _again(pipeline: Pipeline, workspace: Workspace, proposal: Proposal) -> Answer:
    """Send afresh what was approved."""
    sent = pipeline.send(proposal.id, proposal.digest, read=workspace.read, fresh=True)
    return answer_of([event async for event in sent])


async def _served(pipeline: Pipeline, workspace: Workspace) -> tuple[Proposal, Answer]:
    await ask(pipeline, workspace, PROMPT)
    proposal = await pipeline.propose(workspace.snapshot(PROMPT))
    answer = answer_of(await decide_and_send(pipeline, workspace, proposal))
    assert answer.source == "cache"
    return proposal, answer


async def _offered(pipeline: Pipeline, workspace: Workspace) -> Proposal:
    """Return a proposal that is offered an answer to the same words about the code as it was."""
    await ask(pipeline, workspace, PROMPT)
    workspace.file.write_text(workspace.file.read_text().replace("range(1,", "range(0,"))
    proposal = await pipeline.propose(workspace.snapshot(PROMPT))
    assert len(proposal.reuse) == 1
    return proposal


async def test_a_served_answer_can_be_asked_for_anew_with_the_bytes_that_were_approved(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        proposal, served = await _served(pipeline, workspace)
        assert served.entry_id
        back = await pipeline.feedback(proposal.id, served.entry_id, "regenerate")
        assert (back.state, back.digest) == ("accepted", proposal.digest)
        assert await pipeline.cache.get(served.entry_id) is None
        api.next(Behaviour(text="A better answer."))
        fresh = await _again(pipeline, workspace, back)
        assert (fresh.source, fresh.text) == ("provider", "A better answer.")
        assert len(api.requests) == 2
        assert api.requests[0].body == api.requests[1].body
        assert answer_of(await ask(pipeline, workspace, PROMPT)).text == "A better answer."
        assert len(api.requests) == 2


async def test_what_is_asked_afresh_is_never_answered_from_the_cache(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        await ask(pipeline, workspace, PROMPT)
        proposal = await pipeline.propose(workspace.snapshot(PROMPT))
        await pipeline.approve(proposal.id, proposal.digest, "accept", read=workspace.read)
        assert (await _again(pipeline, workspace, proposal)).source == "provider"
        assert len(api.requests) == 2


async def test_asking_anew_needs_the_code_to_be_as_it_was_approved(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        proposal, served = await _served(pipeline, workspace)
        await pipeline.feedback(proposal.id, served.entry_id or "", "regenerate")
        workspace.file.write_text(workspace.file.read_text().replace("range(1,", "range(0,"))
        sent = pipeline.send(proposal.id, proposal.digest, read=workspace.read, fresh=True)
        assert [event.kind async for event in sent] == ["failed"]
        assert len(api.requests) == 1


async def test_an_answer_is_not_forgotten_where_changed_code_keeps_another_from_being_asked_for(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        proposal, served = await _served(pipeline, workspace)
        workspace.file.write_text(workspace.file.read_text().replace("range(1,", "range(0,"))
        with pytest.raises(StaleProposal, match="has changed"):
            await pipeline.feedback(proposal.id, served.entry_id or "", "regenerate", read=workspace.read)
        assert await pipeline.cache.get(served.entry_id or "") is not None
        assert (await pipeline.proposal(proposal.id)).state == "answered"


async def test_regenerating_twice_at_once_is_done_once(home: Paths, api: MessagesApi, workspace: Workspace) -> None:
    async with road(home, api) as pipeline:
        proposal, served = await _served(pipeline, workspace)
        await pipeline.feedback(proposal.id, served.entry_id or "", "regenerate")
        with pytest.raises(WrongState):
            await pipeline.feedback(proposal.id, served.entry_id or "", "regenerate")


async def test_an_offer_that_was_taken_and_does_not_do_opens_the_proposal_again(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        proposal = await _offered(pipeline, workspace)
        taken = answer_of(await decide_and_send(pipeline, workspace, proposal, "reuse"))
        back = await pipeline.feedback(proposal.id, taken.entry_id or "", "regenerate")
        assert (back.state, back.reuse) == ("proposed", ())
        sent = pipeline.send(proposal.id, proposal.digest, read=workspace.read, fresh=True)
        assert [event.kind async for event in sent] == ["failed"]  # nobody approved it
        assert len(api.requests) == 1
        assert answer_of(await decide_and_send(pipeline, workspace, back)).source == "provider"


async def test_a_wrong_answer_is_never_given_for_that_prompt_again(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        proposal, served = await _served(pipeline, workspace)
        after = await pipeline.feedback(proposal.id, served.entry_id or "", "wrong")
        assert after.state == "answered"
        assert answer_of(await ask(pipeline, workspace, PROMPT)).source == "provider"
        stats = await pipeline.stats()
        assert stats.wrong_reports == 1


async def test_an_offer_that_is_wrong_is_not_offered_for_this_code_again(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        proposal = await _offered(pipeline, workspace)
        entry_id = proposal.reuse[0].entry_id
        assert (await pipeline.feedback(proposal.id, entry_id, "wrong")).reuse == ()
        assert (await pipeline.propose(workspace.snapshot(PROMPT))).reuse == ()
        assert await pipeline.cache.get(entry_id) is not None  # it is right for its own prompt
        workspace.file.write_text(workspace.file.read_text().replace("range(0,", "range(1,"))
        assert answer_of(await ask(pipeline, workspace, PROMPT)).entry_id == entry_id


async def test_offers_that_an_edit_brought_are_counted_once_as_shown(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        await _offered(pipeline, workspace)
        proposal = await pipeline.propose(workspace.snapshot("Write a poem"))
        assert proposal.reuse == ()
        for text in (PROMPT, "Write a song", PROMPT):
            proposal = await pipeline.revise(proposal.id, edited=text)
        assert len(proposal.reuse) == 1
        assert (await pipeline.stats()).offers_shown == 2


async def test_an_offer_that_is_refused_goes_and_the_proposal_stays(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        proposal = await _offered(pipeline, workspace)
        after = await pipeline.feedback(proposal.id, proposal.reuse[0].entry_id, "refused")
        assert (after.state, after.reuse, after.digest) == ("proposed", (), proposal.digest)
        with pytest.raises(WrongState, match="not offered"):
            await pipeline.approve(
                proposal.id, proposal.digest, "reuse", read=workspace.read, entry_id=proposal.reuse[0].entry_id
            )
        assert (await pipeline.stats()).offers_refused == 1


@pytest.mark.parametrize("kind", ["wrong", "right", "refused", "regenerate"])
async def test_a_word_on_an_answer_that_was_neither_given_nor_offered_is_refused(
    home: Paths, api: MessagesApi, workspace: Workspace, kind: FeedbackKind
) -> None:
    async with road(home, api) as pipeline:
        entry_id = answer_of(await ask(pipeline, workspace, PROMPT)).entry_id
        other = await pipeline.propose(workspace.snapshot("Fix this bug"))
        with pytest.raises(WrongState, match="does not fit"):
            await pipeline.feedback(other.id, entry_id or "", kind)
        assert await pipeline.cache.count() == 1


async def test_a_word_from_a_window_that_is_behind_is_refused(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as one, road(home, api) as other:
        proposal = await _offered(one, workspace)
        await other.approve(proposal.id, proposal.digest, "discard", read=workspace.read)
        with pytest.raises((WrongState, StaleProposal)):
            await one.feedback(proposal.id, proposal.reuse[0].entry_id, "refused")


async def test_what_one_window_learned_another_knows_at_once(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as one, road(home, api) as other:
        proposal = await _offered(one, workspace)
        assert (await other.propose(workspace.snapshot(PROMPT))).reuse
        await one.feedback(proposal.id, proposal.reuse[0].entry_id, "wrong")
        assert (await other.propose(workspace.snapshot(PROMPT))).reuse == ()


async def test_the_chances_of_reuse_are_told_for_both_prompts(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        first = await pipeline.propose(workspace.snapshot(PROMPT))
        assert (first.reuse_before, first.reuse_after) == (0.0, 0.0)
        await decide_and_send(pipeline, workspace, first)
        second = await pipeline.propose(workspace.snapshot(PROMPT))
        assert second.reuse_after == 1.0
        assert second.reuse_before is not None
        await ask(pipeline, workspace, PROMPT, "original")
        third = await pipeline.propose(workspace.snapshot(PROMPT))
        assert (third.reuse_before, third.reuse_after) == (1.0, 1.0)
    async with road(home, api, {"cache": {"enabled": False}}) as pipeline:
        blind = await pipeline.propose(workspace.snapshot(PROMPT))
        assert (blind.reuse_before, blind.reuse_after) == (None, None)


async def test_an_explanation_names_what_was_compared_and_what_changed_in_the_code(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        proposal = await _offered(pipeline, workspace)
        explanation = await pipeline.explain(proposal.id)
        (candidate,) = explanation.candidates
        assert candidate.entry_id == proposal.reuse[0].entry_id
        assert not candidate.same_code
        assert [change.kind for change in candidate.code] == ["changed"]
        assert explanation.verdict.outcome == "offer"
        assert api.requests[1:] == ()


@pytest.mark.parametrize(("decision", "learned"), [("accept", ["passed"]), ("reuse", ["taken"]), ("original", [])])
async def test_what_a_person_chooses_beside_an_offer_is_learned(
    home: Paths, api: MessagesApi, workspace: Workspace, decision: Decision, learned: list[str]
) -> None:
    async with road(home, api) as pipeline:
        proposal = await _offered(pipeline, workspace)
        await decide_and_send(pipeline, workspace, proposal, decision)
    database = Database(home.database)
    assert await database.run(lambda c: [row[0] for row in c.execute("SELECT kind FROM label")]) == learned
    await database.close()


async def test_an_answer_of_the_provider_can_be_judged_as_well(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        proposal = await pipeline.propose(workspace.snapshot(PROMPT))
        answer = answer_of(await decide_and_send(pipeline, workspace, proposal))
        await pipeline.feedback(proposal.id, answer.entry_id or "", "wrong")
        assert await pipeline.cache.count() == 0
        back = await pipeline.feedback(proposal.id, answer.entry_id or "", "regenerate")
        assert (await _again(pipeline, workspace, back)).source == "provider"
        assert answer_of(await ask(pipeline, workspace, PROMPT)).source == "cache"
