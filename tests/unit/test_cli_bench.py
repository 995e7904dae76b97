"""`optafly bench road`: that it measures what it says; how fast it is, the bench itself tells."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import pytest

from optafly.cli import bench_cached, bench_road, exits
from optafly.cli.bench_client import Client
from optafly.cli.main import main
from optafly.errors import OptaflyError
from optafly.paths import Paths

ECHO = """
import json, sys
def read():
    length = int(sys.stdin.buffer.readline().split(b":")[1])
    sys.stdin.buffer.readline()
    return json.loads(sys.stdin.buffer.read(length))
def write(message):
    body = json.dumps(message).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\\r\\n\\r\\n" % len(body) + body)
    sys.stdout.buffer.flush()
while (message := read())["method"] != "exit":
    if message["method"] == "ask":
        write({"jsonrpc": "2.0", "method": "note", "params": {"n": 1}})
        write({"jsonrpc": "2.0", "id": "theirs", "method": "workspace/configuration", "params": {}})
        answered = read()
        write({"jsonrpc": "2.0", "id": message["id"], "result": answered})
    elif message["method"] == "fail":
        write({"jsonrpc": "2.0", "id": message["id"], "error": {"code": -1, "message": "no"}})
    elif "id" in message:
        write({"jsonrpc": "2.0", "id": message["id"], "result": None})
"""


def test_the_client_answers_the_server_and_keeps_notifications_for_later(tmp_path: Path) -> None:
    with Client([sys.executable, "-c", ECHO], {}, tmp_path) as client:
        assert client.request("ask", {}) == {"jsonrpc": "2.0", "id": "theirs", "result": None}
        assert client.wait_for("note", lambda params: params["n"] == 1) == {"n": 1}
        with pytest.raises(RuntimeError, match="fail: no"):
            client.request("fail", {})


def test_a_server_that_ends_is_told_from_one_that_is_slow(tmp_path: Path) -> None:
    with (
        Client([sys.executable, "-c", "pass"], {}, tmp_path) as client,
        pytest.raises((RuntimeError, OSError)),
    ):
        client.request("anything", {})


def test_the_file_of_the_bench_has_2000_lines_and_an_edit_changes_one() -> None:
    source = bench_road.Source(1)
    before = source.text.splitlines()
    after = source.edit(3).splitlines()
    assert len(before) == len(after) == bench_road.FILE_LINES
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1
    compile(source.text, "totals.py", "exec")


def test_without_the_model_it_says_what_to_do() -> None:
    with pytest.raises(OptaflyError, match="optafly models install"):
        bench_road.measure(lambda _: None)


@pytest.mark.embedder
def test_it_prints_one_json_object_with_every_number_measured(
    home_with_model: Paths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("STARTS", "REFINEMENTS", "COLD_REFINEMENTS", "GATHERINGS", "RPC_REFINEMENTS", "ROUND_TRIPS"):
        monkeypatch.setattr(bench_road, name, 2)
    monkeypatch.setattr(bench_cached, "WANTED", 2)
    assert main(["bench", "road", "--json"]) == exits.OK
    numbers = json.loads(capsys.readouterr().out)
    assert set(numbers) == set(bench_road.Numbers.__struct_fields__)
    measured = {name: value for name, value in numbers.items() if name.endswith(("_ms", "_mb"))}
    assert all(math.isfinite(value) and value > 0 for value in measured.values()), measured
    assert not home_with_model.database.exists()  # it measured in a home of its own
