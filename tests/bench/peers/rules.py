"""Each rule asked the same prompts in the same order; what it answered, as verdicts that one scorer counts."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from random import Random

import numpy as np

from bench.peers import vcache
from bench.peers.data import Stream, Vectors, embedder_of
from optafly.config import CacheSettings
from optafly.evaluation.replay import replay
from optafly.evaluation.rows import Id, Judged

SEED = 0


class Space:
    """The vectors of what was remembered, searched exactly."""

    def __init__(self, like: Vectors) -> None:
        self._vectors = np.empty_like(like)
        self._ids: list[Id] = []

    def nearest(self, vector: Vectors) -> tuple[Id, float] | None:
        """Return the id of the nearest entry and its cosine."""
        if not self._ids:
            return None
        cosines = self._vectors[: len(self._ids)] @ vector
        at = int(cosines.argmax())
        return self._ids[at], float(cosines[at])

    def add(self, prompt_id: Id, vector: Vectors) -> None:
        """Remember a prompt."""
        self._vectors[len(self._ids)] = vector
        self._ids.append(prompt_id)


async def ours(stream: Stream, error_budget: float) -> list[Judged]:
    """Return the verdicts of OptaFly's cache itself."""
    settings = CacheSettings(error_budget=error_budget)
    with tempfile.TemporaryDirectory() as folder:
        replayed = replay(stream.prompts, embedder_of(stream), Path(folder), settings)
        return [each.judged async for each in replayed]


def cosine(stream: Stream, least: float) -> list[Judged]:
    """Return what a cosine threshold serves."""
    space, verdicts = Space(stream.vectors), list[Judged]()
    for prompt, vector in zip(stream.prompts, stream.vectors, strict=True):
        started = time.perf_counter()
        found = space.nearest(vector)
        serves = found is not None and found[1] >= least
        verdicts.append(_judged(prompt.id, found if serves else None, started))
        if not serves:
            space.add(prompt.id, vector)
    return verdicts


def verified(stream: Stream, delta: float) -> list[Judged]:
    """Return what the rule of vCache serves. Whoever labels its answers is never wrong: it compares the groups."""
    space, random, verdicts = Space(stream.vectors), Random(SEED), list[Judged]()
    groups = {row.id: row.group for row in stream.labelled}
    labels: dict[Id, vcache.Labels] = {}
    for prompt, vector in zip(stream.prompts, stream.vectors, strict=True):
        started = time.perf_counter()
        found = space.nearest(vector)
        serves = found is not None and vcache.serves(labels[found[0]], found[1], delta, random)
        verdicts.append(_judged(prompt.id, found if serves else None, started))
        if serves:
            continue
        right = found is not None and groups[found[0]] == groups[prompt.id]
        if found is not None:
            labels[found[0]].add(found[1], right=right)
        if not right:
            space.add(prompt.id, vector)
            labels[prompt.id] = vcache.Labels()
    return verdicts


def _judged(prompt_id: Id, found: tuple[Id, float] | None, started: float) -> Judged:
    ms = (time.perf_counter() - started) * 1000
    if found is None:
        return Judged(id=prompt_id, verdict="miss", ms=ms)
    return Judged(id=prompt_id, verdict="serve", match=found[0], ms=ms)
