"""What became of the code behind an earlier answer."""

from __future__ import annotations

from optafly.cache.codechange import moved
from optafly.domain import Source
from optafly.pipeline.offers import LEFT_OUT, MOST_CHANGES, MOST_CHARACTERS, code_changes


def source(path: str, symbol: str | None, text: str) -> Source:
    return Source(path=path, symbol=symbol, fingerprint=text, text=text)


def told(before: list[Source], after: list[Source]) -> list[tuple[str, str | None]]:
    return [(each.kind, each.place.symbol) for each in moved(before, after)]


def test_what_reads_the_same_is_left_out() -> None:
    same = source("a.py", "f", "x")
    assert told([same], [same]) == []
    assert told([same, source("a.py", "g", "1")], [source("a.py", "g", "2"), same]) == [("changed", "g")]


def test_the_same_place_goes_before_the_same_file() -> None:
    before = [source("a.py", "f", "1"), source("a.py", "g", "2")]
    after = [source("a.py", "h", "3"), source("a.py", "g", "4")]
    assert [
        (each.before and each.before.symbol, each.after and each.after.symbol) for each in moved(before, after)
    ] == [
        ("f", "h"),
        ("g", "g"),
    ]


def test_what_has_no_counterpart_is_new_or_gone() -> None:
    assert told([source("a.py", "f", "1")], [source("b.py", "g", "2")]) == [("new", "g"), ("gone", "f")]
    assert told([], [source("b.py", "g", "2")]) == [("new", "g")]


def test_a_selection_is_not_told_beside_the_function_around_it() -> None:
    before = [source("a.py", "f", "y = 1"), source("a.py", "f", "def f():\n    y = 1\n")]
    after = [source("a.py", "f", "y = 2"), source("a.py", "f", "def f():\n    y = 2\n")]
    assert [each.place.text for each in moved(before, after)] == ["def f():\n    y = 2\n"]


def test_a_difference_is_of_a_size_that_can_be_read() -> None:
    before = [source(f"{n}.py", "f", f"a{n} " * 20_000) for n in range(9)]
    after = [source(f"{n}.py", "f", f"b{n} " * 20_000) for n in range(9)]
    changes = code_changes(moved(before, after))
    assert len(changes) == MOST_CHANGES
    for change in changes:
        assert sum(len(part.text) for part in change.diff) <= MOST_CHARACTERS + len(LEFT_OUT)


def shown(before: str, after: str) -> str:
    """Return the difference as one text, with what went in brackets and what came in braces."""
    (change,) = code_changes(moved([source("a", None, before)], [source("a", None, after)]))
    marks = {"equal": "{}", "delete": "[{}]", "insert": "{{{}}}"}
    return "".join(marks[part.op].format(part.text) for part in change.diff)


def test_what_stayed_the_same_is_left_out_by_whole_lines() -> None:
    lines = [f"    line_{n} = compute_something({n})\n" for n in range(20)]
    before = "".join(lines) + "    x = old + 1\n" + "".join(lines) + "    y = old\n" + "".join(lines)
    assert shown(before, before.replace("old", "new")) == (
        "…\n" + "".join(lines[-2:]) + "    x = [old]{new} + 1\n" + "".join(lines[:2]) + "…\n"
        "" + "".join(lines[-2:]) + "    y = [old]{new}\n" + "".join(lines[:2]) + "…\n"
    )


def test_a_very_long_line_is_left_out_by_whole_words() -> None:
    words = "some words " * 400
    text = shown(f"{words}old {words}", f"{words}new {words}")
    assert len(text) < 300
    assert text.startswith("… ")
    assert text.endswith(" …")
    assert set(text.split()) == {"…", "some", "words", "[old]{new}"}


def test_what_is_all_new_is_cut_after_a_whole_line() -> None:
    (change,) = code_changes(moved([], [source("a", None, "a whole line of code\n" * 1_000)]))
    assert set(change.diff[-1].text.splitlines()) == {"a whole line of code", "…"}


def test_what_changed_is_shown_with_little_of_what_did_not() -> None:
    same = "same line\n" * 1_000
    (change,) = code_changes(
        moved([source("a", None, f"{same}old\n{same}")], [source("a", None, f"{same}new\n{same}")])
    )
    assert [part.text for part in change.diff if part.op != "equal"] == ["old", "new"]
    assert sum(len(part.text) for part in change.diff) < 300
