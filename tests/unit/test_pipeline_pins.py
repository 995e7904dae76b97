"""What a person asks for by name or takes out: by a mention, by a click, and where the index is late."""

from __future__ import annotations

import msgspec

from fakes.road import Workspace
from fakes.shop import PROMPT, beside, gathered_in
from optafly.context.wire import NOTHING
from optafly.demo.server import MessagesApi
from optafly.paths import Paths
from optafly.pipeline.gathering import LATE, NOWHERE
from optafly.pipeline.mentioned import MENTIONED

MANY = "".join(f"line {number} of many that take room\n" for number in range(2_000))


async def test_a_stray_mark_in_pasted_code_is_no_pin_but_a_click_that_names_nothing_is_told(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    prompt = "Why does this fail?\n@param rate the tax\n@dataclass\n#define rate"
    async with beside(home, api, shop) as (pipeline, _):
        strays = await pipeline.propose(shop.snapshot(prompt))
        click = await pipeline.propose(shop.snapshot(prompt), pin=("#gone",))
    assert strays.left_out == ()
    assert [(each.symbol, each.reason) for each in click.left_out] == [("gone", NOTHING)]


async def test_a_path_that_is_mentioned_and_not_there_is_told(home: Paths, api: MessagesApi, shop: Workspace) -> None:
    async with beside(home, api, shop) as (pipeline, _):
        for prompt in ("Fix #src/taxs.py", "What is a monad? See #src/taxs.py"):
            proposal = await pipeline.propose(shop.snapshot(prompt, selected=False))
            (left,) = (each for each in proposal.left_out if each.pin is not None)
            assert (left.path, left.mentioned) == ("src/taxs.py", True)
            assert left.reason.startswith("The prompt mentions it, but there is nothing of that name")


async def test_a_file_is_mentioned_by_its_name_alone_where_one_is_called_so(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    (shop.folder / "lib").mkdir()
    for name in ("lib/cart.py", "cart.ts"):
        (shop.folder / name).write_text("one = 1\n", encoding="utf-8")
    (shop.folder / "sums.py").write_text("def add_up(n):\n    return n\n", encoding="utf-8")
    async with beside(home, api, shop) as (pipeline, _):
        one = await pipeline.propose(shop.snapshot("Is #notes right?"))
        several = await pipeline.propose(shop.snapshot("Is #cart right?"))
        chosen = await pipeline.revise(several.id, pin=("cart.ts",))
        defined = await pipeline.propose(shop.snapshot("Is #add_up right?"))
        none = await pipeline.propose(shop.snapshot("Is #nowhere right, in #fff?"))
    assert [piece.path for piece in one.pieces if piece.pinned] == ["notes.py"]
    (choice,) = several.choices
    assert (choice.words, choice.start) == ("#cart", 3)
    assert [hit.path for hit in choice.candidates] == ["cart.ts", "lib/cart.py"]
    assert [piece.path for piece in chosen.pieces if piece.pinned] == ["cart.ts"]
    assert [(piece.path, piece.mentioned) for piece in defined.pieces if piece.pinned] == [("sums.py", True)]
    assert [each.path for each in none.left_out if each.mentioned] == ["nowhere"]


async def test_a_mention_in_the_prompt_pins(home: Paths, api: MessagesApi, shop: Workspace) -> None:
    async with beside(home, api, shop) as (pipeline, index):
        proposal = await pipeline.propose(shop.snapshot("What is #notes.py for?"))
        clicked = await pipeline.revise(proposal.id, pin=("taxes.py",))
    assert index.asked[0].pinned == ("notes.py",)
    assert [piece.path for piece in proposal.pieces if piece.pinned] == ["notes.py"]
    assert {piece.path: piece.reason for piece in clicked.pieces if piece.pinned} == {
        "notes.py": MENTIONED,
        "taxes.py": "You pinned it.",
    }


async def test_a_mention_that_fits_several_definitions_is_a_choice_which_a_pin_takes(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    for name in ("first.py", "second.py"):
        (shop.folder / name).write_text("def twice(n: int) -> int:\n    return 2 * n\n", encoding="utf-8")
    async with beside(home, api, shop) as (pipeline, _):
        proposal = await pipeline.propose(shop.snapshot("Why is @twice so slow?"))
        (choice,) = proposal.choices
        chosen = await pipeline.revise(proposal.id, pin=("second.py#twice",))
    assert (choice.words, choice.start) == ("@twice", 7)
    assert [hit.path for hit in choice.candidates] == ["first.py", "second.py"]
    assert proposal.left_out == ()
    assert [piece.path for piece in chosen.pieces if piece.pinned] == ["second.py"]
    assert chosen.choices == ()


async def test_a_mention_in_an_edited_prompt_pins_as_long_as_it_stands_there(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    async with beside(home, api, shop) as (pipeline, index):
        proposal = await pipeline.propose(shop.snapshot(PROMPT))
        edited = await pipeline.revise(proposal.id, edited=f"{proposal.refined}\n\nSee #notes.py too.")
        assert index.asked[-1].pinned == ("notes.py",)
        assert [piece.path for piece in edited.pieces if piece.pinned] == ["notes.py"]
        await pipeline.revise(proposal.id, edited=f"{proposal.refined}\n\nSee the notes.")
        assert index.asked[-1].pinned == ()


async def test_a_pin_and_a_removal_gather_anew_and_need_a_new_approval(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    async with beside(home, api, shop) as (pipeline, index):
        proposal = await pipeline.propose(shop.snapshot(PROMPT))
        switched = await pipeline.revise(proposal.id, without=())
        assert len(index.asked) == 1  # nothing was asked for that would change what is found
        pinned = await pipeline.revise(proposal.id, pin=("notes.py",))
        removed = await pipeline.revise(proposal.id, remove=("taxes.py", "prices.py"))
        back = await pipeline.revise(proposal.id, unpin=("notes.py", "taxes.py", "prices.py"))
    assert [piece.path for piece in gathered_in(switched)] == ["taxes.py"]
    assert {piece.path for piece in gathered_in(pinned)} == {"notes.py", "taxes.py"}
    assert {piece.path for piece in removed.pieces} == {"notes.py"}
    assert "amount" not in removed.refined
    assert {each.path for each in removed.left_out} >= {"taxes.py", "prices.py"}
    assert len({each.digest for each in (switched, pinned, removed)}) == 3
    assert [piece.path for piece in gathered_in(back)] == ["taxes.py"]


async def test_without_an_answer_from_the_index_a_removal_still_holds(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    async with beside(home, api, shop, "taxes.py", "notes.py") as (pipeline, index):
        proposal = await pipeline.propose(shop.snapshot(PROMPT))
        index.late = True
        removed = await pipeline.revise(proposal.id, remove=("taxes.py",))
        new = await pipeline.propose(shop.snapshot(PROMPT))
    assert [piece.path for piece in gathered_in(removed)] == ["notes.py"]
    assert gathered_in(new) == []


async def test_a_pin_that_the_index_did_not_answer_in_time_is_told_and_taken_when_it_is_asked_for_again(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    async with beside(home, api, shop) as (pipeline, index):
        proposal = await pipeline.propose(shop.snapshot(PROMPT))
        index.late = True
        late = await pipeline.revise(proposal.id, pin=("notes.py",))
        index.late = False
        taken = await pipeline.revise(proposal.id, pin=("notes.py",))
    assert [(each.path, each.reason) for each in late.left_out] == [("notes.py", LATE)]
    assert [piece.path for piece in gathered_in(late)] == ["taxes.py"]
    assert {piece.path: piece.pinned for piece in gathered_in(taken)} == {"notes.py": True, "taxes.py": False}
    assert taken.left_out == ()


async def test_what_the_index_did_not_say_in_time_is_looked_for_again_when_a_person_asks(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    async with beside(home, api, shop) as (pipeline, index):
        index.late = True
        proposal = await pipeline.propose(shop.snapshot(PROMPT))
        index.late = False
        edited = await pipeline.revise(proposal.id, edited="Explain the rounding")
        assert (edited.unfinished, gathered_in(edited)) == (True, [])  # nothing is replaced unless a person asks
        pinned = await pipeline.revise(proposal.id, pin=("notes.py",))
        looked = await pipeline.revise(proposal.id, look_again=True)
        again = await pipeline.revise(proposal.id, look_again=True)
    assert (proposal.unfinished, pinned.unfinished, looked.unfinished) == (True, False, False)
    assert looked.refined == "Explain the rounding"
    assert {piece.path: piece.pinned for piece in gathered_in(looked)} == {"notes.py": True, "taxes.py": False}
    assert (again.revision, again.pieces) == (looked.revision + 1, looked.pieces)


async def test_a_pin_of_which_a_part_goes_along_is_taken_back_by_that_part(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    (shop.folder / "notes.py").write_text(MANY, encoding="utf-8")
    async with beside(home, api, shop) as (pipeline, _):
        proposal = await pipeline.propose(shop.snapshot(PROMPT), pin=("notes.py",))
        (part,) = [piece for piece in proposal.pieces if piece.pinned]
        back = await pipeline.revise(proposal.id, unpin=(f"notes.py:{part.start_line}-{part.end_line}",))
    assert part.kind == "lines"
    assert [piece for piece in back.pieces if piece.pinned] == []
    assert [each for each in back.left_out if each.path == "notes.py"] == []


async def test_a_pin_without_room_for_all_of_it_is_taken_out_as_a_whole_and_put_back(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    """Taking out the part that is shown would make room for the next one."""
    (shop.folder / "notes.py").write_text(MANY, encoding="utf-8")
    async with beside(home, api, shop, "taxes.py", "notes.py") as (pipeline, _):
        proposal = await pipeline.propose(shop.snapshot(PROMPT), pin=("notes.py",))
        (part,) = [piece for piece in proposal.pieces if piece.pinned]
        assert part.pin == "notes.py"
        out = await pipeline.revise(proposal.id, remove=(part.pin,))
        back = await pipeline.revise(proposal.id, pin=(part.pin,))
    assert "`notes.py`" in part.reason
    assert [piece for piece in out.pieces if piece.path == "notes.py"] == []
    assert [piece for piece in back.pieces if piece.pinned] == [part]


async def test_a_mention_without_room_for_all_of_it_is_told_as_one(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    (shop.folder / "notes.py").write_text(MANY, encoding="utf-8")
    async with beside(home, api, shop) as (pipeline, _):
        proposal = await pipeline.propose(shop.snapshot("What is #notes.py for?"))
        out = await pipeline.revise(proposal.id, remove=("notes.py",))
        back = await pipeline.revise(proposal.id, unpin=("notes.py",))
    (part,) = [piece for piece in proposal.pieces if piece.pinned]
    (rest,) = [each for each in proposal.left_out if each.path == "notes.py"]
    assert (part.pin, part.mentioned, rest.pin, rest.mentioned) == ("notes.py", True, "notes.py", True)
    assert part.reason.startswith("The prompt mentions `notes.py`:")
    assert rest.reason.startswith("The prompt mentions it, but")
    assert [piece for piece in out.pieces if piece.path == "notes.py"] == []
    assert part in back.pieces


async def test_a_pin_that_finds_nothing_is_taken_back_by_its_name(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    async with beside(home, api, shop) as (pipeline, _):
        proposal = await pipeline.propose(shop.snapshot("How do I centre a div?"), pin=("notse.py", "notes.py#gone"))
        back = await pipeline.revise(proposal.id, unpin=("notse.py",))
    assert {each.pin for each in proposal.left_out} == {"notse.py", "notes.py#gone"}
    assert [each.pin for each in back.left_out] == ["notes.py#gone"]


async def test_without_an_answer_from_the_index_a_pin_is_taken_back_all_the_same(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    async with beside(home, api, shop) as (pipeline, index):
        proposal = await pipeline.propose(shop.snapshot(PROMPT), pin=("notse.py", "notes.py"))
        index.late = True
        still = await pipeline.revise(proposal.id, pin=("taxes.py#gone",))
        back = await pipeline.revise(proposal.id, unpin=("notse.py", "notes.py"))
    assert [(each.pin, each.reason) for each in still.left_out] == [("notse.py", LATE), ("taxes.py#gone", LATE)]
    assert [each.pin for each in back.left_out] == ["taxes.py#gone"]
    assert [piece for piece in back.pieces if piece.pinned] == []


async def test_a_file_that_a_prompt_mentions_where_no_folder_is_open_is_not_said_to_be_late(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    async with beside(home, api, shop) as (pipeline, index):
        index.late = True
        alone = msgspec.structs.replace(shop.snapshot("explain #till/tax.py"), folders=())
        proposal = await pipeline.propose(alone)
    told = NOWHERE.replace("You pinned it", "The prompt mentions it")
    assert [(each.path, each.reason) for each in proposal.left_out] == [("till/tax.py", told)]
