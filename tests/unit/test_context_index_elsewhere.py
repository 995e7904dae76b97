"""What Windows and macOS have in a folder beside files and folders: the marks that they give it, seen from here."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from optafly.context.index import files, walk
from optafly.context.index.looking import inside
from optafly.context.index.walk import Walk, is_elsewhere, is_link, leads_away
from optafly.privacy.ignored import IgnoreRules


def status(mode: int = stat.S_IFREG, **marks: int) -> os.stat_result:
    """What the system says of something with these marks."""
    return cast(os.stat_result, SimpleNamespace(st_mode=mode, **marks))


def test_a_junction_is_a_link_though_python_takes_it_for_a_folder() -> None:
    assert leads_away(status(stat.S_IFDIR, st_reparse_tag=0xA0000003))
    assert not leads_away(status(stat.S_IFDIR, st_reparse_tag=0x9000001A))  # a folder of OneDrive
    assert not leads_away(status(stat.S_IFDIR))


@pytest.mark.parametrize("has_junctions", [True, False])
def test_a_folder_is_looked_at_once_more_only_where_there_are_junctions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_junctions: bool
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/one.py").touch()

    def folders(status: os.stat_result) -> bool:
        return stat.S_ISDIR(status.st_mode)

    monkeypatch.setattr(walk, "leads_away", folders)
    monkeypatch.setattr(walk, "_HAS_JUNCTIONS", has_junctions)
    found = Walk(tmp_path, IgnoreRules([tmp_path])).whole()
    assert list(found.files) == ([] if has_junctions else ["folder/one.py"])


def test_a_link_is_one_on_every_system(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    assert is_link(str(tmp_path / "link"))
    assert not is_link(str(tmp_path))
    assert not is_link(str(tmp_path / "nothing"))


@pytest.mark.parametrize("marks", [{"st_file_attributes": 0x00400000}, {"st_flags": 0x40000000}])
def test_what_would_be_downloaded_is_not_read(marks: dict[str, int]) -> None:
    assert is_elsewhere(status(**marks))
    assert not is_elsewhere(status(**dict.fromkeys(marks, 0x20)))  # what every other file may have


def test_what_lies_in_the_cloud_alone_is_named_and_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here.py").write_bytes(b"x = 1\n")
    (tmp_path / "away.py").write_bytes(b"y = 12\n")

    def of_seven_bytes(status: os.stat_result) -> bool:
        return status.st_size == 7

    monkeypatch.setattr(walk, "is_elsewhere", of_seven_bytes)
    found = Walk(tmp_path, IgnoreRules([tmp_path])).whole()
    assert list(found.files) == ["here.py"]
    assert found.skipped == {"away.py": "it is in the cloud alone"}


def test_a_folder_is_no_file_also_where_the_system_says_that_access_is_denied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(path: Path) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(files, "_open", denied)
    assert files.read(tmp_path) is None
    (tmp_path / "file").touch()
    raw = files.read(tmp_path / "file")
    assert raw is not None
    assert raw.reason == "it cannot be read: Permission denied"


def test_what_lies_in_a_whole_drive_is_known_to_lie_there(tmp_path: Path) -> None:
    """The name of a drive ends with the separator already, as that of `/` does."""
    drive = Path(tmp_path.anchor)
    assert inside(os.path.join(drive, "src", "a.py"), drive) == "src/a.py"
    assert inside(os.path.join(tmp_path, "src", "a.py"), tmp_path) == "src/a.py"
    assert inside(f"{tmp_path}2{os.sep}a.py", tmp_path) is None
