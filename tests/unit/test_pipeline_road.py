"""The road as a whole, against a Messages API that really streams, limits, cuts off and bills."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from fakes.road import SOURCE, Workspace, answer_of, ask, canonical, decide_and_send, road
from optafly.config import ClaudeSettings, Config
from optafly.demo.behaviour import Behaviour, Pace
from optafly.demo.server import MessagesApi
from optafly.domain import Diagnostic, Document, Position, Range, Snapshot
from optafly.errors import StaleProposal, WrongState
from optafly.paths import Paths
from optafly.pipeline import Pipeline
from optafly.protocol import AnswerEvent
from optafly.providers.body import request_body
from optafly.route.plan import plan


def _code(events: list[AnswerEvent]) -> str:
    assert events[-1].kind == "failed", events[-1]
    assert events[-1].problem is not None
    return events[-1].problem.code


async def test_a_word_on_some_code_alone_leaves_the_prompt_as_it_is(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        proposal = await pipeline.propose(workspace.snapshot("Fix this bug"))
        off = await pipeline.revise(proposal.id, without=(proposal.changes[0].id,))
        pinned = await pipeline.revise(proposal.id, pin=("other.py",))
        edited = await pipeline.revise(proposal.id, edited="Fix it now")
        again = await pipeline.revise(proposal.id, remove=("other.py",))
    assert (pinned.refined, pinned.changes, pinned.revision) == (off.refined, off.changes, 2)
    assert (again.refined, again.edited, again.revision) == (edited.refined, True, 4)


async def test_a_preview_is_not_kept(home: Paths, api: MessagesApi, workspace: Workspace) -> None:
    async with road(home, api) as pipeline:
        preview = await pipeline.preview(workspace.snapshot("Fix this bug"))
        assert "range(1, len(prices))" in preview.refined
        assert await pipeline.open_proposals() == ()


async def test_a_vague_prompt_is_refined_approved_and_answered_in_a_stream(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        proposal = await pipeline.propose(workspace.snapshot("Fix this bug"))
        assert "prices.py" in proposal.refined
        assert "range(1, len(prices))" in proposal.refined
        assert proposal.quality_after.score > proposal.quality_before.score
        assert api.requests == ()
        events = await decide_and_send(pipeline, workspace, proposal)
        answer = answer_of(events)
        deltas = [event.text or "" for event in events if event.kind == "delta"]
        assert len(deltas) > 1
        assert "".join(deltas) == answer.text
        assert [event.sequence for event in events] == list(range(len(events)))
        assert answer.source == "provider"
        assert answer.usage.output_tokens > 0
        assert answer.cost_usd is not None
        assert answer.cost_usd > 0
        assert (await pipeline.proposal(proposal.id)).state == "answered"


async def test_the_bytes_sent_are_the_bytes_approved(home: Paths, api: MessagesApi, workspace: Workspace) -> None:
    async with road(home, api) as pipeline:
        proposal = await pipeline.propose(workspace.snapshot("Explain this function"))
        await decide_and_send(pipeline, workspace, proposal)
        _, approved = plan(proposal.refined, Config(claude=ClaudeSettings(base_url=api.url)))
        assert approved.digest == proposal.digest
        (request,) = api.requests
        body = request.json()
        assert body.pop("stream") is True
        assert canonical(body) == canonical(request_body(approved))


async def test_use_original_sends_the_original_alone(home: Paths, api: MessagesApi, workspace: Workspace) -> None:
    async with road(home, api) as pipeline:
        events = await ask(pipeline, workspace, "Fix this bug", "original")
        assert answer_of(events).source == "provider"
        (request,) = api.requests
        messages = request.json()["messages"]
        assert b"Fix this bug" in canonical(messages)
        assert b"prices" not in canonical(messages)


async def test_discarding_sends_nothing_and_ends_it(home: Paths, api: MessagesApi, workspace: Workspace) -> None:
    async with road(home, api) as pipeline:
        proposal = await pipeline.propose(workspace.snapshot("Fix this bug"))
        await pipeline.approve(proposal.id, proposal.digest, "discard", read=workspace.read)
        events = [event async for event in pipeline.send(proposal.id, proposal.digest, read=workspace.read)]
        assert _code(events) == "approval.state"
        assert api.requests == ()


async def test_nothing_leaves_before_a_person_approved_it(home: Paths, api: MessagesApi, workspace: Workspace) -> None:
    async with road(home, api) as pipeline:
        proposal = await pipeline.propose(workspace.snapshot("Fix this bug"))
        events = [event async for event in pipeline.send(proposal.id, proposal.digest, read=workspace.read)]
        assert _code(events) == "approval.state"
        assert api.requests == ()


async def test_an_edited_prompt_needs_a_new_approval(home: Paths, api: MessagesApi, workspace: Workspace) -> None:
    async with road(home, api) as pipeline:
        proposal = await pipeline.propose(workspace.snapshot("Fix this bug"))
        await pipeline.approve(proposal.id, proposal.digest, "accept", read=workspace.read)
        edited = await pipeline.revise(proposal.id, edited=proposal.refined + "\nAnswer in one sentence.")
        assert edited.digest != proposal.digest
        assert (edited.state, edited.revision) == ("proposed", 1)
        events = [event async for event in pipeline.send(proposal.id, proposal.digest, read=workspace.read)]
        assert _code(events) == "approval.state"
        with pytest.raises(StaleProposal):
            await pipeline.approve(proposal.id, proposal.digest, "accept", read=workspace.read)
        assert api.requests == ()
        answer = answer_of(await decide_and_send(pipeline, workspace, edited))
        assert answer.source == "provider"
        assert b"Answer in one sentence." in api.requests[0].body


async def test_switching_a_change_off_makes_a_new_digest_and_back_on_the_old_one(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        proposal = await pipeline.propose(workspace.snapshot("Fix this bug"))
        everything = tuple(change.id for change in proposal.changes)
        off = await pipeline.revise(proposal.id, without=everything)
        assert off.refined == off.original == "Fix this bug"
        assert off.pieces == ()
        assert off.digest == proposal.original_digest
        on = await pipeline.revise(proposal.id, without=())
        assert (on.refined, on.digest, on.pieces) == (proposal.refined, proposal.digest, proposal.pieces)


@pytest.mark.parametrize("moment", ["before approval", "after approval"])
async def test_an_edit_of_the_code_behind_a_proposal_asks_again(
    home: Paths, api: MessagesApi, workspace: Workspace, moment: str
) -> None:
    async with road(home, api) as pipeline:
        proposal = await pipeline.propose(workspace.snapshot("Fix this bug"))
        assert proposal.pieces
        if moment == "after approval":
            await pipeline.approve(proposal.id, proposal.digest, "accept", read=workspace.read)
        workspace.file.write_text(workspace.file.read_text().replace("range(1,", "range(2,"))
        if moment == "after approval":
            events = [event async for event in pipeline.send(proposal.id, proposal.digest, read=workspace.read)]
            assert _code(events) == "approval.stale"
        else:
            with pytest.raises(StaleProposal, match="has changed"):
                await pipeline.approve(proposal.id, proposal.digest, "accept", read=workspace.read)
        assert api.requests == ()


async def test_the_same_question_is_answered_from_the_cache(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        first = answer_of(await ask(pipeline, workspace, "Fix this bug"))
        second = answer_of(await ask(pipeline, workspace, "Fix  this bug"))
        assert (second.source, second.text, second.cost_usd) == ("cache", first.text, 0.0)
        assert second.saved_usd == first.cost_usd
        assert second.saved_s > 0
        assert len(api.requests) == 1
        counted = await pipeline.stats()
        assert (counted.answers, counted.hits, counted.hit_rate) == (2, 1, 0.5)
        assert counted.saved_usd == pytest.approx(first.cost_usd)
        assert counted.cost_usd == pytest.approx(first.cost_usd)


async def test_the_same_words_about_other_code_are_not_answered_from_the_cache(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        await ask(pipeline, workspace, "Explain this function")
        workspace.file.write_text(workspace.file.read_text().replace("amount += prices", "amount -= prices"))
        assert answer_of(await ask(pipeline, workspace, "Explain this function")).source == "provider"


async def test_other_standing_instructions_are_another_namespace(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        await ask(pipeline, workspace, "Explain this function")
    async with road(home, api, {"claude": {"instructions": "Answer in rhymes."}}) as pipeline:
        assert answer_of(await ask(pipeline, workspace, "Explain this function")).source == "provider"


async def test_an_answer_survives_a_restart_of_the_server(home: Paths, api: MessagesApi, workspace: Workspace) -> None:
    async with road(home, api) as pipeline:
        await ask(pipeline, workspace, "Explain this function")
        waiting = await pipeline.propose(workspace.snapshot("Fix this bug"))
    async with road(home, api) as pipeline:
        assert answer_of(await ask(pipeline, workspace, "Explain this function")).source == "cache"
        assert [proposal.id for proposal in await pipeline.open_proposals()] == [waiting.id]
        assert answer_of(await decide_and_send(pipeline, workspace, waiting)).source == "provider"


BROKEN = {
    "provider.rate_limited": Behaviour(status=429, retry_after_s=30),
    "provider.fault": Behaviour(status=500),
    "provider.overloaded": Behaviour(status=529),
    "provider.cut_off": Behaviour(then="end"),
    "provider.refused": Behaviour(stop_reason="refusal"),
}


@pytest.mark.parametrize("code", BROKEN)
async def test_a_failed_answer_is_said_and_never_remembered(
    home: Paths, api: MessagesApi, workspace: Workspace, code: str
) -> None:
    async with road(home, api) as pipeline:
        api.next(BROKEN[code])
        proposal = await pipeline.propose(workspace.snapshot("Fix this bug"))
        assert _code(await decide_and_send(pipeline, workspace, proposal)) == code
        assert await pipeline.cache.count() == 0
        assert (await pipeline.proposal(proposal.id)).state == "failed"
        again = answer_of(await decide_and_send(pipeline, workspace, await pipeline.proposal(proposal.id)))
        assert again.source == "provider"


async def test_an_answer_that_hit_max_tokens_is_shown_but_not_remembered(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        api.next(Behaviour(stop_reason="max_tokens"))
        answer = answer_of(await ask(pipeline, workspace, "Fix this bug"))
        assert (answer.stop_reason, answer.entry_id) == ("max_tokens", None)
        assert await pipeline.cache.count() == 0


async def test_cancelling_stops_the_request_and_remembers_nothing(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        api.next(Behaviour(then="hang"))
        proposal = await pipeline.propose(workspace.snapshot("Fix this bug"))
        await pipeline.approve(proposal.id, proposal.digest, "accept", read=workspace.read)
        kinds: list[str] = []
        async for event in pipeline.send(proposal.id, proposal.digest, read=workspace.read):
            kinds.append(event.kind)
            if len(kinds) == 2:
                assert await pipeline.cancel(proposal.id)
        assert kinds == ["delta", "delta", "cancelled"]
        assert await asyncio.to_thread(api.requests[0].left.wait, 5)
        assert (await pipeline.proposal(proposal.id)).state == "cancelled"
        assert await pipeline.cache.count() == 0
        assert not await pipeline.cancel(proposal.id)


async def test_leaving_the_answer_cancels_the_request(home: Paths, api: MessagesApi, workspace: Workspace) -> None:
    async with road(home, api) as pipeline:
        api.next(Behaviour(then="hang"))
        proposal = await pipeline.propose(workspace.snapshot("Fix this bug"))
        await pipeline.approve(proposal.id, proposal.digest, "accept", read=workspace.read)
        events = pipeline.send(proposal.id, proposal.digest, read=workspace.read)
        await anext(events)
        await events.aclose()
        assert await asyncio.to_thread(api.requests[0].left.wait, 5)
        assert (await pipeline.proposal(proposal.id)).state == "cancelled"


async def test_equal_sends_at_the_same_time_make_one_request(home: Paths, workspace: Workspace) -> None:
    with MessagesApi(pace=Pace(first_token_s=0.2)) as api:
        async with road(home, api) as pipeline:
            answers = [
                answer_of(events)
                for events in await asyncio.gather(*(ask(pipeline, workspace, "Fix this bug") for _ in range(8)))
            ]
            assert len(api.requests) == 1
            assert len({answer.text for answer in answers}) == 1
            assert sorted(answer.source for answer in answers) == ["cache"] * 7 + ["provider"]
            assert await pipeline.cache.count() == 1


async def test_one_proposal_is_sent_once_however_often_the_button_is_pressed(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        proposal = await pipeline.propose(workspace.snapshot("Fix this bug"))
        await pipeline.approve(proposal.id, proposal.digest, "accept", read=workspace.read)

        async def send() -> AnswerEvent:
            return [event async for event in pipeline.send(proposal.id, proposal.digest, read=workspace.read)][-1]

        ends = sorted([event.kind for event in await asyncio.gather(*(send() for _ in range(5)))])
        assert ends == ["done", "failed", "failed", "failed", "failed"]
        assert len(api.requests) == 1


async def test_two_windows_send_one_approval_once(home: Paths, workspace: Workspace) -> None:
    with MessagesApi(pace=Pace(first_token_s=0.2)) as api:
        async with road(home, api) as first, road(home, api) as second:
            proposal = await first.propose(workspace.snapshot("Fix this bug"))
            await first.approve(proposal.id, proposal.digest, "accept", read=workspace.read)

            async def send(pipeline: Pipeline) -> AnswerEvent:
                return [event async for event in pipeline.send(proposal.id, proposal.digest, read=workspace.read)][-1]

            ends = sorted([event.kind for event in await asyncio.gather(send(first), send(second))])
            assert ends == ["done", "done"]  # the answer to the one is that to the other
            assert len(api.requests) == 1


@pytest.mark.parametrize("pauses", range(8))
async def test_a_sending_that_is_cancelled_twice_at_any_moment_still_ends(
    home: Paths, api: MessagesApi, workspace: Workspace, pauses: int
) -> None:
    async with road(home, api) as pipeline:
        api.always(Behaviour(then="hang"))
        proposal = await pipeline.propose(workspace.snapshot("Fix this bug"))
        await pipeline.approve(proposal.id, proposal.digest, "accept", read=workspace.read)

        async def send() -> list[str]:
            return [event.kind async for event in pipeline.send(proposal.id, proposal.digest, read=workspace.read)]

        sending = asyncio.create_task(send())
        await asyncio.sleep(0)
        for _ in range(pauses):
            await asyncio.sleep(0.001)
        assert await pipeline.cancel(proposal.id)
        await asyncio.sleep(0)
        await pipeline.cancel(proposal.id)
        assert (await asyncio.wait_for(sending, 10))[-1] == "cancelled"
        assert (await pipeline.proposal(proposal.id)).state in ("cancelled", "accepted")


async def test_the_note_on_the_cache_is_that_of_this_revision(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        await ask(pipeline, workspace, "Fix this bug")
        proposal = await pipeline.propose(workspace.snapshot("Fix this bug"))
        assert len([note for note in proposal.notes if "at no cost" in note]) == 1
        edited = await pipeline.revise(proposal.id, edited="Write a poem")
        assert edited.notes == ()
        back = await pipeline.revise(proposal.id, without=())
        assert len([note for note in back.notes if "at no cost" in note]) == 1


async def test_what_an_ignored_file_says_stays_there(home: Paths, api: MessagesApi, workspace: Workspace) -> None:
    (workspace.folder / ".gitignore").write_text("prices.py\n", encoding="utf-8")
    snapshot = workspace.snapshot("Fix this bug")
    where = Range(start=Position(line=3, character=0), end=Position(line=3, character=5))
    error = Diagnostic(path="prices.py", range=where, severity="error", message="BLUEBIRD is not a float")
    async with road(home, api) as pipeline:
        proposal = await pipeline.propose(msgspec.structs.replace(snapshot, diagnostics=(error,)))
        assert "BLUEBIRD" not in proposal.refined
        assert proposal.pieces == ()
        assert any("never read" in note for note in proposal.notes)


async def test_a_secret_file_is_one_under_every_kind_of_uri(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    document = Document(path="/home/me/.env", uri="git:/home/me/.env", language="dotenv", text="NAME=value\n")
    place = Position(line=0, character=2)
    async with road(home, api) as pipeline:
        proposal = await pipeline.propose(Snapshot(prompt="Explain this", active=document, cursor=place))
        assert "NAME=value" not in proposal.refined


async def test_the_order_of_the_code_in_an_edited_prompt_counts(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    workspace.file.write_text(f"{SOURCE}\n\ndef nothing() -> None:\n    pass\n", encoding="utf-8")
    _, *both = SOURCE.strip().split("\n\n\n")
    entries: list[str | None] = []
    async with road(home, api) as pipeline:
        for names, code in (("`total` and `label`", both), ("`label` and `total`", both[::-1])):
            snapshot = workspace.snapshot(f"What have {names} in common?", line=SOURCE.count("\n") + 3, selected=False)
            proposal = await pipeline.propose(snapshot)
            edited = await pipeline.revise(proposal.id, edited="\n".join(("Turn the first into the second:", *code)))
            assert len(edited.pieces) == 2
            entries.append(answer_of(await decide_and_send(pipeline, workspace, edited)).entry_id)
    assert entries[0] != entries[1]


async def test_where_the_code_stands_in_an_edited_prompt_counts(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        proposal = await pipeline.propose(workspace.snapshot("Fix this bug"))
        code = proposal.pieces[0].text
        first = await pipeline.revise(proposal.id, edited=f"Put {code} before y = 2, not after")
        assert answer_of(await decide_and_send(pipeline, workspace, first)).source == "provider"
        other = await pipeline.propose(workspace.snapshot("Fix this bug"))
        other = await pipeline.revise(other.id, edited=f"Put before {code} y = 2, not after")
        assert answer_of(await decide_and_send(pipeline, workspace, other)).source == "provider"


async def test_an_emptied_prompt_is_refused(home: Paths, api: MessagesApi, workspace: Workspace) -> None:
    async with road(home, api) as pipeline:
        proposal = await pipeline.propose(workspace.snapshot("Fix this bug"))
        with pytest.raises(WrongState, match="empty"):
            await pipeline.revise(proposal.id, edited=" \n")


async def test_no_key_is_said_before_anything_is_sent(home: Paths, api: MessagesApi, workspace: Workspace) -> None:
    async with road(home, api, key="") as pipeline:
        assert _code(await ask(pipeline, workspace, "Fix this bug")) == "provider.no_key"
        assert api.requests == ()


async def test_without_a_network_a_cached_answer_still_comes(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        await ask(pipeline, workspace, "Fix this bug")
        api.stop()
        assert answer_of(await ask(pipeline, workspace, "Fix this bug")).source == "cache"
        assert _code(await ask(pipeline, workspace, "Explain this function")) == "provider.network"
        api.start()


async def test_with_the_cache_off_every_question_is_asked(home: Paths, api: MessagesApi, workspace: Workspace) -> None:
    async with road(home, api, {"cache": {"enabled": False}}) as pipeline:
        for _ in range(2):
            assert answer_of(await ask(pipeline, workspace, "Fix this bug")).source == "provider"
        assert await pipeline.cache.count() == 0


async def test_with_context_off_no_code_goes(home: Paths, api: MessagesApi, workspace: Workspace) -> None:
    async with road(home, api, {"context": {"enabled": False}}) as pipeline:
        proposal = await pipeline.propose(workspace.snapshot("Fix this bug"))
        assert proposal.pieces == ()
        assert "range(" not in proposal.refined
        assert proposal.max_code_tokens == 0
    async with road(home, api, {"context": {"maxTokens": 500}}) as pipeline:
        assert (await pipeline.propose(workspace.snapshot("Fix this bug"))).max_code_tokens == 500


async def test_with_refinement_off_the_prompt_goes_as_it_was_written(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api, {"refine": {"enabled": False}}) as pipeline:
        proposal = await pipeline.propose(workspace.snapshot("Fix this bug"))
        assert (proposal.refined, proposal.changes) == ("Fix this bug", ())


async def test_a_proposal_that_was_answered_cannot_be_changed(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        proposal = await pipeline.propose(workspace.snapshot("Fix this bug"))
        await decide_and_send(pipeline, workspace, proposal)
        with pytest.raises(WrongState, match="answered"):
            await pipeline.revise(proposal.id, edited="something else")


@pytest.mark.embedder
async def test_the_same_question_in_other_words_is_served_or_offered(
    home_with_model: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home_with_model, api, {"cache": {"semantic": True}}) as pipeline:
        assert pipeline.cache._meaning is not None  # pyright: ignore[reportPrivateUsage]
        pipeline.cache._meaning._timeout_s = 60.0  # pyright: ignore[reportPrivateUsage]  the model may load slowly
        await ask(pipeline, workspace, "Explain what this function does")
        other = await pipeline.propose(workspace.snapshot("Please explain what this function is doing"))
        assert other.reuse
        assert other.reuse[0].prompt == "Explain what this function does"
        answer = answer_of(await decide_and_send(pipeline, workspace, other, "reuse"))
        assert answer.source == "cache"
        assert len(api.requests) == 1
