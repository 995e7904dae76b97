"""The generator of training prompts for the verdict: what one group says is one meaning, and its traps are others."""

from __future__ import annotations

import json
import random
import re
import sys
from collections import Counter
from functools import cache, reduce
from pathlib import Path

import pytest

from bench.verdict.generate import main
from bench.verdict.generate.build import Builder, Group, rows
from bench.verdict.generate.families import GRAMMARS, Block, load
from bench.verdict.generate.grammar import CLOSE, NONE, OPEN, AnyOrder, Choices, Either, Ref, Sequence_, parse, refs
from bench.verdict.generate.meaning import Meaning, sample, slots_of, traps
from bench.verdict.generate.names import lexicons
from bench.verdict.generate.noise import typed

KINDS = frozenset(
    re.findall(
        r"\w+",
        """function file line version language library number quoted negation antonym direction scope type word_order
        and_or question restriction object attribute aggregate time entity template""",
    )
)
FIRST, SECOND = list(lexicons()["fn"].values)[:2]


@cache
def groups() -> list[Group]:
    return Builder(seed=7).build(4000)


@cache
def blocks() -> dict[str, Block]:
    return load(lexicons())


def meaning(block: str, intent: str, **values: str) -> Meaning:
    found = blocks()[block]
    wanted = found.intents[intent]
    names = slots_of(found, wanted, values)
    given = {name: NONE for name, lexicon in names.items() if found.lexicons[lexicon].optional} | values
    return Meaning(found, wanted, tuple(sorted(given.items())))


def wordings(of: Meaning, number: int = 60) -> set[str]:
    return {typed(of.say(Choices(str(seed))), Choices(str(seed))) for seed in range(number)}


def test_what_is_calibrated_with_shares_no_wording_with_what_is_fitted_on() -> None:
    held_out = load(lexicons(), GRAMMARS.parent / "held_out")
    fitted = {
        wording for block in blocks().values() for intent in block.intents.values() for wording in intent.wordings
    }
    families = [intent for block in held_out.values() for intent in block.intents.values()]

    assert not held_out.keys() & blocks().keys()
    assert len(families) >= 200
    assert not {wording for intent in families for wording in intent.wordings} & fitted


def test_a_held_out_meaning_is_worded_in_several_ways_and_lies_beside_others() -> None:
    found = Builder(3, GRAMMARS.parent / "held_out").build(300)
    prompts = [prompt for group in found for prompt in group.prompts]

    assert len(set(prompts)) == len(prompts)
    assert not [prompt for prompt in prompts if set(prompt) & {OPEN, CLOSE, "<", "$"}]
    assert all(group.near for group in found)


def test_the_same_seed_makes_the_same_prompts_and_another_seed_others() -> None:
    first, again, other = (list(rows(Builder(seed).build(200))) for seed in (1, 1, 2))

    assert first == again
    assert first != other


def test_no_prompt_is_in_two_groups() -> None:
    said = Counter(prompt.casefold() for group in groups() for prompt in group.prompts)

    assert [prompt for prompt, count in said.items() if count > 1] == []


def test_a_group_has_one_meaning_and_a_meaning_one_group() -> None:
    assert len({group.meaning.key for group in groups()}) == len(groups())


def test_every_kind_of_trap_is_made() -> None:
    made = {kind for group in groups() for kind in group.near.values()}

    assert made >= KINDS


def test_a_trap_names_the_group_that_it_is_a_trap_for() -> None:
    near = {group.meaning.group: group.near for group in groups()}

    assert all(near[other][name] for name, others in near.items() for other in others)


def test_most_groups_have_paraphrases_and_every_base_its_traps() -> None:
    bases = [group for group in groups() if group.kind == "base"]

    assert sum(len(group.prompts) > 1 for group in groups()) > 0.8 * len(groups())
    assert sum(len(group.near) >= 2 for group in bases) > 0.9 * len(bases)


def test_a_literal_is_in_every_wording_of_its_group_as_it_was_written() -> None:
    for group in groups():
        values = dict(group.meaning.values)
        lexicon = group.meaning.block.lexicons
        for name, of in slots_of(group.meaning.block, group.meaning.intent, values).items():
            if of in ("fn", "cls", "var", "srcfile", "line", "many", "version", "qstr", "port") and lexicon[of].literal:
                assert all(values[name] in prompt for prompt in group.prompts), (values[name], group.prompts)


def always(node: Sequence_) -> frozenset[str]:
    """Return the slots that are said whichever way a wording is taken."""
    found: set[str] = set()
    for part in node:
        match part:
            case Ref():
                found.add(part.name)
            case Either():
                found |= reduce(lambda a, b: a & b, map(always, part.options))
            case AnyOrder():
                found |= {name for item in part.items for name in always(item)}
            case _:
                pass
    return frozenset(found)


def test_every_slot_of_an_intent_is_said_whichever_wording_is_taken() -> None:
    for block in blocks().values():
        for intent in block.intents.values():
            for text, node in zip(intent.wordings, intent.parsed, strict=True):
                assert always(node) == set(intent.slots), (block.name, intent.name, text)


def test_every_wording_of_a_value_says_what_the_others_say() -> None:
    for block in blocks().values():
        for lexicon in block.lexicons.values():
            for value, forms in lexicon.values.items():
                said = {always(parse(wording)) for wordings in forms.values() for wording in wordings}
                named = {ref.name for ws in forms.values() for w in ws for ref in refs(parse(w))}
                assert said == {frozenset(named)}, (block.name, lexicon.name, value)


def test_swapping_what_comes_from_where_is_a_trap_and_comparing_the_other_way_round_is_not() -> None:
    rename = meaning("functions", "rename", fn=FIRST, b=SECOND)
    back = meaning("functions", "rename", fn=SECOND, b=FIRST)
    compare = meaning("functions", "diff", fn=FIRST, b=SECOND)
    other_way = meaning("functions", "diff", fn=SECOND, b=FIRST)

    assert rename.group != back.group
    assert compare.group == other_way.group
    assert not wordings(rename) & wordings(back)


def test_numbers_are_the_same_only_where_they_are_equal() -> None:
    day = wordings(meaning("files", "find", what="files", under="tree", dir="/tmp", ageq="mod", dur="1d"), 300)

    assert any("24 hours" in prompt for prompt in day)
    assert any("day" in prompt for prompt in day)
    assert not any(re.search(r"\b(?:2|12|48|7)\b", prompt) for prompt in day)


def test_the_traps_of_a_meaning_are_not_the_meaning() -> None:
    rng = random.Random(3)
    for block in blocks().values():
        for intent in () if block.abstract else block.intents.values():
            asked = sample(block, intent, rng)
            same = [kind for trap, kind in traps(asked, rng) if trap.key == asked.key]
            assert set(same) <= {"direction", "word_order", "template"}, (asked.key, same)


def test_noise_never_touches_a_literal() -> None:
    said = f"please change {OPEN}parse_Config{CLOSE} in {OPEN}src/Main.py{CLOSE} somewhere"

    for seed in range(400):
        prompt = typed(said, Choices(str(seed)))
        assert "parse_Config" in prompt
        assert "src/Main.py" in prompt
        assert OPEN not in prompt


def test_one_seed_words_two_meanings_alike() -> None:
    thirty = meaning("edits", "setnum", what="timeout", few="3")
    sixty = meaning("edits", "setnum", what="timeout", few="6")

    pairs = [(thirty.say(Choices(str(seed))), sixty.say(Choices(str(seed)))) for seed in range(50)]

    changed = [(a.replace("3", "#").replace("three", "#"), b.replace("6", "#").replace("six", "#")) for a, b in pairs]
    assert all(a == b for a, b in changed)


def test_a_bracket_left_open_is_an_error() -> None:
    with pytest.raises(ValueError, match="lacks"):
        parse("show [the files")


def test_the_script_writes_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "rows.jsonl"
    monkeypatch.setattr(sys, "argv", ["main.py", "--groups", "50", "--seed", "1", "--out", str(out)])

    main.main()

    found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert {"group", "prompt", "family", "kind", "domain", "near"} == set(found[0])
    assert len({row["group"] for row in found}) >= 50
