"""Requests that people wrote for a program that was to be run: the same program is the same request.

stanford-oval/thingpedia-common-devices (BSD-3-Clause): wordings by crowd workers. stanford-oval/genie-toolkit
(Apache-2.0): questions about books, films, hotels, music and people. What concerns restaurants is left out, for those
sets measure elsewhere.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

from bench.verdict.sources.groups import Labelled

LEFT_OUT = ("com.yelp", "restaurant", "everything")
_PLACE = re.compile(r"\b[A-Z][A-Z_]*_\d+\b")
_APART = re.compile(r" (?='(?:s|m|d|re|ll|ve)\b|n't\b|[?.,!;:%)])|(?<=[(#@$]) ")
_FUNCTION = re.compile(r"@[\w.]+(?: \. \w+)?")
_FILL = {
    "QUOTED_STRING": "budget report|holiday photos|team lunch|cats|climate change|the big game|new release|hello there",
    "EMAIL_ADDRESS": "anna@example.com|bob@example.org|sales@example.net|tom@example.com",
    "NUMBER": "3|5|8|12|20|42|75|100|250",
    "DATE": "may 4 2019|march 1 2020|july 15 2018|october 31 2021",
    "TIME": "8 am|7:30 pm|noon|5 pm|10:15 am",
    "LOCATION": "berlin|paris|london|new york|tokyo",
    "DURATION": "2 hours|30 minutes|3 days|a week",
    "CURRENCY": "20 dollars|50 euros|5 dollars|100 euros",
    "PHONE_NUMBER": "+1 555 0100|+1 555 0123|+1 555 0199",
    "URL": "https://example.com|https://example.org/news",
    "HASHTAG": "#music|#sunset|#code",
    "USERNAME": "@anna|@bob|@carol",
    "PATH_NAME": "notes/todo.txt|reports|photos/2020",
}


def load(checkout: Path) -> Labelled:
    """Return the groups of a checkout of either set."""
    found = Labelled("programs")
    paths = [*checkout.rglob("eval/paraphrase.tsv"), *checkout.rglob("eval/annotated.tsv")]
    for path in sorted(path for path in paths if not any(name in str(path.relative_to(checkout)) for name in LEFT_OUT)):
        for line in path.read_text(encoding="utf-8").splitlines():
            fields = line.split("\t")
            if len(fields) < 3:
                continue
            program = fields[-1].partition("execute ;")[2] or fields[-1]
            said = _PLACE.sub(lambda match, key=program: _filled(match.group(), key), fields[-2])
            if not _PLACE.search(said):
                function = _FUNCTION.search(program)
                found.add(program.strip(), function.group() if function else "", [_joined(said)])
    return found


def _filled(place: str, program: str) -> str:
    """Return what a person may have written there: other words for another place of the same program."""
    kind, _, number = place.rpartition("_")
    values = _FILL.get(kind, "").split("|")
    random.Random(program).shuffle(values)
    return values[int(number) % len(values)] or place


def _joined(said: str) -> str:
    return _APART.sub("", said)
