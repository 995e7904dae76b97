"""The titles of commits get vectors after those of the files, once, and by one model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes.indexing import commit, git, index, until, write
from optafly.context.index import past
from optafly.context.index.helpers import Helpers
from optafly.context.index.root import RootIndex
from optafly.context.index.vectors import Vectors

TESTS = Path(__file__).parents[1]


@pytest.fixture
def helpers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Helpers]:
    """Two helpers that make vectors out of letters."""
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    one = Helpers("test", ["fakes.indexing:words"], count=2, idle_s=0.2)
    yield one
    one.close()


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


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the index is kept."""
    return tmp_path / "one.db"


def test_titles_get_vectors_which_are_kept_and_a_new_commit_gets_its_own(
    root: Path, file: Path, helpers: Helpers
) -> None:
    with index(root, file, vectors=Vectors(helpers, "words")) as one:
        until(lambda: len(learnt(one)) == 3)
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


def test_another_model_makes_its_own_and_without_one_none_are_compared(
    root: Path, file: Path, helpers: Helpers
) -> None:
    with index(root, file, vectors=Vectors(helpers, "words")) as one:
        until(lambda: len(learnt(one)) == 3)
    none = Vectors(Helpers("none", ["fakes.indexing:missing"], count=1), "another")
    with index(root, file, vectors=none) as one:
        until(lambda: one.settled)
        assert learnt(one) == []
    with index(root, file, vectors=Vectors(helpers, "another")) as one:
        until(lambda: len(learnt(one)) == 3)


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


def learnt(one: RootIndex) -> list[bytes]:
    """Return the vectors of titles that can be compared."""
    history = one.view.corpus.history
    return [vector for _, vector in history.vectors()] if history is not None else []
