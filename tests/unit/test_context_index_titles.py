"""The titles of commits get vectors after those of the files, once, and by one model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from fakes.indexing import commit, git, index, until, write
from optafly.context.history import History
from optafly.context.index import past
from optafly.context.index.helpers import Helpers
from optafly.context.index.judging import Judging
from optafly.context.index.past import Kept, Past
from optafly.context.index.root import RootIndex
from optafly.context.index.vectors import Vectors
from optafly.context.index.view import View
from optafly.context.index.walk import Walk


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with three commits."""
    folder = tmp_path / "root"
    folder.mkdir()
    git(folder, "init", "--quiet")
    for title in ("Begin", "Go on", "Come to an end"):
        write(folder, {"a.py": f"x = '{title}'\n"})
        commit(folder, title)
    return folder


def test_titles_get_vectors_which_are_kept_and_a_new_commit_gets_its_own(
    root: Path, file: Path, helpers: Helpers
) -> None:
    with index(root, file, vectors=Vectors(helpers, "words")) as one:
        assert len(learnt(one)) == 3  # it is not ready before
    helpers.close()
    none = Vectors(Helpers("none", ["fakes.indexing:missing"], count=1), "words")
    with index(root, file, vectors=none) as one:
        assert len(learnt(one)) == 3
    more = Helpers("test", ["fakes.indexing:words"], count=1, idle_s=0.2)
    with index(root, file, vectors=Vectors(more, "words")) as one:
        write(root, {"b.py": "y = 1\n"})
        commit(root, "Begin again")
        until(lambda: len(learnt(one)) == 4)
    more.close()


def test_it_is_not_ready_before_the_vectors_that_were_made_are_taken_in(
    root: Path, file: Path, helpers: Helpers
) -> None:
    with index(root, file, vectors=Vectors(helpers, "words"), ready=False, begin=False) as one:
        states: list[tuple[str, int]] = []
        past, tell = one._past, one._told  # pyright: ignore[reportPrivateUsage]

        def look_in_between() -> None:
            until(lambda: past.is_done)
            one._say_how_far()  # pyright: ignore[reportPrivateUsage]
            states.append((one.status().state, len(learnt(one))))

        def late(history: History, kept: Kept) -> None:
            if history.learnt:
                until(lambda: one._making.is_done)  # pyright: ignore[reportPrivateUsage]
                one._inbox.put(look_in_between)  # pyright: ignore[reportPrivateUsage]
            tell(history, kept)

        past._tell = late  # pyright: ignore[reportPrivateUsage]
        one.start()
        until(lambda: one.status().state == "ready")
        assert states == [("lexical", 0)]
        assert len(learnt(one)) == 3


def test_another_model_makes_its_own_and_without_one_none_are_compared(
    root: Path, file: Path, helpers: Helpers
) -> None:
    with index(root, file, vectors=Vectors(helpers, "words")) as one:
        until(lambda: len(learnt(one)) == 3)
    write(root, {"a.py": "x = 'more'\n"})
    commit(root, "Go further")
    none = Vectors(Helpers("none", ["fakes.indexing:missing"], count=1), "another")
    with index(root, file, vectors=none) as one:
        until(lambda: changes(one) == 4)
        assert learnt(one) == []
    with index(root, file, vectors=Vectors(helpers, "another")) as one:
        until(lambda: len(learnt(one)) == 4)


def test_a_window_that_follows_has_the_vectors_of_the_one_that_writes(root: Path, file: Path, helpers: Helpers) -> None:
    with index(root, file, vectors=Vectors(helpers, "words")) as writer:
        assert writer.role == "writer"
        with index(root, file, vectors=Vectors(helpers, "words")) as follower:
            assert follower.role == "follower"
            until(lambda: len(learnt(follower)) == 3)


def test_a_title_of_which_none_can_be_made_keeps_no_other_from_its_own(
    root: Path, file: Path, helpers: Helpers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "AT_A_TIME", 2)
    write(root, {"b.py": "y = 1\n"})
    commit(root, "Take the poison")
    with index(root, file, vectors=Vectors(helpers, "words")) as one:
        until(lambda: len(learnt(one)) == 3)


def test_where_no_vector_can_be_made_it_is_tried_once_and_again_only_after_a_pause(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "AT_A_TIME", 1)
    told: list[History] = []
    vectors = Given([[b""], [b""], [b"1"], [b""], [b"3"]])
    one = Past(root, lambda history, _: told.append(history), lambda: walk_of(root), vectors)
    for _ in range(3):
        refreshed(one)
    assert len(vectors.asked) == 1

    one._pauses._until = 0.0  # pyright: ignore[reportPrivateUsage]  what a minute does
    refreshed(one)
    assert len(vectors.asked) == 2
    one._pauses._until = 0.0  # pyright: ignore[reportPrivateUsage]
    refreshed(one)
    assert vectors.asked[-2:] == [["Come to an end"], ["Go on"]]
    assert [each.vector for each in told[-1].titled() if each.vector] == [b"1"]


def test_it_is_done_only_once_nothing_more_happens(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past, "AT_A_TIME", 1)
    vectors, done = Given([[b"3"], [b"2"], [b"1"]]), list[bool]()
    one = Past(root, lambda _, __: None, lambda: walk_of(root), vectors, ended=lambda: done.append(one.is_done))
    vectors.meanwhile = lambda: one.refresh() if len(vectors.asked) == 1 else done.append(one.is_done)

    refreshed(one)
    until(lambda: len(done) == 3)

    assert done == [False, False, True]
    assert vectors.asked == [["Come to an end"], ["Go on"], ["Begin"]]


def test_a_new_commit_is_told_and_kept_once_with_the_vector_of_its_title(root: Path) -> None:
    told: list[History] = []
    vectors = Given([[b"3", b"2", b"1"], [b"4"]])
    one = Past(root, lambda history, _: told.append(history), lambda: walk_of(root), vectors)
    refreshed(one)
    told.clear()
    write(root, {"b.py": "y = 1\n"})
    commit(root, "Begin again")

    refreshed(one)

    assert [[each.vector for each in history.titled()] for history in told] == [[b"1", b"2", b"3", b"4"]]


def test_a_new_commit_does_not_wait_for_files_that_get_vectors_before_it(root: Path) -> None:
    told: list[int] = []
    vectors = Given([[b"3", b"2", b"1"], [b"4"]])
    one = Past(root, lambda history, _: told.append(history.learnt), lambda: walk_of(root), vectors)
    refreshed(one)
    told.clear()
    write(root, {"b.py": "y = 1\n"})
    commit(root, "Begin again")
    vectors.want([("a.py", b"a file's hash")], lambda _: "source", lambda _: {})

    refreshed(one)

    assert told == [3, 4]


def test_of_a_new_commit_only_files_that_were_not_known_are_judged_unless_the_rules_changed(root: Path) -> None:
    judged: list[list[str]] = []

    class Noting(Walk):
        def excludes(self, path: str) -> bool:
            judged[-1].append(path)
            return super().excludes(path)

    def walk() -> Walk:
        judged.append([])
        return Noting(root, Judging(root, (), View(root)).rules)

    told: list[History] = []
    one = Past(root, lambda history, _: told.append(history), walk)
    refreshed(one)
    write(root, {"a.py": "x = 2\n", "b.py": "y = 1\n", "c.sql": "select 1;\n", ".gitignore": "c.sql\n"})
    git(root, "add", "--force", "c.sql")
    commit(root, "Begin again")
    refreshed(one)
    assert (told[-1].changes("b.py"), told[-1].changes("c.sql")) == (1, 0)

    write(root, {".gitignore": "b.py\n"})
    refreshed(one, b"other rules")

    assert [set(each) for each in judged] == [
        {"a.py"},
        {"b.py", "c.sql", ".gitignore"},
        {"a.py", "b.py", "c.sql", ".gitignore"},
    ]
    assert (told[-1].changes("b.py"), told[-1].changes("c.sql")) == (0, 1)


def test_files_are_read_before_any_title_is_compared(root: Path) -> None:
    vectors, reading = Given([[b"3", b"2", b"1"]]), [True, True, False, False]  # it is asked before lines, too
    one = Past(root, lambda _, __: None, lambda: walk_of(root), vectors, is_going_on=lambda: reading.pop(0))
    vectors.meanwhile = lambda: reading.append(False)

    refreshed(one)

    assert len(vectors.asked) == 1
    assert reading == [False]  # it was asked until it said so


def test_what_another_window_kept_meanwhile_is_not_told_over(root: Path) -> None:
    told: list[Kept] = []
    vectors = Given([[b"3", b"2", b"1"]])
    one = Past(root, lambda _, kept: told.append(kept), lambda: walk_of(root), vectors)
    other = Kept(History().encode(), b"other rules", b"other")
    vectors.meanwhile = lambda: one.take(other) if len(vectors.asked) == 1 else None

    refreshed(one)

    assert [kept.rules for kept in told] == [
        b""
    ] * 4  # read, with lines, and anew by our rules after the other was taken
    assert len(vectors.asked) == 2


class Given(Vectors):
    """Vectors that are given in turn, and what they were asked for."""

    def __init__(self, answers: list[list[bytes]]) -> None:
        super().__init__(Helpers("none", [], count=0), "given")
        self.answers = answers
        self.asked: list[list[str]] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def of_texts(self, texts: Sequence[str], wanted: Callable[[], bool]) -> list[bytes]:
        assert wanted()
        self.asked.append([*texts])
        self.meanwhile()
        return self.answers.pop(0) if self.answers else []


def walk_of(root: Path) -> Walk:
    """Return a walk with the ignore rules as they are now."""
    return Judging(root, (), View(root)).walk()


def refreshed(one: Past, rules: bytes | None = None) -> None:
    """Let a history be read, and wait until it is."""
    one.refresh(rules)
    until(lambda: not one._running)  # pyright: ignore[reportPrivateUsage]


def changes(one: RootIndex) -> int:
    history = one.view.corpus.history
    return history.changes("a.py") if history is not None else 0


def learnt(one: RootIndex) -> list[bytes]:
    """Return the vectors of titles that can be compared."""
    history = one.view.corpus.history
    return [each.vector for each in history.titled() if each.vector] if history is not None else []
