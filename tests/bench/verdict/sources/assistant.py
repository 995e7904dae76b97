"""Sets of requests to assistants, with what was asked for annotated."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import msgspec

from bench.verdict.sources.groups import Labelled

_SLOT = re.compile(r"\[\s*([^\]:]+?)\s*:\s*([^\]]*?)\s*\]")
_WORD = re.compile(r"[\w']+")
_ARTICLE = re.compile(r"^(?:the|a|an|my|at|on|in|for|to) ")
OPEN_ENDED = (
    "general_",
    "qa_",
    "cooking_",
    "recommendation_",
    "social_post",
    "play_game",
    "news_query",
    "email_sendemail",
)
MUST_AGREE = frozenset(
    _WORD.findall(
        """first last latest next previous all any every another other new recent not no don't without except but both
        and or before after above below more less most least up down on off in out today tomorrow tonight morning
        evening yesterday now how why what when where who which long many much current currently remaining upcoming
        missed unread old older important urgent public private start stop pause resume delete remove add create set
        change cancel"""
    )
)
ASKED = frozenset(_WORD.findall("which what who where how many much any all every each here everywhere"))


class HomeIntent(msgspec.Struct, frozen=True):
    """What an English sentence asks of a home."""

    name: str = ""
    slots: dict[str, object] = {}
    context: dict[str, object] = {}


class HomeTest(msgspec.Struct, frozen=True):
    """Sentences that ask the same."""

    sentences: tuple[str, ...]
    intent: HomeIntent = HomeIntent()


class HomeTests(msgspec.Struct, frozen=True):
    """One file of tests."""

    tests: tuple[HomeTest, ...] = ()


def nlu(checkout: Path) -> Labelled:
    """Return xliuhw/NLU-Evaluation-Data (CC-BY 4.0): same intent, same annotated slots, same words that matter."""
    found = Labelled("nlu")
    rows = list(_nlu_rows(checkout))
    common = _common(rows)
    for intent, annotated, said in rows:
        slots = sorted(f"{name}={_ARTICLE.sub('', value.casefold())}" for name, value in _SLOT.findall(annotated))
        rest = set(_WORD.findall(_SLOT.sub(" ", annotated).casefold()))
        if intent.startswith(OPEN_ENDED) or any(common[intent][word] < 5 for word in rest):
            slots.append(f"as worded: {said.casefold()}")  # something that nobody annotated: a group of its own
        marks = sorted(rest & MUST_AGREE)
        found.add(f"{intent}({'; '.join(slots)}) {' '.join(marks)}", intent, [said])
    return found


def _nlu_rows(checkout: Path) -> Iterator[tuple[str, str, str]]:
    seen: set[str] = set()
    for path in sorted(checkout.glob("CrossValidation/autoGeneFromRealAnno/*/CrossValidation/KFold_1/*set/**/*.csv")):
        for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")), delimiter=";"):
            said = row["answer_from_user"] or row["answer_from_anno"]
            if row["answerid"] not in seen and said and row["answer_annotation"]:
                seen.add(row["answerid"])
                yield f"{row['scenario']}_{row['intent']}", row["answer_annotation"], said


def _common(rows: list[tuple[str, str, str]]) -> dict[str, Counter[str]]:
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for intent, annotated, _ in rows:
        counted[intent].update(set(_WORD.findall(_SLOT.sub(" ", annotated).casefold())))
    return counted


def snips(checkout: Path) -> Labelled:
    """Return sonos/nlu-benchmark (CC0), the requests of 2017: same intent, same slots, same words that matter."""
    found = Labelled("snips")
    for path in sorted(checkout.glob("2017-06-custom-intent-engines/*/*_*.json")):
        if "metrics" in path.name or not path.name.startswith(("train", "validate")):
            continue
        for intent, items in json.loads(path.read_text(encoding="utf-8", errors="replace")).items():
            for item in items:
                slots = sorted(f"{p['entity']}={p['text'].strip().casefold()}" for p in item["data"] if "entity" in p)
                said = "".join(part["text"] for part in item["data"])
                rest = set(_WORD.findall(" ".join(p["text"] for p in item["data"] if "entity" not in p).casefold()))
                found.add(f"{intent}({'; '.join(slots)}) {' '.join(sorted(rest & MUST_AGREE))}", intent, [said])
    return found


def home(checkout: Path) -> Labelled:
    """Return home-assistant/intents (CC-BY 4.0), the English test sentences: one list, one action."""
    import yaml

    found = Labelled("home")
    for path in sorted(checkout.glob("tests/en/**/*.yaml")):
        document = msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), HomeTests)
        for test in document.tests:
            what = msgspec.json.encode(test.intent, order="deterministic").decode()
            for said in test.sentences:
                marks = " ".join(sorted(set(_WORD.findall(said.casefold())) & ASKED))
                found.add(what + marks, test.intent.name, [said])
    return found


def intents(checkout: Path) -> Labelled:
    """Return the requests of clinc/oos-eval (CC-BY 3.0): each is a group of its own, those of one intent are traps."""
    found = Labelled("clinc")
    document = json.loads((checkout / "data/data_full.json").read_text(encoding="utf-8"))
    for said, intent in [row for part in ("train", "val", "test") for row in document[part]]:
        found.add(said, intent, [said])
    return found
