"""Two windows that show the same proposal: one sends it, both have its answer, and it is paid for once."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Iterator
from contextlib import closing
from typing import Any

import pytest

from fakes.gate import PATIENT, Gate
from fakes.road import Workspace, answer_of, road
from optafly.approval import LONGEST_SENDING_S, Approvals, sending
from optafly.demo.behaviour import Behaviour
from optafly.demo.server import MessagesApi
from optafly.domain import Answer, Proposal
from optafly.errors import WrongState
from optafly.paths import Paths
from optafly.pipeline import Pipeline, following
from optafly.protocol import AnswerEvent
from optafly.storage import Database


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def api(gate: Gate) -> Iterator[MessagesApi]:
    with MessagesApi(answers=gate) as running:
        yield running
        gate.open()


@pytest.fixture
def followed(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set as soon as somebody waits for the answer to what another window sent."""
    event, follow = asyncio.Event(), following.follow

    def noted(*arguments: Any) -> Awaitable[Answer]:  # as `follow` takes them
        event.set()
        return follow(*arguments)

    monkeypatch.setattr("optafly.pipeline.sending.follow", noted)
    return event


async def _accept(pipeline: Pipeline, workspace: Workspace, proposal: Proposal) -> list[AnswerEvent]:
    await pipeline.approve(proposal.id, proposal.digest, "accept", read=workspace.read)
    return [event async for event in pipeline.send(proposal.id, proposal.digest, read=workspace.read)]


async def _heard(pipeline: Pipeline, workspace: Workspace, proposal: Proposal) -> list[AnswerEvent]:
    return [event async for event in pipeline.send(proposal.id, None, read=workspace.read)]


async def _sent(pipeline: Pipeline, proposal: Proposal) -> None:
    async with asyncio.timeout(30):
        while (await pipeline.proposal(proposal.id)).state != "sent":  # noqa: ASYNC110  the database knows
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("meanwhile", [True, False])
async def test_who_accepts_what_another_window_sent_is_given_its_answer_and_nothing_is_sent(
    home: Paths, api: MessagesApi, workspace: Workspace, gate: Gate, followed: asyncio.Event, meanwhile: bool
) -> None:
    async with road(home, api, PATIENT) as one, road(home, api, PATIENT) as two:
        proposal = await one.propose(workspace.snapshot("Fix this bug"))
        if meanwhile:
            gate.shut()
        first = asyncio.create_task(_accept(one, workspace, proposal))
        await (_sent(one, proposal) if meanwhile else first)
        hearing = asyncio.create_task(_accept(two, workspace, proposal))
        await followed.wait()
        gate.open()
        second = answer_of(await hearing)
        assert second.text == answer_of(await first).text
        assert "another window" in second.evidence
        assert (second.cost_usd, second.saved_usd) == (0, 0)
        assert len(api.requests) == 1
        counted = await two.stats()
        assert (counted.answers, counted.hits) == (1, 0)


async def test_another_decision_than_the_one_that_was_carried_out_is_refused(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as one, road(home, api) as two:
        proposal = await one.propose(workspace.snapshot("Fix this bug"))
        await _accept(one, workspace, proposal)
        assert proposal.digest != proposal.original_digest
        for decision, digest in (("original", proposal.original_digest), ("discard", proposal.digest)):
            with pytest.raises(WrongState, match="answered"):
                await two.approve(proposal.id, digest, decision, read=workspace.read)  # pyright: ignore[reportArgumentType] - it is one
        assert len(api.requests) == 1


async def test_an_answer_that_was_not_remembered_is_not_bought_twice_without_a_word(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    private = {"cache": {"private": True}}
    async with road(home, api, private) as one, road(home, api, private) as two:
        proposal = await one.propose(workspace.snapshot("Fix this bug"))
        await _accept(one, workspace, proposal)
        problem = (await _accept(two, workspace, proposal))[-1].problem
        assert problem is not None
        assert problem.code == "approval.elsewhere"
        assert "pay anew" in problem.todo
        assert len(api.requests) == 1


@pytest.mark.parametrize("approved", [True, False])
async def test_without_a_digest_nothing_is_sent_whatever_was_approved(
    home: Paths, api: MessagesApi, workspace: Workspace, approved: bool
) -> None:
    async with road(home, api) as pipeline:
        proposal = await pipeline.propose(workspace.snapshot("Fix this bug"))
        if approved:
            await pipeline.approve(proposal.id, proposal.digest, "accept", read=workspace.read)
        assert (await _heard(pipeline, workspace, proposal))[-1].kind == "failed"
        assert api.requests == ()


async def test_an_answer_that_was_given_can_be_heard_again_without_a_decision(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as one, road(home, api) as two:
        proposal = await one.propose(workspace.snapshot("Fix this bug"))
        first = answer_of(await _accept(one, workspace, proposal))
        assert answer_of(await _heard(two, workspace, proposal)).text == first.text
        assert len(api.requests) == 1


async def test_who_no_longer_waits_takes_nothing_from_the_window_that_asked(
    home: Paths, api: MessagesApi, workspace: Workspace, gate: Gate, followed: asyncio.Event
) -> None:
    async with road(home, api, PATIENT) as one, road(home, api, PATIENT) as two:
        proposal = await one.propose(workspace.snapshot("Fix this bug"))
        gate.shut()
        first = asyncio.create_task(_accept(one, workspace, proposal))
        await _sent(one, proposal)
        second = asyncio.create_task(_accept(two, workspace, proposal))
        await followed.wait()
        assert await two.cancel(proposal.id)
        assert (await second)[-1].kind == "cancelled"
        gate.open()
        assert answer_of(await first).source == "provider"
        assert (await one.proposal(proposal.id)).state == "answered"


async def test_what_failed_in_the_other_window_is_said_and_can_be_decided_again(
    home: Paths, api: MessagesApi, workspace: Workspace, gate: Gate, followed: asyncio.Event
) -> None:
    api.next(Behaviour(then="cut"))
    async with road(home, api, PATIENT) as one, road(home, api, PATIENT) as two:
        proposal = await one.propose(workspace.snapshot("Fix this bug"))
        gate.shut()
        first = asyncio.create_task(_accept(one, workspace, proposal))
        await _sent(one, proposal)
        hearing = asyncio.create_task(_accept(two, workspace, proposal))
        await followed.wait()
        gate.open()
        problem = (await hearing)[-1].problem
        assert problem is not None
        assert "failed" in problem.why
        await first
        assert answer_of(await _accept(two, workspace, proposal)).source == "provider"


@pytest.mark.parametrize("process", ["is gone", "has another's number", "has our number"])
async def test_a_window_that_is_gone_is_not_waited_for(
    home: Paths, api: MessagesApi, workspace: Workspace, process: str
) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    number = {"is gone": gone.pid, "has another's number": os.getppid(), "has our number": os.getpid()}[process]
    async with road(home, api) as one:
        proposal = await one.propose(workspace.snapshot("Fix this bug"))
        await one.approve(proposal.id, proposal.digest, "accept", read=workspace.read)
        database = Database(home.database)
        approvals = Approvals(database)
        before = await approvals.load(proposal.id)
        await approvals.replace(before, sending(before, proposal.digest, process=number))
        if process == "has another's number":
            longest = (LONGEST_SENDING_S,)
            await database.run(lambda c: c.execute("UPDATE proposal SET updated_at_s = updated_at_s - ?", longest))
        await database.close()
        problem = (await asyncio.wait_for(_accept(one, workspace, proposal), 10))[-1].problem
        assert problem is not None
        assert problem.code == "provider.cut_off"
        assert answer_of(await _accept(one, workspace, proposal)).source == "provider"


async def test_who_could_not_store_what_came_of_it_is_not_waited_for(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as one:
        proposal = await one.propose(workspace.snapshot("Fix this bug"))
        full = """CREATE TRIGGER full BEFORE UPDATE ON proposal WHEN NEW.state = 'answered'
            BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"""
        with closing(sqlite3.connect(home.database)) as database:
            database.execute(full)
        assert answer_of(await _accept(one, workspace, proposal)).source == "provider"
        assert (await one.proposal(proposal.id)).state == "sent"
        problem = (await asyncio.wait_for(_heard(one, workspace, proposal), 10))[-1].problem
        assert problem is not None
        assert "could not store" in problem.why
        assert answer_of(await _accept(one, workspace, proposal)).source == "cache"
