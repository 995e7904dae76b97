"""The stories in `stories-*.mjs`, told once by a real VS Code and a real browser; each is a test here.

`bash tests/e2e/install.sh` puts in place what they need. Pictures of every stage are in `artifacts/vscode`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from optafly.paths import user_paths

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CLIENT = ROOT / "client-vscode"
CACHE = Path(os.environ.get("OPTAFLY_TEST_CACHE") or Path.home() / ".cache" / "optafly-test")
MODELS = user_paths().models
STORIES = [
    title
    for file in sorted(HERE.glob("stories-*.mjs"))
    for title in re.findall(r'^  async "(.+?)"', file.read_text(encoding="utf-8"), re.MULTILINE)
]
LONGEST_S = 1200

pytestmark = [pytest.mark.vscode, pytest.mark.timeout(LONGEST_S + 60)]


def _unmet(reason: str) -> None:
    """Skip what cannot run here; with OPTAFLY_REQUIRE=1 fail instead."""
    if os.environ.get("OPTAFLY_REQUIRE") == "1":
        pytest.fail(f"OPTAFLY_REQUIRE=1, but {reason}", pytrace=False)
    pytest.skip(reason)


def _version(name: str) -> str:
    found = re.search(rf"^{name}=(\S+)$", (HERE / "install.sh").read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    return found[1]


def _chromium() -> str:
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), "")


def _package() -> Path:
    """Build the extension as it is released and return the .vsix."""
    if not (CLIENT / "node_modules").is_dir():
        _unmet("the client's npm packages are not installed (npm install in client-vscode)")
    shutil.rmtree(CLIENT / "server", ignore_errors=True)
    wheel = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(CLIENT / "server"), "."]
    subprocess.run(wheel, cwd=ROOT, check=True, capture_output=True, timeout=180)
    built = subprocess.run(
        ["npm", "run", "package"], cwd=CLIENT, capture_output=True, text=True, timeout=180, check=False
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return max(CLIENT.glob("*.vsix"), key=lambda path: path.stat().st_mtime)


def _environment(vsix: Path, home: Path) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OPTAFLY_", "ANTHROPIC_"))}
    return {
        **clean,
        "TMPDIR": str(home),
        "VSIX": str(vsix),
        "SAMPLE": str(ROOT / "server" / "optafly" / "demo" / "sample"),
        "SHOTS": str(ROOT / "artifacts" / "vscode"),
        "OPTAFLY": str(Path(sys.executable).with_name("optafly")),
        "PYTHON": sys.executable,
        "PLAYWRIGHT": str(CACHE / f"playwright-{_version('PLAYWRIGHT')}"),
        "CODE_SERVER": str(CACHE / "code-server"),
        "CHROMIUM": _chromium(),
        "MODELS": str(MODELS) if MODELS.is_dir() else "",
    }


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:  # Any: what JSON holds
    """Tell every story once and return how each went, by its title."""
    stamp = f".ok-{_version('CODE_SERVER')}-{_version('NODE_LINUX')}"
    if not (CACHE / "code-server" / stamp).exists():
        _unmet(f"code-server {_version('CODE_SERVER')} is not installed (bash tests/e2e/install.sh)")
    if not (CACHE / f"playwright-{_version('PLAYWRIGHT')}" / ".ok").exists():
        _unmet("playwright-core is not installed (bash tests/e2e/install.sh)")
    if not _chromium():
        _unmet("chromium is not installed (bash tests/e2e/install.sh)")
    environment = _environment(_package(), tmp_path_factory.mktemp("vscode"))
    process = subprocess.Popen(
        ["node", str(HERE / "tell.mjs")], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        out, complaints = process.communicate(timeout=LONGEST_S)
    except subprocess.TimeoutExpired:
        process.terminate()  # it stops what it started
        out, complaints = process.communicate(timeout=30)
    lines = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    assert lines, complaints
    return {line["story"]: line for line in lines}


@pytest.mark.parametrize("story", STORIES)
def test_in_vs_code(story: str, told: dict[str, dict[str, Any]]) -> None:
    assert story in told, "the stories ended before this one"
    assert told[story]["ok"], told[story]["error"]
