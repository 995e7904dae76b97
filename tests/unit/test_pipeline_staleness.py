"""Answers follow the code they are about: kept while it means the same, never served for other code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from fakes.road import SOURCE, Workspace, answer_of, ask, decide_and_send, road
from fakes.vectors import Here
from optafly.cache.cache import FOR_NOW, Cache
from optafly.cache.keeping import OFF
from optafly.config import Config
from optafly.demo.server import MessagesApi
from optafly.domain import Answer, CodeChange
from optafly.errors import ModelFileError, OptaflyError, StaleProposal, WorkerDied, WorkerError, WorkerTimeout
from optafly.paths import Paths
from optafly.pipeline import Pipeline
from optafly.pipeline.drafting import LATER, MISSED, Drafter
from optafly.storage import Database

PROMPT = "Explain this function"

REFORMATTED = '''\
"""Prices."""


def total(
    prices: list[float],
    rate: float,
    ) -> float:
    """Return the sum of prices with tax."""

    amount=0.0  # nothing yet
    for index in range( 1, len(prices) ):
        # every price
        amount   +=   prices[index]

    return amount*(1+rate)


def label(name: str) -> str:
    return name.title()
'''.replace("    rate: float,\n", "    rate: float\n")


async def _at_cursor(pipeline: Pipeline, workspace: Workspace, prompt: str = PROMPT, *, line: int = 6) -> Answer:
    """Ask about the function around the cursor."""
    proposal = await pipeline.propose(workspace.snapshot(prompt, line=line, selected=False))
    return answer_of(await decide_and_send(pipeline, workspace, proposal))


EDITS: dict[str, tuple[Callable[[str], str], int, bool]] = {
    "another formatting and other comments": (lambda _: REFORMATTED, 6, True),
    "a function added above": (
        lambda text: text.replace("def total", "def more():\n    pass\n\n\ndef total"),
        10,
        True,
    ),
    "an edit in another function": (lambda text: text.replace("name.title()", "name.upper()"), 6, True),
    "an edit inside": (lambda text: text.replace("range(1,", "range(0,"), 6, False),
    "another docstring": (lambda text: text.replace("with tax", "without tax"), 6, False),
    "something still to do": (lambda text: text.replace("0.0", "0.0  # TODO: in cents"), 6, False),
    "another name": (lambda text: text.replace("def total", "def sum_up"), 6, False),
    "a syntax error inside": (lambda text: text.replace("amount = 0.0", "amount = = 0.0"), 6, False),
}


@pytest.mark.parametrize("edit", EDITS)
async def test_an_answer_is_kept_just_while_its_code_means_the_same(
    home: Paths, api: MessagesApi, workspace: Workspace, edit: str
) -> None:
    change, line, kept = EDITS[edit]
    async with road(home, api) as pipeline:
        first = await _at_cursor(pipeline, workspace)
        workspace.file.write_text(change(SOURCE))
        assert workspace.file.read_text() != SOURCE
        second = await _at_cursor(pipeline, workspace, line=line)
        assert (second.source == "cache") is kept
        assert (second.entry_id == first.entry_id) is kept


@pytest.mark.parametrize(
    "prompt",
    [
        "Are the comments in this function right?",
        "Format this function",
        "What does line 7 of this function do?",
        "Write a docstring for this function",
        "Ist die Einrückung in dieser Funktion richtig?",
        "这个函数的注释对吗？",
    ],
)
async def test_where_the_prompt_is_about_form_every_character_counts(
    home: Paths, api: MessagesApi, workspace: Workspace, prompt: str
) -> None:
    async with road(home, api) as pipeline:
        await _at_cursor(pipeline, workspace, prompt)
        assert (await _at_cursor(pipeline, workspace, prompt)).source == "cache"
        workspace.file.write_text(SOURCE.replace("amount = 0.0", "amount = 0.0  # nothing"))
        assert (await _at_cursor(pipeline, workspace, prompt)).source == "provider"


async def test_the_same_line_selected_elsewhere_is_another_question(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    workspace.file.write_text(
        SOURCE.replace("    amount = 0.0\n", "    amount = 0.0\n    amount += 1\n    amount += 1\n")
    )
    async with road(home, api) as pipeline:
        for line in (6, 7):
            proposal = await pipeline.propose(workspace.snapshot("Why is this needed?", line=line))
            assert [piece.kind for piece in proposal.pieces] == ["selection", "symbol"]
            assert answer_of(await decide_and_send(pipeline, workspace, proposal)).source == "provider"


async def test_of_equal_statements_the_selected_one_is_known_under_other_comments(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    def write(first: str, second: str) -> None:
        twice = f"    amount = 0.0\n    amount += 1{first}\n    amount += 1{second}\n"
        workspace.file.write_text(SOURCE.replace("    amount = 0.0\n", twice))

    async def asked(pipeline: Pipeline, line: int) -> Answer:
        proposal = await pipeline.propose(workspace.snapshot("Why is this needed?", line=line))
        return answer_of(await decide_and_send(pipeline, workspace, proposal))

    async with road(home, api) as pipeline:
        write("", "  # again")
        first = await asked(pipeline, 6)
        write("  # once", "")
        assert (await asked(pipeline, 7)).source == "provider"
        write("", "  # and again")
        assert (await asked(pipeline, 6)).entry_id == first.entry_id


async def test_an_answer_about_other_code_is_offered_with_what_changed_in_it(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        await _at_cursor(pipeline, workspace)
        workspace.file.write_text(SOURCE.replace("range(1,", "range(0,"))
        proposal = await pipeline.propose(workspace.snapshot(PROMPT, selected=False))
        (offer,) = proposal.reuse
        (change,) = offer.code
        assert (change.kind, change.path, change.symbol) == ("changed", "prices.py", "total")
        assert [(part.op, part.text) for part in change.diff if part.op != "equal"] == [
            ("delete", "1"),
            ("insert", "0"),
        ]


async def test_an_offer_is_not_taken_when_the_code_changed_after_it_was_shown(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        await _at_cursor(pipeline, workspace)
        workspace.file.write_text(SOURCE.replace("range(1,", "range(0,"))
        proposal = await pipeline.propose(workspace.snapshot(PROMPT, selected=False))
        workspace.file.write_text(SOURCE.replace("range(1,", "range(2,"))
        with pytest.raises(StaleProposal, match="has changed"):
            await decide_and_send(pipeline, workspace, proposal, "reuse")


async def test_what_is_remembered_names_its_code_as_it_was_sent(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        answer = await _at_cursor(pipeline, workspace)
        entry = await pipeline.cache.get(answer.entry_id or "")
        assert entry is not None
        (source,) = entry.sources
        assert (source.path, source.symbol) == ("prices.py", "total")
        assert source.text in SOURCE
        assert entry.intent_kind == "explain"


SETTINGS: dict[str, Mapping[str, Mapping[str, object]]] = {
    "model": {"claude": {"model": "claude-opus-5-5"}},
    "standing instructions": {"claude": {"instructions": "Answer in rhymes."}},
    "length of the answer": {"claude": {"maxTokens": 100}},
}


@pytest.mark.parametrize("what", SETTINGS)
async def test_another_scope_is_never_served_or_offered(
    home: Paths, api: MessagesApi, workspace: Workspace, what: str
) -> None:
    async with road(home, api) as pipeline:
        await ask(pipeline, workspace, PROMPT)
    async with road(home, api, SETTINGS[what]) as pipeline:
        proposal = await pipeline.propose(workspace.snapshot(PROMPT))
        assert proposal.reuse == ()
        assert answer_of(await decide_and_send(pipeline, workspace, proposal)).source == "provider"


async def test_another_folder_is_another_scope(
    home: Paths, api: MessagesApi, workspace: Workspace, tmp_path: Path
) -> None:
    async with road(home, api) as pipeline:
        await ask(pipeline, workspace, PROMPT)
        elsewhere = Workspace(tmp_path / "elsewhere")
        proposal = await pipeline.propose(elsewhere.snapshot(PROMPT))
        assert proposal.reuse == ()
        assert answer_of(await decide_and_send(pipeline, elsewhere, proposal)).source == "provider"


async def test_a_private_project_remembers_nothing_and_looks_nothing_up_and_says_so(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        await ask(pipeline, workspace, PROMPT)
    async with road(home, api, {"cache": {"private": True}}) as pipeline:
        for _ in range(2):
            proposal = await pipeline.propose(workspace.snapshot(PROMPT))
            assert any("private" in note for note in proposal.notes)
            assert (proposal.reuse, proposal.reuse_after) == ((), None)
            assert answer_of(await decide_and_send(pipeline, workspace, proposal)).source == "provider"
        assert await pipeline.cache.count() == 1
        assert "private" in (await pipeline.explain(workspace.snapshot(PROMPT))).verdict.evidence


async def test_a_proposal_says_that_the_cache_is_off(home: Paths, api: MessagesApi, workspace: Workspace) -> None:
    async with road(home, api, {"cache": {"enabled": False}}) as pipeline:
        proposal = await pipeline.propose(workspace.snapshot(PROMPT))
        assert [note for note in proposal.notes if "cache is off" in note] == [OFF]
        assert (await pipeline.revise(proposal.id, without=())).notes == proposal.notes


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (
            WorkerError("The meanings of earlier prompts are still being read (35%)."),
            "the meanings of earlier prompts are still being read (35%)",
        ),
        (WorkerTimeout("The models worker did not answer in 1.0 s."), "comparing by meaning takes too long just now"),
        (WorkerDied("The models worker ended."), "what compares by meaning has ended, and is being started again"),
        (ModelFileError("There is no embedding model."), None),  # it stays so, and `optafly doctor` says it
    ],
)
async def test_a_proposal_says_that_for_now_answers_to_other_words_cannot_be_found(
    home: Paths, workspace: Workspace, fault: OptaflyError, said: str | None
) -> None:
    database = Database(home.database)
    worker = Here(home.database)
    worker.fault = fault
    drafter = Drafter(lambda _: Config(), Cache(database, worker))
    draft = await drafter.draft(workspace.snapshot(PROMPT))
    notes = [note for note in draft.proposal.notes if note.startswith(MISSED)]
    assert [f"({FOR_NOW}: {said})" in note and note.endswith(LATER) for note in notes] == [True] * (said is not None)
    worker.fault = None
    assert (await drafter.switched(draft, ())).proposal.notes == ()
    drafter.close()
    await database.close()


async def test_a_prompt_with_a_masked_secret_is_remembered_only_where_the_person_allowed_it(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    prompt = "Why is the key " + "sk-" + "ant-api03-" + "Canary0123456789" * 6 + " refused?"
    async with road(home, api) as pipeline:
        assert answer_of(await ask(pipeline, workspace, prompt)).entry_id is None
        assert await pipeline.cache.count() == 0
    home.settings.parent.mkdir(parents=True, exist_ok=True)
    home.settings.write_text("[cache]\nrememberMasked = true\n", encoding="utf-8")
    async with road(home, api) as pipeline:
        assert answer_of(await ask(pipeline, workspace, prompt)).entry_id is not None
        assert answer_of(await ask(pipeline, workspace, prompt)).source == "cache"


async def test_code_that_is_gone_and_code_that_is_new_are_named(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        await _at_cursor(pipeline, workspace)
        proposal = await pipeline.propose(workspace.snapshot(PROMPT, line=11, selected=False))
        (offer,) = proposal.reuse
        assert [_named(change) for change in offer.code] == [("changed", "label")]
        bare = await pipeline.revise(
            proposal.id, without=tuple(change.id for change in proposal.changes if change.kind != "goal")
        )
        assert [_named(change) for change in bare.reuse[0].code] == [("gone", "total")]


def _named(change: CodeChange) -> tuple[str, str | None]:
    return change.kind, change.symbol
