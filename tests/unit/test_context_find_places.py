"""A prompt that names a line, or holds a stack trace, gets the code around these lines, wherever the trace was made."""

from __future__ import annotations

import pytest

from optafly.context.find.corpus import Corpus
from optafly.context.find.entry import Entry, file_terms
from optafly.context.find.finding import find
from optafly.context.find.places import lines_named, mentioned
from optafly.context.find.query import understood
from optafly.context.outline.languages import kind_of, language_of
from optafly.context.outline.read import outline_of
from optafly.domain import FileHit


def functions(*names: str) -> str:
    """Return the text of functions of twenty lines each."""
    return "".join(f"def {name}(x):\n" + f"    x = {name}_more(x)\n" * 17 + "    return x\n\n" for name in names)


FILES = {
    "src/shop/orders/till.py": functions("weigh", "label", "count", "close"),
    "src/shop/stock/till.py": functions("fill", "empty"),
    "src/shop/basket.py": functions("add", "drop", "renew"),
    "setup.py": "VERSION = 1\n",
}


@pytest.fixture
def corpus() -> Corpus:
    """A shop."""
    found = Corpus()
    for path, text in FILES.items():
        outline = outline_of(text, language_of(path))
        found.put(path, Entry(path, kind_of(path), outline, file_terms(text, outline)))
    return found


def lines(corpus: Corpus, prompt: str) -> dict[str, set[int]]:
    return {path: set(named) for path, named in lines_named(corpus, understood(prompt)).items()}


@pytest.mark.parametrize(
    "prompt",
    [
        '  File "/srv/venv/lib/python3.11/site-packages/shop/orders/till.py", line 45, in count',
        "src/shop/orders/till.py:45: AssertionError",
        "orders/till.py:45",
        "at count (C:\\build\\src\\shop\\orders\\till.py:45:7)",
        "in /home/me/orders/till.py:line 45",
    ],
)
def test_a_place_is_found_however_its_path_begins(corpus: Corpus, prompt: str) -> None:
    assert lines(corpus, prompt) == {"src/shop/orders/till.py": {45}}


def test_a_frame_of_another_program_is_none_of_ours(corpus: Corpus) -> None:
    assert lines(corpus, 'File "/usr/lib/python3.11/json/till.py", line 3') == {}
    assert lines(corpus, 'File "/work/shop/setup.py", line 1') == {"setup.py": {1}}
    assert mentioned(corpus, understood("/usr/lib/python3.11/json/basket.py")) == {}


def test_the_named_lines_come_before_all_others_of_their_file_and_the_rest_of_it_is_not_meant(corpus: Corpus) -> None:
    trace = (
        "The count is wrong.\nTraceback (most recent call last):\n"
        '  File "/x/shop/basket.py", line 45, in renew\n    count(x)\n'
        '  File "/x/shop/orders/till.py", line 70, in close\n    raise ValueError\n'
    )
    hits = {hit.path: hit for hit in find("/w", corpus, understood(trace))}

    assert around(hits["src/shop/basket.py"]) == 45
    assert around(hits["src/shop/orders/till.py"]) == 70
    named, *others = sorted((part.score for part in hits["src/shop/basket.py"].parts), reverse=True)
    assert named - max(others) > 10
    whole = {hit.path: hit for hit in find("/w", corpus, understood("The count is wrong in shop/basket.py"))}
    assert min(part.score for part in whole["src/shop/basket.py"].parts) > max(others)


def test_the_reason_says_which_lines(corpus: Corpus) -> None:
    hit, *_ = find("/w", corpus, understood("basket.py:3 and basket.py:45 differ"))

    assert hit.reasons[0] == "the prompt names lines 3, 45 of this file"


def test_a_line_that_several_files_may_have_is_looked_for_in_each_of_a_few(corpus: Corpus) -> None:
    assert lines(corpus, "till.py:5 fails") == {"src/shop/orders/till.py": {5}, "src/shop/stock/till.py": {5}}


def around(hit: FileHit) -> int | None:
    """Return the line of the two that were named which the best part of a file holds."""
    best = max(hit.parts, key=lambda part: part.score)
    return next((line for line in (45, 70) if best.start_line <= line <= best.end_line), None)
