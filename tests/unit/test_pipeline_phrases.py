"""Words of a prompt that mean a definition without naming it: told where it is clear, asked where it is not."""

from __future__ import annotations

import pytest

from fakes.road import Workspace
from fakes.shop import PROMPT, beside
from optafly.demo.server import MessagesApi
from optafly.paths import Paths


async def test_words_that_mean_one_definition_are_told_which(home: Paths, api: MessagesApi, shop: Workspace) -> None:
    async with beside(home, api, shop) as (pipeline, index):
        index.symbols = {"taxes.py": ("rate_of",), "config.py": ("load_config",)}
        proposal = await pipeline.propose(shop.snapshot("Why does the config loader never stop?", selected=False))
        off = await pipeline.revise(proposal.id, without=("locate-at-9",))
    assert "the config loader (`load_config`, `config.py`) never stop" in proposal.refined
    assert [change.id for change in proposal.changes if change.kind == "locate"] == ["locate-at-9"]
    assert "load_config" not in off.refined
    assert proposal.choices == ()


async def test_a_whole_phrase_counts_more_than_one_of_its_words(home: Paths, api: MessagesApi, shop: Workspace) -> None:
    async with beside(home, api, shop) as (pipeline, index):
        index.symbols = {"names.py": ("label_printer",)}
        proposal = await pipeline.propose(shop.snapshot("Fix the label printer", selected=False))
    assert proposal.refined.startswith("Fix the label printer (`label_printer`, `names.py`)")


async def test_words_that_may_mean_several_definitions_are_a_choice_which_a_pin_takes(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    async with beside(home, api, shop) as (pipeline, index):
        index.symbols = {"taxes.py": ("rate_of",), "config.py": ("load_config",), "user.py": ("ConfigLoader",)}
        proposal = await pipeline.propose(shop.snapshot("Why does the config loader never stop?", selected=False))
        assert "load_config" not in proposal.refined
        (choice,) = proposal.choices
        assert choice.words == "the config loader"
        assert proposal.original[choice.start :].startswith(choice.words)
        assert {hit.symbols[0].name for hit in choice.candidates} == {"load_config", "ConfigLoader"}
        chosen = await pipeline.revise(proposal.id, pin=("user.py#ConfigLoader",))
    assert "the config loader (`ConfigLoader`, `user.py`)" in chosen.refined
    assert chosen.choices == ()


async def test_a_prompt_of_the_persons_own_is_not_told_what_it_means(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    async with beside(home, api, shop) as (pipeline, index):
        index.symbols = {"config.py": ("load_config",)}
        proposal = await pipeline.propose(shop.snapshot(PROMPT))
        edited = await pipeline.revise(proposal.id, edited="Why does the config loader stop?", pin=("taxes.py",))
    assert edited.refined == "Why does the config loader stop?"


async def test_a_definition_that_the_open_document_does_not_have_any_more_is_meant_by_nobody(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    """The index may be late: it has not read the last edit yet."""
    async with beside(home, api, shop) as (pipeline, index):
        index.symbols = {"prices.py": ("load_config",)}
        proposal = await pipeline.propose(shop.snapshot("Why does the config loader never stop?", selected=False))
    assert "load_config" not in proposal.refined


async def test_what_is_called_by_all_the_words_is_told_though_other_code_has_them_too(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    async with beside(home, api, shop) as (pipeline, index):
        index.symbols = {"config.py": ("load_config", "config_loader_of", "test_config_loader")}
        index.by_name = {"ConfigLoader": "loading.py"}
        proposal = await pipeline.propose(shop.snapshot("Why does the config loader never stop?", selected=False))
    assert "the config loader (`ConfigLoader`, `loading.py`) never stop" in proposal.refined


async def test_what_words_mean_is_searched_for_by_its_name_where_it_was_not_found(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    async with beside(home, api, shop) as (pipeline, index):
        index.symbols = {"notes.py": ("label_printer",), "taxes.py": ("rate_of",)}
        await pipeline.propose(shop.snapshot("Fix the label printer", selected=False))
        assert [search.said for search in index.asked] == ["", "Fix the label printer label_printer"]
        index.asked.clear()
        await pipeline.propose(shop.snapshot("Fix the rate function", selected=False))
        assert len(index.asked) == 1


async def test_names_that_are_not_known_in_time_keep_nothing_back(
    home: Paths, api: MessagesApi, shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optafly.pipeline.drafting._CALLED_S", 0.01)
    async with beside(home, api, shop) as (pipeline, index):
        index.symbols = {"config.py": ("load_config",)}
        index.slow_names_s = 0.1
        proposal = await pipeline.propose(shop.snapshot("Why does the config loader never stop?", selected=False))
    assert "the config loader (`load_config`, `config.py`) never stop" in proposal.refined
