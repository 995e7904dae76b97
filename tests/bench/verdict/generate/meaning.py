"""What a prompt asks for, apart from how it is worded, and the meanings that lie next to it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import blake2b

from bench.verdict.generate.families import Block, Intent
from bench.verdict.generate.grammar import NONE, Choices, Lexicon, Speaker, parse, refs

LOOKED_AT = 8  # values that are looked at for one that is spelled alike


@dataclass(frozen=True)
class Meaning:
    """An intent of a block with a value for each slot; the values are sorted by slot."""

    block: Block
    intent: Intent
    values: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        """Return the text that is the same for the same meaning alone."""
        said = dict(self.values)
        for first, second in self.intent.same:
            said[first], said[second] = sorted((said[first], said[second]))
        return f"{self.block.name}.{self.intent.name}({', '.join(f'{name}={said[name]}' for name in sorted(said))})"

    @property
    def group(self) -> str:
        """Return the short name of the meaning."""
        digest = blake2b(self.key.encode(), digest_size=6).hexdigest()
        return f"{self.block.name}.{self.intent.name}-{digest}"

    def say(self, choices: Choices) -> str:
        """Return one wording, literals marked."""
        speaker = Speaker(self.block.lexicons, self.block.macros, dict(self.values), choices)
        return speaker.say(choices.pick("wording", self.intent.parsed), "")


def slots_of(block: Block, intent: Intent, values: dict[str, str]) -> dict[str, str]:
    """Return the lexicon of each slot in use, those that only a chosen value brings in included."""
    found = dict(intent.slots)
    waiting = list(found)
    while waiting:
        name = waiting.pop()
        value = values.get(name)
        if value is None or value == NONE:
            continue
        for each in _brought(block.lexicons[found[name]], value):
            if each[0] not in found:
                found[each[0]] = each[1]
                waiting.append(each[0])
    return found


def _brought(lexicon: Lexicon, value: str) -> list[tuple[str, str]]:
    wordings = [each for forms in lexicon.values[value].values() for each in forms]
    return [(ref.name, ref.lexicon) for wording in wordings if "<" in wording for ref in refs(parse(wording))]


def sample(block: Block, intent: Intent, rng: random.Random, given: dict[str, str] | None = None) -> Meaning:
    """Return a meaning at random; slots that are `given` keep their value where it fits."""
    given = given or {}
    values: dict[str, str] = {}
    while True:
        wanted = slots_of(block, intent, values)
        missing = sorted(set(wanted) - set(values))
        if not missing:
            break
        for name in missing:
            lexicon = block.lexicons[wanted[name]]
            taken = _taken(lexicon, values, wanted)
            kept = given.get(name)
            fits = (kept in lexicon.values and kept not in taken) or (kept == NONE and lexicon.optional > 0)
            values[name] = kept if kept is not None and fits else _value(lexicon, rng, taken)
    return Meaning(block, intent, tuple(sorted(values.items())))


def _taken(lexicon: Lexicon, values: dict[str, str], wanted: dict[str, str]) -> set[str]:
    """Return the values that other slots of the same lexicon have: `from berlin to berlin` is asked by nobody."""
    return {values[name] for name, other in wanted.items() if other.rstrip("!") == lexicon.name and name in values}


def _value(lexicon: Lexicon, rng: random.Random, taken: set[str]) -> str:
    if rng.random() < lexicon.optional:
        return NONE
    return rng.choice([value for value in lexicon.values if value not in taken])


def traps(meaning: Meaning, rng: random.Random) -> Iterator[tuple[Meaning, str]]:
    """Yield meanings that look like this one and deserve another answer, each with the kind of difference."""
    block, intent, values = meaning.block, meaning.intent, dict(meaning.values)
    for other, kind in intent.near:
        yield sample(block, block.intents[other], rng, values), kind
    for first, second, kind in intent.swaps:
        swapped = values | {first: values[second], second: values[first]}
        yield Meaning(block, intent, tuple(sorted(swapped.items()))), kind
    wanted = slots_of(block, intent, values)
    for name, lexicon_name in wanted.items():
        lexicon = block.lexicons[lexicon_name]
        if lexicon.optional and rng.random() < 0.5:
            other = NONE if values[name] != NONE else rng.choice(list(lexicon.values))
            yield _with(meaning, name, other, rng), "restriction"
        taken = _taken(lexicon, values, wanted) | {values[name]}
        if values[name] != NONE and set(lexicon.values) - taken:
            yield _with(meaning, name, _alike(taken, values[name], lexicon, rng), rng), lexicon.kind
    strangers = [each for each in block.intents.values() if each is not intent]
    if strangers:
        yield sample(block, rng.choice(strangers), rng, values), "template"


def _with(meaning: Meaning, name: str, value: str, rng: random.Random) -> Meaning:
    return sample(meaning.block, meaning.intent, rng, dict(meaning.values) | {name: value})


def _alike(taken: set[str], value: str, lexicon: Lexicon, rng: random.Random) -> str:
    others = [other for other in lexicon.values if other not in taken]
    near = rng.sample(others, min(LOOKED_AT, len(others)))
    if rng.random() < 0.5:
        return near[0]
    return max(near, key=lambda other: SequenceMatcher(None, value, other, autojunk=False).ratio())
