"""Vectors are made of every text that allows it, whatever one text does, and of what is typed before it is saved."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from fakes.indexing import Words, index, many, until, write
from optafly.context.index import making
from optafly.context.index.content import content_of
from optafly.context.index.files import hash_of
from optafly.context.index.helpers import Helpers
from optafly.context.index.root import RootIndex
from optafly.context.index.vectors import Texts, Vectors, texts_of

TESTS = Path(__file__).parents[1]
POISON = "def poison():\n    pass\n"


@pytest.fixture(autouse=True)
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take what was typed for finished soon."""
    monkeypatch.setattr(making, "TYPED_S", 0.1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An empty workspace."""
    return tmp_path / "root"


def test_vectors_are_made_after_the_words_and_kept(root: Path, file: Path, helpers: Helpers) -> None:
    write(root, many(20))
    with index(root, file, vectors=Vectors(helpers, "words")) as one:
        assert one.status().vectors == 20
        entry = one.view.entry("pkg0/mod0.py")
        assert entry is not None
        assert entry.vectors
        write(root, {"pkg0/mod0.py": "def renewed():\n    pass\n"})
        until(lambda: one.status().symbols == 20 and vector(one, "pkg0/mod0.py") not in (None, entry.vectors))
    helpers.close()
    again = Vectors(Helpers("none", ["fakes.indexing:missing"], count=1), "words")
    with index(root, file, vectors=again) as one:
        assert (one.status().state, one.status().vectors) == ("ready", 20)
        assert vector(one, "pkg1/mod1.py")


def test_another_model_makes_its_own_vectors(root: Path, file: Path, helpers: Helpers) -> None:
    write(root, many(10))
    with index(root, file, vectors=Vectors(helpers, "one model")):
        pass
    other = Vectors(Helpers("none", ["fakes.indexing:missing"], count=1), "another model")
    with index(root, file, vectors=other) as one:
        status = one.status()
        assert (status.state, status.vectors) == ("ready", 0)
        assert "vectors cannot be made" in status.message


def test_a_follower_takes_no_vectors_of_another_model(root: Path, file: Path, helpers: Helpers) -> None:
    write(root, many(4))
    none = Vectors(Helpers("none", ["fakes.indexing:missing"], count=1), "another model")
    with (
        index(root, file, vectors=Vectors(helpers, "one model")) as writer,
        index(root, file, vectors=none) as follower,
    ):
        assert (writer.role, follower.role) == ("writer", "follower")
        for number, name in enumerate(("early.py", "late.py"), start=1):
            write(root, {name: f"def of_{name[:-3]}():\n    pass\n"})
            until(lambda number=number: writer.status().vectors == 4 + number)
            until(lambda name=name: name in follower.view.paths)
        assert vector(follower, "early.py") is None


def test_whoever_follows_says_how_many_vectors_it_has(root: Path, file: Path, helpers: Helpers) -> None:
    write(root, {**many(4), "same.py": many(4)["pkg0/mod0.py"]})
    with index(root, file, vectors=Vectors(helpers, "words")) as writer:
        until(lambda: writer.status().vectors == 4)
        with index(root, file, vectors=Vectors(helpers, "words")) as follower:  # such as `optafly doctor`
            assert (follower.role, follower.status().vectors) == ("follower", 4)
            write(root, {"more.py": "def more():\n    pass\n"})
            until(lambda: writer.status().vectors == 5)
            until(lambda: follower.status().vectors == 5)


def test_whoever_takes_over_keeps_no_vectors_of_another_model(root: Path, file: Path, helpers: Helpers) -> None:
    write(root, many(10))
    vectors = [Vectors(helpers, name) for name in ("one model", "another model")]
    with index(root, file, vectors=vectors[0]) as writer, index(root, file, vectors=vectors[1]) as follower:
        writer.close()
        until(lambda: follower.role == "writer" and follower.status().vectors == 10)
    connection = sqlite3.connect(file)
    (name,) = connection.execute("SELECT value FROM meta WHERE key = 'embedder'").fetchone()
    (made,) = connection.execute("SELECT count(*) FROM vectors").fetchone()
    connection.close()
    assert (name, made) == (b"another model", 10)


def test_a_text_that_ends_its_helper_is_left_out_and_named_and_all_others_have_vectors(
    root: Path, file: Path, helpers: Helpers
) -> None:
    write(root, {**many(20), "bad.py": POISON})
    with index(root, file, vectors=Vectors(helpers, "words")) as one:
        until(lambda: one.status().vectors == 20)
        status = one.status()
        assert (status.state, status.message, status.total) == ("ready", "", 0)
        until(lambda: [each.path for each in one.skipped()] == ["bad.py"])
        assert "no vectors" in one.skipped()[0].reason
        assert one.status().skipped == 1
        assert "bad.py" in one.view.paths
        with index(root, file, vectors=Vectors(helpers, "words")) as other:  # such as `optafly doctor`
            assert (other.role, [each.path for each in other.skipped()]) == ("follower", ["bad.py"])
            write(root, {"bad.py": "def harmless():\n    pass\n"})
            until(lambda: one.skipped() == [] and other.skipped() == [])


def test_where_the_first_text_of_all_fails_the_next_ones_are_tried(root: Path, file: Path, helpers: Helpers) -> None:
    write(root, {"bad.py": POISON})
    with index(root, file, vectors=Vectors(helpers, "words")) as one:
        assert (one.status().state, one.status().vectors) == ("ready", 0)
        for name in ("a.py", "b.py"):
            write(root, {name: f"def of_{name[0]}():\n    pass\n"})
            until(lambda name=name: vector(one, name))
        assert (one.status().message, [each.path for each in one.skipped()]) == ("", ["bad.py"])


def test_where_no_helper_can_be_made_it_is_said_and_tried_again(
    root: Path, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    monkeypatch.setenv("WORDS_LATER", str(tmp_path / "memory"))
    later = Helpers("later", ["fakes.indexing:words_later"], count=2)
    write(root, many(20))
    try:
        with index(root, file, vectors=Vectors(later, "words", pause_s=0.3)) as one:
            until(lambda: "vectors cannot be made" in one.status().message)
            (tmp_path / "memory").write_text("there")
            until(lambda: one.status().vectors == 20)
            until(lambda: (one.status().state, one.status().message) == ("ready", ""))
            assert one.skipped() == []
    finally:
        later.close()


def test_where_every_text_fails_nothing_is_held_against_them(
    root: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optafly.context.index.vectors.MOST_SUSPECTS", 3)
    ends = Helpers("ends", ["os:abort"], count=2)
    write(root, many(6))
    vectors = Vectors(ends, "words", pause_s=600)
    try:
        with index(root, file, vectors=vectors) as one:
            until(lambda: "vectors cannot be made" in one.status().message)
            assert one.skipped() == []
    finally:
        ends.close()


def test_what_is_typed_has_the_vectors_of_its_file_at_once_and_its_own_soon(
    root: Path, file: Path, helpers: Helpers, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, {"a.py": "def saved():\n    pass\n"})
    with index(root, file, vectors=Vectors(helpers, "words")) as one:
        saved = vector(one, "a.py")
        with monkeypatch.context() as typing:
            typing.setattr(making, "TYPED_S", 3600.0)
            one.overlay("a.py", "def something_else_altogether():\n    pass\n")
            assert saved
            assert vector(one, "a.py") == saved
        one.overlay("a.py", "def something_else_altogether():\n    pass\n")
        one.overlay("new.py", "def fresh():\n    pass\n")
        until(lambda: vector(one, "a.py") == made_of("a.py", "def something_else_altogether():\n    pass\n"))
        until(lambda: vector(one, "new.py") == made_of("new.py", "def fresh():\n    pass\n"))
        assert one.status().state == "ready"
        one.overlay("a.py", None)
        assert vector(one, "a.py") == saved


def test_what_is_typed_in_a_window_that_follows_has_vectors_too(root: Path, file: Path, helpers: Helpers) -> None:
    write(root, {"a.py": "def saved():\n    pass\n"})
    vectors = [Vectors(helpers, "words") for _ in range(2)]
    with index(root, file, vectors=vectors[0]), index(root, file, vectors=vectors[1]) as follower:
        assert follower.role == "follower"
        follower.overlay("a.py", "def unsaved_here():\n    pass\n")
        until(lambda: vector(follower, "a.py") == made_of("a.py", "def unsaved_here():\n    pass\n"))


def test_an_edit_that_leaves_names_and_descriptions_makes_no_vectors(
    root: Path, file: Path, helpers: Helpers, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, {"a.py": "def saved():\n    return 1\n"})
    with index(root, file, vectors=Vectors(helpers, "words")) as one:
        saved = vector(one, "a.py")
        until(lambda: not helpers.pids)
        one.overlay("a.py", "def otherwise():\n    return 1\n")
        until(lambda: vector(one, "a.py") != saved)
        until(lambda: not helpers.pids)
        monkeypatch.setattr(helpers, "submit", None)  # nobody may be asked
        one.overlay("a.py", "def saved():\n    return 2\n")
        until(lambda: vector(one, "a.py") == saved)


def test_vectors_are_kept_under_the_content_they_were_made_of(root: Path, file: Path, helpers: Helpers) -> None:
    """An unsaved document lies over the file while the file's own are made."""
    text = "def on_disk():\n    pass\n"
    write(root, {"a.py": text})
    with index(root, file, ready=False, vectors=Vectors(helpers, "words")) as one:
        one.overlay("a.py", "def unsaved_and_long():\n    pass\n")
        until(lambda: one.status().state == "ready" and one.status().vectors == 1)
    connection = sqlite3.connect(file)
    (value,) = connection.execute("SELECT value FROM vectors WHERE hash = ?", (hash_of(text.encode(), "python"),))
    connection.close()
    assert value[0] == made_of("a.py", text)


def test_vectors_that_no_file_wants_any_more_are_forgotten_but_for_the_last(
    helpers: Helpers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optafly.context.index.vectors.SPARE", 3)
    vectors = Vectors(helpers, "words")
    vectors.take({bytes([number]): b"v" for number in range(50)})
    recalled = vectors.want([("a.py", b"\x01"), ("b.py", b"new"), ("c.py", b"old")], lambda path: "source", known)
    assert recalled == {b"old": b"stored"}
    assert set(vectors.made) == {b"\x01", b"old", *(bytes([number]) for number in (47, 48, 49))}
    assert (vectors.total, vectors.done, vectors.left) == (3, 2, 1)


def known(digests: list[bytes]) -> dict[bytes, bytes]:
    return {digest: b"stored" for digest in digests if digest == b"old"}


def made_of(path: str, text: str) -> bytes:
    """Return the vectors that a helper makes of a file."""
    return Words().embed([Texts(texts_of(path, content_of(text, "python").outline))])[0]


def vector(one: RootIndex, path: str) -> bytes | None:
    """Return the vectors under which a file is found."""
    entry = one.view.entry(path)
    return entry.vectors if entry is not None else None
