"""Several roots at once: each file has one name among them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from fakes.indexing import until, write
from fakes.serving import asked, found, ready, serving
from optafly.context.service import Service
from optafly.context.wire import Complete, OpenRoots, Search
from optafly.domain import RecentEdit, Snapshot
from optafly.paths import Paths


@pytest.fixture
def one(home: Paths) -> Iterator[Service]:
    """The service in this process, with helper processes of its own; without a model."""
    with serving(home) as made:
        yield made


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


def test_names_are_completed_over_all_roots(one: Service, tmp_path: Path) -> None:
    write(tmp_path / "a", {"first.py": "class Widget:\n    pass\n"})
    write(tmp_path / "b", {"second.py": "class WidgetFactory:\n    pass\n"})
    one.open(OpenRoots(roots=(str(tmp_path / "a"), str(tmp_path / "b")), vectors=False))
    ready(one)
    symbols = one.complete(Complete(kind="symbol", text="Widg"))
    assert {hit.symbols[0].name for hit in symbols.hits} == {"Widget", "WidgetFactory"}
    assert [hit.path for hit in one.complete(Complete(kind="file", text="secon")).hits] == ["second.py"]


def test_of_a_root_that_cannot_be_read_no_more_is_expected(one: Service, tmp_path: Path) -> None:
    write(tmp_path / "a", {"first.py": "class Widget:\n    pass\n"})
    one.open(OpenRoots(roots=(str(tmp_path / "a"), str(tmp_path / "gone")), vectors=False))
    until(lambda: [root.state for root in one.status().roots] == ["ready", "failed"])
    completed = one.complete(Complete(kind="symbol", text="Widg"))
    assert ([hit.path for hit in completed.hits], completed.complete) == (["first.py"], True)


def test_no_root_takes_all_the_places_among_what_completes_a_name(one: Service, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(tmp_path / name, {f"{name}/page{n}.py": "" for n in range(5)})
    one.open(OpenRoots(roots=(str(tmp_path / "a"), str(tmp_path / "b")), vectors=False))
    ready(one)
    hits = one.complete(Complete(kind="file", text="page", limit=4)).hits
    assert [hit.path[0] for hit in hits] == ["a", "b", "a", "b"]


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
    (choice,) = ambiguous.choices
    assert {hit.path for hit in choice.candidates} == set(names)


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


def test_what_was_edited_lately_counts_in_its_own_root(one: Service, tmp_path: Path) -> None:
    """An editor puts the folder before a path that two folders have, and before no other."""
    roots = [tmp_path / "api", tmp_path / "web"]
    for root in roots:
        write(root, {f"src/part_{n}.py": f"def rate_{n}(country):\n    return {n}\n" for n in range(8)})
    write(roots[1], {"src/only.py": "def rate_9(country):\n    return 9\n"})
    one.open(OpenRoots(roots=tuple(map(str, roots)), vectors=False))
    ready(one)

    def best(edited: str) -> str:
        edit = RecentEdit(path=edited, start_line=0, end_line=1, at_s=1.0)
        snapshot = Snapshot(prompt="where is the rate of a country?", recent_edits=(edit,))
        hit = one.find(Search(snapshot=snapshot)).hits[0]
        assert any("edited" in reason for reason in hit.reasons), hit.reasons
        return f"{Path(hit.root).name}: {hit.path}"

    assert best("web/src/part_5.py") == "web: web/src/part_5.py"
    assert best("api/src/part_3.py") == "api: api/src/part_3.py"
    assert best("src/only.py") == "web: src/only.py"
    assert best(str(roots[0] / "src" / "part_6.py")) == "api: api/src/part_6.py"
