"""Indexing that a person stopped: what was read is found, and nothing more is read until they let it go on."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from fakes.indexing import READERS, commit, git, index, many, until, write
from fakes.serving import asked, found, ready, serving
from optafly.config import ModelSettings
from optafly.context import service
from optafly.context.index.crew import Batch, Crew
from optafly.context.index.helpers import Helpers, Job
from optafly.context.index.judging import Judging
from optafly.context.index.known import Known
from optafly.context.index.past import Past
from optafly.context.index.vectors import Vectors
from optafly.context.index.view import View
from optafly.context.service import Service
from optafly.context.wire import Changed, OpenRoots, Overlay
from optafly.paths import Paths


@pytest.fixture
def one(home: Paths) -> Iterator[Service]:
    """The service in this process, with helper processes of its own; without a model."""
    with serving(home) as made:
        yield made


def _halted(service: Service, folder: Path) -> OpenRoots:
    """Let some of 1,500 files be read, and halt that."""
    write(folder, many(1_500))
    roots = OpenRoots(roots=(str(folder),), vectors=False)
    readers = service._readers  # pyright: ignore[reportPrivateUsage]
    submit, batches = readers.submit, itertools.count()

    def some(job: Job, urgency: int = 0) -> None:
        if next(batches) < 10:
            submit(job, urgency)

    readers.submit = some
    service.open(roots)
    until(lambda: service.status().roots[0].files > 0, "something was read")
    service.open(msgspec.structs.replace(roots, halted=True))
    until(lambda: service.status().roots[0].state == "cancelled", "halted")
    readers.submit = submit
    return roots


def test_what_was_read_when_it_was_halted_is_found_with_what_is_typed_until_it_goes_on(
    one: Service, tmp_path: Path
) -> None:
    roots = _halted(one, tmp_path / "a")
    time.sleep(0.5)
    halted = one.status().roots[0]
    assert 0 < halted.files < 1_500
    assert (halted.done, halted.total) == (halted.files, 1_500)
    assert one.find(asked("work")).hits
    one.overlay(Overlay(path=str(tmp_path / "a" / "new.py"), text="def fresh():\n    pass\n"))
    one.changed(Changed(paths=(str(tmp_path / "a" / "pkg0" / "mod0.py"),)))
    time.sleep(0.5)
    assert found(one, "fresh") == ["a:new.py"]
    assert (one.status().roots[0].state, one.status().roots[0].files) == ("cancelled", halted.files + 1)
    one.open(roots)
    ready(one)
    assert (one.status().roots[0].files, one.status().roots[0].total) == (1_501, 0)


def test_a_root_that_is_opened_while_indexing_is_halted_reads_nothing_and_says_how_much_there_is(
    one: Service, tmp_path: Path
) -> None:
    roots = _halted(one, tmp_path / "a")
    write(tmp_path / "b", many(20))
    both = msgspec.structs.replace(roots, roots=(*roots.roots, str(tmp_path / "b")), halted=True)
    one.open(both)
    until(lambda: one.status().roots[1].state == "cancelled" and one.status().roots[1].total, "halted too")
    assert (one.status().roots[1].files, one.status().roots[1].total) == (0, 20)
    one.open(msgspec.structs.replace(both, halted=False))
    ready(one)
    assert [root.files for root in one.status().roots] == [1_500, 20]


def test_a_root_that_failed_says_so_though_indexing_is_halted_and_is_read_later(
    one: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optafly.context.index.root.AGAIN_S", 0.2)
    roots = OpenRoots(roots=(str(tmp_path / "a"),), vectors=False)
    one.open(roots)
    until(lambda: one.status().roots[0].state == "failed", "there is no such folder")
    one.open(msgspec.structs.replace(roots, halted=True))
    time.sleep(1.0)  # it was looked for again
    assert one.status().roots[0].state == "failed"
    write(tmp_path / "a", many(20))
    until(lambda: one.status().roots[0].state == "cancelled", "it is there by now")
    one.open(roots)
    ready(one)
    assert one.status().roots[0].files == 20


def test_where_it_was_halted_another_process_reads_on_and_what_that_reads_is_found(
    one: Service, home: Paths, tmp_path: Path
) -> None:
    """Such as `optafly index`."""
    roots = _halted(one, tmp_path / "a")
    settings = msgspec.json.encode(ModelSettings(embedder="off")).decode()
    other = service.create(settings, str(home.data), str(home.config), str(home.log))
    try:
        other.open(roots)
        ready(other)
        until(lambda: one.status().roots[0].files == 1_500, "heard of all")
        time.sleep(1.0)
        assert (one.status().roots[0].state, one.status().roots[0].total) == ("cancelled", 1_500)  # and can be resumed
        one.open(roots)
        ready(one)
    finally:
        other.close()


def test_of_halting_and_going_on_the_last_word_counts_however_soon_it_comes(tmp_path: Path) -> None:
    write(tmp_path / "a", many(20))
    for words, state in ((("halt", "go_on", "halt"), "cancelled"), (("halt", "go_on", "halt", "go_on"), "ready")):
        with index(tmp_path / "a", tmp_path / "one.db", ready=False, begin=False) as one:
            for word in words:
                getattr(one, word)()
            one.start()
            until(lambda one=one, state=state: one.status().state == state and one.settled, state)
            time.sleep(1.0)  # a follower would have taken over by now
            assert one.status().state == state
            assert one.role == ("writer" if state == "ready" else "follower")


def test_a_new_process_says_how_much_of_the_workspace_was_read_before_it_was_halted(
    home: Paths, tmp_path: Path
) -> None:
    with serving(home) as one:
        roots = _halted(one, tmp_path / "a")
        before = one.status().roots[0]
    with serving(home) as one:
        one.open(msgspec.structs.replace(roots, halted=True))
        until(lambda: one.status().roots[0].state == "cancelled", "halted from the start")
        until(lambda: one.status().roots[0].total == 1_500, "all that is there is counted")
        assert before.files <= one.status().roots[0].done < 1_500


def test_an_index_that_is_whole_says_at_once_that_it_is_halted(one: Service, tmp_path: Path) -> None:
    write(tmp_path / "a", many(20))
    roots = OpenRoots(roots=(str(tmp_path / "a"),), vectors=False)
    one.open(roots)
    ready(one)
    (root,) = one.open(msgspec.structs.replace(roots, halted=True)).roots
    assert (root.state, root.done, root.total) == ("cancelled", 20, 20)


def test_going_on_throws_nothing_away_that_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optafly.context.index.root.FOLLOW_S", 0.0)  # as if going on took long
    cleared: list[bool] = []
    clear = Known.clear

    def cleared_by(known: Known) -> None:
        cleared.append(True)
        clear(known)

    write(tmp_path / "a", many(50))
    with index(tmp_path / "a", tmp_path / "one.db") as one:
        monkeypatch.setattr(Known, "clear", cleared_by)
        for _ in range(3):
            one.halt()
            until(lambda: one.role == "follower" and one.settled, "halted")
            one.go_on()
            until(lambda: one.status().state == "ready" and one.settled, "gone on")
    assert not cleared


def test_what_was_handed_out_before_a_halt_is_not_read_once_it_goes_on(tmp_path: Path) -> None:
    class Held(Helpers):
        def submit(self, job: Job, urgency: int = 0) -> None:
            jobs.append(job)

    jobs: list[Job] = []
    told: list[Batch] = []
    crew = Crew(tmp_path, Held("readers", READERS, count=1), told.append, lambda: True)
    crew.hand_out(["a.py"])
    crew.forget()
    crew.hand_out(["a.py"])
    assert [job.wanted() for job in jobs] == [False, True]


def test_titles_that_were_left_when_it_was_halted_are_not_said_to_be_done(tmp_path: Path, helpers: Helpers) -> None:
    (root := tmp_path / "root").mkdir()
    git(root, "init", "--quiet")
    write(root, {"a.py": "x = 1\n"})
    commit(root, "Begin")
    wanted, ended = [False], list[bool]()
    past = Past(
        root,
        lambda _, __: None,
        lambda: Judging(root, (), View(root)).walk(),
        Vectors(helpers, "words"),
        lambda: wanted[0],
        ended=lambda: ended.append(past.is_done),
    )
    for _ in range(2):
        past.refresh(b"")
        until(lambda: len(ended) == 1 + wanted[0], "it has ended")
        wanted[0] = True
    past.close()
    assert ended == [False, True]


def test_a_root_that_is_opened_halted_reads_no_history(tmp_path: Path) -> None:
    (root := tmp_path / "root").mkdir()
    git(root, "init", "--quiet")
    write(root, {"a.py": "x = 1\n"})
    commit(root, "Begin")
    with index(root, tmp_path / "one.db", ready=False, begin=False) as one:
        one.halt()
        one.start()
        until(lambda: one.status().state == "cancelled" and one.settled, "halted")
        time.sleep(0.5)
        assert one.view.corpus.history is None
        one.go_on()
        until(lambda: one.view.corpus.history is not None, "read")


def test_of_a_file_that_changed_while_it_was_halted_no_wrong_lines_are_sent(one: Service, tmp_path: Path) -> None:
    root = tmp_path / "a"
    write(root, {"moved.py": "def first_zebra():\n    return 1\n\n\ndef second_zebra():\n    return 2\n"})
    roots = OpenRoots(roots=(str(root),), vectors=False)
    one.open(roots)
    ready(one)
    one.open(msgspec.structs.replace(roots, halted=True))
    write(root, {"moved.py": "# new\n" * 10 + "def second_zebra():\n    return 3\n"})
    (piece,) = one.gather(asked("why does first_zebra differ from second_zebra?")).pieces
    assert (piece.kind, "first_zebra" in piece.text + piece.reason) == ("skeleton", False)
    assert "def second_zebra" in piece.text
    assert piece.reason.startswith("It has changed since the index read it")
    one.open(roots)
    until(lambda: not found(one, "first_zebra"), "read again")
    (piece,) = one.gather(asked("why does second_zebra return 3?")).pieces
    assert "return 3" in piece.text


def test_an_index_in_memory_looks_at_no_change_while_it_is_halted(tmp_path: Path) -> None:
    write(tmp_path / "a", many(20))
    (tmp_path / "no folder").write_text("")
    with index(tmp_path / "a", tmp_path / "no folder" / "one.db") as one:
        one.halt()
        until(lambda: one.settled, "halted")
        write(tmp_path / "a", {f"new{number}.py": "x = 1\n" for number in range(20)})
        one.changed([str(tmp_path / "a" / "new1.py")])
        until(lambda: one.settled, "heard of it")
        time.sleep(0.5)
        assert (one.role, one.status().files, one.status().total) == ("memory", 20, 20)
        one.go_on()
        until(lambda: one.status().files == 40, "gone on")


def test_files_of_a_folder_that_is_open_itself_are_not_counted_twice(one: Service, tmp_path: Path) -> None:
    outer, inner = tmp_path / "a", tmp_path / "a" / "inner"
    write(outer, many(30))
    write(inner, many(50))
    one.open(OpenRoots(roots=(str(outer), str(inner)), vectors=False, halted=True))
    until(lambda: [root.total for root in one.status().roots] == [30, 50], "counted")
