"""Groups of prompts that deserve one answer, with the groups that look alike and deserve another."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.verdict.generate.families import GRAMMARS, Block, Intent, load
from bench.verdict.generate.grammar import Choices
from bench.verdict.generate.meaning import Meaning, sample, traps
from bench.verdict.generate.names import lexicons
from bench.verdict.generate.noise import typed

TRAPS = (3, 8)  # groups beside a base group
WANTED = {  # how much rather a kind of trap is taken, so that the rare ones are not lost among restrictions
    "restriction": 0.3,
    "template": 0.5,
    "entity": 0.7,
    "object": 0.7,
    "attribute": 0.7,
    "direction": 2.0,
    "question": 2.0,
    "scope": 2.0,
    "version": 2.0,
    "and_or": 3.0,
    "line": 3.0,
    "negation": 3.0,
    "word_order": 3.0,
}
SHARES = {
    "shell": 5,
    "database": 6,
    "code": 4,
    "git": 2,
    "ops": 3,
    "howto": 2,
    "concepts": 2,
    "text": 3,
    "dataframes": 2,
}
SAME_WORDS = 0.6  # of the traps have a prompt worded as one of the base group


@dataclass
class Group:
    """Prompts with one meaning; `near` are the groups that look alike, with the kind of difference."""

    meaning: Meaning
    kind: str
    prompts: list[str] = field(default_factory=list[str])
    near: dict[str, str] = field(default_factory=dict[str, str])


class Builder:
    """Makes groups until there are enough; no prompt is in there twice, whatever its case."""

    def __init__(self, seed: int, grammars: Path = GRAMMARS) -> None:
        self._seed = seed
        self._rng = random.Random(seed)
        self.groups: dict[str, Group] = {}
        self._said: set[str] = set()
        self._intents = [
            (b, i) for b in load(lexicons(), grammars).values() if not b.abstract for i in b.intents.values()
        ]
        self._weights = weights(self._intents)

    def build(self, groups: int) -> list[Group]:
        """Return at least so many groups, unless the grammar has no more to say."""
        barren = 0
        while len(self.groups) < groups and barren < 2000:
            before = len(self.groups)
            self._family()
            barren = barren + 1 if len(self.groups) == before else 0
        return list(self.groups.values())

    def _family(self) -> None:
        block, intent = self._rng.choices(self._intents, self._weights)[0]
        meaning = sample(block, intent, self._rng)
        if meaning.group in self.groups:
            return
        seeds = [f"{self._seed}/{meaning.key}/{n}" for n in range(self._rng.randint(2, 6))]
        base = self._group(meaning, "base", seeds)
        if base is None:
            return
        found = sorted(traps(meaning, self._rng), key=lambda each: self._rng.random() / WANTED.get(each[1], 1.0))
        for trap, kind in found[: self._rng.randint(*TRAPS)]:
            own = [f"{self._seed}/{trap.key}/{n}" for n in range(self._rng.randint(1, 3))]
            same = [self._rng.choice(seeds)] if self._rng.random() < SAME_WORDS else []
            group = self._group(trap, kind, same + own)
            if group is not None and group is not base:
                base.near[trap.group] = kind
                group.near[meaning.group] = kind

    def _group(self, meaning: Meaning, kind: str, seeds: list[str]) -> Group | None:
        group = self.groups.get(meaning.group) or Group(meaning, kind)
        for seed in seeds:
            choices = Choices(seed)
            prompt = typed(meaning.say(choices), choices)
            if prompt.casefold() not in self._said:
                self._said.add(prompt.casefold())
                group.prompts.append(prompt)
        if not group.prompts:
            return None
        return self.groups.setdefault(meaning.group, group)


def weights(intents: list[tuple[Block, Intent]]) -> list[float]:
    """Return how often each intent is taken: its weight, scaled so that each domain gets its share."""
    sums: dict[str, float] = defaultdict(float)
    for block, intent in intents:
        sums[block.domain] += intent.weight * (1 + len(intent.slots))
    return [
        SHARES.get(block.domain, 1) * intent.weight * (1 + len(intent.slots)) / sums[block.domain]
        for block, intent in intents
    ]


def rows(groups: list[Group]) -> Iterator[dict[str, object]]:
    """Yield one row for each prompt."""
    for group in groups:
        near = [{"group": name, "kind": kind} for name, kind in group.near.items()]
        for prompt in group.prompts:
            yield {
                "group": group.meaning.group,
                "prompt": prompt,
                "family": f"{group.meaning.block.name}.{group.meaning.intent.name}",
                "kind": group.kind,
                "domain": group.meaning.block.domain,
                "near": near,
            }
