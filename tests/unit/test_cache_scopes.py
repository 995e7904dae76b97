"""Whatever the projects, models, prompts and words of people: nothing of one namespace is known in another."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.answers import completion
from fakes.road import Workspace
from fakes.vectors import Here
from optafly.cache.cache import Cache
from optafly.cache.fingerprint import family, namespace
from optafly.config import CacheSettings, Config
from optafly.domain import CacheKey, FeedbackKind
from optafly.pipeline.drafting import Drafter
from optafly.storage import Database

ANYTHING = CacheSettings(error_budget=0.2, offer_probability=0.05)
TRICKY = st.sampled_from(["", "a", "b", '"', ",", '","', "[]", "a,b", "\\", "\0", "null", "é", "e\u0301", "A"])
INTENTS = st.lists(st.sampled_from(["sort", "it", "not", "30"]), min_size=1, max_size=3).map(" ".join)
KINDS: list[FeedbackKind] = ["wrong", "right", "refused", "regenerate"]


class Scope(NamedTuple):
    """All that an answer may never cross."""

    project: str
    provider: str
    model: str
    system: str
    tools: tuple[str, ...]
    output: str
    max_tokens: int
    endpoint: str

    def namespace(self) -> str:
        """Return the cache's name for it."""
        return namespace(
            self.project,
            self.provider,
            self.model,
            self.system,
            self.tools,
            output=self.output,
            max_tokens=self.max_tokens,
            endpoint=self.endpoint,
        )

    def same(self) -> tuple[object, ...]:
        """Return what makes two of them one."""
        return self._replace(model=family(self.model), tools=tuple(sorted(self.tools)))


SCOPES = st.builds(
    Scope,
    TRICKY,
    TRICKY,
    st.sampled_from(["m", "m-20260901", "m-latest", "n"]),
    TRICKY,
    st.lists(TRICKY, max_size=2).map(tuple),
    st.sampled_from(["text", "json"]),
    st.sampled_from([100, 200]),
    TRICKY,
)


@given(SCOPES, SCOPES)
def test_two_scopes_share_a_namespace_just_where_they_are_one(one: Scope, other: Scope) -> None:
    assert (one.namespace() == other.namespace()) is (one.same() == other.same())


@settings(max_examples=40)
@given(
    st.lists(st.tuples(SCOPES, INTENTS), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 5), INTENTS, st.sampled_from(KINDS)), max_size=4),
    st.booleans(),
    st.data(),
)
def test_nothing_is_known_in_another_namespace(
    rows: list[tuple[Scope, str]], words: list[tuple[int, str, FeedbackKind]], vectors: bool, data: st.DataObject
) -> None:
    here = data.draw(SCOPES | st.sampled_from([scope for scope, _ in rows]))
    asked = CacheKey(namespace=here.namespace(), fingerprint="code", intent=data.draw(INTENTS))

    async def walk(folder: Path) -> None:
        database = Database(folder / "optafly.db")
        cache = Cache(database, Here(folder / "optafly.db") if vectors else None, timeout_s=60)
        owners: dict[str, Scope] = {}
        for scope, intent in rows:
            key = CacheKey(namespace=scope.namespace(), fingerprint="code", intent=intent)
            owners[(await cache.remember(key, intent, completion(), 0.01, 1.0)).id] = scope
        before = await cache.lookup(asked, ANYTHING)
        for number, intent, kind in words:  # people elsewhere have their word on answers, also on those of here
            entry_id = list(owners)[number % len(owners)]
            elsewhere = owners[entry_id]._replace(project="elsewhere")
            await cache.feedback(
                CacheKey(namespace=elsewhere.namespace(), fingerprint="code", intent=intent), entry_id, kind
            )
        verdict = await cache.lookup(asked, ANYTHING)
        explained = (await cache.explain(asked, ANYTHING)).candidates
        found = [
            verdict.entry_id,
            *(offer.entry_id for offer in verdict.offers),
            *(each.entry_id for each in explained),
        ]
        assert all(owners[each].same() == here.same() for each in found if each is not None)
        assert (verdict.outcome, verdict.entry_id) == (before.outcome, before.entry_id)
        await cache.close()
        await database.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(walk(Path(folder)))


async def test_two_look_ups_of_one_prompt_embed_it_once(tmp_path: Path) -> None:
    database = Database(tmp_path / "optafly.db")
    worker = Here(tmp_path / "optafly.db")
    cache = Cache(database, worker, timeout_s=60)
    drafter = Drafter(lambda _: Config(), cache)
    draft = await drafter.draft(Workspace(tmp_path / "shop").snapshot("Explain this function"))
    assert draft.refined.key != draft.original.key
    assert (draft.proposal.reuse_before, draft.proposal.reuse_after) == (0.0, 0.0)
    assert worker.embedder.embedded.count("Explain this function") == 1
    drafter.close()
    await cache.close()
    await database.close()
