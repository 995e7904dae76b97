"""How many remembered prompts of a namespace hold each word: a rare word that only one of two prompts has matters."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile(r"\w+")


class Terms:
    """Document frequencies of the words of a namespace, case folded."""

    def __init__(self) -> None:
        self._texts = 0
        self._holding: Counter[str] = Counter()

    def add(self, texts: Iterable[str]) -> None:
        """Count these texts in."""
        for text in texts:
            self._texts += 1
            self._holding.update(set(_WORD.findall(text.casefold())))

    def rarity(self, word: str) -> float:
        """Return the inverse document frequency of a case-folded word: 0 where every text holds it."""
        return math.log((1 + self._texts) / (1 + self._holding[word]))
