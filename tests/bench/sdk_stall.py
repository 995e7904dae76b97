"""Measure how long the event loop stands still while the anthropic SDK is brought in and the first answers stream.

    python tests/bench/sdk_stall.py            # as OptaFly does it
    python tests/bench/sdk_stall.py --plain    # a plain import in a thread, for comparison

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
import time

from optafly.config import Config
from optafly.demo.server import SIMULATED_KEY, MessagesApi
from optafly.privacy.credentials import Credentials
from optafly.providers import sdk
from optafly.providers.anthropic import KEY_NAME, Anthropic
from optafly.route.plan import plan

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


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plain", action="store_true")
    with MessagesApi() as api:
        print(json.dumps(asyncio.run(measure(api.url, plain=parser.parse_args().plain))))


if __name__ == "__main__":
    main()
