"""A real Neovim drives the server over stdio."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from lsp.speaker import SERVER, TIMEOUT_S
from optafly.demo.server import MessagesApi
from optafly.paths import Paths

SCRIPT = Path(__file__).with_name("neovim.lua")
DOCS = Path(__file__).parents[2] / "docs"


async def run_neovim(script: Path, folder: Path, scratch: Path, environment: dict[str, str]) -> tuple[str, Path]:
    """Run a script in Neovim; return what it said and the file it was told to write."""
    out = scratch / "out"
    neovim = await asyncio.create_subprocess_exec(
        *("nvim", "--headless", "--clean", "-n", "-S", str(script)),
        env={
            **os.environ,
            **environment,
            "OPTAFLY_TEST_SERVER": json.dumps(SERVER),
            "OPTAFLY_TEST_FILE": str(folder / "calc.py"),
            "OPTAFLY_TEST_OUT": str(out),
            "XDG_STATE_HOME": str(scratch),
            "XDG_CACHE_HOME": str(scratch),
        },
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await asyncio.wait_for(neovim.communicate(), 1.5 * TIMEOUT_S)
    finally:
        if neovim.returncode is None:
            neovim.kill()
    return said.decode(), out


@pytest.mark.neovim
async def test_neovim_refines_approves_by_code_action_and_hears_the_answer(
    folder: Path, tmp_path: Path, home: Paths, api: MessagesApi, asking: dict[str, str]
) -> None:
    said, out = await run_neovim(SCRIPT, folder, tmp_path, asking)

    assert out.is_file(), said
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


DRIVER = r"""
local out = vim.env.OPTAFLY_TEST_OUT
vim.cmd("edit " .. vim.fn.fnameescape(vim.env.OPTAFLY_TEST_FILE))
local waits = vim.wait
local function until_true(what, wanted)
  if not waits(30000, wanted, 20) then
    vim.fn.writefile({ "gave up on " .. what }, out)
    vim.cmd("qall!")
  end
end
local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
end
vim.cmd("1,2OptaFly fix this")
until_true("the review", function() return vim.api.nvim_buf_get_name(0):match("%.prompt%.md$") end)
local review = vim.api.nvim_get_current_buf()
local attached = vim.lsp.buf_get_clients(review)
local _, client = next(attached)
local here = { line = 0, character = 0 }
local asked = { textDocument = { uri = vim.uri_from_bufnr(review) }, context = { diagnostics = {} } }
asked.range = { start = here, ["end"] = here }
local found = client.request_sync("textDocument/codeAction", asked, 30000, review)
for _, action in ipairs(found.result) do
  if action.title == "OptaFly: Accept & Send" then
    client.request_sync("workspace/executeCommand", action.command, 30000, review)
  end
end
until_true("the answer", function() return text():match("# Answer") and text():match("_From claude") end)
vim.fn.writefile(vim.split(text(), "\n"), out)
vim.cmd("qall!")
"""


@pytest.mark.neovim
async def test_the_configuration_in_the_docs_walks_the_whole_road(
    folder: Path, tmp_path: Path, home: Paths, api: MessagesApi, asking: dict[str, str]
) -> None:
    config = (DOCS / "how-to" / "any-lsp-editor.md").read_text(encoding="utf-8").split("```lua\n")[1].split("```")[0]
    script = tmp_path / "script.lua"
    script.write_text(config + DRIVER, encoding="utf-8")
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "optafly").symlink_to(Path(sys.executable).with_name("optafly"))

    said, out = await run_neovim(
        script, folder, tmp_path, {**asking, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    )

    assert out.is_file(), said
    text = out.read_text(encoding="utf-8")
    assert "Status: answered." in text
    assert "fix this" in text
    assert "# Answer" in text, text
    assert len(api.requests) == 1
    assert len(list(home.reviews.glob("*.prompt.md"))) == 1
