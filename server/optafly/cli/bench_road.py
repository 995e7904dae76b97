"""The numbers of `optafly bench road`, and how each is measured.

`initialize_ms`: start of the process to the answer of `initialize`, median of 10; `pygls_initialize_ms` the same for
a bare pygls server, in turn. `refine_*`: in this process, all that a proposal takes but the cache and the database
(masking, context, refinement, route, digest), for a prompt about a 2,000-line Python file in which one line was
edited since the last time and that was prepared, as the server does when somebody types; `refine_cold_*` about a file
never seen before and not prepared. `gather_*`: what the index of the workspace adds to that, and `refine_*` leaves
out: sending it the edit and having the code that goes with the prompt. `refine_rpc_*`, gathering included:
`optafly.refine` over JSON-RPC on the file edited just before, stored and looked up in the cache, in a server that has
answered once. `cached_*`: `optafly.approve` with `send`, to the `done` event, where the answer is served by meaning;
`cached_exact_*` where the words are the same; `cached_with_refine_*` adds the refinement before it, in which the prompt
is embedded and code is gathered. RSS is what the system reports after all that, in MB of 2^20 bytes.
"""

from __future__ import annotations

import asyncio
import math
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from optafly.cache.cache import Cache
from optafly.cache.wire import FACTORY as MODELS
from optafly.cli.bench_cached import OpenFile, cached
from optafly.cli.bench_client import Client
from optafly.cli.indexing import wait, whole
from optafly.cli.processes import Process, running
from optafly.config import CacheSettings, Config
from optafly.context.wire import FACTORY as INDEXER
from optafly.context.wire import Search
from optafly.demo.server import SIMULATED_KEY, MessagesApi
from optafly.domain import Document, Folder, Position, Range, Snapshot
from optafly.errors import OptaflyError
from optafly.paths import Paths, user_paths
from optafly.pipeline.drafting import Drafter
from optafly.pipeline.workspace import ANSWER_S, Workspace
from optafly.storage import Database

STARTS = 10
REFINEMENTS = 300
COLD_REFINEMENTS = 100
GATHERINGS = 100
RPC_REFINEMENTS = 100
ROUND_TRIPS = 300
FILE_LINES = 2_000
PROMPT = "why does this give the wrong total?"

BARE_PYGLS = """
from pygls.lsp.server import LanguageServer
server = LanguageServer("bare", "1")
server.feature("bench/echo")(lambda params: None)
server.start_io()
"""


class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """What `optafly bench road --json` prints."""

    initialize_ms: float
    refine_p50_ms: float
    refine_p99_ms: float
    refine_cold_p50_ms: float
    refine_cold_p99_ms: float
    gather_p50_ms: float
    gather_p99_ms: float
    refine_rpc_p50_ms: float
    refine_rpc_p99_ms: float
    cached_p50_ms: float
    cached_p99_ms: float
    cached_exact_p50_ms: float
    cached_exact_p99_ms: float
    cached_with_refine_p50_ms: float
    cached_with_refine_p99_ms: float
    front_rss_mb: float
    models_rss_mb: float
    indexer_rss_mb: float
    pygls_initialize_ms: float
    pygls_round_trip_ms: float
    python: str
    cpu_count: int
    system: str


def measure(say: Callable[[str], None]) -> Numbers:
    """Measure everything. Raises OptaflyError where the embedding model is missing or an answer is not as expected."""
    with tempfile.TemporaryDirectory(prefix="optafly-bench-", ignore_cleanup_errors=True) as name, MessagesApi() as api:
        home, project = Path(name) / "home", Path(name) / "project"
        project.mkdir()
        environment = _environment(home, api.url)
        say(f"starting servers, {STARTS} times each")
        numbers = _starts(environment, project)
        say(f"refining {REFINEMENTS} times in this process")
        numbers |= _refinements(project)
        say(f"gathering {GATHERINGS} times from the index")
        numbers |= asyncio.run(_gatherings(home, project))
        say(f"refining {RPC_REFINEMENTS} times over JSON-RPC")
        numbers |= _over_rpc(environment, project, say)
    machine = {"python": platform.python_version(), "cpu_count": os.cpu_count(), "system": platform.platform()}
    return msgspec.convert(numbers | machine, Numbers)


def _environment(home: Path, url: str) -> dict[str, str]:
    models = user_paths().models
    if not models.exists():
        raise OptaflyError("The embedding model is missing.", todo="Run `optafly models install`.")
    (home / "data").mkdir(parents=True)
    (home / "data" / "models").symlink_to(models.resolve(), target_is_directory=True)
    own = {name: value for name, value in os.environ.items() if not name.startswith(("OPTAFLY_", "ANTHROPIC_"))}
    return own | {"OPTAFLY_HOME": str(home), "OPTAFLY_CLAUDE_BASE_URL": url, "ANTHROPIC_API_KEY": SIMULATED_KEY}


def _server() -> list[str]:
    return [sys.executable, "-m", "optafly.cli.main", "lsp"]


def _starts(environment: dict[str, str], project: Path) -> dict[str, float]:
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(STARTS):
        with Client(_server(), environment, project) as client:
            ours.append(client.initialize(project))
        with Client([sys.executable, "-c", BARE_PYGLS], environment, project) as client:
            bare.append(client.initialize(project))
    with Client([sys.executable, "-c", BARE_PYGLS], environment, project) as client:
        client.initialize(project)
        trips = [_timed(lambda: client.request("bench/echo", {})) for _ in range(ROUND_TRIPS)]
    return {
        "initialize_ms": _rounded(statistics.median(ours)),
        "pygls_initialize_ms": _rounded(statistics.median(bare)),
        "pygls_round_trip_ms": _rounded(statistics.median(trips)),
    }


def _refinements(project: Path) -> dict[str, float]:
    return asyncio.run(_drafts(project))


async def _drafts(project: Path) -> dict[str, float]:
    config = Config(cache=CacheSettings(enabled=False))
    drafter = Drafter(lambda _: config, Cache(Database(project / "never-opened.db")))
    edited = Source(0)
    warm: list[float] = []
    cold: list[float] = []
    for number in range(REFINEMENTS + 10):
        snapshot = _snapshot(project / "totals.py", edited.edit(number), number)
        if snapshot.active is not None:
            await drafter.prepare(snapshot.active, None)
        warm.append(await _drafted(drafter, snapshot))
    for number in range(COLD_REFINEMENTS):
        cold.append(await _drafted(drafter, _snapshot(project / f"totals_{number}.py", Source(number).text, number)))
    drafter.close()
    return {**_named("refine", warm[10:]), **_named("refine_cold", cold)}  # the first load grammars and patterns


async def _drafted(drafter: Drafter, snapshot: Snapshot) -> float:
    """Return the milliseconds that a proposal takes in this process."""
    started = time.perf_counter()
    await drafter.draft(snapshot)
    return (time.perf_counter() - started) * 1000


async def _gatherings(home: Path, project: Path) -> dict[str, float]:
    """Edit and gather with the worker, model and all; a workspace of one large file, where the edit is the dearest."""
    source, file = Source(0), project / "totals.py"
    file.write_text(source.text, encoding="utf-8")
    paths = Paths(data=home / "data", config=home / "config", log=home / "log")
    workspace = Workspace(paths, lambda _: Config(), gather_s=ANSWER_S)
    samples: list[float] = []
    try:
        await wait(workspace, project, whole, at_most_s=ANSWER_S)
        for number in range(GATHERINGS + 5):
            text = source.edit(number)
            search = Search(snapshot=_snapshot(file, text, number))
            started = time.perf_counter()
            sending = asyncio.create_task(workspace.overlay(str(file), text))
            await asyncio.sleep(0)
            if await workspace.gather(search) is None:
                raise OptaflyError("The index gave no answer.", todo="Run `optafly doctor`.")
            samples.append((time.perf_counter() - started) * 1000)
            await sending
    finally:
        await workspace.close()
    return _named("gather", samples[5:])


def _snapshot(file: Path, text: str, number: int) -> Snapshot:
    line = _line(number)
    return Snapshot(
        prompt=PROMPT,
        active=Document(path=file.name, uri=file.as_uri(), language="python", text=text, version=number),
        cursor=Position(line=line, character=8),
        selection=Range(start=Position(line=line, character=0), end=Position(line=line + 2, character=0)),
        folders=(Folder(name=file.parent.name, path=str(file.parent)),),
    )


class Source:
    """Python of `FILE_LINES` lines that no other `seed` has."""

    def __init__(self, seed: int) -> None:
        self._rows = "".join(
            f"def total_{index}(rows: list[int], rate: float) -> float:\n"
            f'    """Add up the rows of {seed} and take the rate."""\n'
            "    total = 0\n"
            "    for row in rows:\n"
            "        if row > 0:\n"
            f"            total += row * {index}\n"
            "    return total * rate\n"
            "\n\n"
            f"LIMIT_{index} = {seed + index}\n"
            for index in range(FILE_LINES // 10)
        ).splitlines(keepends=True)

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self._rows)

    def edit(self, number: int) -> str:
        """Change one line, as a person would between two prompts, and return the whole text."""
        self._rows[_line(number) + 1] = f"            total += row * {number + 7_000}\n"
        return self.text


def _line(number: int) -> int:
    """Return a line (0-based) inside a function, another one for every `number`."""
    return number * 370 % FILE_LINES + 4


def _over_rpc(environment: dict[str, str], project: Path, say: Callable[[str], None]) -> dict[str, float]:
    with Client(_server(), environment, project) as client:
        client.initialize(project)
        source = Source(0)
        document = OpenFile(client, project / "totals.py", source.text)
        document.ask(PROMPT)  # the server is warm when it has answered once
        refined: list[float] = []
        for number in range(RPC_REFINEMENTS + 5):
            document.change(source.edit(number))
            refined.append(_timed(lambda number=number: document.refine(PROMPT, _line(number))))
        say("filling the cache, then asking for the same in the same and in other words")
        samples = cached(document)
        front, processes = client.process.pid, running()
        return {
            **_named("refine_rpc", refined[5:]),
            **_named("cached", samples.meant),
            **_named("cached_exact", samples.exact),
            **_named("cached_with_refine", samples.with_refine),
            "front_rss_mb": _rounded(sum(each.rss_mb for each in processes if each.pid == front)),
            "models_rss_mb": _rounded(_rss_mb(processes, front, MODELS)),
            "indexer_rss_mb": _rounded(_rss_mb(processes, front, INDEXER)),
        }


def _rss_mb(processes: Iterable[Process], front: int, factory: str) -> float:
    """Return the memory of the worker that `factory` makes, without its own helpers."""
    return sum(each.rss_mb for each in processes if each.parent == front and factory in each.command)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _named(name: str, samples: Sequence[float]) -> dict[str, float]:
    """Return the median and the 99th percentile (nearest rank)."""
    ordered = sorted(samples)
    p99 = ordered[math.ceil(0.99 * len(ordered)) - 1]
    return {f"{name}_p50_ms": _rounded(statistics.median(ordered)), f"{name}_p99_ms": _rounded(p99)}


def _rounded(value: float) -> float:
    return round(value, 3)
