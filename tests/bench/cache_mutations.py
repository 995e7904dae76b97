"""Random mutations of what a prompt is about: how many answers were stale, crossed a scope, or hid what changed.

    nice -n 10 .venv/bin/python tests/bench/cache_mutations.py --steps 10000 --seed 1

Whether an answer is right is known from how each step was made (`tests/fakes/mutations.py`). Exits 1 where one was not.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from fakes.mutations import walk


def main() -> int:
    """Walk and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        walked = asyncio.run(walk(Path(folder), asked.steps, asked.seed))
    print(f"{asked.steps:,} mutations, seed {asked.seed}, {time.perf_counter() - started:.0f} s: {dict(walked.counts)}")
    print(f"stale answers served        {len(walked.stale)}")
    print(f"answers from another scope  {len(walked.crossed)}")
    print(f"offers that hid a change    {len(walked.unsaid)}")
    share = walked.kept / max(walked.could, 1)
    print(f"kept                        {walked.kept} of {walked.could} that were right ({share:.1%})")
    for each in (*walked.stale, *walked.crossed, *walked.unsaid)[:5]:
        print(each)
    return 1 if walked.stale or walked.crossed or walked.unsaid else 0


if __name__ == "__main__":
    sys.exit(main())
