"""The bench of hand-made pairs asks the real cache, in both directions, and names a trap that must never be served."""

from __future__ import annotations

import pytest

from bench.cache_pairs import Pair, ask, broken, counts
from fakes.vectors import WordEmbedder
from optafly.cache.judge import Judgement
from optafly.config import CacheSettings

PAIRS = [
    Pair(a="list all files", b="list  all files", same=True, kind="paraphrase"),
    Pair(a="wait 30 seconds", b="wait 60 seconds", same=False, kind="number"),
    Pair(a="explain a list in Go", b="explain a list in Rust", same=False, kind="language"),
]


async def test_each_pair_is_asked_in_both_directions_and_meets_no_other() -> None:
    asked = await ask(PAIRS, WordEmbedder(), CacheSettings(offer_probability=0.05), None)
    assert [(each.before, each.after) for each in asked[2:4]] == [(PAIRS[1].a, PAIRS[1].b), (PAIRS[1].b, PAIRS[1].a)]
    assert [each.verdict.outcome for each in asked[:2]] == ["serve", "serve"]
    assert all(offer.prompt == each.before for each in asked for offer in each.verdict.offers)


async def test_a_trap_that_must_never_be_served_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    def always(*_: object, **__: object) -> Judgement:
        return Judgement(score=50.0, veto=None, reason="")

    monkeypatch.setattr("optafly.cache.service.judge", always)
    found = {each.kind: each for each in counts(await ask(PAIRS, WordEmbedder(), CacheSettings(), None))}
    assert {kind for kind, each in found.items() if broken(each)} == {"number"}
    assert (found["ALL TRAPS"].asked, found["ALL TRAPS"].served) == (4, 4)
