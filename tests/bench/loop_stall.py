"""Measure how long the event loop stands still while the anthropic SDK is brought in and the first answers stream.

    python tests/bench/loop_stall.py            # as OptaFly does it
    python tests/bench/loop_stall.py --plain    # a plain import in a thread, for comparison
    python tests/bench/loop_stall.py --road     # while prompts about a 2,000-line file are proposed and answered

Prints one line of JSON; every number is milliseconds. A timer wakes every millisecond, and a stall is how much later
than asked it woke. Other programs on the machine stall it as well (see `idle`): `own_stall` is the processor time that
this process itself used while the timer was late, which they do not change.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib
import json
import tempfile
import time
from pathlib import Path

from optafly.config import Config
from optafly.demo.server import SIMULATED_KEY, MessagesApi
from optafly.domain import Document, Position, Snapshot
from optafly.paths import Paths, user_paths
from optafly.pipeline import Pipeline
from optafly.privacy.credentials import Credentials
from optafly.providers import sdk
from optafly.providers.anthropic import KEY_NAME, Anthropic
from optafly.route.plan import plan
from optafly.settings import Settings

TICK_S = 0.001
IDLE_S = 1.5  # about as long as the loading takes, to tell its stalls from those of a busy machine


class Stalls:
    """Watches the event loop."""

    def __init__(self) -> None:
        self._worst_ms = 0.0
        self._own_ms = 0.0

    async def watch(self) -> None:
        """Tick until cancelled."""
        last, used = time.perf_counter(), time.process_time()
        while True:
            await asyncio.sleep(TICK_S)
            now, using = time.perf_counter(), time.process_time()
            late_ms, own_ms = (now - last - TICK_S) * 1000, (using - used - TICK_S) * 1000
            self._worst_ms = max(self._worst_ms, late_ms)
            self._own_ms = max(self._own_ms, min(late_ms, own_ms))
            last, used = now, using

    def take(self, name: str) -> dict[str, float]:
        """Return the longest stalls since the last call."""
        found = {f"{name}_stall_ms": round(self._worst_ms, 1), f"{name}_own_stall_ms": round(self._own_ms, 1)}
        self._worst_ms = self._own_ms = 0.0
        return found


async def measure(url: str, *, plain: bool) -> dict[str, float]:
    """Load the SDK and ask three times."""
    stalls = Stalls()
    watching = asyncio.create_task(stalls.watch())
    await asyncio.sleep(IDLE_S)
    found = stalls.take("idle")
    began = time.perf_counter()
    await (asyncio.to_thread(importlib.import_module, "anthropic") if plain else sdk.load())
    found |= {"load_ms": round((time.perf_counter() - began) * 1000), **stalls.take("load")}
    config = Config()
    credentials = Credentials()
    credentials.hand_over(KEY_NAME, SIMULATED_KEY)
    _, outgoing = plan("Why?", Config(claude=type(config.claude)(base_url=url)))
    connections = sdk.Connections()
    for number in range(3):
        async for _ in Anthropic(credentials, config.claude, connections).stream(outgoing):
            pass
        found |= stalls.take(f"answer_{number}")
    await connections.close()
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching
    return found


async def measure_road(url: str) -> dict[str, float]:
    """Walk the road in this process, the models worker included where its model is installed."""
    with tempfile.TemporaryDirectory(prefix="optafly-bench-") as name:
        home = Path(name)
        users = user_paths()
        paths = Paths(data=home / "data", config=home / "config", log=home / "log")
        if users.models.exists():
            paths.data.mkdir()
            paths.models.symlink_to(users.models, target_is_directory=True)
        settings = Settings(paths, {"OPTAFLY_CLAUDE_BASE_URL": url})
        credentials = Credentials()
        credentials.hand_over(KEY_NAME, SIMULATED_KEY)
        stalls = Stalls()
        watching = asyncio.create_task(stalls.watch())
        await asyncio.sleep(IDLE_S)
        found = stalls.take("idle")
        pipeline = Pipeline(paths=paths, credentials=credentials, configure=settings.config)
        await pipeline.start()
        await asyncio.sleep(IDLE_S)
        found |= stalls.take("start")
        for step, times in (("first_road", 1), ("road", 50)):
            for number in range(times):
                await _walk(pipeline, home, f"{step} {number}")
            found |= stalls.take(step)
        await pipeline.close()
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        return found


async def _walk(pipeline: Pipeline, folder: Path, words: str) -> None:
    text = "".join(f"def total_{n}(rows):\n    return sum(rows) + {n}\n\n\n" for n in range(500))
    document = Document(path="a.py", uri=(folder / "a.py").as_uri(), language="python", text=f"# {words}\n{text}")
    cursor = Position(line=1_001, character=4)
    proposal = await pipeline.propose(Snapshot(prompt=f"Fix this bug, {words}", active=document, cursor=cursor))
    await pipeline.approve(proposal.id, proposal.digest, "accept", read=lambda _: document.text)
    async for event in pipeline.send(proposal.id, proposal.digest, read=lambda _: document.text):
        assert event.kind in ("delta", "done"), event.problem


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--road", action="store_true")
    asked = parser.parse_args()
    with MessagesApi() as api:
        print(json.dumps(asyncio.run(measure_road(api.url) if asked.road else measure(api.url, plain=asked.plain))))


if __name__ == "__main__":
    main()
