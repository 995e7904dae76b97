"""What forbids serving one prompt's answer for another without a person, however alike the two are.

Each veto is said in a few words, for the person who sees the offer. The plainest come first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from optafly.cache.features import excess, rebound, unmatched
from optafly.cache.reading import Reading
from optafly.cache.vocabulary import ANTONYMS

MOVED = 12  # parts that are looked at for an exchange
UNORDERED = frozenset(("place", "purpose"))  # `in April on Fridays` is `on Fridays in April`
SHOWN = 40  # characters of a part in a sentence


def veto(old: Reading, new: Reading) -> str | None:
    """Return why `new` must not be answered by `old`'s answer without a person, or None."""
    return next((reason for check in CHECKS if (reason := check(old, new)) is not None), None)


def _literals(old: Reading, new: Reading) -> str | None:
    return _change(old, unmatched(old, new), new, unmatched(new, old))


def _negation(old: Reading, new: Reading) -> str | None:
    before, after = old.classes.get("negation", 0), new.classes.get("negation", 0)
    if before == after:
        return None
    word = next(token.text for token in (new if after > before else old).tokens if token.key == "negation")
    return f"the negation `{word}` {'was added' if after > before else 'is gone'}"


def _classes(old: Reading, new: Reading) -> str | None:
    """A comparison, a sequence, a superlative or an alternative that only one of them has."""
    gone = [key for key in excess(old.classes, new.classes) if not key.startswith("quantity")]
    come = [key for key in excess(new.classes, old.classes) if not key.startswith("quantity")]
    return _change(old, gone, new, come)


def _scope(old: Reading, new: Reading) -> str | None:
    gone, come = excess(old.classes, new.classes), excess(new.classes, old.classes)
    narrowed = [key for key in (*gone, *come) if key in ("quantity:only", "quantity:both")]
    if narrowed:
        return f"the scope changed: {_shown(old if narrowed[0] in gone else new, narrowed[0])}"
    one, other = ([key for key in keys if key.startswith("quantity")] for keys in (gone, come))
    return _change(old, one, new, other) if one and other else None


def _direction(old: Reading, new: Reading) -> str | None:
    moved = rebound(old, new)
    if moved:
        return f"{_shown(old, moved[0])} stands behind another word (as `from` and `to` are)"
    places = {key: at for at, key in enumerate(new.ordered)}
    shared = [key for key in old.ordered if key in places][:MOVED]
    for at, one in enumerate(shared):
        for other in shared[at + 1 :]:
            alike = old.bounds[one] & old.bounds[other] & new.bounds[one] & new.bounds[other]
            if places[one] > places[other] and alike - UNORDERED:
                return f"{_shown(old, one)} and {_shown(old, other)} changed places"
    return None


def _antonyms(old: Reading, new: Reading) -> str | None:
    gone = [token for token in old.tokens if token.kind != "function" and token.key not in new.kept]
    come = [token for token in new.tokens if token.kind != "function" and token.key not in old.kept]
    for before in gone:
        for after in come:
            if frozenset((before.text.casefold(), after.text.casefold())) in ANTONYMS:
                return f"`{before.text}` became its opposite `{after.text}`"
    return None


def _exchanged(old: Reading, new: Reading) -> str | None:
    """Two parts that each stand where the other stood: `faster than a list`, `merge main into develop`.

    Also where nothing binds them, but a part between them stays: `the enemy follows the player`.
    """
    moved = [
        key for key in old.sequence if key in new.bounds and key in old.bounds and old.bounds[key] != new.bounds[key]
    ]
    for at, one in enumerate(moved[:MOVED]):
        for other in moved[at + 1 : MOVED]:
            if old.bounds[one] == new.bounds[other] and old.bounds[other] == new.bounds[one]:
                return f"{_shown(old, one)} and {_shown(old, other)} changed places"
    differ = [at for at, pair in enumerate(zip(old.sequence, new.sequence, strict=False)) if pair[0] != pair[1]]
    if len(differ) == 2 and differ[1] - differ[0] > 1 and len(old.sequence) == len(new.sequence):
        one, other = (old.sequence[at] for at in differ)
        if (other, one) == tuple(new.sequence[at] for at in differ):
            return f"{_shown(old, one)} and {_shown(old, other)} changed places"
    return None


def _content(old: Reading, new: Reading) -> str | None:
    """A word that only one of them has: another thing, a synonym, one thing more or one less. A person can tell."""
    return _change(old, excess(old.content, new.content), new, excess(new.content, old.content))


def _question(old: Reading, new: Reading) -> str | None:
    if old.question != new.question and old.question and new.question:
        return f"the one asks {old.question}, the other {new.question}"
    return None


CHECKS: tuple[Callable[[Reading, Reading], str | None], ...] = (
    _literals,
    _negation,
    _antonyms,
    _classes,
    _scope,
    _direction,
    _exchanged,
    _question,
    _content,
)


def _change(old: Reading, gone: Sequence[str], new: Reading, come: Sequence[str]) -> str | None:
    """Say what became of the first part that only one of them has, or None where there is none."""
    if gone and come:
        return f"{_shown(old, gone[0])} became {_shown(new, come[0])}"
    if gone:
        return f"{_shown(old, gone[0])} is gone"
    return f"{_shown(new, come[0])} was added" if come else None


def _shown(reading: Reading, key: str) -> str:
    token = next(token for token in reading.tokens if token.key == key)
    text = " ".join(token.text.strip("`").split())
    return f"`{text if len(text) <= SHOWN else text[: SHOWN - 1] + '…'}`"
