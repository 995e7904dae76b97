"""What every test shares: a home of its own, and what a test needs of this machine.

A test that needs more than Python says so with a marker. Where the need is not met the test is skipped with the
reason; with OPTAFLY_REQUIRE=1, as in CI, it fails instead.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from optafly.paths import Paths, user_paths

settings.register_profile("optafly", deadline=None)  # a busy machine must not fail a law
settings.load_profile("optafly")

REQUIRED = os.environ.get("OPTAFLY_REQUIRE") == "1"
USERS = user_paths()  # before any test has another home


def _missing_module(name: str) -> str | None:
    return None if importlib.util.find_spec(name) else f"{name} is not installed (pip install 'optafly[models]')"


def _missing_model() -> str | None:
    from optafly.models.install import installed

    return None if installed(USERS) else "the embedding model is not installed (optafly models install)"


def _missing_program(*names: str) -> str | None:
    return None if any(map(shutil.which, names)) else f"none of {', '.join(names)} is on the PATH"


NEEDS: dict[str, Callable[[], str | None]] = {
    "models": lambda: _missing_module("sentence_transformers"),
    "embedder": _missing_model,
    "neovim": lambda: _missing_program("nvim"),
    "vscode": lambda: (
        _missing_program("node")
        or _missing_program(os.environ.get("CHROMIUM") or "chromium", "chromium-browser", "google-chrome")
    ),
}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, or with OPTAFLY_REQUIRE=1 fail, a test whose needs are not met."""
    for marker, missing in NEEDS.items():
        if item.get_closest_marker(marker) is None:
            continue
        reason = missing()
        if reason is not None and REQUIRED:
            pytest.fail(f"OPTAFLY_REQUIRE=1, but {reason}", pytrace=False)
        if reason is not None:
            pytest.skip(reason)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """Give every test its own data, config and log directories, and no key of the person who runs it."""
    for name in [name for name in os.environ if name.startswith("OPTAFLY_") and name != "OPTAFLY_REQUIRE"]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)  # what that person ignores everywhere is no matter of a test
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("OPTAFLY_HOME", str(tmp_path / "home"))
    return user_paths()


@pytest.fixture
def home_with_model(home: Paths) -> Paths:
    """A home that has the embedding model of the person who runs the tests; mark the test `embedder`."""
    home.models.parent.mkdir(parents=True, exist_ok=True)
    home.models.symlink_to(USERS.models, target_is_directory=True)
    return home
