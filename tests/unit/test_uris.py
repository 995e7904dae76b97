"""Which file a URI names, on this system and on Windows."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optafly.privacy.ignored import IgnoreRules
from optafly.uris import file_name, name_of, path_of


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("file:///C:/a%20b/c.py", r"C:\a b\c.py"),
        ("file:///c%3A/a/c.py", r"C:\a\c.py"),  # as VS Code writes it
        ("file:///C|/a", r"C:\a"),
        ("file://c:/a", r"C:\a"),
        ("file:///C:", "C:\\"),
        ("file://host/share/a%20b.py", r"\\host\share\a b.py"),
        ("file:////host/share/a.py", r"\\host\share\a.py"),
        ("file://localhost/C:/a", r"C:\a"),
    ],
)
def test_windows_has_drives_and_shares(uri: str, name: str) -> None:
    assert file_name(uri, windows=True) == name


@given(st.from_regex(r"(?:[A-Z]:|\\\\[a-z]{1,9}\\[a-z$]{1,9})(?:\\[\w #%;()&+-]{1,9}\w){1,3}", fullmatch=True))
def test_what_windows_calls_a_file_comes_back_from_its_uri(name: str) -> None:
    uri = PureWindowsPath(name).as_uri()  # pyright: ignore[reportDeprecated] - Path.as_uri() is this system's alone
    assert file_name(uri, windows=True) == name


@pytest.mark.parametrize("name", ["50%25 of #1?.py", "größe.py", "a;b&c.py"])
def test_a_path_comes_back_from_its_uri(tmp_path: Path, name: str) -> None:
    assert path_of((tmp_path / name).as_uri()) == tmp_path / name


@pytest.mark.parametrize(
    "uri", ["untitled:Untitled-1", "https://a/b", "file://host/share/a", "file:///a%00b", "file:", "file://[", ""]
)
def test_what_is_no_file_here_has_no_path(uri: str) -> None:
    """A file on another machine is not the one of that path on this one."""
    assert file_name(uri, windows=False) is None


def test_what_is_ignored_is_ignored_under_every_uri(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("hidden dir/\n", encoding="utf-8")
    rules = IgnoreRules([tmp_path])
    uri = (tmp_path / "hidden dir" / "a.py").as_uri()
    for each in (uri, uri.replace("file://", "file://localhost"), uri.replace("a.py", "%61%2Epy")):
        path = path_of(each)
        assert path is not None
        assert rules.excludes(path) == "it is ignored by `.gitignore`"


@given(st.from_regex(r"file://(?:/[\w.~%#?;:-]{1,5}){0,4}/?", fullmatch=True) | st.text())
def test_a_plain_uri_is_read_as_any_other(uri: str) -> None:
    path = path_of(uri)
    assert name_of(uri) == (None if path is None else str(path))
