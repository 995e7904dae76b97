"""`python -m fakes.remembering DATABASE RUN`: remember answers one after the other and say each id once it is kept.

Every third answer was cut off, so it is refused. Ends when it is killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sys
from pathlib import Path

from fakes.answers import completion, key
from fakes.vectors import Here
from optafly.cache.cache import Cache
from optafly.errors import CacheError
from optafly.storage import Database

WHOLE = "begin " + "middle " * 2000 + "end"


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
