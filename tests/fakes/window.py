"""`python -m fakes.window HOME FOLDER API PROMPT COUNT`: an editor window that asks the same COUNT times at once.

Says `ready`, waits for a line on its standard input, asks, and says where each answer came from, one line each.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import NamedTuple

from fakes.road import Workspace, ask, road
from optafly.paths import Paths


class Elsewhere(NamedTuple):
    """A simulated API in another process."""

    url: str


async def main() -> None:
    """Ask once told to."""
    home, folder, url, prompt, count = sys.argv[1:]
    paths = Paths(data=Path(home) / "data", config=Path(home) / "config", log=Path(home) / "log")
    async with road(paths, Elsewhere(url), {"claude": {"timeoutS": 60.0}}) as pipeline:
        workspace = Workspace(Path(folder))
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        for events in await asyncio.gather(*(ask(pipeline, workspace, prompt) for _ in range(int(count)))):
            end = events[-1]
            said = f"{end.answer.source}: {end.answer.evidence}" if end.answer else f"{end.kind}: {end.problem}"
            print(said, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
