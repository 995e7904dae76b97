"""Code from the workspace goes before the prompt: shown, bound by the digest, and never served once it changed."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from fakes.beside import Beside
from fakes.planted import TOKENS
from fakes.road import Workspace, decide_and_send, road
from fakes.screen import piece
from optafly.context.wire import NOTHING
from optafly.demo.server import MessagesApi
from optafly.domain import Answer, Gathered, Piece, Proposal
from optafly.errors import StaleProposal
from optafly.paths import Paths
from optafly.pipeline import Pipeline
from optafly.pipeline.enriching import BY_SCREEN, NAMELESS
from optafly.pipeline.gathering import HEADING, LATE, OLD, if_named
from optafly.pipeline.mentioned import MENTIONED
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


@pytest.fixture
def api() -> Iterator[MessagesApi]:
    with MessagesApi() as running:
        yield running


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "shop")
    (made.folder / "taxes.py").write_text(TAXES, encoding="utf-8")
    (made.folder / "notes.py").write_text(NOTES, encoding="utf-8")
    return made


@asynccontextmanager
async def _beside(
    home: Paths, api: MessagesApi, workspace: Workspace, *paths: str
) -> AsyncGenerator[tuple[Pipeline, Beside]]:
    async with road(home, api) as pipeline:
        await pipeline.workspace.close()
        pipeline.workspace = index = Beside(home, workspace.folder, paths or ("taxes.py",))
        yield pipeline, index


async def _ask(pipeline: Pipeline, workspace: Workspace, prompt: str = PROMPT) -> list[AnswerEvent]:
    return await decide_and_send(pipeline, workspace, await pipeline.propose(workspace.snapshot(prompt)))


def _answer(events: list[AnswerEvent]) -> Answer:
    answer = events[-1].answer
    assert answer is not None, events[-1].problem
    return answer


def _bodies(api: MessagesApi) -> list[bytes]:
    return [request.body for request in api.requests if request.path.endswith("/messages")]


def _gathered(proposal: Proposal) -> list[Piece]:
    return [piece for piece in proposal.pieces if piece.path != "prices.py"]


async def test_it_travels_in_a_block_of_its_own_before_the_prompt_and_is_shown(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with _beside(home, api, workspace) as (pipeline, _):
        proposal = await pipeline.propose(workspace.snapshot(PROMPT))
        events = await decide_and_send(pipeline, workspace, proposal)
    assert [(piece.path, piece.reason) for piece in _gathered(proposal)] == [("taxes.py", "Imported by it.")]
    assert "rate_of" not in proposal.refined
    assert events[-1].kind == "done"
    sent = _sent(api)
    assert sent[0].startswith(HEADING)
    assert TAXES.strip() in sent[0]
    assert sent[1] == proposal.refined


async def test_what_an_older_text_of_the_open_document_says_does_not_go_along(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    """The index may be late; what is on the screen is what a person approves."""
    async with _beside(home, api, workspace, "prices.py", "taxes.py") as (pipeline, _):
        asked = workspace.snapshot(PROMPT, selected=False, line=11)
        edited = workspace.file.read_text(encoding="utf-8").replace("amount = 0.0", "amount = 1.0")
        workspace.file.write_text(edited, encoding="utf-8")
        late = await pipeline.propose(asked)
        current = await pipeline.propose(workspace.snapshot(PROMPT, selected=False, line=11))

    def of_it(proposal: Proposal) -> list[Piece]:
        return [piece for piece in proposal.pieces if "amount = 1.0" in piece.text]

    assert (len(of_it(late)), len(of_it(current))) == (0, 1)
    assert [each.reason for each in late.left_out if each.path == "prices.py"] == [OLD]
    assert "taxes.py" in [piece.path for piece in late.pieces]


async def test_a_stray_mark_in_pasted_code_is_no_pin_but_a_click_that_names_nothing_is_told(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    prompt = "Why does this fail?\n@param rate the tax\n@dataclass\n#define rate"
    async with _beside(home, api, workspace) as (pipeline, _):
        strays = await pipeline.propose(workspace.snapshot(prompt))
        click = await pipeline.propose(workspace.snapshot(prompt), pin=("#gone",))
    assert strays.left_out == ()
    assert [(each.symbol, each.reason) for each in click.left_out] == [("gone", NOTHING)]


@pytest.mark.parametrize(
    ("prompt", "vague"),
    [("Behebe diesen Fehler", True), ("解释这个函数", True), ("Behebe die Rundung der Rabatte", False)],
)
async def test_the_index_is_told_whether_the_words_say_where_to_look(
    home: Paths, api: MessagesApi, workspace: Workspace, prompt: str, vague: bool
) -> None:
    async with _beside(home, api, workspace) as (pipeline, index):
        await pipeline.propose(workspace.snapshot(prompt))
    assert [search.vague for search in index.asked] == [vague]


async def test_the_digest_covers_it_and_the_estimate_counts_it(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with _beside(home, api, workspace) as (pipeline, index):
        alone = await pipeline.propose(workspace.snapshot(PROMPT))
        index.paths = ["taxes.py", "notes.py"]
        more = await pipeline.propose(workspace.snapshot(PROMPT))
    assert alone.digest != more.digest
    assert alone.original_digest == more.original_digest
    assert more.estimate.input_tokens > alone.estimate.input_tokens > 100


async def test_the_original_goes_without_it(home: Paths, api: MessagesApi, workspace: Workspace) -> None:
    async with _beside(home, api, workspace) as (pipeline, _):
        proposal = await pipeline.propose(workspace.snapshot(PROMPT))
        (workspace.folder / "taxes.py").unlink()  # nothing of it is sent, so that nothing of it matters
        events = await decide_and_send(pipeline, workspace, proposal, "original")
    assert events[-1].kind == "done"
    assert _sent(api) == [PROMPT]


async def test_a_change_of_it_asks_again(home: Paths, api: MessagesApi, workspace: Workspace) -> None:
    async with _beside(home, api, workspace) as (pipeline, _):
        proposal = await pipeline.propose(workspace.snapshot(PROMPT))
        (workspace.folder / "taxes.py").write_text(TAXES.replace("0.19", "0.16"), encoding="utf-8")
        with pytest.raises(StaleProposal, match=r"taxes\.py"):
            await pipeline.approve(proposal.id, proposal.digest, "accept", read=workspace.read)
        again = await pipeline.propose(workspace.snapshot(PROMPT))
        await pipeline.approve(again.id, again.digest, "accept", read=workspace.read)
        (workspace.folder / "taxes.py").unlink()
        events = [event async for event in pipeline.send(again.id, again.digest, read=workspace.read)]
    assert events[-1].kind == "failed"
    assert _bodies(api) == []


async def test_the_same_words_are_served_though_other_code_was_gathered(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with _beside(home, api, workspace) as (pipeline, index):
        first = _answer(await _ask(pipeline, workspace))
        index.paths = ["notes.py", "taxes.py"]
        second = _answer(await _ask(pipeline, workspace))
        index.paths = []
        third = _answer(await _ask(pipeline, workspace))
    assert (first.source, second.source, third.source) == ("provider", "cache", "cache")


async def test_code_that_only_moved_is_the_same_code(home: Paths, api: MessagesApi, workspace: Workspace) -> None:
    async with _beside(home, api, workspace) as (pipeline, _):
        proposal = await pipeline.propose(workspace.snapshot(PROMPT), pin=(), remove=("taxes.py:1-3",))
        await decide_and_send(pipeline, workspace, proposal)
        (workspace.folder / "taxes.py").write_text(f"import decimal\n\n{TAXES}", encoding="utf-8")
        answer = _answer(await _ask(pipeline, workspace))
    assert answer.source == "cache"


def _edited(text: str) -> str:
    return text.replace("0.19", "0.16")


def _removed(text: str) -> str:
    return text.replace('    return kind in {"bread", "books"}\n', "")


@pytest.mark.parametrize("change", [_edited, _removed, None], ids=["edited", "removed", "gone"])
async def test_an_answer_is_never_served_once_its_gathered_code_has_changed(
    home: Paths, api: MessagesApi, workspace: Workspace, change: Callable[[str], str] | None
) -> None:
    """Also where the changed file is not gathered any more; it is offered with what changed."""
    file = workspace.folder / "taxes.py"
    async with _beside(home, api, workspace) as (pipeline, index):
        await _ask(pipeline, workspace)
        if change is None:
            file.unlink()
        else:
            file.write_text(change(TAXES), encoding="utf-8")
        for paths in (["notes.py"], [] if change is None else ["taxes.py"]):
            index.paths = paths
            proposal = await pipeline.propose(workspace.snapshot(PROMPT))
            assert not [note for note in proposal.notes if "answered from the cache" in note]
            assert [each.path for each in proposal.reuse[0].code] == ["taxes.py"]
        assert _answer(await decide_and_send(pipeline, workspace, proposal)).source == "provider"


async def test_a_serve_is_looked_at_once_more_when_it_is_sent(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    """What is open in the editor counts, not what is saved."""
    async with _beside(home, api, workspace) as (pipeline, index):
        await _ask(pipeline, workspace)
        index.paths = ["notes.py"]
        proposal = await pipeline.propose(workspace.snapshot(PROMPT))
        assert [note for note in proposal.notes if "answered from the cache" in note]
        await pipeline.approve(proposal.id, proposal.digest, "accept", read=workspace.read)

        def read(piece: Piece) -> str | None:
            return _edited(TAXES) if piece.path == "taxes.py" else workspace.read(piece)

        events = [event async for event in pipeline.send(proposal.id, proposal.digest, read=read)]
    assert _answer(events).source == "provider"


async def test_what_a_person_pinned_tells_one_question_from_another(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with _beside(home, api, workspace) as (pipeline, _):
        await _ask(pipeline, workspace)
        pinned = await pipeline.propose(workspace.snapshot(PROMPT), pin=("notes.py",))
        events = await decide_and_send(pipeline, workspace, pinned)
    assert [piece.path for piece in pinned.pieces if piece.pinned] == ["notes.py"]
    assert _answer(events).source == "provider"


async def test_a_mention_in_the_prompt_pins(home: Paths, api: MessagesApi, workspace: Workspace) -> None:
    async with _beside(home, api, workspace) as (pipeline, index):
        proposal = await pipeline.propose(workspace.snapshot("What is #notes.py for?"))
        clicked = await pipeline.revise(proposal.id, pin=("taxes.py",))
    assert index.asked[0].pinned == ("notes.py",)
    assert [piece.path for piece in proposal.pieces if piece.pinned] == ["notes.py"]
    assert {piece.path: piece.reason for piece in clicked.pieces if piece.pinned} == {
        "notes.py": MENTIONED,
        "taxes.py": "You pinned it.",
    }


async def test_a_mention_that_fits_several_definitions_is_a_choice_which_a_pin_takes(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    for name in ("first.py", "second.py"):
        (workspace.folder / name).write_text("def twice(n: int) -> int:\n    return 2 * n\n", encoding="utf-8")
    async with _beside(home, api, workspace) as (pipeline, _):
        proposal = await pipeline.propose(workspace.snapshot("Why is @twice so slow?"))
        (choice,) = proposal.choices
        chosen = await pipeline.revise(proposal.id, pin=("second.py#twice",))
    assert (choice.words, choice.start) == ("@twice", 7)
    assert [hit.path for hit in choice.candidates] == ["first.py", "second.py"]
    assert proposal.left_out == ()
    assert [piece.path for piece in chosen.pieces if piece.pinned] == ["second.py"]
    assert chosen.choices == ()


async def test_a_mention_in_an_edited_prompt_pins_as_long_as_it_stands_there(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with _beside(home, api, workspace) as (pipeline, index):
        proposal = await pipeline.propose(workspace.snapshot(PROMPT))
        edited = await pipeline.revise(proposal.id, edited=f"{proposal.refined}\n\nSee #notes.py too.")
        assert index.asked[-1].pinned == ("notes.py",)
        assert [piece.path for piece in edited.pieces if piece.pinned] == ["notes.py"]
        await pipeline.revise(proposal.id, edited=f"{proposal.refined}\n\nSee the notes.")
        assert index.asked[-1].pinned == ()


async def test_a_pin_and_a_removal_gather_anew_and_need_a_new_approval(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with _beside(home, api, workspace) as (pipeline, index):
        proposal = await pipeline.propose(workspace.snapshot(PROMPT))
        switched = await pipeline.revise(proposal.id, without=())
        assert len(index.asked) == 1  # nothing was asked for that would change what is found
        pinned = await pipeline.revise(proposal.id, pin=("notes.py",))
        removed = await pipeline.revise(proposal.id, remove=("taxes.py", "prices.py"))
        back = await pipeline.revise(proposal.id, unpin=("notes.py", "taxes.py", "prices.py"))
    assert [piece.path for piece in _gathered(switched)] == ["taxes.py"]
    assert {piece.path for piece in _gathered(pinned)} == {"notes.py", "taxes.py"}
    assert {piece.path for piece in removed.pieces} == {"notes.py"}
    assert "amount" not in removed.refined
    assert {each.path for each in removed.left_out} >= {"taxes.py", "prices.py"}
    assert len({each.digest for each in (switched, pinned, removed)}) == 3
    assert [piece.path for piece in _gathered(back)] == ["taxes.py"]


async def test_without_an_answer_from_the_index_a_removal_still_holds(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with _beside(home, api, workspace, "taxes.py", "notes.py") as (pipeline, index):
        proposal = await pipeline.propose(workspace.snapshot(PROMPT))
        index.late = True
        removed = await pipeline.revise(proposal.id, remove=("taxes.py",))
        new = await pipeline.propose(workspace.snapshot(PROMPT))
    assert [piece.path for piece in _gathered(removed)] == ["notes.py"]
    assert _gathered(new) == []


async def test_a_pin_that_the_index_did_not_answer_in_time_is_told_and_taken_when_it_is_asked_for_again(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with _beside(home, api, workspace) as (pipeline, index):
        proposal = await pipeline.propose(workspace.snapshot(PROMPT))
        index.late = True
        late = await pipeline.revise(proposal.id, pin=("notes.py",))
        index.late = False
        taken = await pipeline.revise(proposal.id, pin=("notes.py",))
    assert [(each.path, each.reason) for each in late.left_out] == [("notes.py", LATE)]
    assert [piece.path for piece in _gathered(late)] == ["taxes.py"]
    assert {piece.path: piece.pinned for piece in _gathered(taken)} == {"notes.py": True, "taxes.py": False}
    assert taken.left_out == ()


async def test_what_the_index_did_not_say_in_time_is_looked_for_again_when_a_person_asks(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with _beside(home, api, workspace) as (pipeline, index):
        index.late = True
        proposal = await pipeline.propose(workspace.snapshot(PROMPT))
        index.late = False
        edited = await pipeline.revise(proposal.id, edited="Explain the rounding")
        assert (edited.unfinished, _gathered(edited)) == (True, [])  # nothing is replaced unless a person asks
        pinned = await pipeline.revise(proposal.id, pin=("notes.py",))
        looked = await pipeline.revise(proposal.id, look_again=True)
        again = await pipeline.revise(proposal.id, look_again=True)
    assert (proposal.unfinished, pinned.unfinished, looked.unfinished) == (True, False, False)
    assert looked.refined == "Explain the rounding"
    assert {piece.path: piece.pinned for piece in _gathered(looked)} == {"notes.py": True, "taxes.py": False}
    assert (again.revision, again.pieces) == (looked.revision + 1, looked.pieces)


async def test_planted_secrets_in_gathered_files_never_leave(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    planted = "".join(f"KEY_{n} = '{token}'\n" for n, token in enumerate(TOKENS.values()))
    (workspace.folder / "taxes.py").write_text(planted + TAXES, encoding="utf-8")
    async with road(home, api) as pipeline:
        await pipeline.workspace.close()
        pipeline.workspace = Beside(home, workspace.folder, ["taxes.py"], masked=False)  # the index masks nothing
        proposal = await pipeline.propose(workspace.snapshot(PROMPT))
        await decide_and_send(pipeline, workspace, proposal)
    assert "rate_of" in _sent(api)[0]
    assert "taxes.py" in {each.where for each in proposal.masked}
    for token in TOKENS.values():
        assert token.encode() not in _bodies(api)[0]
        assert token not in str(proposal)


@pytest.mark.parametrize("name", [".env", "ignored.py", "../outside.py"])
async def test_ignored_files_never_appear_whatever_the_index_says(
    home: Paths, api: MessagesApi, workspace: Workspace, name: str
) -> None:
    (workspace.folder / ".gitignore").write_text("ignored.py\n", encoding="utf-8")
    (workspace.folder / name).write_text("def canary():\n    return 1\n", encoding="utf-8")
    async with _beside(home, api, workspace, name, "taxes.py") as (pipeline, _):
        proposal = await pipeline.propose(workspace.snapshot(PROMPT), pin=(name,))
        await decide_and_send(pipeline, workspace, proposal)
    assert [piece.path for piece in _gathered(proposal)] == ["taxes.py"]
    assert name in {each.path for each in proposal.left_out}
    assert b"canary" not in _bodies(api)[0]


async def test_of_files_behind_the_first_only_the_names_go_and_of_ignored_ones_not_even_these(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    (workspace.folder / ".gitignore").write_text("made*.py\n", encoding="utf-8")
    kinds = ("unit", "unit", "unit", "made", "made up")
    names = [f"{kinds[n % 5]}_{n}.py" for n in range(61)]
    for name in names:
        (workspace.folder / name).write_text(TAXES.replace("rate_of", name[:-3]), encoding="utf-8")
    async with _beside(home, api, workspace, *names) as (pipeline, index):
        proposal = await pipeline.propose(workspace.snapshot(PROMPT))
        events = await decide_and_send(pipeline, workspace, proposal)
        index.paths = []
        again = _answer(await _ask(pipeline, workspace))
    (paths,) = [piece for piece in proposal.pieces if piece.path == "."]
    assert "unit_60.py" in paths.text
    assert "made" not in paths.text
    assert "up_" not in _sent(api)[0]
    assert "made_" not in _sent(api)[0]
    assert events[-1].kind == "done"
    assert again.source == "cache"  # names are no code that an answer rests on


@pytest.mark.parametrize(
    ("prompt", "asked"),
    [
        ("What is a monad?", False),
        ("How do I undo the last git commit?", False),
        ("How do I count taxes in Excel?", False),
        ('Why?\n```\n  File "/src/shop/taxes.py", line 6, in rate_of\n    return {}\n```', True),
        ('Why?\n```\n  File "/src/other/else.py", line 6, in run\n    return {}\n```', False),
        ("How are taxes worked out?", True),
        ("Why is rate_of so slow?", True),
        ("Fix the rounding of the taxes", True),
    ],
)
async def test_only_a_prompt_about_the_workspace_gets_its_code(
    home: Paths, api: MessagesApi, workspace: Workspace, prompt: str, asked: bool
) -> None:
    async with _beside(home, api, workspace) as (pipeline, _):
        proposal = await pipeline.propose(workspace.snapshot(prompt, line=11, selected=False))
    assert bool(_gathered(proposal)) is asked


async def test_it_is_said_where_no_word_of_the_prompt_stands_in_what_was_found(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with _beside(home, api, workspace) as (pipeline, _):

        async def notes(prompt: str) -> tuple[str, ...]:
            return (await pipeline.propose(workspace.snapshot(prompt, line=11, selected=False))).notes

        assert BY_SCREEN in await notes("修复折扣的四舍五入")
        assert BY_SCREEN in await notes("Fix the rounding of discounts")
        for told in (PROMPT, "修复rate_of的错误", "Fix the taxation of books"):
            assert BY_SCREEN not in await notes(told)
        assert NAMELESS in await notes("登录令牌是怎么刷新的？")
        assert NAMELESS not in await notes("How is the login token renewed?")


def test_beside_a_tool_by_name_one_more_word_has_to_name_the_code() -> None:
    code = msgspec.structs.replace(piece("lines", 1, 9, None), path="discovery/docker.py")
    gathered = Gathered(pieces=(code,))
    assert if_named(gathered, ("docker", "discovery"), 2) == gathered
    assert not if_named(gathered, ("docker", "ubuntu"), 2).pieces


async def test_no_answer_in_time_costs_nothing_but_the_code(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with _beside(home, api, workspace) as (pipeline, index):
        index.late = True
        proposal = await pipeline.propose(workspace.snapshot(PROMPT))
        events = await decide_and_send(pipeline, workspace, proposal)
    assert events[-1].kind == "done"
    assert {piece.path for piece in proposal.pieces} == {"prices.py"}
    assert _sent(api) == [proposal.refined]


def _sent(api: MessagesApi) -> list[str]:
    """Return the text blocks of the last message that was sent."""
    content = json.loads(_bodies(api)[-1])["messages"][-1]["content"]
    return [content] if isinstance(content, str) else [block["text"] for block in content]


async def test_words_that_mean_one_definition_are_told_which(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with _beside(home, api, workspace) as (pipeline, index):
        index.symbols = {"taxes.py": ("rate_of",), "config.py": ("load_config",)}
        proposal = await pipeline.propose(workspace.snapshot("Why does the config loader never stop?", selected=False))
        off = await pipeline.revise(proposal.id, without=("locate-at-9",))
    assert "the config loader (`load_config`, `config.py`) never stop" in proposal.refined
    assert [change.id for change in proposal.changes if change.kind == "locate"] == ["locate-at-9"]
    assert "load_config" not in off.refined
    assert proposal.choices == ()


async def test_a_whole_phrase_counts_more_than_one_of_its_words(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with _beside(home, api, workspace) as (pipeline, index):
        index.symbols = {"names.py": ("label_printer",)}
        proposal = await pipeline.propose(workspace.snapshot("Fix the label printer", selected=False))
    assert proposal.refined.startswith("Fix the label printer (`label_printer`, `names.py`)")


async def test_words_that_may_mean_several_definitions_are_a_choice_which_a_pin_takes(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with _beside(home, api, workspace) as (pipeline, index):
        index.symbols = {"taxes.py": ("rate_of",), "config.py": ("load_config",), "user.py": ("ConfigLoader",)}
        proposal = await pipeline.propose(workspace.snapshot("Why does the config loader never stop?", selected=False))
        assert "load_config" not in proposal.refined
        (choice,) = proposal.choices
        assert choice.words == "the config loader"
        assert proposal.original[choice.start :].startswith(choice.words)
        assert {hit.symbols[0].name for hit in choice.candidates} == {"load_config", "ConfigLoader"}
        chosen = await pipeline.revise(proposal.id, pin=("user.py#ConfigLoader",))
    assert "the config loader (`ConfigLoader`, `user.py`)" in chosen.refined
    assert chosen.choices == ()


async def test_a_prompt_of_the_persons_own_is_not_told_what_it_means(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with _beside(home, api, workspace) as (pipeline, index):
        index.symbols = {"config.py": ("load_config",)}
        proposal = await pipeline.propose(workspace.snapshot(PROMPT))
        edited = await pipeline.revise(proposal.id, edited="Why does the config loader stop?", pin=("taxes.py",))
    assert edited.refined == "Why does the config loader stop?"


async def test_anthropic_counts_tokens_only_for_whom_asked_for_it(
    home: Paths, api: MessagesApi, workspace: Workspace
) -> None:
    async with road(home, api) as pipeline:
        proposal = await pipeline.propose(workspace.snapshot(PROMPT))
        assert api.requests == ()
        assert proposal.estimate.method.startswith("local estimate")
    home.settings.parent.mkdir(parents=True, exist_ok=True)
    home.settings.write_text("[claude]\ncountTokens = true\n", encoding="utf-8")  # no project can ask for it
    async with road(home, api) as pipeline:
        counted = await pipeline.propose(workspace.snapshot(PROMPT))
        assert [request.path for request in api.requests] == ["/v1/messages/count_tokens"]
        assert counted.estimate.method == "counted by Anthropic"
        assert counted.digest == proposal.digest
        assert (await decide_and_send(pipeline, workspace, counted))[-1].kind == "done"
    api.reset()
    async with road(home, api, key="") as pipeline:
        without = await pipeline.propose(workspace.snapshot(PROMPT))
    assert without.estimate.method.startswith("local estimate")
    assert api.requests == ()


@pytest.mark.parametrize(
    "text", ["def rate_of(country):\n    return 1\n", "func (c Country) RateOf() int {\n", "class RateTable {\n"]
)
def test_a_whole_file_is_named_by_what_it_defines(text: str) -> None:
    gathered = Gathered(
        pieces=(msgspec.structs.replace(piece(), path="taxes.py", symbol=None, kind="file", text=text),)
    )
    assert if_named(gathered, ("rate", "found")) == gathered
    assert not if_named(gathered, ("monad",)).pieces
