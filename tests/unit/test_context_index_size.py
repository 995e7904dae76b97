"""A workspace of any size: what is indexed is bounded, that is said, and many changes cost one look."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from fakes.indexing import index, many, until, write
from fakes.serving import ready, serving
from optafly.context.index.inbox import Inbox
from optafly.context.index.walk import Listing, Walk
from optafly.context.wire import OpenRoots
from optafly.paths import Paths


def test_more_files_than_the_setting_allows_are_counted_and_what_lies_less_deep_comes_first(
    home: Paths, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    write(root, {f"data/deep/er/{name}": text for name, text in many(30).items()} | {"main.py": "x = 1", **many(10)})
    with serving(home) as one:
        one.open(OpenRoots(roots=(str(root),), vectors=False, max_files=15))
        ready(one)
        status = one.status().roots[0]
        assert (status.files, status.skipped) == (15, 26)
        assert status.message == "26 files are not in the index: `context.maxFiles` is 15"
        (told,) = one.skipped().files
        assert (told.path, told.reason) == (".", status.message)
        (only,) = one._roots.values()  # pyright: ignore[reportPrivateUsage]
        assert {"main.py", *many(10)} <= set(only.view.paths)
        one.open(OpenRoots(roots=(str(root),), vectors=False, max_files=100))
        ready(one)
        status = one.status().roots[0]
        assert (status.files, status.skipped, status.message) == (41, 0, "")


def test_what_is_told_while_one_looks_costs_one_more_look() -> None:
    looked: list[set[str]] = []
    inbox = Inbox(lambda paths, everything: looked.append(paths | {"everything"} if everything else paths))
    for number in range(50):
        inbox.told({f"a{number}", "b"})
    inbox.put(lambda: looked.append({"in between"}))
    inbox.told({"c"})
    do_all(inbox)
    assert looked == [{*(f"a{number}" for number in range(50)), "b", "c"}, {"in between"}]
    inbox.told(None)
    inbox.told({"d"})
    inbox.told(None)
    inbox.told(set())
    do_all(inbox)
    assert looked[2:] == [{"everything", "d"}]
    inbox.told({"e"})
    do_all(inbox)
    assert looked[3:] == [{"e"}]


def test_what_may_wait_is_done_once_and_only_then() -> None:
    done: list[str] = []
    inbox = Inbox(lambda paths, everything: None)
    inbox.later("key", 60.0, lambda: done.append("never"))
    inbox.later("other", 0.02, lambda: done.append("other"))
    inbox.later("key", 0.1, lambda: done.append("key"))
    while len(done) < 2:
        step = inbox.next(5.0)
        assert step is not None
        step()
        inbox.done()
    assert done == ["other", "key"]
    assert inbox.is_empty
    assert inbox.next(0.0) is None


def test_thousands_of_changes_cost_one_listing_beside_that_of_the_new_watch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, listed = tmp_path / "root", list[Path]()
    whole = Walk.whole

    def counted(walk: Walk) -> Listing:
        listed.append(root)
        return whole(walk)

    monkeypatch.setattr(Walk, "whole", counted)
    write(root, many(20))
    with index(root, tmp_path / "one.db") as one:
        until(lambda: one.settled and len(listed) >= 2)  # at first, and once it is watched
        held, free = threading.Event(), threading.Event()
        one._inbox.put(lambda: (held.set(), free.wait(20)))  # pyright: ignore[reportPrivateUsage, reportArgumentType]
        until(held.is_set)
        listed.clear()
        write(root, many(100))
        for start in range(0, 5_000, 500):
            one.changed([str(root / f"gone_{number}.py") for number in range(start, start + 500)])
        free.set()
        until(lambda: one.status().files == 100 and one.settled)
        assert 1 <= len(listed) <= 3


def do_all(inbox: Inbox) -> None:
    while (step := inbox.next(0.0)) is not None:
        step()
        inbox.done()
