"""Stack traces, with their line breaks and without: the lines that they name are of their own files."""

from __future__ import annotations

import pytest

from fakes.screen import PATH, SYMBOL, document, snapshot
from optafly.config import RefineSettings
from optafly.domain import Refinement
from optafly.refine.refinement import refine
from optafly.refine.traces import files, frames

TRACE = """Traceback (most recent call last):
  File "src/config.py", line 11, in load
    return parse_config(file.read())
  File "src/http.py", line 16, in fetch
    return parse_config(url)
KeyError: 'x'"""


def refined(prompt: str) -> Refinement:
    return refine(snapshot(prompt), (SYMBOL,), RefineSettings())


def located(prompt: str) -> list[str]:
    return [change.after for change in refined(prompt).changes if change.kind == "locate"]


@pytest.mark.parametrize("trace", [TRACE, " ".join(TRACE.split())])
def test_a_trace_reads_the_same_with_and_without_its_line_breaks(trace: str) -> None:
    result = refined(f"Why does this fail?\n{trace}")

    assert [change.kind for change in result.changes] == ["goal", "error"]
    assert result.intent == "debug"


@pytest.mark.parametrize(
    "prompt",
    [
        'why? File "src/http.py", line 16, in fetch return parse_config(url) KeyError: x',
        "Error in /var/www/http.php on line 16, why?",
        "what fails at Foo.Bar() in C:\\a\\http.cs:line 16?",
        "why does ./x.sh: line 16: foo: command not found?",
        "why is it JSONDecodeError: Expecting value: line 1 column 1 (char 0)?",
        "why does line 16 of http.py fail?",
        "why does `http.py` line 16 fail?",
        "Explain line 16 of #http.py",
        "Explain line 16 of @Http.fetch",
        "why is there line 16, in fetch: KeyError",
    ],
)
def test_a_line_that_may_be_one_of_another_file_is_not_said_to_be_of_the_open_one(prompt: str) -> None:
    assert located(prompt) == []


def test_what_this_means_beside_a_trace_of_another_file_is_the_trace() -> None:
    assert refined('what is this? File "src/http.py", line 16, in fetch x = parse(url) KeyError: 1').changes == ()


@pytest.mark.parametrize("prompt", ["Explain line 17", "why does json.loads on line 17 fail, e.g. for an empty file?"])
def test_a_line_of_the_open_file_is_still_found(prompt: str) -> None:
    assert located(prompt) == [f" (`{PATH}`)"]


@pytest.mark.parametrize(
    "prompt",
    [
        "Explain how `json.load` works",
        "why does requests.main() hang?",
        "what does JSON.load() return?",
        "why does parse_config in http.py fail?",
        "why does http.py's parse_config() fail?",
        "why does `parse_config()` from `src/http.py` fail?",
    ],
)
def test_a_name_of_another_file_or_library_is_not_said_to_be_of_the_open_file(prompt: str) -> None:
    assert located(prompt) == []


@pytest.mark.parametrize("name", ["self.load()", "config.load()", "load()"])
def test_a_name_of_the_open_file_is_still_found(name: str) -> None:
    assert located(f"what does {name} do, and does it read other.ini?") == [f" (`{PATH}` line 9)"]


def test_a_method_is_that_of_a_variable_but_not_of_an_import() -> None:
    text = "import json\nfrom shop import cart\n\n\nclass Bill:\n    def load(self):\n        return 1\n"
    found = [
        refine(snapshot(f"what does {name}.load() do?", active=document(text)), (), RefineSettings())
        for name in ("bill", "Bill", "json", "cart", "Cart")
    ]

    assert [bool(result.changes) for result in found] == [True, True, False, False, False]


def test_what_a_person_adds_behind_a_trace_is_read() -> None:
    trace = 'File "src/config.py", line 11, in load return parse_config(x) KeyError: 1'

    assert refined(f"{trace} Why does this function fail?").refined.startswith(
        f"{trace} Why does this function (`parse"
    )


def test_frames_of_other_languages_are_known_in_one_line() -> None:
    assert frames("TypeError: x at f (other.js:3:5) at async g (/a/b.js:1:9) at /c/d.js:2:2") == 3
    assert frames("at least one, meet at noon") == 0


def test_what_is_short_for_something_is_no_file() -> None:
    assert files("e.g. a/b.py, i.e. config.toml:3 and C:\\x\\y.cs") == ("a/b.py", "config.toml", "\\x\\y.cs")


def test_a_long_text_without_spaces_is_read_at_its_ends_alone() -> None:
    assert files("x" * 1_000_000 + ".py") != ()
    assert frames("at " * 300_000) == 0
