"""The indexer as a whole: several roots, unsaved documents, kills at any moment, and what the road sees of it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
import pytest

from fakes.indexing import commit, git, index, many, until, write
from optafly.config import Config, ContextSettings, ModelSettings, PrivacySettings
from optafly.context import service
from optafly.context.index.watching import Notify
from optafly.context.service import Service
from optafly.context.wire import Changed, Complete, OpenRoots, Overlay, Search
from optafly.domain import Document, FileHit, Snapshot
from optafly.paths import Paths
from optafly.pipeline.workspace import OFF, Workspace

TESTS = Path(__file__).parents[1]
KILLS = 8


@pytest.fixture
def one(home: Paths) -> Iterator[Service]:
    """The service in this process, with helper processes of its own; without a model."""
    settings = msgspec.json.encode(ModelSettings(embedder="off")).decode()
    made = service.create(settings, str(home.data), str(home.config), str(home.log))
    yield made
    made.close()


def ready(one: Service) -> None:
    until(lambda: all(root.state == "ready" for root in one.status().roots), "ready")


def found(one: Service, name: str) -> list[str]:
    """Return where a function of that very name is."""
    hits = one.complete(Complete(kind="symbol", text=name)).hits
    return [f"{Path(hit.root).name}:{hit.path}" for hit in hits if hit.symbols[0].name == name]


def asked(prompt: str) -> Search:
    return Search(snapshot=Snapshot(prompt=prompt))


def test_roots_that_overlap_hold_each_file_once_and_the_inner_one_has_it(one: Service, tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    write(outer, {"top.py": "def alpha():\n    pass\n", "packages/web/app.py": "def beta():\n    pass\n"})
    (tmp_path / "same").symlink_to(outer)
    inner = outer / "packages" / "web"
    one.open(OpenRoots(roots=(str(outer), str(inner), str(tmp_path / "same")), vectors=False))
    ready(one)
    assert found(one, "alpha") == ["outer:top.py"]
    assert found(one, "beta") == ["web:app.py"]
    one.open(OpenRoots(roots=(str(outer),), vectors=False))
    ready(one)
    assert found(one, "beta") == ["outer:packages/web/app.py"]


def test_an_unsaved_document_is_found_at_once_and_outlives_another_folder(one: Service, tmp_path: Path) -> None:
    write(tmp_path / "a", {"x.py": "def saved():\n    pass\n", ".gitignore": "hidden.py\n"})
    write(tmp_path / "b", {"y.py": "def other():\n    pass\n"})
    one.open(OpenRoots(roots=(str(tmp_path / "a"),), vectors=False))
    ready(one)
    one.overlay(Overlay(path=str(tmp_path / "a" / "x.py"), text="def unsaved():\n    pass\n"))
    one.overlay(Overlay(path=str(tmp_path / "a" / "hidden.py"), text="def secret():\n    pass\n"))
    one.overlay(Overlay(path=str(tmp_path / "elsewhere.py"), text="def nowhere():\n    pass\n"))
    assert [found(one, name) for name in ("saved", "unsaved", "secret")] == [[], ["a:x.py"], []]
    one.open(OpenRoots(roots=(str(tmp_path / "a"), str(tmp_path / "b")), vectors=False))
    ready(one)
    assert found(one, "unsaved") == ["a:x.py"]
    one.overlay(Overlay(path=str(tmp_path / "a" / "x.py"), text=None))
    assert found(one, "saved") == ["a:x.py"]


def test_code_for_a_prompt_is_what_stands_there_now_and_may_be_read_now(one: Service, tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(root, {"bill.py": "def total_of_bill():\n    return 1\n", "main.py": "import bill\n"})
    one.open(OpenRoots(roots=(str(root),), vectors=False))
    ready(one)
    one.overlay(Overlay(path=str(root / "bill.py"), text="def total_of_bill():\n    return 2\n"))
    (piece,) = [each for each in one.gather(asked("Fix total_of_bill")).pieces if each.path == "bill.py"]
    assert piece.text.strip() == "def total_of_bill():\n    return 2"
    write(root, {".gitignore": "bill.py\n"})
    gathered = one.gather(asked("Fix total_of_bill"))  # whether the index has noticed by now or not
    assert not [each for each in gathered.pieces if "bill.py" in each.path]


def test_the_open_file_is_known_by_its_uri(one: Service, tmp_path: Path) -> None:
    root = tmp_path / "my root"
    write(root, {"a b.py": "def one():\n    pass\n", "other.py": "def two():\n    pass\n"})
    one.open(OpenRoots(roots=(str(root),), vectors=False))
    ready(one)
    active = Document(path="a b.py", uri=(root / "a b.py").as_uri(), language="python", text="")
    hits = one.find(Search(snapshot=Snapshot(prompt="Fix this bug", active=active), vague=True)).hits
    assert hits[0].path == "a b.py"


def test_names_are_completed_over_all_roots(one: Service, tmp_path: Path) -> None:
    write(tmp_path / "a", {"first.py": "class Widget:\n    pass\n"})
    write(tmp_path / "b", {"second.py": "class WidgetFactory:\n    pass\n"})
    one.open(OpenRoots(roots=(str(tmp_path / "a"), str(tmp_path / "b")), vectors=False))
    ready(one)
    symbols = one.complete(Complete(kind="symbol", text="Widg"))
    assert {hit.symbols[0].name for hit in symbols.hits} == {"Widget", "WidgetFactory"}
    assert [hit.path for hit in one.complete(Complete(kind="file", text="secon")).hits] == ["second.py"]


def test_the_same_path_in_two_roots_has_two_names_and_any_other_file_its_path(one: Service, tmp_path: Path) -> None:
    roots = [tmp_path / "api", tmp_path / "old" / "web", tmp_path / "new" / "web"]
    for number, root in enumerate(roots):
        code = f"def rate_of(country):\n    return {number}\n"
        write(root, {"src/tax.py": code, f"src/only_{number}.py": f"def only_{number}():\n    return rate_of\n"})
    one.open(OpenRoots(roots=tuple(map(str, roots)), vectors=False))
    ready(one)
    names = ["api/src/tax.py", "old/web/src/tax.py", "new/web/src/tax.py"]

    def pieces(**more: tuple[str, ...]) -> dict[str, str]:
        gathered = one.gather(msgspec.structs.replace(asked("where is rate_of?"), **more))
        assert not [each for each in gathered.left_out if "nothing of that name" in each.reason]
        return {each.path: each.text for each in gathered.pieces if each.pinned or not more.get("pinned")}

    texts = pieces()
    assert {name: texts[name].split()[-1] for name in names} == dict(zip(names, "012", strict=True))
    assert "src/only_1.py" in texts
    assert {hit.path for hit in one.find(asked("where is rate_of?")).hits} >= {*names, "src/only_1.py"}
    assert {hit.path for hit in one.complete(Complete(kind="symbol", text="rate_of")).hits} == set(names)
    for name, number in zip(names, "012", strict=True):
        for pin in (name, f"{name}#rate_of", f"{name}:1-2"):
            assert {path: text.split()[-1] for path, text in pieces(pinned=(pin,)).items()} == {name: number}
        assert set(names) - set(pieces(removed=(name,))) == {name}
    assert pieces(pinned=("src/tax.py",)) == {}
    ambiguous = one.gather(msgspec.structs.replace(asked("where is rate_of?"), pinned=("src/tax.py",)))
    (told,) = (each for each in ambiguous.left_out if "Several" in each.reason)
    assert all(f"`{name}`" in told.reason for name in names)


def test_a_name_that_a_folder_of_another_root_has_already_is_not_given(one: Service, tmp_path: Path) -> None:
    """`api/tax.py` would be both the file of that path in one root and `tax.py` in the other."""
    write(tmp_path / "api", {"tax.py": "def rate_of():\n    return 1\n"})
    write(
        tmp_path / "web", {"tax.py": "def rate_of():\n    return 2\n", "api/tax.py": "def rate_of():\n    return 3\n"}
    )
    one.open(OpenRoots(roots=(str(tmp_path / "api"), str(tmp_path / "web")), vectors=False))
    ready(one)
    found = {each.path: each.text.split()[-1] for each in one.gather(asked("where is rate_of?")).pieces}
    assert found == {f"{tmp_path.name}/api/tax.py": "1", "web/tax.py": "2", "api/tax.py": "3"}


def test_what_was_read_when_it_was_halted_is_found_and_the_next_edit_goes_on(one: Service, tmp_path: Path) -> None:
    write(tmp_path / "a", many(1_500))
    roots = OpenRoots(roots=(str(tmp_path / "a"),), vectors=False)
    one.open(roots)
    until(lambda: one.status().roots[0].files > 0, "something was read")
    one.halt()
    until(lambda: one.status().roots[0].state == "cancelled", "halted")
    time.sleep(0.5)
    read = one.status().roots[0].files
    assert 0 < read < 1_500
    assert one.find(asked("work")).hits
    time.sleep(0.5)
    assert one.status().roots[0].files == read
    one.overlay(Overlay(path=str(tmp_path / "a" / "new.py"), text="def fresh():\n    pass\n"))
    ready(one)
    assert one.status().roots[0].files == 1_501
    one.halt()
    one.open(roots)
    ready(one)


def test_where_it_was_halted_another_process_reads_on_and_what_that_reads_is_found(
    one: Service, home: Paths, tmp_path: Path
) -> None:
    """Such as `optafly index`."""
    write(tmp_path / "a", many(1_500))
    roots = OpenRoots(roots=(str(tmp_path / "a"),), vectors=False)
    one.open(roots)
    until(lambda: one.status().roots[0].files > 0, "something was read")
    one.halt()
    until(lambda: one.status().roots[0].state == "cancelled", "halted")
    settings = msgspec.json.encode(ModelSettings(embedder="off")).decode()
    other = service.create(settings, str(home.data), str(home.config), str(home.log))
    try:
        other.open(roots)
        ready(other)
        ready(one)
        until(lambda: one.status().roots[0].files == 1_500, "heard of all")
    finally:
        other.close()


def test_what_the_editor_saw_change_is_looked_at(one: Service, tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(root, many(3))
    one.open(OpenRoots(roots=(str(root),), vectors=False))
    ready(one)
    write(root, {"new/place.py": "def arrived():\n    pass\n"})
    one.changed(Changed(paths=(str(root / "new" / "place.py"), str(root / "new"), "/elsewhere/x.py", "odd")))
    until(lambda: found(one, "arrived") == ["root:new/place.py"])


def test_commits_are_known_and_followed(one: Service, tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(root, {"a.py": "x = 1\n", "b.py": "y = 1\n"})
    git(root, "init", "--quiet")
    commit(root, "Make both")
    one.open(OpenRoots(roots=(str(root),), vectors=False))
    ready(one)
    (index_,) = one._roots.values()  # pyright: ignore[reportPrivateUsage]
    until(lambda: index_.view.corpus.history is not None)
    write(root, {"a.py": "x = 2\n"})
    commit(root, "Change one")
    until(lambda: index_.view.corpus.history is not None and index_.view.corpus.history.changes("a.py") == 2)


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


def test_without_watches_changes_are_looked_for_and_that_is_said(tmp_path: Path) -> None:
    def none_left(paths: list[str]) -> Notify:
        raise OSError(28, "No space left on device (inotify)")

    root = tmp_path / "root"
    write(root, many(4))
    with index(root, tmp_path / "one.db", make=none_left) as one:
        until(lambda: "the system cannot tell of them" in one.status().message)
        write(root, {"new.py": "def fresh():\n    pass\n"})
        until(lambda: "new.py" in one.view.paths)


# --- as the road sees it ---


@pytest.fixture
async def workspace(home: Paths) -> AsyncIterator[Workspace]:
    """The road's own, with a real worker process."""
    config = Config(
        context=ContextSettings(vectors=False),
        models=ModelSettings(embedder="off"),
        privacy=PrivacySettings(ignore=("*.sql",)),
    )
    made = Workspace(home, lambda folder: config, gather_s=20.0)
    yield made
    await made.close()


async def named(workspace: Workspace, name: str) -> tuple[FileHit, ...]:
    return (await workspace.complete(Complete(kind="symbol", text=name))).hits


async def opened(workspace: Workspace, root: Path) -> None:
    await workspace.open((str(root),))
    async with asyncio.timeout(40):
        while (await workspace.status()).roots[0].state != "ready":  # noqa: ASYNC110  another process knows
            await asyncio.sleep(0.02)


async def test_the_road_opens_asks_and_closes(workspace: Workspace, tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(root, {**many(20), "dump.sql": "select 1;"})
    await opened(workspace, root)
    status = await workspace.status()
    assert (status.roots[0].root, status.roots[0].files) == (str(root), 20)
    assert status.rss_bytes is None or status.rss_bytes > 10_000_000
    found = await workspace.find(asked("work_3"))
    assert (found.hits[0].path, found.complete) == ("pkg3/mod3.py", True)
    gathered = await workspace.gather(asked("Fix work_3"))
    assert gathered is not None
    assert "pkg3/mod3.py" in [piece.path for piece in gathered.pieces]
    assert (await workspace.skipped()).total == 0
    assert await workspace.open(()) == await workspace.status()
    assert (await workspace.find(asked("work_3"))).hits == ()


async def test_a_folder_under_two_names_has_a_state_under_both(workspace: Workspace, tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(root, many(3))
    (tmp_path / "link").symlink_to(root)
    both = (f"{tmp_path / 'link'}/", str(root))
    await workspace.open(both)
    async with asyncio.timeout(40):
        while {each.state for each in (await workspace.status()).roots} != {"ready"}:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert tuple(each.root for each in (await workspace.status()).roots) == both


async def test_a_dead_worker_costs_the_road_nothing_and_is_told_again(workspace: Workspace, tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(root, many(5))
    await opened(workspace, root)
    await workspace.overlay(str(root / "pkg0" / "mod0.py"), "def unsaved_work():\n    pass\n")
    assert workspace.worker.pid
    os.kill(workspace.worker.pid, signal.SIGKILL)
    await workspace.gather(asked("Fix work_1"))  # an answer or None, and never an error
    async with asyncio.timeout(40):
        while not [hit for hit in await named(workspace, "unsaved_work") if hit.path == "pkg0/mod0.py"]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_what_no_message_can_say_is_not_asked(workspace: Workspace, tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(root, many(5))
    await opened(workspace, root)
    half = "work_1 \ud83d"
    await workspace.overlay(str(root / "pkg0" / "mod0.py"), half)
    await workspace.changed((f"{root}/bad\udcff.py",))
    assert await workspace.gather(asked(half)) is None
    assert not (await workspace.find(asked(half))).complete
    assert await named(workspace, "work_1")


async def test_no_answer_in_time_is_none(home: Paths, tmp_path: Path) -> None:
    write(tmp_path / "root", many(3))
    workspace = Workspace(home, lambda folder: Config(), gather_s=0.0)
    assert await workspace.gather(asked("before anything is open")) is None
    await workspace.open((str(tmp_path / "root"),))
    assert await workspace.gather(asked("Fix work_1")) is None
    await workspace.close()
    assert await workspace.gather(asked("after the end")) is None
    assert (await workspace.status()).roots[0].state == "failed"


async def test_switched_off_there_is_no_worker(home: Paths, tmp_path: Path) -> None:
    config = Config(context=ContextSettings(workspace=False))
    workspace = Workspace(home, lambda folder: config)
    status = await workspace.open((str(tmp_path),))
    assert (status.roots[0].state, status.roots[0].message) == ("closed", OFF)
    assert workspace.worker.pid is None
    await workspace.close()


@pytest.mark.embedder
async def test_with_the_real_model_what_is_meant_is_found(home_with_model: Paths, tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(
        root,
        {
            "a.py": '"""Sign people in."""\n\ndef authenticate(user, password):\n    """Check who somebody is."""\n',
            "b.py": '"""Draw charts."""\n\ndef plot(rows):\n    """Paint a picture of numbers."""\n',
        },
    )
    workspace = Workspace(home_with_model, lambda folder: Config(), gather_s=20.0)
    await opened(workspace, root)
    assert (await workspace.status()).roots[0].vectors == 2
    found = await workspace.find(asked("log in"))
    assert found.hits[0].path == "a.py"
    await workspace.close()


def begun(root: Path, home: Path, count: int) -> subprocess.Popen[str]:
    """Start a process that indexes `root` as a worker does."""
    return subprocess.Popen(
        [sys.executable, "-m", "fakes.indexing", str(root), str(home), str(count)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=TESTS,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
    )
