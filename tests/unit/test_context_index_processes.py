"""The indexer killed, or beside another one: what was read stays, and somebody goes on."""

from __future__ import annotations

import time
from pathlib import Path

from fakes.indexing import index, many, until, write
from fakes.serving import begun
from optafly.context import service

KILLS = 8


def test_killed_at_any_moment_it_goes_on_where_it_was(tmp_path: Path) -> None:
    root, home = tmp_path / "root", tmp_path / "home"
    count = 700
    write(root, many(count))
    for kill in range(KILLS):
        process = begun(root, home, count)
        assert process.stdout
        process.stdout.readline()
        time.sleep(0.1 + 0.15 * kill)
        process.kill()
        process.wait()
        process.stdout.close()
    process = begun(root, home, count)
    assert process.stdout
    until(lambda: process.stdout is not None and process.stdout.readline() == "ready\n")
    process.kill()
    process.wait()
    process.stdout.close()
    (file,) = (home / "index").glob("*.db")
    with index(root, file, parameters=service.parameters()) as one:
        assert one.status().files == count
        assert one.status().message == ""


def test_where_the_writer_is_killed_another_process_takes_over(tmp_path: Path) -> None:
    root, home = tmp_path / "root", tmp_path / "home"
    write(root, many(30))
    process = begun(root, home, 30)
    assert process.stdout
    until(lambda: process.stdout is not None and process.stdout.readline() == "ready\n")
    (file,) = (home / "index").glob("*.db")
    with index(root, file, parameters=service.parameters()) as one:
        assert (one.role, one.status().files) == ("follower", 30)
        process.kill()
        process.wait()
        process.stdout.close()
        until(lambda: one.role == "writer")
        write(root, {"after.py": "def after():\n    pass\n"})
        until(lambda: "after.py" in one.view.paths)
