"""Files that mean what a prompt means, by their own vectors and by the titles of commits that changed them."""

from __future__ import annotations

import msgspec
import numpy as np

from fakes.finding import FILES, corpus_of, paths
from optafly.context.find.finding import find
from optafly.context.find.nearness import DIMENSIONS, Nearness
from optafly.context.find.query import understood
from optafly.context.find.reasons import Reasons
from optafly.context.find.signals import scored
from optafly.context.find.titles import Titles
from optafly.context.history.history import History
from optafly.context.history.model import Commit, Titled


def test_the_nearest_of_each_files_vectors_counts_whatever_came_and_went() -> None:
    one, other = np.eye(2, DIMENSIONS, dtype=np.float32)
    nearness = Nearness()
    nearness.put(0, np.stack([one, other]).astype("<f2").tobytes())
    nearness.put(1, other.astype("<f2").tobytes())
    assert nearness.of(one[None], 4)[0].tolist() == [1, 0, 0, 0]
    nearness.put(1, one.astype("<f2").tobytes())
    nearness.drop(0)
    nearness.put(3, other.astype("<f2").tobytes())
    assert nearness.of(one[None], 4)[0].tolist() == [0, 1, 0, 0]
    assert nearness.of(other[None], 4)[0].tolist() == [0, 0, 0, 1]
    assert nearness.of(np.stack([one, other]), 4).tolist() == [[0, 1, 0, 0], [0, 0, 0, 1]]


def test_files_with_the_same_vector_come_equally_near_however_many_there_are() -> None:
    chance = np.random.default_rng(1)
    same, asked = chance.normal(size=(2, DIMENSIONS)).astype(np.float32)
    for count in (7, 100, 1_001):
        nearness = Nearness()
        for number in range(count):
            nearness.put(number, same.astype("<f2").tobytes())
        assert len(set(nearness.of(asked[None], count)[0].tolist())) == 1


def test_only_what_is_near_is_said_to_be_about_the_same_subject() -> None:
    corpus = corpus_of(FILES)
    vector = np.zeros(384, np.float32)
    vector[0] = 1.0
    for path, cosine in (("app/retry.py", 0.8), ("app/colours.py", 0.3)):
        entry = corpus.get(path)
        assert entry is not None
        own = np.zeros(384, np.float32)
        own[:2] = cosine, (1 - cosine**2) ** 0.5
        corpus.put(path, msgspec.structs.replace(entry.entry, vectors=own.astype("<f2").tobytes()))
    hits = {hit.path: hit.reasons for hit in find("/w", corpus, understood("quark gluon"), vector=vector)}
    assert hits["app/retry.py"] == ("is about the same subject as the prompt",)
    assert "is about the same subject as the prompt" not in hits["app/colours.py"]


def test_the_same_subject_is_said_once() -> None:
    corpus = corpus_of(FILES)
    query, held = understood("quark gluon"), corpus.get("app/retry.py")
    assert held is not None
    reasons = Reasons(corpus, query, "app/colours.py", scored(corpus, query))

    assert reasons.of(held, {"alike": 2.0, "similar": 1.0}) == ("is about the same subject as `app/colours.py`",)
    assert reasons.of(held, {"similar": 2.0, "alike": 1.0}) == ("is about the same subject as the prompt",)


def pointing(*at: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Return a unit vector between some of the axes."""
    vector = np.zeros(DIMENSIONS, np.float32)
    vector[list(at)] = 1 / np.sqrt(len(at))
    return vector


def test_a_file_is_found_by_a_commit_that_means_the_same_in_other_words() -> None:
    corpus, history = corpus_of(FILES), History()
    history.add(
        Commit(sha=sha * 40, time_s=n, title=title, paths=(path,), size=1)
        for n, (sha, title, path) in enumerate(
            [("a", "Paint it `red` " + "again and " * 9, "app/colours.py"), ("b", "Read slowly", "app/config.py")]
        )
    )
    history.learn({"a" * 40: pointing(0, 1).astype("<f2").tobytes(), "b" * 40: pointing(2).astype("<f2").tobytes()})
    corpus.remember(history)

    hits = find("/w", corpus, understood("purpleish"), vector=pointing(0))

    assert paths(hits)[0] == "app/colours.py"
    assert hits[0].reasons[0] == (
        "changed by a commit about something similar, “Paint it 'red' again and again and again and again and agai…”"
    )
    corpus.drop("app/colours.py")  # a file that is gone is told no more
    assert find("/w", corpus, understood("purpleish"), vector=pointing(0)) == ()
    assert find("/w", corpus, understood("purpleish"), vector=pointing(5)) == ()
    assert find("/w", corpus, understood("purpleish")) == ()


def test_of_the_commits_near_a_prompt_the_nearest_of_few_files_tells_most() -> None:
    near, far = pointing(0, 1).astype("<f2").tobytes(), pointing(0, 1, 2, 3).astype("<f2").tobytes()
    titles = Titles(
        [
            Titled("Near, of two", near, 2, ("a.py", "b.py")),
            Titled("Far", far, 1, ("b.py", "c.py")),
            Titled("Near, of one", near, 1, ("c.py",)),
            Titled("Of all", near, 21, ("d.py",)),
            Titled("Of another model", b"?", 1, ("e.py",)),
            Titled("About something else", pointing(9).astype("<f2").tobytes(), 1, ("f.py",)),
        ]
    )

    told = titles.near(pointing(0))
    scores = {path: score for path, score in zip(titles.numbers, told.best.tolist(), strict=True) if score}

    assert scores["c.py"] > scores["a.py"] == scores["b.py"]
    assert [told.title(path) for path in scores] == ["Near, of two", "Near, of two", "Near, of one"]
    assert not Titles().near(pointing(0)).best.any()


def test_only_the_nearest_five_hundred_commits_tell_anything() -> None:
    vectors = [pointing(*range(1 + n // 60)).astype("<f2").tobytes() for n in range(900)]
    titles = Titles(Titled(str(n), vector, 1, (f"{n}.py",)) for n, vector in enumerate(vectors))

    assert 0 < np.count_nonzero(titles.near(pointing(0)).best) <= 500


def test_commits_say_nothing_to_a_prompt_that_says_nothing() -> None:
    corpus, history = corpus_of(FILES), History()
    history.add([Commit(sha="a" * 40, time_s=1, title="Fix this bug", paths=("app/colours.py",), size=1)])
    history.learn({"a" * 40: pointing(0).astype("<f2").tobytes()})
    corpus.remember(history)

    found = scored(corpus, understood("Fix this bug", vague=True), vector=pointing(0))

    assert not found.files["precedent"].any()
    assert not found.files["area"].any()
