"""Measure the index of a workspace of 10,000 source files, as a person meets it: through the road's own worker.

    python tests/bench/context_index.py                      # a workspace that is made up
    python tests/bench/context_index.py ~/src/some-project   # files of folders, or of bare git repositories
    python tests/bench/context_index.py --files 2000 --no-vectors --json

Files are copied and varied until there are enough; 5,000 commits on them are made up. Each figure says what it is and
what was promised. `git grep` over the same files is measured beside it: what a search costs without an index. Other
programs on the machine lengthen every figure but those of processor time, which are the worker's and its helpers'.
Needs the embedding model for the vectors.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Iterator
from pathlib import Path

import msgspec
from loop_stall import Stalls
from many_commits import commit_often

from optafly.config import Config, ContextSettings
from optafly.context.outline.languages import kind_of, language_of
from optafly.context.wire import Complete, Search
from optafly.domain import Document, Snapshot
from optafly.paths import Paths, user_paths
from optafly.pipeline.workspace import Workspace

COMMITS = 5_000
QUERIES = (
    "fix the parser when the input is empty",
    "where are settings loaded and merged",
    "the cache returns stale entries after an update",
    "add a timeout to the network client",
    "rename the handler and update its callers",
    "why does the request fail with a decode error",
    "make the scheduler skip disabled jobs",
    "Fix this bug",
)
VERBS = (
    "load",
    "parse",
    "merge",
    "read",
    "write",
    "fetch",
    "build",
    "render",
    "check",
    "find",
    "apply",
    "index",
    "route",
)
NOUNS = (
    "config",
    "request",
    "token",
    "cache",
    "entry",
    "handler",
    "user",
    "order",
    "session",
    "buffer",
    "page",
    "query",
)


class Figure(msgspec.Struct, frozen=True):
    """One thing that was measured; `at_most` is what was promised, None where nothing was."""

    name: str
    value: float
    unit: str
    at_most: float | None = None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="*", type=Path, help="folders or bare git repositories to take files from")
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--no-vectors", action="store_true")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="optafly-bench-") as name:
        home = Path(name)
        texts = list(_texts(asked.source))
        if not texts:
            parser.error(
                f"{', '.join(map(str, asked.source))}: no source files there; give folders or git repositories"
            )
        make_workspace(home / "work", texts, asked.files)
        figures = asyncio.run(measure(home, vectors=not asked.no_vectors, queries=asked.queries))
    if asked.json:
        print(json.dumps([msgspec.to_builtins(each) for each in figures], indent=1))
        return
    for each in figures:
        verdict = (
            ""
            if each.at_most is None
            else f"  promised: {each.at_most:g}{'' if each.value <= each.at_most else '  MISSED'}"
        )
        print(f"{each.name:<58}{each.value:>12,.2f} {each.unit:<6}{verdict}")


# --- the workspace ---


def _texts(sources: list[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield source files of folders and repositories, or made-up ones."""
    for source in sources:
        if (source / "HEAD").is_file() and not (source / ".git").exists():
            yield from _in_repository(source)
        else:
            for path in sorted(source.rglob("*")):
                name = path.relative_to(source).as_posix()
                if path.is_file() and not path.is_symlink() and _is_source(name):
                    yield name, path.read_bytes()
    if not sources:
        chance = random.Random(7)
        for number in range(1_000):
            yield _made_up(chance, number)


def _in_repository(source: Path) -> Iterator[tuple[str, bytes]]:
    def git(*arguments: str, given: bytes = b"") -> bytes:
        return subprocess.run(
            ["git", "-C", str(source), *arguments], check=True, capture_output=True, input=given
        ).stdout

    found = [line.partition("\t") for line in git("ls-tree", "-r", "-z", "HEAD").decode(errors="replace").split("\0")]
    wanted = [(path, head.split()[2]) for head, _, path in found if head.startswith("100") and _is_source(path)]
    data = git("cat-file", "--batch", given="\n".join(blob for _, blob in wanted).encode())
    at = 0
    for path, _ in wanted:
        head, at = data[at : data.index(b"\n", at)].split(), data.index(b"\n", at) + 1
        if head[1] != b"missing":  # as in a repository that is not whole
            yield path, data[at : at + int(head[2])]
            at += int(head[2]) + 1


def _is_source(path: str) -> bool:
    return kind_of(path) in ("source", "test") and language_of(path) != "plaintext"


def _made_up(chance: random.Random, number: int) -> tuple[str, bytes]:
    """Return a module of about 8 KB: imports, classes, methods with docstrings and bodies."""

    def word() -> str:
        return f"{chance.choice(VERBS)}_{chance.choice(NOUNS)}"

    lines = [f'"""{word().replace("_", " ").capitalize()} for part {number}."""', "", "import os", "import json"]
    lines += [f"from part{chance.randrange(40)}.module{chance.randrange(1000)} import {word()}" for _ in range(5)]
    for kind in range(chance.randrange(1, 5)):
        lines += ["", "", f"class {chance.choice(NOUNS).title()}{number}_{kind}:", f'    """Keep {word()}."""']
        for at in range(chance.randrange(3, 9)):
            lines += ["", f"    def {word()}_{at}(self, {chance.choice(NOUNS)}, limit={chance.randrange(99)}):"]
            lines += [f'        """{word().replace("_", " ").capitalize()} and {word().replace("_", " ")}."""']
            for _ in range(chance.randrange(3, 10)):
                lines += [
                    f"        {chance.choice(NOUNS)} = self.{word()}({chance.choice(NOUNS)}, {chance.randrange(999)})"
                ]
            lines += [f"        return {chance.choice(NOUNS)}"]
    return f"part{number % 40}/module{number}.py", "\n".join(lines).encode()


def make_workspace(root: Path, texts: list[tuple[str, bytes]], count: int) -> None:
    """Write `count` files, copies with a name and a line of their own where there are too few; and commits."""
    for number in range(count):
        name, data = texts[number % len(texts)]
        copy = number // len(texts)
        path = root / (f"copy{copy}/{name}" if copy else name)
        path.parent.mkdir(parents=True, exist_ok=True)
        mark = f"_{copy}".encode()
        path.write_bytes(data.replace(b"_", mark, 40) if copy else data)
    shutil.rmtree(root / ".git", ignore_errors=True)
    commit_often(root, [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()], COMMITS)
    old = time.time() - 100  # as in a workspace that was there yesterday
    for folder, _, names in os.walk(root):
        for each in names:
            os.utime(Path(folder, each), (old, old))


# --- the measuring ---


async def measure(home: Path, *, vectors: bool, queries: int) -> list[Figure]:
    """Index, ask, edit and open again; return every figure."""
    root = home / "work"
    paths = Paths(data=home / "data", config=home / "config", log=home / "log")
    if vectors and (models := user_paths().models).exists():
        paths.data.mkdir()
        paths.models.symlink_to(models, target_is_directory=True)
    config = Config(context=ContextSettings(vectors=vectors))
    stalls = Stalls()
    watching = asyncio.create_task(stalls.watch())
    await asyncio.sleep(1.5)
    figures = _stall(stalls, "idle", None)
    workspace = Workspace(paths, lambda folder: config, gather_s=30.0)
    figures += await _first(workspace, root, stalls, vectors=vectors)
    figures += _stall(stalls, "while indexing", 10.0)
    figures += await _asked(workspace, root, queries)
    figures += await _edited(workspace, root)
    status = await workspace.status()
    figures += [
        Figure("index on disk", status.roots[0].disk_bytes / 2**20, "MB"),
        Figure("resident memory of the worker and its helpers", (status.rss_bytes or 0) / 2**20, "MB"),
    ]
    await workspace.close()
    stalls.take("what this script itself did")
    await asyncio.sleep(2.1)  # what was edited just now is settled when it is opened again
    for name, at_most in (("open again after edits", None), ("open again, nothing changed", 2.0)):
        workspace = Workspace(paths, lambda folder: config, gather_s=30.0)
        began = time.perf_counter()
        await _until(workspace, root, ("ready", "lexical"))
        figures.append(Figure(name, time.perf_counter() - began, "s", at_most))
        figures.append(Figure(f"{name}, processor time", _used_s(workspace), "s"))
        await workspace.close()
    figures += _stall(stalls, "while opening again", 10.0)
    watching.cancel()
    return [*figures, *_grep(root)]


async def _first(workspace: Workspace, root: Path, stalls: Stalls, *, vectors: bool) -> list[Figure]:
    began = time.perf_counter()
    status = await _until(workspace, root, ("lexical", "ready"))
    figures = [
        Figure("files", status.files, ""),
        Figure("symbols", status.symbols, ""),
        Figure("first index, words and symbols", time.perf_counter() - began, "s", 60.0),
        Figure("first index, words and symbols, processor time", _used_s(workspace), "s"),
    ]
    if vectors:
        waits: list[float] = []
        while (status := (await workspace.status()).roots[0]).state != "ready":
            asked = time.perf_counter()
            await workspace.find(Search(snapshot=Snapshot(prompt=QUERIES[len(waits) % len(QUERIES)])))
            waits.append((time.perf_counter() - asked) * 1000)
            await asyncio.sleep(1.0)
        figures.append(Figure("first index, vectors too", time.perf_counter() - began, "s", 300.0))
        figures.append(Figure("first index, vectors too, processor time", _used_s(workspace), "s"))
        figures.append(Figure("vectors", status.vectors, ""))
        figures += _spread("query while vectors are being made", waits, None, None)
    return figures


async def _asked(workspace: Workspace, root: Path, count: int) -> list[Figure]:
    names = subprocess.run(
        ["git", "-C", str(root), "ls-files"], check=True, capture_output=True, text=True
    ).stdout.split()
    chance = random.Random(3)

    def search(number: int) -> Search:
        path = chance.choice(names)
        active = Document(path=path, uri=(root / path).as_uri(), language=language_of(path), text="")
        return Search(snapshot=Snapshot(prompt=f"{QUERIES[number % len(QUERIES)]} {number}", active=active))

    for number in range(10):
        await workspace.find(search(number))
    figures: list[Figure] = []
    found: list[float] = []
    gathered: list[float] = []
    completed: list[float] = []
    for number in range(count):
        found.append(await _took_ms(workspace.find(search(number))))
        gathered.append(await _took_ms(workspace.gather(search(number))))
        begun = Complete(kind="symbol", text=chance.choice(NOUNS)[:4])
        completed.append(await _took_ms(workspace.complete(begun)))
    figures += _spread("query, embedding included", found, 30.0, 80.0)
    figures += _spread("query and packing", gathered, None, None)
    return figures + _spread("completion of a symbol", completed, None, None)


async def _edited(workspace: Workspace, root: Path) -> list[Figure]:
    """Measure how long an edit on the disk takes to be found, nobody saying so; and what many files at once take."""
    files = sorted(
        path
        for path in root.rglob("*.*")
        if ".git" not in path.parts and path.suffix in (".py", ".go", ".js", ".ts", ".rs")
    )
    waits: list[float] = []
    for number in range(10):
        name, path = f"freshly_made_{number}", files[number * 37 % len(files)]
        mark = {".py": f"\ndef {name}():\n    pass\n", ".go": f"\nfunc {name}() {{}}\n", ".rs": f"\nfn {name}() {{}}\n"}
        before = path.read_bytes()
        began = time.perf_counter()
        path.write_bytes(before + mark.get(path.suffix, f"\nfunction {name}() {{}}\n").encode())
        while name not in await _named(workspace, name):
            assert time.perf_counter() - began < 30, path
            await asyncio.sleep(0.005)
        waits.append((time.perf_counter() - began) * 1000)
    figures = _spread("an edit is found after", waits, 200.0, None)
    for path in files[:1_000]:
        path.write_bytes(path.read_bytes().replace(b"_", b"__", 3))
    (files[0].parent / "last_of_all.py").write_text("def last_of_all():\n    pass\n")
    began = time.perf_counter()
    while "last_of_all" not in await _named(workspace, "last_of_all"):  # noqa: ASYNC110  another process knows
        await asyncio.sleep(0.01)
    await _until(workspace, root, ("lexical", "ready"))
    return [*figures, Figure("1,000 changed files are found after", time.perf_counter() - began, "s")]


async def _named(workspace: Workspace, name: str) -> list[str]:
    found = await workspace.complete(Complete(kind="symbol", text=name, limit=1))
    return [hit.symbols[0].name.rpartition(".")[2] for hit in found.hits]


async def _until(workspace: Workspace, root: Path, states: tuple[str, ...]):
    status = await workspace.open((str(root),))
    while status.roots[0].state not in states:
        assert status.roots[0].state != "failed", status
        await asyncio.sleep(0.01)
        status = await workspace.status()
    return status.roots[0]


async def _took_ms(asked: Awaitable[object]) -> float:
    began = time.perf_counter()
    await asked
    return (time.perf_counter() - began) * 1000


def _grep(root: Path) -> list[Figure]:
    """Measure what a search costs without an index."""

    waits: list[float] = []
    for word in (*VERBS[:5], *NOUNS[:5]):
        began = time.perf_counter()
        subprocess.run(["git", "-C", str(root), "grep", "-c", "-i", word], check=False, capture_output=True)
        waits.append((time.perf_counter() - began) * 1000)
    return _spread("for comparison: git grep of one word", waits, None, None)


def _spread(name: str, values_ms: list[float], p50: float | None, p99: float | None) -> list[Figure]:
    ordered = sorted(values_ms) or [0.0]
    last = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return [
        Figure(f"{name}, p50", statistics.median(ordered), "ms", p50),
        Figure(f"{name}, p99", last, "ms", p99),
    ]


def _used_s(workspace: Workspace) -> float:
    """Return the processor time of the worker and its helpers until now, which other programs do not change."""
    assert workspace.worker.pid
    worker = workspace.worker.pid
    tasks = Path(f"/proc/{worker}/task")
    ids = [worker, *(int(each) for task in tasks.iterdir() for each in _words(task / "children"))]
    return sum(int(each) for id_ in ids for each in _words(Path(f"/proc/{id_}/stat"))[13:17]) / os.sysconf("SC_CLK_TCK")


def _words(file: Path) -> list[str]:
    try:
        return file.read_text().split()
    except OSError:  # it ended meanwhile
        return ["0"] * 20 if file.name == "stat" else []


def _stall(stalls: Stalls, when: str, at_most: float | None) -> list[Figure]:
    found = stalls.take("x")
    return [
        Figure(f"longest stall of the front's loop, {when}", found["x_stall_ms"], "ms"),
        Figure(f"longest stall by its own work, {when}", found["x_own_stall_ms"], "ms", at_most),
    ]


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main()
