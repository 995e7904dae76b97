"""Where in a file earlier commits about the same thing changed something."""

from __future__ import annotations

from array import array

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fakes.finding import corpus_of
from optafly.context.find.finding import find
from optafly.context.find.hunks import Hunks, Marks, marks_of
from optafly.context.find.query import understood
from optafly.context.history import Commit, History, words_of
from optafly.context.history.hunks import Lines, hash_of


def lines(*texts: str) -> Lines:
    return array("I", [hash_of(text.encode()) for text in texts])


def function(name: str) -> str:
    return f"def {name}(value):\n" + "".join(f"    {name}_{n} = value + {n}\n" for n in range(14))


def test_the_part_comes_first_that_commits_like_the_prompt_changed() -> None:
    names = ["open_book", "write_book", "close_book", "burn_book"]
    path, text = "app/book.py", "\n\n".join(map(function, names))
    history = History()
    titles = ["Ink ran dry on holidays", "Use longer shelves", "Count the pages", "Number the shelves"]
    for name, title in zip(names, titles, strict=True):
        commit = Commit(sha=name[0] * 40, time_s=0, title=title, words=words_of(title), paths=(path,), size=1)
        history.add([commit])
        history.read({commit.sha: {path: lines(f"{name}_3 = value + 3", f"{name}_4 = value + 4")}})
    corpus = corpus_of({path: text})
    corpus.remember(history)

    def first(prompt: str) -> str:
        (hit,) = find("/w", corpus, understood(prompt))
        return text.split("\n")[hit.parts[0].start_line - 1]

    assert first("the ink of the book on a holiday") == "def open_book(value):"
    assert first("number all shelves of the book") == "def burn_book(value):"
    assert first("count all pages of the book") == "def close_book(value):"


def test_the_parts_come_first_that_changed_together_with_the_open_file() -> None:
    names = ["open_book", "write_book", "close_book", "burn_book"]
    path, text = "app/book.py", "\n\n".join(map(function, names))
    history = History()
    for at, name in enumerate(names):
        paths = (path, f"app/{name}.py")
        history.add([Commit(sha=f"{at:040}", time_s=0, title="Go on", words=("go",), paths=paths, size=2)])
        history.read({f"{at:040}": {path: lines(f"{name}_3 = value + 3")}})
    corpus = corpus_of({path: text} | {f"app/{name}.py": f"from app.book import {name}\n" for name in names})
    corpus.remember(history)

    for name in names:
        hits = {hit.path: hit for hit in find("/w", corpus, understood("", vague=True), active=f"app/{name}.py")}
        assert text.split("\n")[hits[path].parts[0].start_line - 1] == f"def {name}(value):"


def test_a_commit_shares_its_word_among_the_parts_in_which_its_lines_lie_now() -> None:
    marks = marks_of([["first line of all", "second line"], ["    a third line", "}"], ["another line here"]])
    hunks = Hunks(
        [
            (0, "a.py", lines("first line of all", "second line", "a third line", "it is gone now")),
            (2, "a.py", lines("another line here")),
            (1, "b.py", lines("first line of all")),
            (3, "a.py", lines("this one is gone too")),
        ]
    )
    said = np.array([3.0, 7.0, 5.0, 100.0], np.float32)

    def told(*files: tuple[str, Marks, int]) -> list[float]:
        return hunks.places(files).told(said).tolist()

    assert told(("a.py", marks, 3)) == [2.0, 1.0, 5.0]
    assert told(("c.py", marks, 3), ("b.py", marks, 3), ("a.py", marks, 3)) == [0, 0, 0, 7, 0, 0, 2, 1, 5]
    assert told(("a.py", Marks(), 3)) == [0.0, 0.0, 0.0]
    assert told() == []


def test_lines_that_a_file_has_twice_or_that_are_short_tell_no_part_from_another() -> None:
    marks = marks_of([["return value", "only once", "x = 1"], ["return value", "}"]])

    assert np.frombuffer(marks.hashes, "<u4").tolist() == [hash_of(b"only once")]
    assert np.frombuffer(marks.chunks, "<u2").tolist() == [0]


def test_of_an_enormous_file_no_line_is_kept() -> None:
    assert marks_of([[f"row number {n}" for n in range(20_001)]]) == Marks()
    assert marks_of([]) == Marks()


@given(
    st.lists(st.lists(st.integers(0, 30), max_size=6), max_size=5),
    st.lists(st.tuples(st.integers(0, 8), st.lists(st.integers(0, 40), max_size=8)), max_size=6),
)
def test_no_more_is_said_than_the_commits_have_to_say(
    parts: list[list[int]], commits: list[tuple[int, list[int]]]
) -> None:
    texts = [[f"row number {n}" for n in part] for part in parts]
    hunks = Hunks((n, "a.py", lines(*(f"row number {each}" for each in rows))) for n, rows in commits)
    every = [n for part in parts for n in part]
    found = [{n for n in rows if every.count(n) == 1} for _, rows in commits]

    told = hunks.places([("a.py", marks_of(texts), len(parts))]).told(np.ones(9, np.float32))

    assert told.shape == (len(parts),)
    assert np.isclose(told.sum(), sum(map(bool, found)))
