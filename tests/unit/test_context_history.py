"""What commits say of files: what changes together, whose words are alike, what is kept and taken back."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.repository import Repository
from optafly.context.history import Commit, History, follow, read_history, words_of
from optafly.context.history.model import Titled
from optafly.context.history.words import title_of

DAY_S = 86_400


def commits_of(*changes: str, moves: Sequence[tuple[int, str, str]] = (), first_s: int = 0) -> list[Commit]:
    """Make commits a day apart: each of the changes is a list of paths, then a colon and words."""
    made: list[Commit] = []
    for n, change in enumerate(changes):
        paths, _, words = change.partition(":")
        made.append(
            Commit(
                sha=f"{n:040x}",
                time_s=first_s + n * DAY_S,
                title=words,
                words=words_of(words),
                paths=tuple(paths.split()),
                moves=tuple((old, new) for at, old, new in moves if at == n),
                size=len(paths.split()),
            )
        )
    return made


def history_of(*changes: str, moves: Sequence[tuple[int, str, str]] = ()) -> History:
    history = History()
    history.add(commits_of(*changes, moves=moves))
    return history


def by_words(history: History, words: Sequence[str]) -> dict[str, float]:
    return history.told_by(history.alike(words))


def paths(history: History, path: str) -> list[str]:
    return [c.path for c in history.together(path)]


def test_the_file_that_changes_most_often_with_another_comes_first() -> None:
    history = history_of("a.py b.py", "a.py c.py", "a.py b.py", "d.py e.py")

    first, second = history.together("a.py")

    assert (first.path, first.together, first.of) == ("b.py", 2, 3)
    assert (second.path, second.together, second.of) == ("c.py", 1, 3)


def test_a_file_that_no_commit_knows_has_no_history() -> None:
    history = history_of("a.py b.py:fix cache")

    assert (history.together("x.py"), history.changes("x.py"), history.recency("x.py")) == ((), 0, 0.0)
    assert by_words(history, ("unheard", "of")) == {}


def test_an_empty_history_answers() -> None:
    history = History.decode(History().encode())

    assert (len(history), history.together("a.py"), by_words(history, ("fix",))) == (0, (), {})


def test_a_small_commit_says_more_than_a_large_one() -> None:
    history = history_of("a.py large.py c.py d.py e.py f.py", "a.py small.py")

    assert paths(history, "a.py")[0] == "small.py"


def test_a_late_commit_says_more_than_an_early_one() -> None:
    history = history_of("a.py early.py", *["x.py"] * 500, "a.py late.py")

    assert paths(history, "a.py") == ["late.py", "early.py"]


def test_words_lead_to_the_files_of_the_commits_that_used_them() -> None:
    history = history_of("cache.py:cach speed", "parser.py:pars speed", "cache.py store.py:cach lost")

    scores = by_words(history, ("caches",))

    assert set(scores) == {"cache.py", "store.py"}
    assert scores["cache.py"] > scores["store.py"]


def test_a_word_that_is_in_most_messages_says_nothing() -> None:
    history = history_of(*["a.py:fix"] * 50, "b.py:fix rare")

    assert set(by_words(history, ("fix", "rare"))) == {"b.py"}


def test_a_file_counts_as_recent_by_its_last_change() -> None:
    history = history_of("old.py", *["x.py"] * 59, "new.py")

    assert history.recency("new.py") == 1.0
    assert history.recency("old.py") == pytest.approx(0.5)


def test_a_moved_file_keeps_its_history() -> None:
    history = history_of("old.py b.py:rare", "new.py", "new.py c.py", moves=[(1, "old.py", "new.py")])

    assert set(paths(history, "new.py")) == {"b.py", "c.py"}
    assert paths(history, "b.py") == ["new.py"]
    assert set(by_words(history, ("rare",))) == {"new.py", "b.py"}
    assert history.changes("new.py") == 3


def test_a_file_that_moved_twice_keeps_its_history() -> None:
    moves = [(1, "1.py", "2.py"), (2, "2.py", "3.py")]
    history = history_of("1.py b.py", "2.py", "3.py", moves=moves)

    assert paths(history, "3.py") == ["b.py"]


def test_a_file_made_anew_at_an_old_path_is_another_file() -> None:
    history = history_of("old.py b.py", "new.py", "old.py c.py", moves=[(1, "old.py", "new.py")])

    assert paths(history, "old.py")[0] == "c.py"
    assert "new.py" not in paths(history, "c.py")


def test_files_that_moved_in_a_circle_are_answered_for() -> None:
    history = history_of("a.py b.py", "b.py a.py", moves=[(1, "a.py", "b.py"), (1, "b.py", "a.py")])

    assert paths(history, "a.py") == ["b.py"]


def test_commits_of_a_branch_that_was_left_are_taken_back() -> None:
    commits = commits_of("a.py b.py:one", "a.py c.py:two", moves=[(1, "b.py", "d.py")])
    history, expected = History(), History()
    history.add(commits)
    expected.add(commits[:1])

    history.drop([commits[1].sha])

    assert answers(history) == answers(expected)
    history.add(commits)
    assert len(history) == 2


def test_a_commit_that_is_known_is_not_counted_again() -> None:
    commits = commits_of("a.py b.py", "a.py")
    history = History()

    assert (history.add(commits), history.add(commits)) == (2, 0)
    assert history.changes("a.py") == 2


def test_of_files_that_are_left_out_no_path_and_no_word_stays() -> None:
    history = history_of(
        "secret/plan.py: Plan the launch",
        "door.py secret/plan.py key.py: Open the door",
        "door.py: Oil the hinge",
    )
    history.leave_out(lambda path: path.startswith("secret/"))
    data = history.encode()
    assert not any(word in data for word in (b"secret", b"plan", b"launch"))
    again = History.decode(data)
    assert [(each.path, each.together, each.of) for each in again.together("door.py")] == [("key.py", 1, 2)]
    assert list(by_words(again, ["hinge"])) == ["door.py"]
    again.drop([f"{2:040x}"])
    assert again.changes("door.py") == 1


def test_bytes_of_something_else_are_refused() -> None:
    good = history_of("a.py b.py:fix").encode()

    for data in (
        b"",
        b"nonsense",
        good[: len(good) // 2],
        msgspec.msgpack.encode([99, *msgspec.msgpack.decode(good)[1:]]),
    ):
        with pytest.raises((msgspec.DecodeError, ValueError)):
            History.decode(data)


@given(st.binary(max_size=4), st.integers(0, 10_000))
def test_damaged_bytes_are_refused_or_give_a_history_that_answers(damage: bytes, at: int) -> None:
    whole = history_of("a.py b.py:fix", "b.py c.py:cach", moves=[(1, "a.py", "c.py")])
    whole.read({whole.unread()[0]: {"b.py": array("I", [1, 2])}})
    good = whole.encode()
    at %= len(good)

    try:
        history = History.decode(good[:at] + damage + good[at + len(damage) :])
    except ValueError:
        return

    answers(history)


PATHS = st.sampled_from(["a.py", "b.py", "c.py", "d/e.py", "d/f.py"])
WORDS = st.sampled_from(["cach", "pars", "index", "road"])


@st.composite
def some_commits(draw: st.DrawFn) -> list[Commit]:
    made: list[Commit] = []
    for n in range(draw(st.integers(0, 12))):
        changed = draw(st.lists(PATHS, unique=True, max_size=4))
        moved = [(draw(PATHS), new) for new in changed if draw(st.integers(0, 4)) == 0]
        made.append(
            Commit(
                sha=f"{n:040x}",
                time_s=n * DAY_S * draw(st.integers(1, 90)),
                words=tuple(draw(st.lists(WORDS, unique=True))),
                paths=tuple(changed),
                moves=tuple((old, new) for old, new in moved if old != new),
                size=len(changed),
            )
        )
    return made


def answers(history: History) -> object:
    names = ["a.py", "b.py", "c.py", "d/e.py", "d/f.py"]
    return (
        len(history),
        {name: [(c.path, c.together, c.of, round(c.weight, 9)) for c in history.together(name)] for name in names},
        {name: (history.changes(name), round(history.recency(name), 9)) for name in names},
        {w: {p: round(s, 9) for p, s in by_words(history, (w,)).items()} for w in ("cach", "pars", "index", "road")},
        [(number, path, [*lines]) for number, path, lines in history.hunks()],
    )


@given(some_commits(), st.lists(st.integers(0, 12), max_size=3))
def test_a_history_extended_in_parts_is_the_history_read_at_once(commits: list[Commit], cuts: list[int]) -> None:
    at_once, in_parts = History(), History()
    at_once.add(commits)

    for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(commits)], strict=True):
        in_parts.add(commits[start:end])
        in_parts = History.decode(in_parts.encode())

    assert answers(in_parts) == answers(at_once)


@given(some_commits(), st.integers(0, 12))
def test_a_history_with_its_last_commits_taken_back_is_the_one_before(commits: list[Commit], kept: int) -> None:
    before, after = History(), History()
    before.add(commits[:kept])
    after.add(commits)

    after.drop(c.sha for c in commits[kept:])

    assert answers(after) == answers(before)
    assert answers(History.decode(after.encode())) == answers(before)


def test_following_reads_only_what_came(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.commit("Begin", {"a.py": "1", "b.py": "1"})
    history = History()
    assert follow(history, tmp_path) == ""
    head = repository.commit("Go on", {"a.py": "2", "c.py": "2"})

    assert follow(history, tmp_path) == ""

    assert (history.head, len(history)) == (head, 2)
    assert set(paths(history, "a.py")) == {"b.py", "c.py"}


def test_following_over_to_another_branch_is_reading_that_branch(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.commit("Begin", {"a.py": "1", "b.py": "1"})
    repository.commit("Main", {"a.py": "2", "c.py": "1"})
    repository.git("checkout", "--quiet", "-b", "side", "HEAD~")
    repository.commit("Side", {"a.py": "3", "d/e.py": "1"})
    history, expected = History(), History()
    follow(history, tmp_path, until="main")

    follow(history, tmp_path, until="side")

    expected.add(read_history(tmp_path, limit=10, until="side"))
    assert answers(history) == answers(expected)


def test_following_after_the_old_commits_are_gone_reads_anew(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.commit("Begin", {"a.py": "1", "b.py": "1"})
    history = History()
    history.head = "1" * 40
    history.add(commits_of("x.py y.py"))

    assert follow(history, tmp_path) == ""

    assert paths(history, "a.py") == ["b.py"]
    assert paths(history, "x.py") == []


def test_a_history_that_grew_for_long_lets_its_oldest_commits_go(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    history = History()

    for n in range(5):
        repository.commit(f"Number {n}", {"a.py": str(n)})
        follow(history, tmp_path, limit=1)
        assert len(history) <= 3

    assert len(history) < 5


def test_a_history_that_follows_far_back_has_the_commits_that_were_too_old_before(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    shas = [repository.commit(f"Number {n}", {"a.py": str(n)}) for n in range(8)]
    history = History()
    follow(history, tmp_path, limit=4)

    for back in (4, 7, 2):
        repository.git("checkout", "--quiet", "--detach", shas[back])
        follow(history, tmp_path, limit=4)
        assert history.head == shas[back]
        assert len(history) >= min(4, back + 1)


def test_following_where_nothing_can_be_read_keeps_what_is_known_and_says_why(tmp_path: Path) -> None:
    history = history_of("a.py b.py")

    assert follow(history, tmp_path) == "the folder is not in a git repository"
    assert paths(history, "a.py") == ["b.py"]


def test_commits_with_titles_are_told_with_their_files_as_they_are_called_now() -> None:
    history = history_of("a.py b.py:One", "new.py:Move", "c.py:", ":No files", moves=[(1, "a.py", "new.py")])
    history.learn({history.unlearnt()[-1][0]: b"1"})

    assert [*history.titled()] == [Titled("One", b"1", 2, ("new.py", "b.py")), Titled("Move", b"", 1, ("new.py",))]


def test_titles_get_vectors_the_newest_first_and_keep_them_over_all_that_happens() -> None:
    history = history_of("a.py:One", "b.py:Two", ":No files", "c.py:Three", "d.py:")
    shas = [sha for sha, _ in history.unlearnt()]
    assert [title for _, title in history.unlearnt()] == ["Three", "Two", "One"]

    history.made_by("words")
    history.learn({shas[0]: b"3", shas[2]: b"1", "f" * 40: b"of no commit"})
    again = History.decode(history.encode())
    again.made_by("words")
    again.drop(shas[1:2])

    assert [each.vector for each in again.titled()] == [b"1", b"3"]
    assert again.unlearnt() == []
    again.made_by("another model")
    assert [each.vector for each in again.titled()] == [b"", b""]
    assert [title for _, title in again.unlearnt()] == ["Three", "One"]


def test_nothing_of_the_title_of_a_commit_stays_one_of_whose_files_is_left_out() -> None:
    history = history_of("secret.py:Hide the treasure", "a.py secret.py:Move the map here", "a.py:Go on")
    history.learn({sha: b"v" for sha, _ in history.unlearnt()})

    history.leave_out(lambda path: path == "secret.py")

    assert b"treasure" not in history.encode()
    assert b"Move the map" not in history.encode()  # it may be about the file that is left out
    assert [each.title for each in history.titled()] == ["Go on"]


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ("Fix cookies (#123)\n\nThey were lost.", "Fix cookies"),
        ("\n\n  fix(router): match late routes (GH-9) \n", "fix(router): match late routes"),
        ("See https://example.org/x and deadbeef0 first", "See and first"),
        ("", ""),
        ("長い題名" * 100, "長い題名" * 50),
        ("Revoke sk-ant-api03-" + "aB3-dE6_" * 11 + "AA now", "Revoke <masked:anthropic-key-1> now"),
        ("Turn \u202eback\x1b[31m\ttwice\u200b", "Turn back[31m twice"),
        ("\u200b\u2066", ""),
    ],
)
def test_a_title_is_the_first_line_without_what_only_refers(message: str, title: str) -> None:
    assert title_of(message) == title


@pytest.mark.timeout(20)  # no figure: where the time grows with the cube of the length, it takes longer than this
@pytest.mark.parametrize("sign", ["<@", "<a@", "@<", "http://", "(#1", "0123456", "<@\u2039@"])
def test_no_message_of_a_hostile_repository_holds_everything_up(sign: str) -> None:
    for number in range(40):
        message = (sign * 2_000)[number:2_000]
        assert len(words_of(message)) <= 80
        assert len(title_of(message)) <= 200
