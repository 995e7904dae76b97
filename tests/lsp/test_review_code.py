"""The code of a proposal in a review document: what goes along, what does not, what is unclear, a word on each."""

from __future__ import annotations

import re

import msgspec

from fakes.drafts import draft
from fakes.screen import piece
from optafly.domain import Choice, FileHit, LeftOut, Proposal, SymbolHit
from optafly.lsp.actions import in_review, to_lsp
from optafly.lsp.review import parse, render
from optafly.protocol import RefineParams


def hit(path: str, *names: str) -> FileHit:
    symbols = tuple(SymbolHit(name=name, kind="function", start_line=3, end_line=9) for name in names)
    return FileHit(root="/work", path=path, language="python", score=1.0, symbols=symbols)


def proposal() -> Proposal:
    skeleton = msgspec.structs.replace(
        piece("skeleton", 1, 40, None), path="données/été #1.py", reason="imported by it"
    )
    return msgspec.structs.replace(
        draft(proposal_id="0a1b2c").proposal,
        pieces=(msgspec.structs.replace(piece(), pinned=True), skeleton),
        left_out=(
            LeftOut(path="till/tax.py", tokens=900, reason="there was no room for it", symbol="rate"),
            LeftOut(path="src/config.py", tokens=12, reason="you removed it", symbol="parse_config"),
        ),
        choices=(
            Choice(words="the total", start=4, candidates=(hit("till/bill.py", "Bill.total"), hit("my total.py"))),
        ),
    )


def acts(shown: Proposal) -> dict[str, RefineParams]:
    review = parse(render(shown))
    assert review is not None
    found = {act.title: act.argument for act in in_review(review, shown)}
    return {title: argument for title, argument in found.items() if isinstance(argument, RefineParams)}


def test_each_piece_is_listed_with_its_reason_its_tokens_and_how_it_is_sent() -> None:
    text = render(proposal())
    tokens = piece().tokens
    assert f"- src/config.py:14-19 `parse_config` ({tokens} tokens, pinned): the function around the cursor" in text
    assert "données/été #1.py:1-40 (" in text
    assert "tokens, in outline): imported by it" in text


def test_what_matters_most_is_listed_first_and_each_file_together() -> None:
    ranks = [("old.py", 3), ("new.py", 2), ("new.py", 0), ("tax.py", 1)]
    pieces = tuple(msgspec.structs.replace(piece(), path=path, uri=path, rank=rank) for path, rank in ranks)
    text = render(msgspec.structs.replace(proposal(), pieces=pieces))
    assert re.findall(r"^- (\w+\.py):", text, re.MULTILINE) == ["new.py", "new.py", "tax.py", "old.py"]


def test_what_is_left_out_is_listed_with_its_reason() -> None:
    text = render(proposal())
    assert "# Code that is left out\n\n- till/tax.py `rate` (900 tokens): there was no room for it" in text


def test_words_that_may_mean_several_things_are_listed_as_they_can_be_mentioned() -> None:
    assert '- “the total” may be `#till/bill.py#Bill.total`, `#"my total.py"`' in render(proposal())


def test_no_name_of_a_file_or_a_definition_is_markup_in_a_preview() -> None:
    hostile = "![](https:/evil.example/a <img src=x>.py"
    named = msgspec.structs.replace(piece(), path=hostile, symbol="`<img src=y>", reason=f"Imported by {hostile}.")
    left = LeftOut(path=hostile, symbol="`<b>`", tokens=1, reason="No room.")
    choice = Choice(words="it", start=0, candidates=(hit("a `<img src=z>`.py"),))
    text = render(msgspec.structs.replace(proposal(), pieces=(named,), left_out=(left,), choices=(choice,)))
    shown = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", text[text.index("# Which one is meant") :])
    assert not re.search(r"(?<!\\)<|\]\(", shown)


def test_without_code_nothing_is_said_of_code() -> None:
    assert "# Code" not in render(draft().proposal)
    assert "meant" not in render(draft().proposal)


def test_every_piece_can_be_removed() -> None:
    found = acts(proposal())
    assert found["Remove src/config.py#parse_config from the context"].remove == ("src/config.py#parse_config",)
    assert found["Remove données/été #1.py from the context"].remove == ("données/été #1.py",)


def test_what_was_left_out_can_be_added_but_not_twice() -> None:
    found = acts(proposal())
    assert found["Add till/tax.py#rate to the context"].pin == ("till/tax.py#rate",)
    assert "Add src/config.py#parse_config to the context" not in found


def test_a_pin_without_room_for_all_of_it_is_removed_as_a_whole_and_one_that_found_nothing_is_taken_back() -> None:
    part = msgspec.structs.replace(piece("lines", 1, 40, None), path="till/bill.py", pinned=True, pin="till/bill.py")
    rest = LeftOut(path="till/bill.py", tokens=900, reason="no room", symbol="Bill.total", pin="till/bill.py")
    gone = LeftOut(path="till/bil.py", tokens=0, reason="nothing of that name", pin="till/bil.py")
    said = LeftOut(path="a.py", tokens=900, reason="no room", pin="a.py", mentioned=True)
    part = msgspec.structs.replace(part, symbol="Bill")
    found = acts(msgspec.structs.replace(proposal(), pieces=(part,), left_out=(rest, gone, said)))
    assert found["Remove till/bill.py from the context"].remove == ("till/bill.py",)
    assert found["Unpin till/bil.py"].unpin == ("till/bil.py",)
    assert "Unpin a.py" not in found
    assert not [title for title in found if title.startswith("Add")]


def test_one_action_says_which_definition_is_meant() -> None:
    found = acts(proposal())
    assert found["“the total” is till/bill.py#Bill.total"].pin == ("till/bill.py#Bill.total",)
    assert found["“the total” is my total.py"].pin == ("my total.py",)


def test_code_is_looked_for_again_only_where_not_all_of_the_index_could_be_asked() -> None:
    unfinished = msgspec.structs.replace(proposal(), unfinished=True)
    assert acts(unfinished)["Look again for code"].look_again
    assert "Look again for code" not in acts(proposal())


def test_a_command_carries_nothing_that_it_does_not_say() -> None:
    shown = proposal()
    review = parse(render(shown))
    assert review is not None
    (remove,) = [act for act in in_review(review, shown) if act.title.startswith("Remove src")]
    (action,) = to_lsp([remove], None)
    assert action.command is not None
    assert action.command.arguments == [{"proposalId": "0a1b2c", "remove": ("src/config.py#parse_config",)}]
