"""A real Neovim drives the server over stdio."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest

from lsp.speaker import SERVER, TIMEOUT_S
from optafly.demo.server import MessagesApi
from optafly.paths import Paths

SCRIPT = Path(__file__).with_name("neovim.lua")


@pytest.mark.neovim
async def test_neovim_refines_approves_by_code_action_and_hears_the_answer(
    folder: Path, tmp_path: Path, home: Paths, api: MessagesApi, asking: dict[str, str]
) -> None:
    out = tmp_path / "heard.json"
    environment = {
        **os.environ,
        **asking,
        "OPTAFLY_TEST_SERVER": json.dumps(SERVER),
        "OPTAFLY_TEST_FILE": str(folder / "calc.py"),
        "OPTAFLY_TEST_OUT": str(out),
        "XDG_STATE_HOME": str(tmp_path),
        "XDG_CACHE_HOME": str(tmp_path),
    }

    neovim = await asyncio.create_subprocess_exec(
        *("nvim", "--headless", "--clean", "-n", "-S", str(SCRIPT)),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await asyncio.wait_for(neovim.communicate(), 2 * TIMEOUT_S)
    finally:
        if neovim.returncode is None:
            neovim.kill()

    assert out.is_file(), said.decode()
    heard = json.loads(out.read_text(encoding="utf-8"))
    assert "problem" not in heard
    assert heard["answer"]["kind"] == "done"
    assert heard["answer"]["answer"]["source"] == "provider"
    assert heard["state"] == "accepted"
    assert "return a - b" in heard["refined"]
    assert heard["proposals"] >= 2
    assert heard["deltas"] >= 1
    assert heard["messages"] == []
    assert len(api.requests) == 1
    assert len(list(home.reviews.glob("*.prompt.md"))) == 1
