"""What is asked of the indexer: unsaved documents, code for a prompt, and what changes meanwhile."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from fakes.indexing import commit, git, index, many, until, write
from fakes.serving import asked, found, ready, serving
from optafly.config import ModelSettings
from optafly.context import answering, service
from optafly.context.index.vectors import VERSION
from optafly.context.index.watching import Notify, notify
from optafly.context.pack.shelf import LIST
from optafly.context.service import Service
from optafly.context.wire import Changed, OpenRoots, Overlay, Search
from optafly.domain import Document, Snapshot
from optafly.models.installed import MANIFEST, MODEL, installed
from optafly.paths import Paths
from optafly.privacy.folders import FolderRules
from optafly.privacy.ignored import IgnoreRules


@pytest.fixture
def one(home: Paths) -> Iterator[Service]:
    """The service in this process, with helper processes of its own; without a model."""
    with serving(home) as made:
        yield made


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


def test_what_the_first_prompt_would_wait_for_is_loaded_when_a_folder_is_opened(
    one: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []
    monkeypatch.setattr(answering, "understood", loaded.append)
    monkeypatch.setattr(answering, "estimate_tokens", loaded.append)
    one.open(OpenRoots(roots=(), vectors=False))
    assert not loaded
    for _ in range(2):
        one.open(OpenRoots(roots=(str(tmp_path),), vectors=False))
    until(lambda: len(loaded) == 2)
    ready(one)
    assert len(loaded) == 2


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


def test_the_list_of_names_can_be_taken_out_and_a_pin_on_it_says_nothing(one: Service, tmp_path: Path) -> None:
    write(tmp_path / "root", many(90))
    one.open(OpenRoots(roots=(str(tmp_path / "root"),), vectors=False))
    ready(one)
    search = asked("Why is work wrong in every mod of pkg?")
    pinned, removed = (msgspec.structs.replace(search, **{how: (LIST,)}) for how in ("pinned", "removed"))
    there, still, without = (one.gather(each) for each in (search, pinned, removed))
    assert [LIST in [piece.path for piece in each.pieces] for each in (there, still, without)] == [True, True, False]
    assert LIST not in [left.path for left in still.left_out]


def test_the_open_file_is_known_by_its_uri(one: Service, tmp_path: Path) -> None:
    root = tmp_path / "my root"
    write(root, {"a b.py": "def one():\n    pass\n", "other.py": "def two():\n    pass\n"})
    one.open(OpenRoots(roots=(str(root),), vectors=False))
    ready(one)
    active = Document(path="a b.py", uri=(root / "a b.py").as_uri(), language="python", text="")
    hits = one.find(Search(snapshot=Snapshot(prompt="Fix this bug", active=active), vague=True)).hits
    assert hits[0].path == "a b.py"


def test_only_what_is_to_be_searched_for_is(one: Service, tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(root, {"stop.sh": "die() {\n  exit 1\n}\n", "config.py": "def geladen():\n    pass\n"})
    one.open(OpenRoots(roots=(str(root),), vectors=False))
    ready(one)
    asked_for = Search(snapshot=Snapshot(prompt="wird die geladen"))
    without = msgspec.structs.replace(asked_for, said="         geladen")
    says = [" ".join(reason for hit in one.find(each).hits for reason in hit.reasons) for each in (asked_for, without)]
    assert [("`die`" in each, "`geladen`" in each) for each in says] == [(True, True), (False, True)]


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


def test_without_watches_changes_are_looked_for_and_that_is_said(tmp_path: Path) -> None:
    def none_left(paths: list[str]) -> Notify:
        raise OSError(28, "No space left on device (inotify)")

    root = tmp_path / "root"
    write(root, many(4))
    with index(root, tmp_path / "one.db", make=none_left) as one:
        until(lambda: "the system cannot tell of them" in one.status().message)
        write(root, {"new.py": "def fresh():\n    pass\n"})
        until(lambda: "new.py" in one.view.paths)


def test_once_the_system_has_watches_again_it_is_watched(tmp_path: Path) -> None:
    tries: list[list[str]] = []

    def few_left(paths: list[str]) -> Notify:
        tries.append(paths)
        if len(tries) < 3:
            raise OSError(28, "No space left on device (inotify)")
        return notify(paths)

    root = tmp_path / "root"
    write(root, many(4))
    with index(root, tmp_path / "one.db", make=few_left) as one:
        until(lambda: len(tries) >= 3 and not one.status().message)
        write(root, {"new.py": "def fresh():\n    pass\n"})
        until(lambda: "new.py" in one.view.paths)


@pytest.mark.embedder
def test_another_model_that_is_installed_meanwhile_makes_all_vectors_anew(
    home_with_model: Paths, tmp_path: Path
) -> None:
    shipped = installed(home_with_model)
    assert shipped is not None
    intact = shipped.folder.resolve()
    home_with_model.models.unlink()
    folder = Path(shutil.copytree(intact, home_with_model.models / MODEL))
    write(tmp_path / "root", {"bill.py": "def total_of_bill():\n    return 1\n"})
    settings = msgspec.json.encode(ModelSettings()).decode()
    one = service.create(settings, *map(str, (home_with_model.data, home_with_model.config, home_with_model.log)))
    with closing(one):
        one.open(OpenRoots(roots=(str(tmp_path / "root"),)))
        until(lambda: one.status().roots[0].vectors == 1, "vectors")
        assert _embedder_of(one) == f"{shipped.name} texts {VERSION}"

        earlier = msgspec.structs.replace(shipped.manifest, graph="earlier")
        (folder / MANIFEST).write_bytes(msgspec.json.encode(earlier))
        one.find(asked("the sum of a bill"))

        until(lambda: one.status().roots[0].vectors == 1, "vectors of the other model")
        assert _embedder_of(one).endswith(f"+earlier texts {VERSION}")


def _embedder_of(one: Service) -> str:
    """Return whose vectors are stored."""
    with closing(sqlite3.connect(one.status().roots[0].file)) as database:
        ((name,),) = database.execute("SELECT value FROM meta WHERE key = 'embedder'")
    return bytes(name).decode()


def test_the_ignore_files_are_read_once_for_all_that_a_prompt_is_given(
    one: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a", many(5))
    one.open(OpenRoots(roots=(str(tmp_path / "a"),), vectors=False))
    ready(one)
    until(lambda: all(root.settled for root in one._roots.values()))  # pyright: ignore[reportPrivateUsage]
    judged: list[Path] = []
    of = FolderRules.of

    def counted(rules: IgnoreRules, folder: Path) -> FolderRules:
        judged.append(folder)
        return of(rules, folder)

    monkeypatch.setattr(FolderRules, "of", counted)
    gathered = one.gather(asked("Fix work_1 and work_3"))
    assert {"pkg1/mod1.py", "pkg3/mod3.py"} <= {piece.path for piece in gathered.pieces}
    assert len(judged) == 1
