"""The pipeline as a terminal uses it: opened for one command, closed whatever happens."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from optafly.cli.streams import print_error
from optafly.paths import Paths, user_paths
from optafly.pipeline import Pipeline
from optafly.privacy.credentials import Credentials
from optafly.settings import Settings

GATHER_S = 3.0  # a worker that has just begun answers its first question later than the next ones
READING_S = 5.0  # a small workspace is read for the first time in less


@asynccontextmanager
async def open_road(
    folder: str | None = None, paths: Paths | None = None, environment: Mapping[str, str] | None = None
) -> AsyncGenerator[Pipeline]:
    """Start the pipeline for this user (or `paths`), name bad settings of `folder` on stderr, close it at the end.

    `environment` holds variables that count before those of the process.
    """
    paths = paths or user_paths()
    logging.getLogger("optafly").addHandler(logging.NullHandler())  # what matters here is printed as an error
    settings = Settings(paths, {**os.environ, **(environment or {})})
    for problem in settings.problems(folder):
        print_error(problem)
    pipeline = Pipeline(paths=paths, credentials=Credentials(), configure=settings.config)
    await pipeline.start()
    try:
        yield pipeline
    finally:
        await pipeline.close()


@asynccontextmanager
async def open_workspace(
    folder: str, *, most_tokens: int | None = None, patient: bool = False
) -> AsyncGenerator[Pipeline]:
    """Open the road, and the index of `folder` with it. Says so where the index is not there within `READING_S`.

    With `patient` it waits as long as that takes. Code that the index would have found is missing otherwise. A home
    folder is not read.
    """
    from optafly.cli.indexing import NOT_YET, is_too_wide, usable, wait

    environment = {} if most_tokens is None else {"OPTAFLY_CONTEXT_MAX_TOKENS": str(most_tokens)}
    async with open_road(folder, environment=environment) as pipeline:
        pipeline.workspace.gather_s = GATHER_S
        if not is_too_wide(Path(folder)):
            root = await wait(pipeline.workspace, Path(folder), usable, at_most_s=None if patient else READING_S)
            if not usable(root):
                print(NOT_YET, file=sys.stderr)
        yield pipeline
