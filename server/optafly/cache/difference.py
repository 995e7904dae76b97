"""Say in a few words how the meaning of two prompts may differ, or that no difference can be found.

Strict on purpose: any word, number, name, quotation, path, flag or symbol that only one of them has, and any other
order of the same ones, is a difference. So `rename foo to bar` is not `rename bar to foo`, whatever the cosine says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from optafly.cache.lexing import LONGEST
from optafly.cache.vocabulary import ANTONYMS, NEGATION_CHARACTERS, NEGATION_ENDINGS, NEGATIONS
from optafly.cache.wording import Part, parts, readings

LOOKED_AT = 200  # parts in which the difference is described; whether there is one is decided on all of them
SHOWN = 40  # characters of a part in a sentence
NAMES = {"number": "number", "identifier": "name", "quoted": "quotation", "path": "path", "flag": "flag"}


def same_meaning(before: str, after: str) -> bool:
    """Return whether nothing can be found that makes `after` ask for something else than `before` did."""
    if before == after:
        return True
    if max(len(before), len(after)) > LONGEST:
        return False
    old, new = parts(before), parts(after)
    return bool(old and new and readings(old) & readings(new))


def difference(before: str, after: str) -> str | None:
    """Return what makes `after` ask for something else than `before` did, or None where they have the same meaning."""
    if same_meaning(before, after):
        return None
    if max(len(before), len(after)) > LONGEST:
        return "they are too long to compare word by word"
    for ending in NEGATION_ENDINGS:
        if before.count(ending) != after.count(ending):
            return f"the negation `{ending}` {'is gone' if ending in before else 'was added'}"
    return _described(parts(before), parts(after))


def _described(old: tuple[Part, ...], new: tuple[Part, ...]) -> str:
    start = 0
    while start < min(len(old), len(new)) and old[start][:2] == new[start][:2]:
        start += 1
    old, new = old[start : start + LOOKED_AT], new[start : start + LOOKED_AT]
    gone, come = _only(old, new), _only(new, old)
    if not gone and not come:
        return "the same words stand in another order"
    if negation := _negation(gone, come):
        return negation
    swaps = _swaps(old, new)
    for before, after in swaps:
        if frozenset((before.key, after.key)) in ANTONYMS:
            return f"{_shown(before)} became its opposite {_shown(after)}"
    if swaps:
        before, after = min(swaps, key=lambda swap: swap[0].kind == swap[1].kind == "word")  # a name or number first
        return f"{_shown(before)} became {_shown(after)}"
    return f"{_shown(gone[0])} is gone" if gone else f"{_shown(come[0])} was added"


def _only(these: Sequence[Part], those: Sequence[Part]) -> list[Part]:
    """Return the parts of `these` that `those` lack, names and numbers first."""
    spare = Counter(part[:2] for part in those)
    found: list[Part] = []
    for part in these:
        if spare[part[:2]]:
            spare[part[:2]] -= 1
        else:
            found.append(part)
    return sorted(found, key=lambda part: part.kind not in NAMES)


def _negation(gone: Sequence[Part], come: Sequence[Part]) -> str | None:
    for part, verb in (*((part, "is gone") for part in gone), *((part, "was added") for part in come)):
        if negates(part):
            return f"the negation {_shown(part)} {verb}"
    return None


def negates(part: Part) -> bool:
    """Return whether a part says that something does not hold, in the languages that the vocabulary knows."""
    return part.kind == "word" and (part.key in NEGATIONS or part.key in NEGATION_CHARACTERS)


def _swaps(old: Sequence[Part], new: Sequence[Part]) -> list[tuple[Part, Part]]:
    matcher = SequenceMatcher(None, [part[:2] for part in old], [part[:2] for part in new], autojunk=False)
    return [
        swap
        for op, a, b, c, d in matcher.get_opcodes()
        if op == "replace"
        for swap in zip(old[a:b], new[c:d], strict=False)
    ]


def _shown(part: Part) -> str:
    text = " ".join(part.text.strip("`").split())
    return f"`{text if len(text) <= SHOWN else text[: SHOWN - 1] + '…'}`"
