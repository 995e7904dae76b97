"""A library imported without the modules that its packages only pass on."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from optafly.providers.sparing import forget, sparing

FILES = {
    "__init__.py": "from .shapes import Circle\nfrom ._late import late as late\nprint('never run')\n",
    "_late.py": "def late(): return 'late'\n",
    "shapes/__init__.py": (
        "# Generated.\nfrom __future__ import annotations\n\nfrom .circle import (\n    Circle as Circle,  # round\n"
        "    Disc as Plate,\n)\nfrom .square import Square\n\n__all__ = [\n    'Circle',\n]\n"
    ),
    "shapes/circle.py": "class Circle: pass\nclass Disc: pass\n",
    "shapes/square.py": "class Square: pass\n",
    "busy/__init__.py": "from ..shapes.square import Square\nREGISTERED = [Square]\n",
}


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, text in FILES.items():
        file = tmp_path / "sparedlib" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    yield
    forget("sparedlib")


def _modules() -> set[str]:
    return {name for name in sys.modules if name.startswith("sparedlib")}


def test_a_name_brings_in_its_module_when_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with sparing("sparedlib"):
        spared = importlib.import_module("sparedlib")
        assert _modules() == {"sparedlib"}
        assert spared.Circle.__name__ == "Circle"
    assert _modules() == {"sparedlib", "sparedlib.shapes", "sparedlib.shapes.circle"}
    assert spared.late() == "late"
    assert spared.shapes.Plate.__name__ == "Disc"
    assert capsys.readouterr().out == ""


def test_a_package_that_does_more_than_pass_names_on_is_run() -> None:
    with sparing("sparedlib"):
        busy = importlib.import_module("sparedlib.busy")
    assert [each.__name__ for each in busy.REGISTERED] == ["Square"]


def test_a_name_that_is_not_passed_on_is_not_there() -> None:
    with sparing("sparedlib"):
        spared = importlib.import_module("sparedlib")
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = spared.nothing


def test_what_was_forgotten_is_imported_whole(capsys: pytest.CaptureFixture[str]) -> None:
    with sparing("sparedlib"):
        importlib.import_module("sparedlib")
    forget("sparedlib")
    importlib.import_module("sparedlib")
    assert "sparedlib.shapes.square" in _modules()
    assert capsys.readouterr().out == "never run\n"
