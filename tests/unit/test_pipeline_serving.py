"""An answer rests on the code that went along: it is never served once that changed, and found whatever else was."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fakes.road import Workspace, answer_of, decide_and_send
from fakes.shop import PROMPT, TAXES, ask_about, beside
from optafly.demo.server import MessagesApi
from optafly.domain import Piece
from optafly.paths import Paths


async def test_the_same_words_are_served_though_other_code_was_gathered(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    async with beside(home, api, shop) as (pipeline, index):
        first = answer_of(await ask_about(pipeline, shop))
        index.paths = ["notes.py", "taxes.py"]
        second = answer_of(await ask_about(pipeline, shop))
        index.paths = []
        third = answer_of(await ask_about(pipeline, shop))
    assert (first.source, second.source, third.source) == ("provider", "cache", "cache")


async def test_code_that_only_moved_is_the_same_code(home: Paths, api: MessagesApi, shop: Workspace) -> None:
    async with beside(home, api, shop) as (pipeline, _):
        proposal = await pipeline.propose(shop.snapshot(PROMPT), pin=(), remove=("taxes.py:1-3",))
        await decide_and_send(pipeline, shop, proposal)
        (shop.folder / "taxes.py").write_text(f"import decimal\n\n{TAXES}", encoding="utf-8")
        answer = answer_of(await ask_about(pipeline, shop))
    assert answer.source == "cache"


def _edited(text: str) -> str:
    return text.replace("0.19", "0.16")


def _removed(text: str) -> str:
    return text.replace('    return kind in {"bread", "books"}\n', "")


@pytest.mark.parametrize("change", [_edited, _removed, None], ids=["edited", "removed", "gone"])
async def test_an_answer_is_never_served_once_its_gathered_code_has_changed(
    home: Paths, api: MessagesApi, shop: Workspace, change: Callable[[str], str] | None
) -> None:
    """Also where the changed file is not gathered any more; it is offered with what changed."""
    file = shop.folder / "taxes.py"
    async with beside(home, api, shop) as (pipeline, index):
        await ask_about(pipeline, shop)
        if change is None:
            file.unlink()
        else:
            file.write_text(change(TAXES), encoding="utf-8")
        for paths in (["notes.py"], [] if change is None else ["taxes.py"]):
            index.paths = paths
            proposal = await pipeline.propose(shop.snapshot(PROMPT))
            assert not [note for note in proposal.notes if "answered from the cache" in note]
            assert [each.path for each in proposal.reuse[0].code] == ["taxes.py"]
        assert answer_of(await decide_and_send(pipeline, shop, proposal)).source == "provider"


async def test_a_serve_is_looked_at_once_more_when_it_is_sent(home: Paths, api: MessagesApi, shop: Workspace) -> None:
    """What is open in the editor counts, not what is saved."""
    async with beside(home, api, shop) as (pipeline, index):
        await ask_about(pipeline, shop)
        index.paths = ["notes.py"]
        proposal = await pipeline.propose(shop.snapshot(PROMPT))
        assert [note for note in proposal.notes if "answered from the cache" in note]
        await pipeline.approve(proposal.id, proposal.digest, "accept", read=shop.read)

        def read(piece: Piece) -> str | None:
            return _edited(TAXES) if piece.path == "taxes.py" else shop.read(piece)

        events = [event async for event in pipeline.send(proposal.id, proposal.digest, read=read)]
    assert answer_of(events).source == "provider"


async def test_what_a_person_pinned_tells_one_question_from_another(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    async with beside(home, api, shop) as (pipeline, _):
        await ask_about(pipeline, shop)
        pinned = await pipeline.propose(shop.snapshot(PROMPT), pin=("notes.py",))
        events = await decide_and_send(pipeline, shop, pinned)
    assert [piece.path for piece in pinned.pieces if piece.pinned] == ["notes.py"]
    assert answer_of(events).source == "provider"
