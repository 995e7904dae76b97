"""What `optafly doctor` is told: what there is, by which settings, and what was set aside."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from fakes.road import road
from optafly.demo.server import MessagesApi
from optafly.paths import Paths
from optafly.storage import MIGRATIONS


async def told(
    home: Paths, api: MessagesApi, settings: Mapping[str, Mapping[str, object]] | None = None
) -> dict[str, str]:
    async with road(home, api, settings) as pipeline:
        return {each.name: each.detail for each in await pipeline.health()}


async def test_the_database_is_told_with_its_answers_and_its_schema(home: Paths, api: MessagesApi) -> None:
    assert f"0 answers remembered, schema {len(MIGRATIONS)}." in (await told(home, api))["database"]


async def test_a_database_that_was_set_aside_is_told_by_its_name(home: Paths, api: MessagesApi) -> None:
    home.database.parent.mkdir(parents=True, exist_ok=True)
    home.database.write_bytes(b"this is no database at all" * 1000)
    detail = (await told(home, api))["database"]
    assert "set aside" in detail
    assert ".damaged-" in detail
    assert list(home.data.glob("*.damaged-*"))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "at most 1.0% would be wrong, offers what is right with 14% or more; keeps 90 days (14 about errors)"),
        ({"enabled": False}, "Switched off."),
        ({"private": True}, "no answer of it is remembered"),
    ],
)
async def test_the_cache_is_told_by_its_settings(
    home: Paths, api: MessagesApi, settings: Mapping[str, object], words: str
) -> None:
    assert words in (await told(home, api, {"cache": settings}))["cache"]


async def test_a_model_that_is_not_there_is_told_once(home: Paths, api: MessagesApi) -> None:
    checks = await told(home, api)
    assert "Not installed" in checks["embedding model"]
    assert "models worker" not in checks
