"""How many remembered prompts of a namespace hold each word: a rare word that only one of two prompts has matters."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

from optafly.cache.lexing import LONGEST

_WORD = re.compile(r"\w+")
HELD = 4_096  # answers to `rarity` kept, for one prompt is compared with several


class Terms:
    """Document frequencies of the words of a namespace's prompts, case folded. Adding 100,000 prompts takes seconds."""

    def __init__(self) -> None:
        self.size = 0
        self._holding: Counter[str] = Counter()
        self._rarities: dict[str, float] = {}

    def add(self, texts: Iterable[str]) -> None:
        """Count these texts in."""
        self._rarities.clear()
        for text in texts:
            self.size += 1
            self._holding.update(set(_WORD.findall(text[:LONGEST].casefold())))

    def rarity(self, text: str) -> float:
        """Return the inverse document frequency of the rarest word in `text`: 0 where every prompt holds it."""
        found = self._rarities.get(text)
        if found is None:
            held = min((self._holding[word] for word in _WORD.findall(text.casefold())), default=0)
            if len(self._rarities) >= HELD:
                self._rarities.clear()
            found = self._rarities[text] = math.log((2 + self.size) / (1 + held))
        return found
