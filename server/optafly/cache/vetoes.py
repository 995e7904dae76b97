"""What forbids serving one prompt's answer for another without a person, however alike the two are.

Each veto is said in a few words, for the person who sees the offer. The plainest come first.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from optafly.cache import lexicon
from optafly.cache.features import excess, rebound, unmatched, unsaid
from optafly.cache.reading import Reading
from optafly.cache.vocabulary import ANTONYMS

MIRRORED = 24  # tokens that are looked at for that
JOINING = frozenset(("alternative",))
MOVED = 12  # parts that are looked at for an exchange
UNORDERED = frozenset(("place", "purpose"))  # `in April on Fridays` is `on Fridays in April`
OPPOSITE = {frozenset(("source",)), frozenset(("target",))}
WANTED = frozenset(("need", "want", "like", "help"))
ASKING = frozenset(
    ("what", "which", "who", "whom", "whose", "where", "when", "how", "is", "are", "was", "were", "do", "does", "did")
)
MAKING = frozenset(("make", "give_back"))
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


def _there_and_back(old: Reading, new: Reading) -> str | None:
    """A plain word behind `from` in one and behind `to` in the other: `read from the socket`."""
    for key in old.content:
        bound = {frozenset(reading.bounds[key] - {""}) for reading in (old, new) if key in reading.content}
        if bound == OPPOSITE:
            return f"{_shown(old, key)} stands behind another word (as `from` and `to` are)"
    return None


def _passive(old: Reading, new: Reading) -> str | None:
    """Who does it in one has it done to them in the other: `what is called by parse`, `what calls parse`."""
    for one, other in ((old, new), (new, old)):
        keys = [token.key for token in other.tokens]
        for verb, doer in sorted(_done_by(one) - _done_by(other)):
            if verb in keys and doer in keys[keys.index(verb) :]:
                return f"{_shown(one, verb)} is passive in one only"
    return None


def _done_by(reading: Reading) -> set[tuple[str, str]]:
    """Return verbs with who does it, where that stands behind `by`: `called by the parser`."""
    tokens = [token for token in reading.tokens if token.key not in lexicon.ARTICLES]
    return {
        (tokens[at - 1].key, tokens[at + 1].key)
        for at in range(1, len(tokens) - 1)
        if tokens[at].key == "by"
        and tokens[at - 1].text.endswith(("ed", "en", "wn", "nt", "de"))
        and tokens[at + 1].kind != "number"  # by how much
    }


def _acts(old: Reading, new: Reading) -> str | None:
    """To make, to show and to explain something are three requests; what is only named may be any of them."""
    before, after = _asked(old), _asked(new)
    one, other = ({lexicon.ACTS[key] for key in acts} for acts in (before, after))
    if one & other or (not (one and other) and (not (one | other) & MAKING or _names_it(new if one else old))):
        return None
    return _change(old, before, new, after)


def _asked(reading: Reading) -> list[str]:
    to_me = "me" in reading.function
    return [key for key in reading.frame if key in lexicon.ACTS and not (key == "return" and to_me)]


def _names_it(reading: Reading) -> bool:
    """Return whether a prompt only names what is wanted: `unit tests for f`, `I need unit tests for f`."""
    return bool(WANTED & reading.frame.keys()) or not (reading.question or ASKING & reading.function.keys())


def _modals(old: Reading, new: Reading) -> str | None:
    """What may be done, and what must."""
    before, after = _modal(old), _modal(new)
    one, other = ({lexicon.MODALS[key] for key in keys} for keys in (before, after))
    if one & other or ("may" not in one | other):  # that something should be so is the usual way to ask for it
        return None
    return _change(old, before, new, after)


def _modal(reading: Reading) -> list[str]:
    """Return the words of permission and duty, but for those of a polite frame: `can you`, `may i see`, `how can i`."""
    found: list[str] = []
    for at, token in enumerate(reading.tokens):
        if token.kind != "function" or token.key not in lexicon.MODALS:
            continue
        before = reading.tokens[at - 1].key if at else ""
        who, what = ([*(each.key for each in reading.tokens[at + 1 : at + 3]), "", ""])[:2]
        polite = who == "you" or (who in ("i", "we") and (what in lexicon.ACTS or what in ("have", "make")))
        if not polite and before not in ("how", "where"):
            found.append(token.key)
    return found


def _tense(old: Reading, new: Reading) -> str | None:
    """What is asked of now and what is asked of then: `is the cache used`, `was the cache used`."""
    before, after = _verb(old), _verb(new)
    if before and after and (before in lexicon.PAST) != (after in lexicon.PAST):
        return f"`{before}` became `{after}`"
    return None


def _verb(reading: Reading) -> str:
    """Return the form of `be` that a question opens with, behind a word that asks or alone, or ""."""
    opening = [token.text.casefold() for token in reading.tokens[:2]]
    asks = bool(opening) and (opening[0] in ASKING or opening[0] == "why")
    return next((word for word in opening if asks and word in lexicon.BEING), "")


def _nothing(old: Reading, new: Reading) -> str | None:
    """Only small words: they may be what is asked about, as in `explain if`."""
    if (old.kept and new.kept) or old.function == new.function:
        return None
    return "nothing is said that could be compared"


def _antonyms(old: Reading, new: Reading) -> str | None:
    gone = [token for token in old.tokens if token.kind != "function" and token.key not in new.kept]
    come = [token for token in new.tokens if token.kind != "function" and token.key not in old.kept]
    for before in gone:
        for after in come:
            if frozenset((before.text.casefold(), after.text.casefold())) in ANTONYMS:
                return f"`{before.text}` became its opposite `{after.text}`"
    return None


def _exchanged(old: Reading, new: Reading) -> str | None:
    """Two parts that each stand where the other stood: `faster than a list`, `merge main into develop`."""
    moved = [
        key for key in old.sequence if key in new.bounds and key in old.bounds and old.bounds[key] != new.bounds[key]
    ]
    for at, one in enumerate(moved[:MOVED]):
        for other in moved[at + 1 : MOVED]:
            if old.bounds[one] == new.bounds[other] and old.bounds[other] == new.bounds[one]:
                return f"{_shown(old, one)} and {_shown(old, other)} changed places"
    return None


def _mirrored(old: Reading, new: Reading) -> str | None:
    """Two parts on the other side of what stands between them: `copy bucket A to bucket B`, `X appears behind Y`.

    Not where it only joins them: `flights and fares`.
    """
    for words in (lexicon.BINDING.keys(), ()):
        if turned := _turned(_in_order(old, words), _in_order(new, words)):
            return f"{_shown(old, turned[0])} and {_shown(old, turned[1])} changed places"
    return None


def _in_order(reading: Reading, words: Container[str]) -> list[str]:
    """Return what counts in its order, and those small words; without the frame at the beginning."""
    found = [token.key for token in reading.tokens if token.key in reading.kept or token.key in words]
    return found[next((at for at, key in enumerate(found) if key in reading.kept), 0) :]


def _turned(before: list[str], after: list[str]) -> tuple[str, str] | None:
    """Return the ends of two parts that changed places around what is more than a conjunction, or None."""
    if before == after or sorted(before) != sorted(after):
        return None
    start = next(at for at, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1])
    end = next(at for at, pair in enumerate(zip(before[::-1], after[::-1], strict=True)) if pair[0] != pair[1])
    before, after = before[start : len(before) - end][:MIRRORED], after[start : len(after) - end][:MIRRORED]
    for first in range(1, len(before)):
        for last in range(1, len(before) - first):
            middle = before[first : len(before) - last]
            if after == before[len(before) - last :] + middle + before[:first] and set(middle) - JOINING:
                return before[0], before[-1]
    return None


def _content(old: Reading, new: Reading) -> str | None:
    """A word that only one of them has: another thing, a synonym, one thing more or one less. A person can tell."""
    return _change(old, unsaid(old, new), new, unsaid(new, old))


def _question(old: Reading, new: Reading) -> str | None:
    if old.question != new.question and old.question and new.question:
        return f"the one asks {old.question}, the other {new.question}"
    return None


CHECKS: tuple[Callable[[Reading, Reading], str | None], ...] = (
    _literals,
    _negation,
    _antonyms,
    _nothing,
    _acts,
    _modals,
    _tense,
    _classes,
    _scope,
    _direction,
    _there_and_back,
    _passive,
    _exchanged,
    _mirrored,
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
