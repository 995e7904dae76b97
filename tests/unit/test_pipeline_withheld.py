"""What never goes along with a prompt, whatever the index says: secrets, and files that are ignored."""

from __future__ import annotations

import pytest

from fakes.beside import Beside
from fakes.planted import TOKENS
from fakes.road import Workspace, answer_of, decide_and_send, road
from fakes.shop import PROMPT, TAXES, ask_about, beside, bodies, gathered_in, sent_to
from optafly.demo.server import MessagesApi
from optafly.paths import Paths


async def test_planted_secrets_in_gathered_files_never_leave(home: Paths, api: MessagesApi, shop: Workspace) -> None:
    planted = "".join(f"KEY_{n} = '{token}'\n" for n, token in enumerate(TOKENS.values()))
    (shop.folder / "taxes.py").write_text(planted + TAXES, encoding="utf-8")
    async with road(home, api) as pipeline:
        await pipeline.workspace.close()
        pipeline.workspace = Beside(home, shop.folder, ["taxes.py"], masked=False)  # the index masks nothing
        proposal = await pipeline.propose(shop.snapshot(PROMPT))
        await decide_and_send(pipeline, shop, proposal)
    assert "rate_of" in sent_to(api)[0]
    assert "taxes.py" in {each.where for each in proposal.masked}
    for token in TOKENS.values():
        assert token.encode() not in bodies(api)[0]
        assert token not in str(proposal)


@pytest.mark.parametrize("name", [".env", "ignored.py", "../outside.py"])
async def test_ignored_files_never_appear_whatever_the_index_says(
    home: Paths, api: MessagesApi, shop: Workspace, name: str
) -> None:
    (shop.folder / ".gitignore").write_text("ignored.py\n", encoding="utf-8")
    (shop.folder / name).write_text("def canary():\n    return 1\n", encoding="utf-8")
    async with beside(home, api, shop, name, "taxes.py") as (pipeline, _):
        proposal = await pipeline.propose(shop.snapshot(PROMPT), pin=(name,))
        await decide_and_send(pipeline, shop, proposal)
    assert [piece.path for piece in gathered_in(proposal)] == ["taxes.py"]
    assert name in {each.path for each in proposal.left_out}
    assert b"canary" not in bodies(api)[0]


async def test_of_files_behind_the_first_only_the_names_go_and_of_ignored_ones_not_even_these(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    (shop.folder / ".gitignore").write_text("made*.py\n", encoding="utf-8")
    kinds = ("unit", "unit", "unit", "made", "made up")
    names = [f"{kinds[n % 5]}_{n}.py" for n in range(61)]
    for name in names:
        (shop.folder / name).write_text(TAXES.replace("rate_of", name[:-3]), encoding="utf-8")
    async with beside(home, api, shop, *names) as (pipeline, index):
        proposal = await pipeline.propose(shop.snapshot(PROMPT))
        events = await decide_and_send(pipeline, shop, proposal)
        index.paths = []
        again = answer_of(await ask_about(pipeline, shop))
    (paths,) = [piece for piece in proposal.pieces if piece.path == "."]
    assert "unit_60.py" in paths.text
    assert "made" not in paths.text
    assert "up_" not in sent_to(api)[0]
    assert "made_" not in sent_to(api)[0]
    assert events[-1].kind == "done"
    assert again.source == "cache"  # names are no code that an answer rests on
