"""Turn labelled wordings of a public set into the rows that the generator writes too."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

NEAR = 6  # groups named as traps of a group
LOOKED_AT = 400  # groups among which they are sought

_WORD = re.compile(r"[\w']+")


@dataclass
class Labelled:
    """Groups by a key that says what is asked; `family` joins the groups that are traps for one another."""

    domain: str
    prompts: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict[str, dict[str, None]](dict))
    family: dict[str, str] = field(default_factory=dict[str, str])

    def add(self, key: str, family: str, prompts: Iterable[str]) -> None:
        """Add wordings of what `key` stands for."""
        self.family[key] = family
        for prompt in prompts:
            if text := " ".join(prompt.split()):
                self.prompts[key][text] = None

    def rows(self) -> Iterator[dict[str, object]]:
        """Yield the rows; a wording of two groups is in neither, wordings that differ in marks only are one."""
        self._drop_shared()
        families: dict[str, list[str]] = defaultdict(list)
        for key in self.prompts:
            families[self.family[key]].append(key)
        names = {key: f"{self.domain}-{blake2b(key.encode(), digest_size=6).hexdigest()}" for key in self.prompts}
        rng = random.Random(1)
        for key, prompts in self.prompts.items():
            near = _nearest(key, families[self.family[key]], self.prompts, rng)
            for prompt in prompts:
                yield {
                    "group": names[key],
                    "prompt": prompt,
                    "family": self.family[key],
                    "kind": "base",
                    "domain": self.domain,
                    "near": [{"group": names[other], "kind": "real"} for other in near],
                }

    def _drop_shared(self) -> None:
        owners: dict[str, set[str]] = defaultdict(set)
        for key, prompts in self.prompts.items():
            for prompt in prompts:
                owners[_folded(prompt)].add(key)
        kept: dict[str, dict[str, None]] = {}
        for key, prompts in self.prompts.items():
            spelled = {_folded(prompt): prompt for prompt in prompts if len(owners[_folded(prompt)]) == 1}
            kept[key] = dict.fromkeys(spelled.values())
        self.prompts = {key: prompts for key, prompts in kept.items() if prompts}


def _folded(prompt: str) -> str:
    return " ".join(_WORD.findall(prompt.casefold()))


def _nearest(key: str, family: list[str], prompts: dict[str, dict[str, None]], rng: random.Random) -> list[str]:
    others = [other for other in family if other != key]
    if len(others) > LOOKED_AT:
        others = rng.sample(others, LOOKED_AT)
    mine = set(_WORD.findall(" ".join(prompts[key]).casefold()))

    def overlap(other: str) -> float:
        words = set(_WORD.findall(" ".join(prompts[other]).casefold()))
        return len(mine & words) / max(1, len(mine | words))

    return sorted(others, key=overlap, reverse=True)[:NEAR]
