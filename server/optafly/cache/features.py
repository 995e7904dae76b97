"""What lies between two prompts, as numbers: the features that the verifier weighs.

A rare word that only one of them has says more than any cosine; so do another order, another binding ("from X to Y")
and another comparison, count or time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from optafly.cache.reading import Reading
from optafly.cache.terms import Terms

CLASSES = ("negation", "compare", "sequence", "superlative", "quantity", "alternative")
MAX_ORDERED = 30  # parts whose order is compared

Counts = Mapping[str, int]


def features(old: Reading, new: Reading, cosine: float, terms: Terms) -> dict[str, float]:
    """Return the features by name; the same two readings and terms always give the same numbers."""
    literals = [*_rarities(unmatched(old, new), old, terms), *_rarities(unmatched(new, old), new, terms)]
    gone = _rarities(unsaid(old, new), old, terms)
    come = _rarities(unsaid(new, old), new, terms)
    both = sum((*_rarities(old.content, old, terms), *_rarities(new.content, new, terms))) + 1e-6
    left = sum(gone) + sum(come)
    classes = [key.partition(":")[0] for key in (*excess(old.classes, new.classes), *excess(new.classes, old.classes))]
    found = {
        "cosine": cosine,
        "literals": float(len(literals)),
        "literal_rarity": max(literals, default=0.0),
        "literals_shared": float(min(5, _shared(old.literals, new.literals))),
        "content_gone": float(len(gone)),
        "content_come": float(len(come)),
        "content_swapped": float(min(len(gone), len(come))),
        "content_rarest": max((*gone, *come), default=0.0),
        "content_rarest_both": min(max(gone, default=0.0), max(come, default=0.0)),
        "content_rarity": left,
        "content_share": left / both,
        "frame": float(_distance(old.frame, new.frame)),
        "function": float(_distance(old.function, new.function)),
        "question": float(old.question != new.question),
        "question_both": float(bool(old.question and new.question) and old.question != new.question),
        "bindings": float(sum(old.bounds[key].isdisjoint(new.bounds[key]) for key in old.bounds.keys() & new.bounds)),
        "literal_bindings": float(len(rebound(old, new))),
        "literal_order": _inversions(old.ordered, new.ordered),
        "pairs": _jaccard(old.pairs, new.pairs),
        "words": _jaccard(old.kept, new.kept),
        "length": float(min(len(old.tokens), len(new.tokens))),
        "length_ratio": _ratio(len(old.tokens), len(new.tokens)),
        "known": float(terms.size > 0),
    }
    return found | {name: float(classes.count(name)) for name in CLASSES}


def _rarities(keys: Iterable[str], reading: Reading, terms: Terms) -> list[float]:
    return [terms.rarity(reading.spelt[key]) for key in keys]


def unmatched(these: Reading, those: Reading) -> list[str]:
    """Return the literals that the other prompt lacks, also as words or as `*.txt` for `.txt`. Case counts."""
    missing: list[str] = []
    for key in excess(these.literals, those.literals):
        bare = key.lstrip("*.")
        forms = (key, bare, f".{bare}", f"*.{bare}") if bare else (key,)
        if not any(f" {form} " in those.flat for form in forms):
            missing.append(key)
    return missing


def unsaid(these: Reading, those: Reading) -> list[str]:
    """Return the words that the other prompt lacks, also as a quotation of that one word."""
    missing = excess(these.content, those.content)
    quoted = those.literals.keys() - these.literals.keys()
    return [key for key in missing if these.spelt[key] not in quoted]


def rebound(old: Reading, new: Reading) -> list[str]:
    """Return the literals of both that stand behind words of another meaning: `from X` and `to X`."""
    found: list[str] = []
    for key in old.literals.keys() & new.literals.keys():
        mine, theirs = old.bounds[key] - {""}, new.bounds[key] - {""}
        if mine and theirs and mine.isdisjoint(theirs):
            found.append(key)
    return sorted(found)


def excess(these: Counts, those: Counts) -> list[str]:
    """Return what `these` have more of than `those`, as often as they do."""
    found: list[str] = []
    for key, count in these.items():
        if (more := count - those.get(key, 0)) > 0:
            found += [key] * more
    return found


def apart(old: Reading, new: Reading) -> int:
    """Return how many parts, function words aside, only one of the two has."""
    return _distance(old.kept, new.kept)


def _distance(a: Counts, b: Counts) -> int:
    return sum(a.values()) + sum(b.values()) - 2 * _shared(a, b)


def _shared(a: Counts, b: Counts) -> int:
    return sum([min(count, b[key]) for key, count in a.items() if key in b])


def _inversions(old: Sequence[str], new: Sequence[str]) -> float:
    """Return the share of pairs that stand the other way round, 0..1."""
    places = {key: at for at, key in enumerate(new)}
    order = [places[key] for key in old if key in places][:MAX_ORDERED]
    wrong = sum(a > b for at, a in enumerate(order) for b in order[at + 1 :])
    return 2 * wrong / (len(order) * (len(order) - 1)) if wrong else 0.0


def _jaccard(a: Counts, b: Counts) -> float:
    shared = _shared(a, b)
    either = sum(a.values()) + sum(b.values()) - shared
    return shared / either if either else 1.0


def _ratio(a: int, b: int) -> float:
    return min(a, b) / max(a, b) if a and b else float(a == b)
