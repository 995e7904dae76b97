"""Which prompts get code from the workspace, how the index is asked for it, and what is said where it may not fit."""

from __future__ import annotations

import msgspec
import pytest

from fakes.road import Workspace
from fakes.screen import piece
from fakes.shop import PROMPT, beside, gathered_in
from optafly.demo.server import MessagesApi
from optafly.domain import Gathered, Snapshot
from optafly.paths import Paths
from optafly.pipeline.enriching import BY_SCREEN, NAMELESS
from optafly.pipeline.named import if_named
from optafly.refine.scope import scope_of


@pytest.mark.parametrize(
    ("prompt", "vague"),
    [("Behebe diesen Fehler", True), ("解释这个函数", True), ("Behebe die Rundung der Rabatte", False)],
)
async def test_the_index_is_told_whether_the_words_say_where_to_look(
    home: Paths, api: MessagesApi, shop: Workspace, prompt: str, vague: bool
) -> None:
    async with beside(home, api, shop) as (pipeline, index):
        await pipeline.propose(shop.snapshot(prompt))
    assert [search.vague for search in index.asked] == [vague]


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("Behebe die Rundung der Rabatte", ["Behebe", "Rundung", "round", "Rabatte", "discount"]),
        ("Fix the rounding of discounts", []),
    ],
)
async def test_the_index_is_told_what_to_search_for_where_words_say_nothing(
    home: Paths, api: MessagesApi, shop: Workspace, prompt: str, said: list[str]
) -> None:
    async with beside(home, api, shop) as (pipeline, index):
        await pipeline.propose(shop.snapshot(prompt))
    assert [search.said.split() for search in index.asked] == [said]


@pytest.mark.parametrize(
    ("prompt", "asked"),
    [
        ("What is a monad?", False),
        ("What is a fair rate?", False),
        ("Was ist eine faire Rate?", False),
        ("What is the rate?", True),
        ("What belongs into a taxes file?", True),
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
    home: Paths, api: MessagesApi, shop: Workspace, prompt: str, asked: bool
) -> None:
    async with beside(home, api, shop) as (pipeline, _):
        proposal = await pipeline.propose(shop.snapshot(prompt, line=11, selected=False))
    assert bool(gathered_in(proposal)) is asked


async def test_it_is_said_where_no_word_of_the_prompt_stands_in_what_was_found(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    async with beside(home, api, shop) as (pipeline, _):

        async def notes(prompt: str) -> tuple[str, ...]:
            return (await pipeline.propose(shop.snapshot(prompt, line=11, selected=False))).notes

        assert BY_SCREEN in await notes("修复会员的等级")
        assert BY_SCREEN in await notes("Fix the rounding of discounts")
        for told in (PROMPT, "修复rate_of的错误", "Fix the taxation of books"):
            assert BY_SCREEN not in await notes(told)
        assert NAMELESS in await notes("登录令牌是怎么刷新的？")
        assert NAMELESS not in await notes("How is the login token renewed?")


@pytest.mark.parametrize("prompt", ["修复折扣的四舍五入", "登录令牌是怎么刷新的？", "ログイン処理を修正して"])
async def test_where_nothing_at_all_is_found_for_words_that_no_code_is_written_in_it_is_said_how_to_name_it(
    home: Paths, api: MessagesApi, shop: Workspace, prompt: str
) -> None:
    async with beside(home, api, shop, "none.py") as (pipeline, _):
        nowhere = msgspec.structs.replace(shop.snapshot(prompt), active=None, selection=None, cursor=None)
        proposal = await pipeline.propose(nowhere)
        assert proposal.notes == (NAMELESS,)
        pinned = await pipeline.revise(proposal.id, pin=("notes.py",))
        assert [piece.path for piece in pinned.pieces] == ["notes.py"]
        assert NAMELESS not in pinned.notes
        other = msgspec.structs.replace(nowhere, prompt="Fix the rounding of discounts")
        assert NAMELESS not in (await pipeline.propose(other)).notes


def test_beside_a_tool_by_name_one_more_word_has_to_name_the_code() -> None:
    code = msgspec.structs.replace(piece("lines", 1, 9, None), path="discovery/docker.py")
    gathered = Gathered(pieces=(code,))
    assert if_named(gathered, (("docker",), ("discovery",)), 2) == gathered
    assert not if_named(gathered, (("docker",), ("ubuntu",)), 2).pieces


@pytest.mark.parametrize(
    ("prompt", "is_named"),
    [
        ("Warum ist in Docker das Verzeichnis leer?", False),
        ("Warum ist in Docker der Ordner im Verzeichnis leer?", False),
        ("Warum ist in Docker das Verzeichnis der Rechnung leer?", True),
        ("Why is the directory empty in Docker?", False),
        ("Why is the invoice directory empty in Docker?", True),
    ],
)
def test_a_word_of_another_language_names_the_code_once_however_many_names_it_has(prompt: str, is_named: bool) -> None:
    code = msgspec.structs.replace(piece("lines", 1, 9, None), path="invoice/directory.py")
    asked = scope_of(Snapshot(prompt=prompt), ())
    assert asked.reach == "outside"
    assert bool(if_named(Gathered(pieces=(code,)), asked.words, 2).pieces) is is_named


@pytest.mark.parametrize(
    ("path", "text", "is_named"),
    [
        ("list.py", "", True),
        ("sort_list.py", "", False),
        ("a.py", "def sort_list(items):\n    ...\n", False),
        ("a.py", "class ImmutableList:\n    ...\n", False),
        ("a.py", "class FreshList:\n    ...\n", True),
        ("a.py", "class List:\n    ...\n", True),
        ("a.py", "class HttpFresh:\n    ...\n", True),
        ("a.py", "class ListSorter:\n    ...\n", False),
        ("a.py", "def fresh_list():\n    ...\n", True),
        ("a.py", "class PaymentIntegration:\n    ...\n", True),
        ("a.py", "class RemoteObjective:\n    ...\n", True),
        ("a.py", "class RemoteObject:\n    ...\n", False),
        ("a.cs", "/// <summary>An id of type Fresh.</summary>\nclass Other\n", False),
    ],
)
def test_a_question_that_anybody_could_ask_has_to_name_the_code_wholly(path: str, text: str, is_named: bool) -> None:
    code = msgspec.structs.replace(piece(), path=path, symbol=None, kind="file", text=text)
    words = (("fresh",), ("list",), ("integration",), ("objective",))
    assert bool(if_named(Gathered(pieces=(code,)), words, wholly=True).pieces) is is_named


@pytest.mark.parametrize(
    "text", ["def rate_of(country):\n    return 1\n", "func (c Country) RateOf() int {\n", "class RateTable {\n"]
)
def test_a_whole_file_is_named_by_what_it_defines(text: str) -> None:
    gathered = Gathered(
        pieces=(msgspec.structs.replace(piece(), path="taxes.py", symbol=None, kind="file", text=text),)
    )
    assert if_named(gathered, (("rate",), ("found",))) == gathered
    assert not if_named(gathered, (("monad",),)).pieces


@pytest.mark.parametrize(
    ("path", "text", "word", "is_named"),
    [
        ("shop/tax.py", "", "tax", True),
        ("shop/tax.py", "", "taxes", True),
        ("shop/tax.py", "", "Tax", True),
        ("shop/taxes.py", "", "tax", True),
        ("a.py", "class Job:\n    ...\n", "job", True),
        ("a.py", "class JobQueue:\n    ...\n", "job", False),
        ("tax/a.py", "", "tax", False),
        ("tax/mod.rs", "", "tax", True),
        ("src/du.rs", "", "du", True),
        ("src/dus.rs", "", "du", False),
        ("run.py", "def run():\n    ...\n", "run", False),
        ("web.py", "", "web", False),
        ("io.py", "", "io", False),
        ("key.py", "", "Schlüssel", True),
    ],
)
def test_a_short_word_names_what_is_called_just_so(path: str, text: str, word: str, is_named: bool) -> None:
    code = msgspec.structs.replace(piece(), path=path, symbol=None, kind="file", text=text)
    words = ((word, "key") if word == "Schlüssel" else (word,),)
    assert bool(if_named(Gathered(pieces=(code,)), words).pieces) is is_named


@pytest.mark.parametrize(("word", "is_named"), [("freeze", True), ("freezer", False), ("thaw", False)])
def test_what_a_few_lines_of_a_class_define_is_named_by_its_very_name(word: str, is_named: bool) -> None:
    lines = msgspec.structs.replace(
        piece("lines", 1, 9, "Signature"),
        path="a.py",
        text="    def freeze(self):\n        ...\n    def thaw_all(self):\n",
    )
    assert bool(if_named(Gathered(pieces=(lines,)), ((word,),)).pieces) is is_named


@pytest.mark.timeout(20)  # no figure: where the time grows with the square of the length, it takes longer than this
@pytest.mark.parametrize("blank", ["\n", "\t\n"])
def test_blank_lines_of_a_file_hold_nothing_up(blank: str) -> None:
    lines = msgspec.structs.replace(piece("file", 1, 9, None), path="a.py", text=f"{blank * 200_000}class Freezer:\n")
    assert if_named(Gathered(pieces=(lines,)), (("freezer",),)).pieces
