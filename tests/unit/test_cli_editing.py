"""Which program a person's editor is."""

from __future__ import annotations

from pathlib import Path

import pytest

from optafly.cli.editing import parts


def test_an_editor_may_have_arguments() -> None:
    assert parts("'my editor' --wait", windows=False) == ["my editor", "--wait"]


def test_on_windows_backslashes_part_folders() -> None:
    command = r'"C:\Program Files\Vim\vim.exe" -n'
    assert parts(command, windows=True) == [r"C:\Program Files\Vim\vim.exe", "-n"]


def test_on_windows_an_editor_is_found_by_its_name_but_never_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("project", "bin"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "code.cmd").touch()
        (tmp_path / folder / "code").touch()
    monkeypatch.chdir(tmp_path / "project")
    monkeypatch.setenv("PATH", f".;{tmp_path / 'bin'}")

    assert parts("code --wait", windows=True) == [str(tmp_path / "bin" / "code.cmd"), "--wait"]
    monkeypatch.setenv("PATH", ".")
    with pytest.raises(FileNotFoundError):
        parts("code --wait", windows=True)
