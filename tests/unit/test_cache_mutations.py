"""Whatever changes, in whatever order: no answer about other code, none from another scope.

`OPTAFLY_MUTATIONS=10000` walks as far as that; `tests/bench/cache_mutations.py` prints what it came to.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fakes.mutations import walk

STEPS = int(os.environ.get("OPTAFLY_MUTATIONS", "200"))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.timeout(max(120, STEPS // 5))
async def test_a_random_walk_meets_no_stale_answer_and_crosses_no_scope(tmp_path: Path, seed: int) -> None:
    walked = await walk(tmp_path, STEPS, seed)
    assert walked.stale == []
    assert walked.crossed == []
    assert walked.unsaid == []
    assert walked.kept > walked.could // 2  # a cache that serves nothing would be safe as well
