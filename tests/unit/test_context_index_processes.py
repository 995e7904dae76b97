"""The indexer halted, killed, or beside another one: what was read stays, and somebody goes on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from fakes.indexing import index, many, until, write
from fakes.serving import asked, begun, found, ready, serving
from optafly.config import ModelSettings
from optafly.context import service
from optafly.context.service import Service
from optafly.context.wire import Changed, OpenRoots, Overlay
from optafly.paths import Paths

KILLS = 8


@pytest.fixture
def one(home: Paths) -> Iterator[Service]:
    """The service in this process, with helper processes of its own; without a model."""
    with serving(home) as made:
        yield made


def _halted(service: Service, folder: Path) -> OpenRoots:
    """Let 1,500 files be read, and halt that half-way."""
    write(folder, many(1_500))
    roots = OpenRoots(roots=(str(folder),), vectors=False)
    service.open(roots)
    until(lambda: service.status().roots[0].files > 0, "something was read")
    service.open(msgspec.structs.replace(roots, halted=True))
    until(lambda: service.status().roots[0].state == "cancelled", "halted")
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
        ready(one)
        until(lambda: one.status().roots[0].files == 1_500, "heard of all")
    finally:
        other.close()


def test_killed_at_any_moment_it_goes_on_where_it_was(tmp_path: Path) -> None:
    root, home = tmp_path / "root", tmp_path / "home"
    count = 700
    write(root, many(count))
    for kill in range(KILLS):
        process = begun(root, home, count)
        assert process.stdout
        process.stdout.readline()
        time.sleep(0.1 + 0.15 * kill)
        process.kill()
        process.wait()
        process.stdout.close()
    process = begun(root, home, count)
    assert process.stdout
    until(lambda: process.stdout is not None and process.stdout.readline() == "ready\n")
    process.kill()
    process.wait()
    process.stdout.close()
    (file,) = (home / "index").glob("*.db")
    with index(root, file, parameters=service.parameters()) as one:
        assert one.status().files == count
        assert one.status().message == ""


def test_where_the_writer_is_killed_another_process_takes_over(tmp_path: Path) -> None:
    root, home = tmp_path / "root", tmp_path / "home"
    write(root, many(30))
    process = begun(root, home, 30)
    assert process.stdout
    until(lambda: process.stdout is not None and process.stdout.readline() == "ready\n")
    (file,) = (home / "index").glob("*.db")
    with index(root, file, parameters=service.parameters()) as one:
        assert (one.role, one.status().files) == ("follower", 30)
        process.kill()
        process.wait()
        process.stdout.close()
        until(lambda: one.role == "writer")
        write(root, {"after.py": "def after():\n    pass\n"})
        until(lambda: "after.py" in one.view.paths)


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
