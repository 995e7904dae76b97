"""`python -m fakes.remembering DATABASE RUN`: remember answers one after the other and say each id once it is kept.

Every third answer was cut off, so it is refused. Ends when it is killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sys
from pathlib import Path

from fakes.answers import completion, entry, key
from fakes.vectors import Here
from optafly.cache import store
from optafly.cache.cache import Cache
from optafly.errors import CacheError
from optafly.storage import Database

WHOLE = "begin " + "middle " * 2000 + "end"


def one(path: str, name: str = "the newest") -> None:
    """Remember one answer, whose id is `name`, and leave the connection open."""
    database = Database(Path(path))

    async def insert() -> None:
        row = entry(name, id=name)
        await database.run(
            lambda connection: store.insert(connection, row, None, max_entries=10**6, max_bytes=10**9, now_s=1000.0)
        )

    asyncio.run(insert())


async def main() -> None:
    """Remember until killed."""
    path, run = Path(sys.argv[1]), sys.argv[2]
    cache = Cache(Database(path), Here(path))
    for number in itertools.count():
        asked = key(f"run {run} question {number}")
        if number % 3 == 2:
            with contextlib.suppress(CacheError):
                await cache.remember(asked, asked.intent, completion("begin", "max_tokens"), None, 1.0)
        else:
            entry = await cache.remember(asked, asked.intent, completion(WHOLE), 0.01, 1.0)
            print(entry.id, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
