"""The state machine between a proposal and its sending, and the digest that binds the two."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.drafts import draft, outgoing, with_proposal
from optafly.approval import APPROVED, OPEN, Approvals, Draft, chosen, decide, ended, judged, sending
from optafly.domain import Decision, FeedbackKind, Outgoing, State
from optafly.errors import ApprovalError, StaleProposal, UnknownProposal, WrongState
from optafly.paths import Paths
from optafly.storage import Database


def _accepted(made: Draft) -> Draft:
    return decide(made, "accept", made.proposal.digest, at_s=2.0)[0]


@pytest.mark.parametrize(
    ("decision", "state"), [("accept", "accepted"), ("original", "original"), ("discard", "discarded")]
)
def test_a_decision_moves_a_proposal_to_its_state(decision: Decision, state: State) -> None:
    made = draft()
    digest = made.proposal.original_digest if decision == "original" else made.proposal.digest
    decided, approved = decide(made, decision, digest, at_s=2.0)
    assert decided.proposal.state == state
    assert (approved.decision, approved.digest, approved.at_s) == (decision, digest, 2.0)


def test_accepting_an_edited_proposal_is_a_modification() -> None:
    assert _accepted(with_proposal(draft(), edited=True)).proposal.state == "modified"


def test_modify_without_an_edit_is_refused() -> None:
    made = draft()
    with pytest.raises(WrongState, match="Nothing was modified"):
        decide(made, "modify", made.proposal.digest, at_s=2.0)


def test_reuse_takes_an_offered_answer_and_no_other() -> None:
    made = draft()
    decided, approved = decide(made, "reuse", made.proposal.digest, at_s=2.0, entry_id="e1")
    assert (decided.proposal.state, approved.entry_id) == ("reused", "e1")
    with pytest.raises(WrongState, match="not offered"):
        decide(made, "reuse", made.proposal.digest, at_s=2.0, entry_id="somebody-elses")
    with pytest.raises(WrongState, match="not offered"):
        decide(made, "reuse", made.proposal.digest, at_s=2.0)


@pytest.mark.parametrize("decision", ["accept", "original", "discard", "reuse"])
def test_the_digest_must_be_that_of_what_the_person_saw(decision: Decision) -> None:
    made = draft()
    with pytest.raises(StaleProposal):
        decide(made, decision, "0" * 64, at_s=2.0, entry_id="e1" if decision == "reuse" else None)


def test_the_originals_digest_does_not_accept_the_refined_prompt() -> None:
    made = draft()
    with pytest.raises(StaleProposal):
        decide(made, "accept", made.proposal.original_digest, at_s=2.0)


def test_a_question_cannot_be_accepted_but_its_original_can_be_sent() -> None:
    made = with_proposal(draft(), question="Which file?")
    with pytest.raises(WrongState, match="Which file"):
        _accepted(made)
    assert decide(made, "original", made.proposal.original_digest, at_s=2.0)[0].proposal.state == "original"


@pytest.mark.parametrize("state", ["sent", "answered", "discarded"])
def test_what_was_sent_or_discarded_cannot_be_decided_again(state: State) -> None:
    with pytest.raises(WrongState, match=state):
        _accepted(with_proposal(draft(), state=state))


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_after_a_failure_a_person_may_decide_again(state: State) -> None:
    assert _accepted(ended(sending(_accepted(draft()), draft().proposal.digest, process=1), state)).proposal.state == (
        "accepted"
    )


def test_nothing_is_sent_without_an_approval() -> None:
    made = draft()
    with pytest.raises(WrongState, match="Nobody approved"):
        sending(made, made.proposal.digest, process=1)


def test_nothing_is_sent_but_what_was_approved() -> None:
    made = _accepted(draft())
    with pytest.raises(StaleProposal):
        sending(made, made.proposal.original_digest, process=1)
    swapped = msgspec.structs.replace(made, refined=msgspec.structs.replace(made.refined, outgoing=outgoing("other")))
    with pytest.raises(StaleProposal):
        sending(swapped, made.proposal.digest, process=1)


def test_the_plan_of_use_original_is_the_original() -> None:
    made = draft()
    decided, _ = decide(made, "original", made.proposal.original_digest, at_s=2.0)
    assert decided.plan == made.original
    assert made.plan == made.refined


@given(
    st.sampled_from(["provider", "base_url", "model", "max_tokens", "system", "turns"]),
    st.text(min_size=1, max_size=20),
)
def test_a_digest_changes_with_every_part_of_a_request(field: str, text: str) -> None:
    made = outgoing("x")
    other = outgoing("x" + text)
    value: dict[str, object] = {
        "max_tokens": made.max_tokens + len(text),
        "system": other.turns[0].blocks,
        "turns": other.turns,
    }
    changed = msgspec.structs.replace(made, **{field: value[field] if field in value else getattr(made, field) + text})
    assert changed.digest != made.digest
    again = msgspec.json.decode(msgspec.json.encode(changed), type=Outgoing)
    assert again.digest == changed.digest


@given(st.lists(st.sampled_from(["accept", "modify", "original", "reuse", "discard", "send", "failed", "answered"])))
def test_no_order_of_decisions_sends_without_an_approval(steps: list[str]) -> None:
    made = draft()
    for step in steps:
        before = made.proposal.state
        try:
            if step == "send":
                made = sending(made, made.approved.digest if made.approved else made.proposal.digest, process=1)
                assert before in APPROVED
            elif step in ("failed", "answered"):
                made = ended(made, "failed" if step == "failed" else "answered") if before == "sent" else made
            else:
                decision = msgspec.convert(step, Decision)
                digest = made.proposal.original_digest if step == "original" else made.proposal.digest
                made, _ = decide(made, decision, digest, at_s=1.0, entry_id="e1" if step == "reuse" else None)
        except ApprovalError:
            assert made.proposal.state == before


async def test_proposals_survive_a_restart(home: Paths) -> None:
    first = Database(home.database)
    await Approvals(first).save(_accepted(draft()))
    await first.close()
    second = Database(home.database)
    approvals = Approvals(second)
    assert await approvals.load("p1") == _accepted(draft())
    assert [proposal.id for proposal in await approvals.open()] == ["p1"]
    await second.close()


async def test_a_proposal_of_an_earlier_version_can_still_be_decided(home: Paths) -> None:
    database = Database(home.database)
    approvals = Approvals(database)
    made = draft()
    await approvals.save(made)
    written = msgspec.msgpack.decode(msgspec.msgpack.encode(made))
    for later in (
        written.pop("entryId"),
        written["proposal"].pop("reuseBefore"),
        written["proposal"].pop("reuseAfter"),
    ):
        assert later is None
    record = msgspec.msgpack.encode(written)
    await database.run(lambda c: c.execute("UPDATE proposal SET record = ?", (record,)).rowcount)
    loaded = await approvals.load("p1")
    await approvals.replace(loaded, _accepted(loaded))
    assert await approvals.load("p1") == _accepted(made)
    await database.close()


async def test_who_comes_second_changes_nothing(home: Paths) -> None:
    database = Database(home.database)
    approvals = Approvals(database)
    made = draft()
    await approvals.save(made)
    await approvals.replace(made, _accepted(made))
    with pytest.raises(StaleProposal, match="another window"):
        await approvals.replace(made, with_proposal(made, edited=True))
    assert await approvals.load("p1") == _accepted(made)
    await database.close()


async def test_a_proposal_of_another_version_stops_nobody(home: Paths) -> None:
    database = Database(home.database)
    approvals = Approvals(database)
    await approvals.save(draft())
    await database.run(
        lambda c: c.execute("INSERT INTO proposal VALUES ('odd', 'sent', x'81a13100', 1, ?)", (time.time(),))
    )
    await approvals.recover()
    assert [proposal.id for proposal in await approvals.open()] == ["p1"]
    with pytest.raises(UnknownProposal):
        await approvals.load("odd")
    await database.close()


@pytest.mark.parametrize("decision", ["accept", "original"])
def test_an_empty_prompt_is_not_sent(decision: Decision) -> None:
    made = draft("  ", "  ")
    with pytest.raises(WrongState, match="nothing to send"):
        decide(made, decision, made.proposal.digest, at_s=2.0)


async def test_an_unknown_proposal_says_what_to_do(home: Paths) -> None:
    database = Database(home.database)
    with pytest.raises(UnknownProposal, match="Refine the prompt again"):
        await Approvals(database).load("nowhere")
    await database.close()


async def test_what_a_dead_process_was_sending_has_failed_and_a_living_ones_goes_on(home: Paths) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    database = Database(home.database)
    approvals = Approvals(database)
    for name, process in (("dead", dead.pid), ("ours", os.getpid()), ("alive", os.getppid())):
        made = draft(proposal_id=name)
        await approvals.save(sending(_accepted(made), made.proposal.digest, process=process))
    await approvals.recover()
    assert (await approvals.load("dead")).proposal.state == "failed"
    assert (await approvals.load("ours")).proposal.state == "failed", "a process that has just begun sends nothing yet"
    assert (await approvals.load("alive")).proposal.state == "sent"
    await database.close()


def _answered(decision: Decision = "accept", entry_id: str = "e2") -> Draft:
    """Return a draft that was decided so and answered by a remembered answer."""
    made = with_proposal(draft(), edited=True) if decision == "modify" else draft()
    digest = made.proposal.original_digest if decision == "original" else made.proposal.digest
    decided, _ = decide(made, decision, digest, at_s=2.0, entry_id="e1" if decision == "reuse" else None)
    return ended(sending(decided, digest, process=1), "answered", entry_id="e1" if decision == "reuse" else entry_id)


@pytest.mark.parametrize("decision", ["accept", "modify", "original"])
def test_asking_anew_goes_back_to_the_approval_of_the_same_digest(decision: Decision) -> None:
    answered = _answered(decision)
    back = judged(answered, "e2", "regenerate")
    assert back.approved == answered.approved
    assert back.approved is not None
    assert sending(back, back.approved.digest, process=1).proposal.state == "sent"
    with pytest.raises(StaleProposal):
        sending(back, "0" * 64, process=1)


def test_where_an_offer_was_taken_nothing_was_approved_to_be_sent() -> None:
    back = judged(_answered("reuse"), "e1", "regenerate")
    assert (back.proposal.state, back.approved, back.proposal.reuse) == ("proposed", None, ())
    with pytest.raises(WrongState, match="Nobody approved"):
        sending(back, back.proposal.digest, process=1)


@pytest.mark.parametrize("kind", ["wrong", "refused", "right"])
def test_a_word_on_an_offer_changes_no_decision(kind: FeedbackKind) -> None:
    made = draft()
    after = judged(made, "e1", kind)
    assert (after.proposal.state, after.proposal.digest, after.approved) == ("proposed", made.proposal.digest, None)
    assert [offer.entry_id for offer in after.proposal.reuse] == (["e1"] if kind == "right" else [])


@pytest.mark.parametrize("kind", ["wrong", "right", "refused", "regenerate"])
@pytest.mark.parametrize("state", ["sent", "discarded"])
def test_no_word_fits_what_is_being_sent_or_was_discarded(kind: FeedbackKind, state: State) -> None:
    with pytest.raises(WrongState, match="does not fit"):
        judged(with_proposal(draft(), state=state), "e1", kind)


@pytest.mark.parametrize("kind", ["wrong", "right", "refused", "regenerate"])
def test_a_word_fits_only_what_was_given_or_offered(kind: FeedbackKind) -> None:
    for made in (draft(), _answered()):
        with pytest.raises(WrongState):
            judged(made, "somebody-elses", kind)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_what_was_not_given_yet_cannot_be_asked_for_anew(state: State) -> None:
    with pytest.raises(WrongState):
        judged(with_proposal(draft(), state=state), "e1", "regenerate")


def test_what_was_last_said_of_some_code_holds() -> None:
    made = chosen(draft(), pin=("a.py", "b.py"), remove=("c.py#f",), unpin=())
    again = chosen(made, pin=("c.py#f", "a.py"), remove=("b.py",), unpin=())
    neither = chosen(again, pin=(), remove=(), unpin=("b.py", "c.py#f"))
    assert (made.pinned, made.removed) == (("a.py", "b.py"), ("c.py#f",))
    assert (again.pinned, again.removed) == (("a.py", "c.py#f"), ("b.py",))
    assert (neither.pinned, neither.removed) == (("a.py",), ())
