"""The server's log, which several servers write to at once."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from optafly.lsp import logs
from optafly.lsp.logs import PrivateFile


def record(number: int) -> logging.LogRecord:
    return logging.makeLogRecord({"msg": f"line {number}"})


def test_a_log_that_another_server_holds_open_is_written_on_where_windows_lets_nobody_rename_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(source: str, target: str) -> None:
        raise PermissionError(13, "The process cannot access the file", source)

    handler = PrivateFile(tmp_path / "server.log", maxBytes=20, backupCount=2, encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(logs.os, "replace", held)
        for number in range(6):
            handler.handle(record(number))
    assert (tmp_path / "server.log").read_text(encoding="utf-8").split("\n")[:6] == [f"line {n}" for n in range(6)]
    assert os.listdir(tmp_path) == ["server.log"]

    handler.handle(record(6))  # the other server has ended
    handler.close()
    assert (tmp_path / "server.log").read_text(encoding="utf-8") == "line 6\n"
    assert sorted(os.listdir(tmp_path)) == ["server.log", "server.log.1"]
